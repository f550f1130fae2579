"""Texts from plugins, data sets and errors, made harmless for a page: they are shown, never obeyed."""

from __future__ import annotations

import re
from typing import Any

from markupsafe import Markup, escape

from genaudit.values.printable import printable

LONGEST = 400
"""Characters of a text that is shown where a sentence is expected."""
LONGEST_NAME = 80
LONGEST_PROSE = 2_000

_SPACES = re.compile(" +")


def clean(text: object, longest: int = LONGEST) -> str:
    r"""The text without control characters and bidi overrides, white space collapsed, cut with an ellipsis.

    >>> clean("a\0b\u202ec\n d")
    'abc d'
    >>> clean("x" * 9, longest=4)
    'xxx…'
    """
    return printable(_SPACES.sub(" ", printable(text, 4 * longest)).strip(), longest)


def name(text: object) -> Markup:
    """A name: cut early, because tables and charts have no room for more."""
    return escape(clean(text, LONGEST_NAME))


def prose(text: object) -> Markup:
    """An explanation or an error: may run to a paragraph."""
    return escape(clean(text, LONGEST_PROSE))


_FLAG = re.compile(r"(?<![\w-])--[a-z][\w.=-]*[\w=]")


def told(text: object) -> Markup:
    """A paragraph in which each flag of a command stands in one piece.

    >>> told("Give --population-source, at a<b.")
    Markup('Give <code class="flag">--population-source</code>, at a&lt;b.')
    """
    return Markup(_FLAG.sub(lambda found: f'<code class="flag">{found[0]}</code>', str(prose(text))))  # noqa: S704 - escaped


def shown(value: Any) -> Any:  # noqa: ANN401 - jinja hands over whatever an expression yields
    """What every expression of the template passes through before it is escaped."""
    if isinstance(value, Markup) or not isinstance(value, str):
        return value
    return clean(value)


def words(identifier: str) -> str:
    """An identifier as words.

    >>> words("expected_coverage")
    'expected coverage'
    """
    return clean(identifier.replace("_", " ").strip(), LONGEST_NAME)


def capitalised(text: str) -> str:
    """The text with a capital at its front, the rest as it is.

    >>> capitalised("real KID")
    'Real KID'
    """
    return text[:1].upper() + text[1:]


def anchor(text: str) -> str:
    """A text as part of an element's id.

    >>> anchor("fid[low level]")
    'fid-low-level'
    """
    return re.sub(r"[^a-z0-9]+", "-", clean(text, 40).lower()).strip("-") or "x"


def sentence(text: str) -> str:
    """The text with a full stop, unless it ends in a mark already.

    >>> sentence("vae translates nothing"), sentence("Why?")
    ('vae translates nothing.', 'Why?')
    """
    text = clean(text, LONGEST_PROSE)
    return text if not text or text[-1] in ".!?…:" else f"{text}."
