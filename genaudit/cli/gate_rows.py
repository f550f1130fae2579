"""The gate's report as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.cli.gate_lines import verdict_text
from genaudit.cli.numbers import shown, shown_range
from genaudit.cli.sheet import ARROWS, Sheet

if TYPE_CHECKING:
    from genaudit.values.gate import Change, GateReport


def gate_sheet(report: GateReport) -> Sheet:
    """A row for every metric that both sides have, or that one of them lacks; the worst last, where the eye falls."""
    rows = tuple(
        (
            change.name,
            ARROWS[change.direction.value],
            "-" if change.value is None else shown(change.value, change.interval),
            "-" if change.baseline is None else shown(change.baseline, change.interval),
            "-" if change.worsening is None else _change(change),
            shown_range(change.interval) if change.interval and change.interval.width else "-",
            verdict_text(change),
        )
        for change in reversed(report.worst_first)
    )
    header = ("metric", "", "value", "baseline", "worse by", "95 % interval", "verdict")
    return Sheet(header=header, rows=rows, numeric=(2, 3, 4, 5))


def _change(change: Change) -> str:
    worsening = change.worsening or 0.0
    return shown(worsening, change.interval)
