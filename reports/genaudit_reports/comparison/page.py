"""Everything that the comparison's template shows."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from genaudit.values.comparison import Reading
from genaudit_reports.comparison.figures import along, chip, number_figures, title_of
from genaudit_reports.content.families import family_of, place
from genaudit_reports.content.wording import enumeration, plural
from genaudit_reports.number_format import count, interval_range, level, rounded_value
from genaudit_reports.page import drawn_figures
from genaudit_reports.safe_text import LONGEST_NAME, capitalised, clean, words

if TYPE_CHECKING:
    from genaudit.values.comparison import Cell, ComparedNumber, Comparison
    from genaudit.values.results import Interval

READINGS = {
    Reading.BETTER: ("▲", "better", "calm"),
    Reading.WORSE: ("▼", "worse", "attention"),
    Reading.DIFFERENT: ("◆", "different", "calm"),
    Reading.OPEN: ("○", "cannot be told", "quiet"),
    Reading.NO_INTERVAL: ("–", "no interval", "quiet"),
}
"""Sign, word and colour of a reading: the colour never says it alone."""
TOLD = (Reading.BETTER, Reading.WORSE, Reading.DIFFERENT)
MOST_ROWS = 1_500
MOST_LEADING = 3
"""Runs that the heading names, and further runs of which the first sentences tell."""
MOST_NAMED = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCell:
    """One number of one run, as it stands in the table."""

    run: str
    raw: str
    value: str
    interval: str
    n: str
    missing: str
    change: str
    change_interval: str
    sign: str
    word: str
    kind: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNumber:
    """One row of the table."""

    title: str
    group: str
    unit: str
    direction: str
    arrow: str
    definition: str
    cells: tuple[ShownCell, ...]


ARROWS = {"higher": ("↑", "higher is better"), "lower": ("↓", "lower is better"), "none": ("·", "describes")}


def page(comparison: Comparison) -> dict[str, Any]:
    """The template's variables."""
    drawn, charts_note = drawn_figures(number_figures(comparison))
    numbers = comparison.numbers[:MOST_ROWS]
    levels = {level(cell.interval) for number in numbers for cell in number.cells if cell.interval}
    return {
        "comparison": comparison,
        "title": _title(comparison),
        "lead": _lead(comparison),
        "blocks": _blocks(numbers, comparison),
        "absent": _absent(comparison),
        "unlike": _unlike(comparison),
        "left_out_rows": len(comparison.numbers) - len(numbers),
        "one_level": levels.pop() if len(levels) == 1 else "",
        "figures": drawn,
        "along": along(comparison),
        "charts_note": charts_note,
    }


def _lead(comparison: Comparison) -> list[str]:
    """What the changes say together, and how much of it chance would."""
    readings = Counter(
        cell.change.reading for number in comparison.numbers for cell in number.cells if cell.change is not None
    )
    if not comparison.changes:
        return ["No two runs share a number with an interval, so no change can be told from chance."]
    told = [f"{readings[reading]} {READINGS[reading][1]}" for reading in TOLD if readings[reading]]
    open_ones = readings[Reading.OPEN]
    held = [f"{count(open_ones)} cannot be told from chance"] if open_ones else []
    by_chance = f"{comparison.expected_by_chance:.1f}"
    return [
        f"Of {plural(comparison.changes, 'change', 'changes')} with an interval: {', '.join([*told, *held])}.",
        *_named(comparison),
        f"If no run differed from the first, about {by_chance} of them would look real by chance.",
    ]


def _named(comparison: Comparison) -> list[str]:
    """Of each further run the numbers of whole sets that became better and worse, the headline ones first."""
    whole = sorted((one for one in comparison.numbers if "=" not in one.group), key=lambda one: place(one.metric))
    said, first = [], comparison.runs[0].label
    for column, run in enumerate(comparison.runs[1 : 1 + MOST_LEADING], start=1):
        for reading in (Reading.BETTER, Reading.WORSE):
            names = [_name(one) for one in whole if _reading(one.cells[column]) is reading]
            if names:
                said.append(f"{run.label} is {READINGS[reading][1]} than {first} in {_listed(names, '; ')}.")
    return said


