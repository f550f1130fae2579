"""What a spec must fulfil before it enters the catalog: a defect becomes its plugin's error, nobody else's."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from genaudit.plugin.capabilities import CAPABILITIES
from genaudit.plugin.specs import ComponentSpec, DatasetSpec, ExtractorSpec, GeneratorSpec, MetricSpec, ReporterSpec
from genaudit.values.results import Direction

if TYPE_CHECKING:
    from collections.abc import Iterator

Unchecked: TypeAlias = Any
"""A spec or a field of one: dataclasses check no types, so a stranger may have put anything there."""

NAME = re.compile(r"[a-z][a-z0-9]*(?:[_-][a-z0-9]+)*")
OBJECT_PATH = re.compile(r"[A-Za-z_][\w.]*:[A-Za-z_][\w.]*")
FILENAME = re.compile(r"[A-Za-z0-9][\w-]*(?:\.[\w-]+)+")
DIMENSIONS = {"image": 3, "vector": 1}


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
    found = [*_of_every_spec(spec), *_of_kind(spec)]
    return [f"{spec.kind} {spec.name!r}: {defect}" for defect in found]


def _of_every_spec(spec: Unchecked) -> Iterator[str]:
    if not (isinstance(spec.name, str) and NAME.fullmatch(spec.name) and len(spec.name) <= 64):
        yield "the name is not made of lower-case letters, digits, '-' and '_', 64 at most"
    for part in ("summary", "version", "source"):
        if not isinstance(getattr(spec, part), str):
            yield f"{part} is {getattr(spec, part)!r}, not a text"
    for part in ("target", "options"):
        path = getattr(spec, part)
        if not (isinstance(path, str) and OBJECT_PATH.fullmatch(path)):
            yield f"{part} {path!r} is not of the form 'module:Object'"


def _of_kind(spec: Unchecked) -> Iterator[str]:
    if isinstance(spec, GeneratorSpec):
        yield from _of_capabilities(spec.capabilities)
    if isinstance(spec, GeneratorSpec | DatasetSpec):
        yield from _of_shape(spec.data_kind, spec.image_shape)
    if isinstance(spec, DatasetSpec):
        yield from _of_dataset(spec)
    if isinstance(spec, ExtractorSpec):
        yield from _of_shape(spec.data_kind, spec.input_shape)
    if isinstance(spec, MetricSpec):
        yield from _of_metric(spec)
    if isinstance(spec, ReporterSpec) and not FILENAME.fullmatch(str(spec.filename)):
        yield f"filename {spec.filename!r} is not the name of a file in the run folder, such as 'report.html'"


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
    elif not isinstance(shape, tuple | list) or not all(isinstance(size, int) and size > 0 for size in shape):
        yield f"the shape {shape!r} is not a tuple of positive whole numbers"
    elif shape and len(shape) != DIMENSIONS[data_kind]:
        yield f"the shape {tuple(shape)} does not fit data_kind {data_kind!r}: it has {DIMENSIONS[data_kind]} sizes"


def _of_dataset(spec: Unchecked) -> Iterator[str]:
    for part in ("splits", "attributes", "annotators"):
        if not isinstance(getattr(spec, part), Mapping):
            yield f"{part} is {getattr(spec, part)!r}, not a mapping"


def _of_metric(spec: Unchecked) -> Iterator[str]:
    if not isinstance(spec.direction, Direction):
        yield f"direction is {spec.direction!r}, not a Direction"
    if not isinstance(spec.needs, tuple | list) or not spec.needs or not all(isinstance(n, str) for n in spec.needs):
        yield f"needs is {spec.needs!r}, not a tuple of observations"
    if not isinstance(spec.min_samples, int) or spec.min_samples < 1:
        yield f"min_samples is {spec.min_samples!r}, not a whole number from 1"
    if not isinstance(spec.view, str):
        yield f"view is {spec.view!r}, not a text"


def _article(noun: str) -> str:
    return f"{'an' if noun[0] in 'aeiouAEIOU' else 'a'} {noun}"
