"""The numbers of one audit, arranged: groups beside one another where there are few, else one row a number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from genaudit_reports.number_format import count, interval_range, level, restyled, rounded_value
from genaudit_reports.safe_text import LONGEST_NAME, capitalised, clean, sentence, words

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from genaudit.values.results import MetricResult, Unavailable

MOST_ACROSS = 4
MOST_ROWS = 240
UNDEFINED = "undefined, see below"
NO_SUCH_NUMBER = "–"
ACRONYMS = {
    "sklearn": "scikit-learn:",
    "f1": "F1",
    "ppv": "PPV",
    "npv": "NPV",
    "mh": "Mantel-Haenszel",
    "cmh": "Cochran-Mantel-Haenszel",
    "fpr": "FPR",
}
"""Parts of identifiers that words alone would not say."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number with its interval and n; without a number, why, or nothing where there is none to have."""

    text: str = ""
    raw: float | None = None
    interval: str = ""
    low: float | None = None
    high: float | None = None
    n: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line of a table."""

    title: str
    group: str
    cells: tuple[Cell, ...]
    unit: str
    note: str = ""
    """Why no cell has an interval, where that is one reason for all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupTable:
    """Numbers down, groups across."""

    attribute: str
    groups: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """All numbers of an audit, each in one table."""

    across: tuple[GroupTable, ...]
    listed: tuple[Row, ...]
    left: int
    """How many more there are, in the CSV alone."""
    level: str
    notes: tuple[tuple[str, str], ...] = ()
    """Of which numbers, and what: notes that several of those listed share."""


def title_of(identifier: str) -> str:
    """An identifier in words.

    >>> title_of("false_positive_rate"), title_of("mh_odds_ratio")
    ('False positive rate', 'Mantel-Haenszel odds ratio')
    """
    said = " ".join(ACRONYMS.get(part, part) for part in words(identifier).split())
    return capitalised(said)


def attribute_of(group: str) -> str:
    """The attribute of a group that is one level of it, else nothing.

    >>> attribute_of("race=Black"), attribute_of("race=Black − race=White"), attribute_of("race=Black, never")
    ('race', '', '')
    """
    return group.partition("=")[0] if group.count("=") == 1 and "," not in group and ": " not in group else ""


def numbers_of(
    results: Sequence[MetricResult], groups_of_table: Collection[str], unavailable: Sequence[Unavailable] = ()
) -> Numbers:
    """The tables of some results; those of ``groups_of_table`` stand beside one another if they are few.

    A cell says "undefined" where ``unavailable`` has a reason for exactly that number of that group, and is a dash
    where nothing was to be computed.
    """
    undefined = {(item.component, item.group) for item in unavailable}
    by_attribute: dict[str, list[MetricResult]] = {}
    for result in results:
        attribute = attribute_of(result.group) if result.group in groups_of_table else ""
        by_attribute.setdefault(attribute, []).append(result)
    across, listed = [], list(by_attribute.pop("", []))
    for attribute, found in by_attribute.items():
        groups = list(dict.fromkeys(result.group for result in found))
        if 2 <= len(groups) <= MOST_ACROSS:
            across.append(_across(attribute, groups, found, undefined))
        else:
            listed += found
    levels = {level(result.interval) for result in results if result.interval}
    rows, notes = _said_once([_row(result) for result in listed[:MOST_ROWS]])
    return Numbers(
        across=tuple(across),
        listed=rows,
        notes=notes,
        left=max(0, len(listed) - MOST_ROWS),
        level=levels.pop() if len(levels) == 1 else "",
    )


def _said_once(rows: list[Row]) -> tuple[tuple[Row, ...], tuple[tuple[str, str], ...]]:
    """The rows without the notes that several of them share, and those notes with the titles of their rows."""
    noted: dict[str, list[str]] = {}
    for row in rows:
        noted.setdefault(row.cells[0].note, []).append(row.title)
    shared = {note: titles for note, titles in noted.items() if note and len(titles) > 1}
    bare = (
        replace(row, cells=(replace(row.cells[0], note=""),)) if row.cells[0].note in shared else row for row in rows
    )
    return tuple(bare), tuple((", ".join(dict.fromkeys(titles)), note) for note, titles in shared.items())


def _across(
    attribute: str, groups: list[str], found: list[MetricResult], undefined: Collection[tuple[str, str]]
) -> GroupTable:
    cells = {(result.metric, result.group): _cell(result) for result in found}
    units = {result.metric: result.unit for result in found}
    return GroupTable(
        attribute=clean(attribute, LONGEST_NAME),
        groups=tuple(clean(group.partition("=")[2], LONGEST_NAME) for group in groups),
        rows=tuple(
            Row(
                title=title_of(metric),
                group="",
                unit=_unit(unit, title_of(metric)),
                cells=tuple(
                    cells.get((metric, group)) or _no_number(undefined=(metric, group) in undefined) for group in groups
                ),
                note=_common_note([cell for (name, _), cell in cells.items() if name == metric]),
            )
            for metric, unit in units.items()
        ),
    )


def _common_note(cells: Sequence[Cell]) -> str:
    """The reason for no interval that all numbers of a row share; else it is with each number in the list."""
    notes = {cell.note for cell in cells}
    return notes.pop() if len(notes) == 1 and not any(cell.interval for cell in cells) else ""


def _no_number(*, undefined: bool) -> Cell:
    return Cell(note=UNDEFINED if undefined else NO_SUCH_NUMBER)


def _row(result: MetricResult) -> Row:
    return Row(
        title=title_of(result.metric),
        group=clean(result.group, 2 * LONGEST_NAME),
        unit=_unit(result.unit, title_of(result.metric)),
        cells=(_cell(result),),
    )


def _cell(result: MetricResult) -> Cell:
    interval = result.interval
    return Cell(
        text=rounded_value(result.value, interval),
        raw=result.value,
        interval=interval_range(interval) if interval else "",
        low=interval.low if interval else None,
        high=interval.high if interval else None,
        n=count(result.n) if result.n and result.n != result.value else "",
        note=restyled(sentence(" ".join(filter(None, (result.reason_without, result.note))))),
    )


def _unit(unit: str, title: str) -> str:
    """The unit, unless it is none or the title says it."""
    said = set(title.casefold().split())
    return (
        ""
        if unit in {"fraction", "ratio", "value"} or said & set(unit.casefold().split())
        else clean(unit, LONGEST_NAME)
    )