def _reading(cell: Cell) -> Reading | None:
    return cell.change.reading if cell.change else None


def _name(number: ComparedNumber) -> str:
    return f"{title_of(number)} ({chip(number)})" if chip(number) else title_of(number)


def _title(comparison: Comparison) -> str:
    """Who is compared, as far as a heading has room."""
    labels = [clean(run.label, LONGEST_NAME) for run in comparison.runs]
    if len(labels) > MOST_LEADING:
        return f"{len(labels)} runs side by side"
    data = {run.dataset for run in comparison.runs}
    where = f" on {clean(data.pop(), LONGEST_NAME)}" if len(data) == 1 else ""
    return f"{enumeration(labels)} side by side{where}"


def _blocks(numbers: tuple[ComparedNumber, ...], comparison: Comparison) -> list[dict[str, Any]]:
    """Rows by family: first the numbers of the whole sets, the numbers of groups last."""
    whole = [number for number in numbers if "=" not in number.group]
    grouped = [number for number in numbers if "=" in number.group]
    labels = [run.label for run in comparison.runs]
    blocks: dict[str, list[ShownNumber]] = {}
    for number in sorted(whole, key=lambda number: place(number.metric)):
        blocks.setdefault(family_of(number.metric).title, []).append(_row(number, labels))
    if grouped:
        blocks["Groups"] = [_row(number, labels) for number in grouped]
    return [{"title": title, "rows": rows, "folded": title == "Groups"} for title, rows in blocks.items()]


def _absent(comparison: Comparison) -> list[tuple[str, str]]:
    """What a run lacks and another has, each reason once."""
    found: dict[str, list[str]] = {}
    for number in comparison.numbers:
        name = _name(number)
        for run, cell in zip(comparison.runs, number.cells, strict=True):
            if cell.value is None:
                found.setdefault(f"{run.label}: {cell.reason}", []).append(name)
    return [(reason, _listed(names)) for reason, names in found.items()]


def _unlike(comparison: Comparison) -> list[tuple[str, str]]:
    """What two runs define differently, each difference once, in words."""
    titles = {number.metric: title_of(number) for number in comparison.numbers}
    found: dict[str, list[str]] = {}
    for item in comparison.unlike:
        field = capitalised(words(item.field.removeprefix("parameters.")))
        reason = f"{field}: {item.first} in {item.first_run or 'one run'}, {item.second} in {item.run}."
        title = titles.get(item.metric, item.metric)
        found.setdefault(reason, []).append(f"{title} ({item.group})" if item.group else title)
    return [(reason, _listed(names)) for reason, names in found.items()]


def _listed(names: list[str], between: str = ", ") -> str:
    rest = len(names) - MOST_NAMED
    return between.join(names[:MOST_NAMED]) + (f" and {rest} more" if rest > 0 else "")


def _row(number: ComparedNumber, labels: list[str]) -> ShownNumber:
    arrow, words = ARROWS[number.direction.value]
    return ShownNumber(
        title=title_of(number),
        group=chip(number),
        unit=number.unit,
        direction=words,
        arrow=arrow,
        definition=number.definition,
        cells=tuple(_cell(cell, label) for cell, label in zip(number.cells, labels, strict=True)),
    )


def _cell(cell: Cell, run: str) -> ShownCell:
    change = cell.change
    sign, word, kind = READINGS[change.reading] if change else ("", "", "quiet")
    return ShownCell(
        run=run,
        raw="" if cell.value is None else repr(cell.value),
        value="" if cell.value is None else rounded_value(cell.value, cell.interval),
        interval=_range(cell.interval),
        n=count(cell.n),
        missing=cell.reason if cell.value is None else "",
        change="" if change is None else _signed(change.difference, change.interval),
        change_interval="" if change is None else _range(change.interval),
        sign=sign,
        word=word,
        kind=kind,
    )


def _range(interval: Interval | None) -> str:
    return interval_range(interval) if interval else ""


def _signed(value: float, interval: Interval | None) -> str:
    text = rounded_value(value, interval)
    return f"+{text}" if value > 0 else text
