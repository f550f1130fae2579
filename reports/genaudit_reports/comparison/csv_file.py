"""The comparison for scripts: one row a number and run."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from genaudit_reports.csv_report import guarded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.values.comparison import Cell, Comparison

COLUMNS = (
    "metric", "group", "run", "value", "ci_low", "ci_high", "ci_level", "n", "unit", "direction",
    "change", "change_low", "change_high", "reading", "status", "reason", "definition",
)  # fmt: skip


def csv_file(comparison: Comparison) -> bytes:
    """``comparison.csv``: UTF-8, commas, a missing number is an empty cell."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([guarded(cell) for cell in row] for row in _rows(comparison))
    return text.getvalue().encode()


def _rows(comparison: Comparison) -> Iterator[list[object]]:
    for number in comparison.numbers:
        for run, cell in zip(comparison.runs, number.cells, strict=True):
            yield [
                number.metric,
                number.group,
                run.label,
                *_value(cell),
                number.unit,
                number.direction.value,
                *_change(cell),
                "unavailable" if cell.value is None else "ok",
                cell.reason,
                number.definition,
            ]
    for item in comparison.unlike:
        reason = f"{item.field} is '{item.first}' in run {item.first_run or 'one'} and '{item.second}' in this"
        row: list[object] = [""] * len(COLUMNS)
        row[0:3], row[-3:-1] = [item.metric, item.group, item.run], ["unlike", reason]
        yield row


def _value(cell: Cell) -> list[object]:
    interval = cell.interval
    bounds = [interval.low, interval.high, interval.level] if interval else [None] * 3
    return [cell.value, *bounds, None if cell.value is None else cell.n]


def _change(cell: Cell) -> list[object]:
    change = cell.change
    if change is None:
        return [None] * 4
    bounds = [change.interval.low, change.interval.high] if change.interval else [None] * 2
    return [change.difference, *bounds, change.reading.value]
