"""The only module that knows rich: the result table on stdout and the live progress on stderr."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from genaudit.cli.progress import failure_line
from genaudit.engine.progress import RunObserver
from genaudit.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from types import TracebackType

    from genaudit.cli.sheet import Sheet
    from genaudit.values.results import Failure, MetricResult, Unavailable


GAP = 2
"""Spaces between columns."""
MOST_OF_A_NAME = 24
"""Longest part of a name that keeps its line whole."""


def print_sheets(sheets: Iterable[Sheet], lines: Iterable[str]) -> None:
    """Tables that fit the terminal, then lines of text."""
    console = Console(highlight=False)
    for sheet in sheets:
        width, gap = _first_column(sheet, console.width)
        table = Table(box=None, pad_edge=False, header_style="bold", padding=(0, gap, 0, 0))
        for column, heading in enumerate(sheet.header):
            numeric = column in sheet.numeric
            table.add_column(
                Text(printable(heading)),
                justify="right" if numeric else "left",
                no_wrap=numeric,
                overflow="fold",
                width=width if column == 0 else None,
            )
        for name, *cells in sheet.rows:
            table.add_row(Text(broken(printable(name), width)), *(Text(printable(cell)) for cell in cells))
        console.print(table)
        console.print()
    for line in lines:
        console.print(Text(printable(line)), soft_wrap=line.startswith("report: "))


def _first_column(sheet: Sheet, width: int) -> tuple[int, int]:
    """Width of the names, and the gap between columns.

    Names have what the other columns leave of the line, with one space between columns if two leave too little for the
    longest part of a name; where one does neither, that part, and the others are wrapped.
    """
    rows = [tuple(map(printable, row)) for row in (sheet.header, *sheet.rows)]
    names, *others = zip(*rows, strict=True)
    longest_part = min(MOST_OF_A_NAME, max(len(part) for name in names for part in _parts(name)))
    for gap in (GAP, 1):
        left = width - sum(max(map(len, column)) + gap for column in others)
        if left >= longest_part:
            return min(left, max(map(len, names))), gap
    return longest_part, GAP


def broken(name: str, width: int) -> str:
    r"""A name in lines of a width, ended behind a space or an underscore and not within a word.

    >>> broken("attribute_direction_accuracy [digit]", 20)
    'attribute_direction_\naccuracy [digit]'
    """
    lines = [""]
    for part in _parts(name):
        if lines[-1] and len(lines[-1]) + len(part) > width:
            lines.append("")
        lines[-1] += f"{part} " if part[-1] != "_" else part
    return "\n".join(line.rstrip() for line in lines)


def _parts(name: str) -> list[str]:
    """Where a name may end a line."""
    return [part for word in name.split() for part in re.findall(r"[^_]+_?|_", word)] or [""]


class LiveProgress(RunObserver):
    """A bar for each stage, redrawn in place, on a real terminal."""

    def __init__(self) -> None:
        self._failures: set[str] = set()
        self._progress = Progress(
            SpinnerColumn(finished_text="✓"),
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[count]}"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}", style="dim"),
            console=Console(stderr=True, highlight=False),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Self:
        """Begin to draw."""
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave the terminal as it was."""
        self._progress.stop()

    def planned(self, headline: str) -> None:
        """The headline above the bars."""
        self._progress.console.print(Text(printable(headline)))

    def stage_started(self, name: str, total: int) -> None:
        """A new bar; one that only moves to and fro if the total is not known."""
        self._tasks[name] = self._progress.add_task(
            escape(printable(name.replace("_", " "))), total=total or None, count="", note=""
        )

    def stage_advanced(self, name: str, items: int, note: str = "") -> None:
        """The bar moves."""
        task = self._tasks[name]
        self._progress.advance(task, items)
        state = self._progress.tasks[self._progress.task_ids.index(task)]
        count = f"{state.completed:,.0f}" + (f"/{state.total:,.0f}" if state.total else "")
        self._progress.update(task, count=count, note=escape(printable(note)))

    def stage_finished(self, name: str, seconds: float) -> None:  # noqa: ARG002 - the bar measures its own time
        """The bar is full."""
        task = self._tasks[name]
        state = self._progress.tasks[self._progress.task_ids.index(task)]
        total = state.total or max(state.completed, 1)
        self._progress.update(task, total=total, completed=total)

    def result(self, result: MetricResult | Unavailable | Failure) -> None:
        """Only a failure is said at once, and once for all views of a metric."""
        line = failure_line(result)
        if line and line not in self._failures:
            self._failures.add(line)
            self._progress.console.print(Text(printable(line), style="red"))

    def warning(self, text: str) -> None:
        """A line above the bars."""
        self._progress.console.print(Text(printable(f"warning: {text}"), style="yellow"))
