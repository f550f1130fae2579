"""A record as rows of text: what the table on stdout says, without knowing how it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.cli.numbers import shown, shown_range

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

ARROWS = {"higher": "↑", "lower": "↓", "none": ""}


def result_rows(record: RunRecord) -> list[tuple[str, str, str, str, str, str]]:
    """Metric, direction, value, interval, n, and the note or the reason why there is no interval."""
    return [_row(result) for result in record.results]


def closing_lines(record: RunRecord, reports: Mapping[str, Path], folder: Path) -> list[str]:
    """What is missing and why, what failed, and where the report is."""
    lines = [""]
    lines += [
        f"not available: {_name(item.component, item.group)}: {item.reason} {item.hint}".rstrip()
        for item in record.not_available
    ]
    lines += [
        f"failed: {_name(item.component, item.group)} ({item.stage}): {item.error} {item.hint}".rstrip()
        for item in record.failures
    ]
    if not record.complete:
        lines.append("The run is not complete.")
    return [*(lines if len(lines) > 1 else []), "", f"report: {reports.get('html') or folder}"]


def _row(result: MetricResult) -> tuple[str, str, str, str, str, str]:
    return (
        _name(result.metric, result.group),
        ARROWS[result.direction.value],
        shown(result.value, result.interval),
        shown_range(result.interval) if result.interval else "-",
        f"{result.n:,}",
        result.note or result.reason_without,
    )


def _name(component: str, group: str) -> str:
    return f"{component} [{group}]" if group else component
