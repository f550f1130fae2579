"""What a spec must fulfil before it enters the catalog: a defect becomes its plugin's error, nobody else's."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias

from genaudit.plugin.capabilities import CAPABILITIES
from genaudit.plugin.specs import (
    ComparisonReporterSpec,
    ComponentSpec,
    DatasetSpec,
    ExtractorSpec,
    GeneratorSpec,
    MetricSpec,
    ReporterSpec,
)
from genaudit.values.printable import printable
from genaudit.values.results import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

Unchecked: TypeAlias = Any
"""A spec or a field of one: dataclasses check no types, so a stranger may have put anything there."""

NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
OBJECT_PATH = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
FILENAME = re.compile(r"(?:[A-Za-z0-9][\w-]*/)?[A-Za-z0-9][\w-]*(?:\.[\w-]+)+")
DIMENSIONS = {"image": 3, "vector": 1}
FILES_OF_A_RUN = (
    "run.json", "begun.json", "metrics.jsonl", "samples.npz", "counts.csv", "counts.json", "log.txt",
    "weights.safetensors",
)  # fmt: skip
"""What a run writes into its folder itself; the reporter ``json`` alone stands for ``run.json``."""
CHECKED_APART = {"name", "target", "options", "capabilities", "data_kind", "image_shape", "input_shape"}
"""Fields whose rule says more than their type."""


def defects(spec: object, expected: type[ComponentSpec]) -> list[str]:
    """Every reason why a hook's item cannot be used, as parts of a sentence; empty if it can.

    >>> from genaudit.plugin import GeneratorSpec
    >>> defects({"name": "vae"}, GeneratorSpec)
    ['returned a dict, not a GeneratorSpec']
    >>> bad = GeneratorSpec(name="Vae", summary="", target="vae", capabilities=("Sampling",), image_shape=(3, 8, 8))
    >>> for defect in defects(bad, GeneratorSpec): print(defect)
    generator 'Vae': the name is not made of lower-case letters, digits, '-' and '_', 64 at most
    generator 'Vae': target 'vae' is not of the form 'module:Object'
    generator 'Vae': no capability 'Sampling'; did you mean 'Sampler'?
    """
    if not isinstance(spec, expected):
        return [f"returned {_article(type(spec).__name__)}, not {_article(expected.__name__)}"]
    found = [*_of_every_spec(spec), *_of_types(spec, expected), *_of_kind(spec)]
    return [f"{spec.kind} {spec.name!r}: {defect}" for defect in found]


def _of_every_spec(spec: Unchecked) -> Iterator[str]:
    if not (isinstance(spec.name, str) and NAME.fullmatch(spec.name) and len(spec.name) <= 64):
        yield "the name is not made of lower-case letters, digits, '-' and '_', 64 at most"
    for part in ("target", "options"):
        path = getattr(spec, part)
        if not (isinstance(path, str) and OBJECT_PATH.fullmatch(path)):
            yield f"{part} {path!r} is not of the form 'module:Object'"


def _of_kind(spec: Unchecked) -> Iterator[str]:
    if isinstance(spec, GeneratorSpec):
        yield from _of_capabilities(spec.capabilities)
    settle = getattr(spec, "settle", "")
    if settle and not OBJECT_PATH.fullmatch(str(settle)):
        yield f"settle {settle!r} is not of the form 'module:function'"
    if isinstance(spec, GeneratorSpec | DatasetSpec):
        yield from _of_shape(spec.data_kind, spec.image_shape)
    if isinstance(spec, ExtractorSpec):
        yield from _of_shape(spec.data_kind, spec.input_shape)
    if isinstance(spec, MetricSpec):
        yield from _of_metric(spec)
    if isinstance(spec, ReporterSpec | ComparisonReporterSpec):
        yield from _of_filename(spec.name, spec.filename)


def _of_capabilities(capabilities: Unchecked) -> Iterator[str]:
    if not isinstance(capabilities, tuple | list) or not all(isinstance(name, str) for name in capabilities):
        yield f"capabilities is {capabilities!r}, not a tuple of names"
        return
    for name in capabilities:
        if name not in CAPABILITIES:
            near = difflib.get_close_matches(name, CAPABILITIES, n=1)
            yield f"no capability {name!r}; " + (
                f"did you mean {near[0]!r}?" if near else f"there are {', '.join(sorted(CAPABILITIES))}"
            )


def _of_shape(data_kind: Unchecked, shape: Unchecked) -> Iterator[str]:
    if data_kind not in DIMENSIONS:
        yield f"data_kind is {data_kind!r}, not one of {', '.join(map(repr, DIMENSIONS))}"
    elif not isinstance(shape, tuple) or not all(_is_count(size) and size > 0 for size in shape):
        yield f"the shape {shape!r} is not a tuple of positive whole numbers"
    elif shape and len(shape) != DIMENSIONS[data_kind]:
        yield f"the shape {shape} does not fit data_kind {data_kind!r}: it has {DIMENSIONS[data_kind]} sizes"


def _of_metric(spec: Unchecked) -> Iterator[str]:
    if not spec.needs:
        yield f"needs is {spec.needs!r}, not a tuple of observations"
    if _is_count(spec.min_samples) and spec.min_samples < 1:
        yield f"min_samples is {spec.min_samples!r}, not a whole number from 1"


def _of_filename(name: Unchecked, filename: Unchecked) -> Iterator[str]:
    if not FILENAME.fullmatch(str(filename)):
        yield f"filename {filename!r} is not the name of a file in the run folder, such as 'report.html'"
    elif filename.lower() in FILES_OF_A_RUN and (name, filename) != ("json", "run.json"):
        yield f"filename {filename!r} is a file that the run itself writes; take another"


def _of_types(spec: Unchecked, expected: type[ComponentSpec]) -> Iterator[str]:
    """Fields that hold something of another type than is written beside them.

    All of them go into the record, and a record with a None for a text could not be read again.
    """
    for field in fields(expected):
        value = getattr(spec, field.name)
        fits, wanted = TYPES[str(field.type)]
        if field.name not in CHECKED_APART and not fits(value):
            yield f"{field.name} is {printable(repr(value), 80)}, not {wanted}"


def _is_text(value: Unchecked) -> bool:
    """Half of a surrogate pair is in a Python text, and in no file."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def _is_count(value: Unchecked) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_bound(value: Unchecked) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value))


