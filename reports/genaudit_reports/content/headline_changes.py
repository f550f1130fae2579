"""What the headline table says of a number that has a baseline: how it moved, how surely, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.findings import Verdict
from genaudit.values.gate import roughly
from genaudit.values.results import Direction, Interval
from genaudit_reports.gate_text import NONE, is_rounding, sign, word
from genaudit_reports.number_format import TO, count, interval_range, level, rounded_value

if TYPE_CHECKING:
    from genaudit.values.gate import Change, GateReport
    from genaudit.values.results import MetricResult

REACH = 3.0
"""Tolerances to either side of the small plot's 0; what lies farther is drawn at its edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """Where a worsening lies, in hundredths of the way from ``-REACH`` to ``REACH`` tolerances."""

    low: float
    high: float
    value: float


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadlineChange:
    """The cells of one number."""

    word: str
    """The verdict."""
    sign: str = "·"
    kind: str = "calm"
    """``fails``, ``open`` or ``calm``: a class for the eye; sign and word say it too."""
    baseline: str = NONE
    amount: str = NONE
    """Such as ``0.74 worse``."""
    range: str = ""
    """The interval of the amount; empty if there is none."""
    level: str = ""
    enough: str = ""
    """The count of items that would decide; empty if that is not known or not needed."""
    moved: Moved | None = None
    """None without an interval or a tolerance to measure by."""

    @property
    def compared(self) -> bool:
        """Whether there is a baseline to stand beside."""
        return self.baseline != NONE


def headline_change(gate: GateReport, result: MetricResult) -> HeadlineChange:
    """The cells of a number; of one that has no baseline, dashes and the word that says so."""
    change = gate.change(result.metric, result.group)
    if change is None or change.baseline is None:
        return HeadlineChange(word="NEW" if change else "NOT COMPARED")
    interval = change.interval if change.interval and change.interval.width > 0 else None
    return HeadlineChange(
        baseline=rounded_value(change.baseline, result.interval),
        amount=_amount(change),
        range=_range(interval, change.direction) if interval else "",
        level=level(interval) if interval else "",
        sign=sign(change),
        word=word(change),
        kind=_kind(change),
        enough=count(roughly(change.n_needed)) if change.n_needed else "",
        moved=_moved(change),
    )


def _kind(change: Change) -> str:
    if change.missing or change.verdict is Verdict.FAIL:
        return "fails"
    return "open" if change.verdict is Verdict.INCONCLUSIVE else "calm"


def _amount(change: Change) -> str:
    worsening, interval = change.worsening, change.interval
    if worsening is None:
        return NONE
    if is_rounding(change):
        return "unchanged"
    size = rounded_value(abs(worsening), interval)
    if not any(digit in "123456789" for digit in size):
        return "about 0"
    return f"off by {size}" if change.direction is Direction.NONE else f"{size} {_way(worsening)}"


def _range(interval: Interval, direction: Direction) -> str:
    """Both ends without a sign: ``0.41 – 1.07``, or ``0.12 better – 1.60 worse`` where they differ in kind."""
    low, high = interval.low, interval.high
    if direction is Direction.NONE or low >= 0:
        return interval_range(_between(max(low, 0.0), high, interval.level))
    if high <= 0:
        return interval_range(_between(-high, -low, interval.level))
    return f"{rounded_value(-low, interval)} better{TO}{rounded_value(high, interval)} worse"


def _way(worsening: float) -> str:
    return "worse" if worsening > 0 else "better"


def _between(low: float, high: float, nominal: float) -> Interval:
    return Interval(low=low, high=high, level=nominal, method="")


def _moved(change: Change) -> Moved | None:
    if change.interval is None or change.worsening is None or not change.tolerance:
        return None

    def along(worsening: float) -> float:
        share = worsening / (change.tolerance or 1.0) / REACH
        return round(50 + 50 * max(-1.0, min(1.0, share)), 2)

    return Moved(low=along(change.interval.low), high=along(change.interval.high), value=along(change.worsening))
