"""Options are checked by name and by value, all errors at once, before anything heavy is loaded."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Optional

import pytest

from genaudit.errors import BadOption, PluginError
from genaudit.plugin import GeneratorSpec
from genaudit.plugin.catalog import Registered
from genaudit.plugin.options import NoOptions, fill_options, option_fields, parse_settings, split_settings


@dataclass(frozen=True, kw_only=True)
class Options:
    latent_dim: int = 16
    beta: float = 1.0
    likelihood: Literal["bernoulli", "gaussian"] = "bernoulli"
    factor: Literal[1, 2, 4] = 1
    augment: bool = False
    limit: Optional[int] = None  # noqa: UP045 - strangers write it so
    widths: tuple[int, ...] = (32, 64)
    label: str = ""
    file: Path | None = None
    tags: list[str] = field(default_factory=list)
    shares: Mapping[str, float] | None = None
    costs: Mapping[str, tuple[float, float]] | None = None

    def __post_init__(self):
        if self.latent_dim < 1:
            raise ValueError("latent_dim must be at least 1")


@dataclass(frozen=True, kw_only=True)
class Required:
    path: str


@dataclass(frozen=True, kw_only=True)
class Strange:
    callback: NotDefinedAnywhere = None  # noqa: F821 - that is the point


def component(options="Options"):
    path = options if ":" in options else f"{__name__}:{options}"
    spec = GeneratorSpec(name="vae", summary="", target="a:b", options=path)
    return Registered(spec=spec, plugin="vae", distribution="genaudit", version="0.1.0")


def test_a_mapping_is_read_from_a_text_or_given_as_it_is():
    filled = fill_options(component(), {"shares": "A=0.6, B=c=0.4", "costs": "junk=10/0.1,delete=100/0"})
    assert filled.shares == {"A": 0.6, "B=c": 0.4}
    assert filled.costs == {"junk": (10.0, 0.1), "delete": (100.0, 0.0)}
    assert fill_options(component(), {"shares": {"A, with a comma": 1}}).shares == {"A, with a comma": 1.0}
    assert fill_options(component(), {"shares": "none"}).shares is None


@pytest.mark.parametrize("text", ["A", "A=x", "=0.5", "A=0.5,A=0.5", "", "A=1/2"])
def test_a_text_that_is_no_mapping_of_numbers_is_refused(text):
    with pytest.raises(BadOption, match="shares = "):
        fill_options(component(), {"shares": text or " "})


def test_an_option_with_two_values_is_refused():
    with pytest.raises(BadOption, match=r"setting precision\.k is given twice, as '3' and '4'\. +Give it once"):
        parse_settings(["precision.k=3", "precision.k=4"])


def test_settings_are_read_from_the_command_line():
    given = ["vae.latent_dim=8", "kid.subsets = 10", "vae.label=a=b", "vae.latent_dim=8"]
    assert parse_settings(given) == {"vae.latent_dim": "8", "kid.subsets": "10", "vae.label": "a=b"}


def test_an_extractor_may_be_called_by_its_kind_too():
    assert parse_settings(["extractor.exported.size=32"]) == {"extractor.exported.size": "32"}


@pytest.mark.parametrize(
    "setting",
    ["latent_dim=8", "vae.latent_dim", "vae.=8", ".latent_dim=8", "=", "vae.a b=1", "a.vae.b=1", "extractor.=1"],
)
def test_a_setting_of_another_form_is_refused_with_an_example(setting):
    with pytest.raises(BadOption, match=r"NAME\.OPTION=VALUE, such as --set vae\.latent_dim=16"):
        parse_settings([setting])


def test_settings_are_sorted_by_component():
    assert split_settings({"vae.beta": "2", "kid.subsets": 10}, ["vae", "kid", "fid"]) == {
        "vae": {"beta": "2"},
        "kid": {"subsets": 10},
        "fid": {},
    }


def test_a_setting_for_an_unknown_component_gets_the_nearest_one():
    with pytest.raises(BadOption) as caught:
        split_settings({"vea.beta": "2"}, ["vae", "fid"])
    assert str(caught.value) == (
        "vea.beta is for 'vea', which takes no part in this run (did you mean 'vae'?).  Taking part: fid, vae."
    )


def test_without_settings_the_defaults_hold():
    assert fill_options(component(), {}) == Options()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("latent_dim", "8", 8),
        ("beta", "0.5", 0.5),
        ("beta", "1e-3", 0.001),
        ("likelihood", "gaussian", "gaussian"),
        ("factor", "4", 4),
        ("augment", "true", True),
        ("augment", "no", False),
        ("limit", "7", 7),
        ("limit", "none", None),
        ("widths", "8,16, 32", (8, 16, 32)),
        ("widths", "8", (8,)),
        ("label", "none", "none"),
        ("label", "a,b", "a,b"),
        ("file", "weights.bin", Path("weights.bin")),
        ("tags", "a,b", ["a", "b"]),
    ],
)
def test_a_text_becomes_the_type_of_its_option(name, text, value):
    found = getattr(fill_options(component(), {name: text}), name)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("name", "value"),
    [("latent_dim", 8), ("beta", 2), ("augment", True), ("limit", None), ("widths", [8, 16]), ("factor", 2)],
)
def test_a_typed_value_is_taken_as_it_is(name, value):
    found = getattr(fill_options(component(), {name: value}), name)
    assert found == (tuple(value) if isinstance(value, list) else value)


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("latent_dim", "abc", "latent_dim = 'abc': should be a valid integer"),
        ("latent_dim", "1.5", "latent_dim = '1.5': should be a valid integer"),
        ("latent_dim", True, "latent_dim = True: should be a valid integer"),
        ("latent_dim", [1], "latent_dim = [1]: should be a valid integer"),
        ("beta", "nan", "beta = 'nan': should be a finite number"),
        ("beta", float("inf"), "beta = inf: should be a finite number"),
        ("likelihood", "gausian", "likelihood = 'gausian': should be 'bernoulli' or 'gaussian'"),
        ("factor", "3", "factor = '3': should be 1, 2 or 4"),
        ("label", 7, "label = 7: should be a valid string"),
        ("widths", "8,x", "widths = '8,x': should be a valid integer"),
        ("latent_dim", "0", "latent_dim must be at least 1"),
    ],
)
def test_a_value_that_is_not_allowed_is_refused_with_the_options_that_there_are(name, value, reason):
    with pytest.raises(BadOption) as caught:
        fill_options(component(), {name: value})
    assert caught.value.message == f"vae: {reason}."
    assert caught.value.hint.startswith("Options of vae: latent_dim: int = 16, beta: float = 1.0, likelihood: ")


def test_a_misspelt_option_is_never_dropped():
    with pytest.raises(BadOption, match=r"no option 'latnet_dim' \(did you mean 'latent_dim'\?\)"):
        fill_options(component(), {"latnet_dim": "8"})


def test_all_errors_come_at_once():
    with pytest.raises(BadOption) as caught:
        fill_options(component(), {"betta": "1", "latent_dim": "x", "augment": "maybe"})
    for part in ("no option 'betta'", "latent_dim = 'x'", "augment = 'maybe'"):
        assert part in caught.value.message


def test_an_option_without_default_must_be_given():
    with pytest.raises(BadOption) as caught:
        fill_options(component("Required"), {})
    assert str(caught.value) == "vae: option 'path' must be given.  Options of vae: path: str must be given."


def test_a_component_without_options_says_so():
    with pytest.raises(BadOption, match=r"no option 'beta'\.  vae has no options\.$"):
        fill_options(component("genaudit.plugin.options:NoOptions"), {"beta": 1})
    assert fill_options(component("genaudit.plugin.options:NoOptions"), {}) == NoOptions()


def test_help_lists_name_type_and_default():
    assert option_fields(component())[:3] == [
        ("latent_dim", "int", 16),
        ("beta", "float", 1.0),
        ("likelihood", "Literal['bernoulli', 'gaussian']", "bernoulli"),
    ]
    assert option_fields(component("Required")) == [("path", "str", dataclasses.MISSING)]


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        ("json:dumps", "are no dataclass: json:dumps"),
        ("absent_module:Options", "failed at stage options, in absent_module:Options: ModuleNotFoundError"),
    ],
)
def test_options_that_are_not_usable_are_the_plugins_error(options, reason):
    with pytest.raises(PluginError, match=reason):
        fill_options(component(options), {"beta": 1})


def test_a_type_that_cannot_be_read_is_the_plugins_error():
    with pytest.raises(
        PluginError, match=r"'callback' of the generator 'vae'.* has a type that cannot be read: NameError"
    ):
        fill_options(component("Strange"), {"callback": "1"})
