"""The words below an option are its explanation."""

from dataclasses import dataclass, make_dataclass

from genaudit.plugin.option_texts import texts_of


@dataclass(frozen=True, kw_only=True)
class Options:
    """The class's own text is no option's."""

    k: int = 3
    """How many
    neighbours."""
    silent: int = 0
    name: str = "x"
    """A name."""


def test_each_option_has_the_text_below_it_on_one_line():
    assert texts_of(Options) == {"k": "How many neighbours.", "name": "A name."}


def test_options_without_source_have_no_texts():
    assert texts_of(make_dataclass("Made", [("k", int)])) == {}


@dataclass(frozen=True, kw_only=True)
class Further(Options):
    """Inherits options, and says one of them anew."""

    k: int = 5
    """How many of the nearest."""
    size: int = 1
    """How large."""


def test_inherited_options_keep_their_texts_unless_they_are_said_anew():
    assert texts_of(Further) == {"k": "How many of the nearest.", "name": "A name.", "size": "How large."}
