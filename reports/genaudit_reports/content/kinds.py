"""Numbers of one metric about many groups: what holds for all of them is said once, above one row a group."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from genaudit_reports.content.metric_rows import MetricRow

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MANY_DEFINITIONS = "one a row, in results.csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One metric, and its rows."""

    head: MetricRow
    """The first row, for what it says of the metric; without what is its own."""
    unit: str
    """Empty if rows differ in it, and say it themselves."""
    note: str
    reason: str
    """Why no row has an interval, if all say the same."""
    rows: tuple[MetricRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """A table of them."""

    kinds: tuple[Kind, ...]
    notes: tuple[tuple[str, str], ...]
    """Of which metrics, and what: notes that several of them share, said once above the table."""


def by_kind(rows: Iterable[MetricRow]) -> Kinds:
    """The rows by metric, in the order in which the metrics come."""
    found: dict[tuple[str, str, str], list[MetricRow]] = {}
    for row in rows:
        found.setdefault((row.metric, row.title, row.direction), []).append(row)
    kinds = [_kind(of_one) for of_one in found.values()]
    noted: dict[str, list[str]] = {}
    for kind in kinds:
        noted.setdefault(kind.note, []).append(kind.head.title)
    shared = {note: titles for note, titles in noted.items() if note and len(titles) > 1}
    return Kinds(
        kinds=tuple(replace(kind, note="") if kind.note in shared else kind for kind in kinds),
        notes=tuple(("; ".join(titles), note) for note, titles in shared.items()),
    )


def _kind(rows: Sequence[MetricRow]) -> Kind:
    first = rows[0]
    unit = _shared(row.unit for row in rows)
    note = _shared(row.note for row in rows)
    reason = _shared(row.reason for row in rows)
    definition = _shared(row.about.definition for row in rows) or MANY_DEFINITIONS
    told = next((row for row in rows if row.about.meaning or row.about.formula), first)
    protocol = tuple(entry for entry in first.about.protocol if entry[0] != "time")
    about = replace(told.about, definition=definition, protocol=protocol)
    return Kind(
        head=replace(first, summary=told.summary, about=about, group="", details=()),
        unit=unit,
        note=note,
        reason=reason,
        rows=tuple(
            replace(row, unit="" if unit else row.unit, note="" if note else row.note, summary="") for row in rows
        ),
    )


def _shared(texts: Iterable[str]) -> str:
    different = set(texts)
    return different.pop() if len(different) == 1 else ""
