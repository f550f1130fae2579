"""A comparison as rows of text."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from genaudit.cli.numbers import shown, shown_range
from genaudit.cli.sheet import ARROWS, Sheet
from genaudit.values.comparison import Reading

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.values.comparison import Cell, Comparison

SIGNS = {
    Reading.BETTER: "better",
    Reading.WORSE: "worse",
    Reading.DIFFERENT: "different",
    Reading.OPEN: "cannot be told",
    Reading.NO_INTERVAL: "no interval",
}


def comparison_sheet(comparison: Comparison) -> Sheet:
    """One row a number of the whole sets; for each run its value, and behind it the change from the first."""
    header = ["metric", ""]
    for place, run in enumerate(comparison.runs):
        header += [run.label] if place == 0 else [run.label, "change"]
    rows = []
    for number in comparison.numbers:
        if "=" in number.group:
            continue
        name = f"{number.metric} [{number.group}]" if number.group else number.metric
        row = [name, ARROWS[number.direction.value]]
        for place, cell in enumerate(number.cells):
            row += [_value(cell)] if place == 0 else [_value(cell), _change(cell)]
        rows.append(tuple(row))
    return Sheet(header=tuple(header), rows=tuple(rows), numeric=())


def comparison_lines(comparison: Comparison) -> Iterator[str]:
    """What stands below the table: how to read it, what was left out, what to know."""
    first = comparison.runs[0].label
    yield f"change: value minus that of {first}, with its interval; the runs are taken as independent draws."
    if comparison.changes:
        told = Counter(cell.change.reading for number in comparison.numbers for cell in number.cells if cell.change)
        counted = ", ".join(
            f"{told[one]} {SIGNS[one]}" for one in SIGNS if told[one] and one is not Reading.NO_INTERVAL
        )
        yield (
            f"{comparison.changes} changes were looked at: {counted}. If no run differed, about "
            f"{comparison.expected_by_chance:.1f} of them would look real by chance."
        )
    groups = sum("=" in number.group for number in comparison.numbers)
    if groups:
        yield f"{groups} numbers of groups are not shown here: --out FOLDER or --json has them."
    for item in comparison.unlike:
        name = f"{item.metric} [{item.group}]" if item.group else item.metric
        yield f"left out: {name}: {item.sentence}."
    yield from (f"warning: {text}" for text in comparison.warnings)


def _value(cell: Cell) -> str:
    if cell.value is None:
        return "-"
    value = shown(cell.value, cell.interval)
    return f"{value} ({shown_range(cell.interval)})" if cell.interval else value


def _change(cell: Cell) -> str:
    change = cell.change
    if change is None:
        return "-"
    sign = "+" if change.difference > 0 else ""
    value = f"{sign}{shown(change.difference, change.interval)}"
    around = f" ({shown_range(change.interval)})" if change.interval else ""
    return f"{value}{around} {SIGNS[change.reading]}"
