"""What reports say of a gate: signs and words that need no colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.findings import Verdict
from genaudit.values.gate import GateLevel, name_of
from genaudit_reports.number_format import interval_range, rounded_value
from genaudit_reports.safe_text import clean

if TYPE_CHECKING:
    from genaudit.values.findings import Finding
    from genaudit.values.gate import Change
    from genaudit.values.record import RunRecord

NONE = "–"
SIGNS = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.INCONCLUSIVE: "?", Verdict.DESCRIBED: "·"}
NO_BASELINE = "No baseline was compared."
STORED_TO = 1e-11
"""Share of a baseline, which holds twelve digits, below which a change is its rounding."""


def about(record: RunRecord) -> str:
    """What a record is about, in a few words of its own.

    A generator on its data, or the audit of a table.
    """
    if record.audits:
        return f"audit of {record.request.dataset}"
    return f"{record.request.plugin} on {record.request.dataset}, {record.request.samples:,} items"


def suite_name(record: RunRecord) -> str:
    """The name of a record's suite in a test report."""
    return f"{'audit' if record.audits else record.request.plugin}@{record.request.dataset}"


def judged_findings(record: RunRecord) -> list[Finding]:
    """What an audit judged by a tolerance that somebody declared, the worst first."""
    order = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS)
    found = [finding for finding in record.findings if finding.verdict in order]
    return sorted(found, key=lambda finding: order.index(finding.verdict))


def finding_name(finding: Finding) -> str:
    """Audit, attribute and group as users write them."""
    return name_of(finding.audit, ", ".join(filter(None, (finding.attribute, finding.group))))


def word(change: Change) -> str:
    """The verdict as one word, with what makes it harmless."""
    if change.missing:
        return "MISSING"
    warning = change.level is GateLevel.WARN and change.verdict is Verdict.FAIL
    return "WARNING" if warning else change.verdict.value


def sign(change: Change) -> str:
    """The verdict as one sign."""
    return "!" if change.missing or word(change) == "WARNING" else SIGNS[change.verdict]


def is_rounding(change: Change) -> bool:
    """Whether a number moved by no more than what a baseline rounds away."""
    return abs(change.worsening or 0.0) <= STORED_TO * abs(change.baseline or 0.0)


def change_cells(change: Change) -> tuple[str, str, str, str, str, str]:
    """Value, baseline, worsening, its interval, tolerance and verdict of a number, as text."""
    moved = 0.0 if change.worsening is not None and is_rounding(change) else change.worsening
    numbers = (change.value, change.baseline, moved)
    value, baseline, worse = (NONE if one is None else rounded_value(one, change.interval) for one in numbers)
    wide = change.interval is not None and change.interval.width > 0
    return (
        value,
        baseline,
        worse,
        interval_range(change.interval) if change.interval and wide else NONE,
        clean(change.rule) or NONE,
        f"{sign(change)} {word(change)}",
    )
