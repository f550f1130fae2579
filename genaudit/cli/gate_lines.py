"""The gate's report as lines of text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.findings import Verdict
from genaudit.values.gate import GateLevel

if TYPE_CHECKING:
    from genaudit.values.gate import Change, GateReport

MOST_OPEN = 5
"""Undecided metrics whose sentence is written out; the table has all."""
VERDICT_SIGNS = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.INCONCLUSIVE: "?", Verdict.DESCRIBED: "·"}


def verdict_text(change: Change) -> str:
    """Sign, word, and what a warning-only metric is."""
    word = "MISSING" if change.missing else change.verdict.value
    level = " (warning only)" if change.level is GateLevel.WARN and change.verdict is Verdict.FAIL else ""
    return f"{VERDICT_SIGNS[change.verdict]} {word}{level}"


def gate_lines(report: GateReport) -> list[str]:
    """What a reader must know: grounds of every verdict that is not a plain pass, warnings, and the verdict last."""
    failed = [one for one in report.worst_first if one.missing or one.verdict is Verdict.FAIL]
    open_ = [one for one in report.worst_first if not one.missing and one.verdict is Verdict.INCONCLUSIVE]
    said = [f"{verdict_text(one)}: {one.sentence}" for one in (*failed, *open_[:MOST_OPEN])]
    if len(open_) > MOST_OPEN:
        further = len(open_) - MOST_OPEN
        said.append(f"? {further} more INCONCLUSIVE: the table shows them; --json has every sentence.")
    advice = [change.name for change in report.changes if change.advice]
    notes = [f"note: {text}" for text in report.warnings]
    notes += (
        [f"note: better by more than the tolerance: {', '.join(advice)}; consider --update-baseline"] if advice else []
    )
    if report.verdict is Verdict.FAIL:
        notes.append("note: if the change is meant, accept it: genaudit check RUN --update-baseline --reason TEXT")
    return [
        *said,
        *([""] if said else []),
        report.question,
        f"Baseline: {report.baseline}, {report.baseline_created} {report.baseline_git}".rstrip()
        + f": {report.baseline_reason}",
        *notes,
        "",
        f"{report.verdict.value}: {report.sentence}",
    ]