def _are(value: Unchecked, of_item: Callable[[Unchecked], bool], size: int | None = None) -> bool:
    fits_size = isinstance(value, tuple | list) and size in {None, len(value)}
    return fits_size and all(map(of_item, value))


def _maps(value: Unchecked, to: Callable[[Unchecked], bool]) -> bool:
    return isinstance(value, Mapping) and all(map(_is_text, value)) and all(map(to, value.values()))


def _are_texts(value: Unchecked) -> bool:
    return _are(value, _is_text)


TYPES: dict[str, tuple[Callable[[Unchecked], bool], str]] = {
    "str": (_is_text, "a text"),
    "bool": (lambda value: isinstance(value, bool), "True or False"),
    "int": (_is_count, "a whole number"),
    "Direction": (lambda value: isinstance(value, Direction), "a Direction"),
    "tuple[str, ...]": (_are_texts, "a tuple of texts"),
    "tuple[int, ...]": (lambda value: _are(value, _is_count), "a tuple of whole numbers"),
    "tuple[tuple[str, str], ...]": (
        lambda value: _are(value, lambda pair: _are(pair, _is_text, size=2)),
        "a tuple of pairs of texts",
    ),
    "tuple[float | None, float | None]": (
        lambda value: _are(value, _is_bound, size=2),
        "a pair of finite numbers, None where there is no bound",
    ),
    "Mapping[str, int]": (lambda value: _maps(value, _is_count), "a mapping of texts to whole numbers"),
    "Mapping[str, str]": (lambda value: _maps(value, _is_text), "a mapping of texts to texts"),
    "Mapping[str, tuple[str, ...]]": (lambda value: _maps(value, _are_texts), "a mapping of texts to tuples of texts"),
}
"""Type of a spec's field, as it is written there, to its check and its name."""


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiouAEIOU' else 'a'} {noun}"
