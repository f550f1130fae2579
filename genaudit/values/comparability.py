"""Whether two numbers may be compared, and what stands against it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.values.results import MetricResult

NOT_COMPARED = {"seed", "versions"}
"""Fields of a protocol that may differ: two seeds are two draws of one quantity."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlikeField:
    """One field of the definitions of two numbers that does not agree."""

    field: str
    """``version``, or the name of a protocol field; a parameter as ``parameters.k``."""
    first: str
    second: str


def unlike_fields(first: MetricResult, second: MetricResult) -> tuple[UnlikeField, ...]:
    """Every field in which the definitions of two numbers differ; empty if they may be compared.

    Seeds and versions of libraries may differ, as in ``MetricResult.definition``.
    """
    ours, theirs = dict(_definition(first)), dict(_definition(second))
    return tuple(
        UnlikeField(field=field, first=_shown(ours.get(field)), second=_shown(theirs.get(field)))
        for field in dict.fromkeys((*ours, *theirs))
        if ours.get(field) != theirs.get(field)
    )


def _definition(result: MetricResult) -> Iterator[tuple[str, Any]]:
    yield "version", result.version
    for name, value in asdict(result.protocol).items():
        if name in NOT_COMPARED:
            continue
        if isinstance(value, Mapping):
            yield from ((f"{name}.{key}", item) for key, item in sorted(value.items()))
        else:
            yield name, value


def _shown(value: object) -> str:
    return "none" if value is None or value == "" else str(value)
