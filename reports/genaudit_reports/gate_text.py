"""What reports say of a gate: signs and words that need no colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.findings import Verdict
from genaudit.values.gate import GateLevel

if TYPE_CHECKING:
    from genaudit.values.gate import Change

SIGNS = {Verdict.PASS: "✓", Verdict.FAIL: "✗", Verdict.INCONCLUSIVE: "?", Verdict.DESCRIBED: "·"}
NO_BASELINE = "No baseline was compared."


def word(change: Change) -> str:
    """The verdict as one word, with what makes it harmless."""
    if change.missing:
        return "MISSING"
    warning = change.level is GateLevel.WARN and change.verdict is Verdict.FAIL
    return "WARNING" if warning else change.verdict.value


def sign(change: Change) -> str:
    """The verdict as one sign."""
    return "!" if change.missing or word(change) == "WARNING" else SIGNS[change.verdict]
