"""The gate's sentences: every one holds the numbers that it rests on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.findings import Verdict
from genaudit.values.gate import GateLevel, roughly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.gate.rule import Difference
    from genaudit.gate.settings import Tolerance
    from genaudit.values.gate import Change

MOST_NAMED = 5
STORED_TO = 1e-11
"""A baseline holds twelve digits: what lies below is its rounding and no change."""


def change_sentence(  # noqa: PLR0913 - the parts of one sentence
    name: str,
    difference: Difference,
    *,
    value: float,
    baseline: float,
    tolerance: Tolerance,
    verdict: Verdict,
    n: int,
    enough: int,
) -> str:
    """What became of a metric: the change with its interval, both values, the tolerance and what follows."""
    relative, interval = tolerance.relative(baseline), difference.interval()
    lost_in_error = relative and min(-interval.low, interval.high) > abs(baseline)
    scale = abs(baseline) if relative and not lost_in_error else None
    allowed = tolerance.allowed(baseline)
    limit = f"the tolerance of {tolerance.rule(baseline)}" if allowed else "no worsening, which is the tolerance"
    grounds = {
        Verdict.FAIL: f"the whole interval lies beyond {limit}",
        Verdict.PASS: f"the whole interval keeps {limit}",
        Verdict.INCONCLUSIVE: _undecided(limit, n, enough, beyond=interval.low > allowed, tolerated=allowed > 0),
    }[verdict]
    if lost_in_error and verdict is Verdict.INCONCLUSIVE:
        grounds += "; a value so near 0 asks for an absolute tolerance (abs)"
    around = f"{100 * interval.level:.0f} % interval {moved_range(interval.low, interval.high, scale, difference)}"
    how = moved(difference.worsening, scale, either=difference.either)
    return f"{name} is {how} ({around}), {value:.4g} after {baseline:.4g}; {grounds}."


def moved(worsening: float, scale: float | None = None, *, either: bool = False) -> str:
    """A worsening in words, relative to ``scale`` or in the metric's unit.

    >>> moved(0.74, 12.1), moved(-0.1), moved(1e-12, 12.1), moved(0.02, either=True)
    ('6.1 % worse', '0.1 better', 'unchanged', 'off by 0.02')
    """
    amount = _amount(abs(worsening), scale)
    if abs(worsening) <= STORED_TO * (scale or 0.0):
        return "unchanged"
    if either:
        return f"off by {amount}"
    return f"{amount} {'worse' if worsening > 0 else 'better'}"


def moved_range(low: float, high: float, scale: float | None, difference: Difference) -> str:
    """Both ends of the interval of a worsening."""
    if low == high:
        return "of no width"
    if difference.either:
        return f"{_amount(max(low, 0.0), scale)} to {_amount(high, scale)}"
    if low >= 0 or high <= 0:
        near, far = (low, high) if low >= 0 else (high, low)
        return f"{_amount(abs(near), scale)} to {_amount(abs(far), scale)} {'worse' if low >= 0 else 'better'}"
    return f"{_amount(-low, scale)} better to {_amount(high, scale)} worse"


def report_sentence(changes: Sequence[Change], verdict: Verdict) -> str:
    """The gate in one sentence."""
    gated = [
        change for change in changes if change.level is GateLevel.ERROR and change.verdict is not Verdict.DESCRIBED
    ]
    warned = [change for change in changes if change.level is GateLevel.WARN and change.verdict is Verdict.FAIL]
    count = len(gated)
    of = f"{count} gated {'metric' if count == 1 else 'metrics'}"
    failed, open_ = (
        [change.name for change in gated if change.verdict is wanted and not change.missing]
        for wanted in (Verdict.FAIL, Verdict.INCONCLUSIVE)
    )
    missing = [change.name for change in gated if change.missing and change.value is None]
    bare = [change.name for change in gated if change.missing and change.value is not None]
    parts = {
        Verdict.FAIL: f"{len(failed)} of {of} {'is' if len(failed) == 1 else 'are'} worse than the baseline "
        f"({listed(failed)})",
        Verdict.INCONCLUSIVE: f"none of {of} is shown to be worse than the baseline, and not all are shown to keep "
        "their tolerance",
        Verdict.PASS: f"{'the' if count == 1 else 'all'} {of} {'keeps its' if count == 1 else 'keep their'} tolerance",
        Verdict.DESCRIBED: "no metric is gated: changes are described",
    }
    said = [parts[verdict]]
    said += [f"{len(open_)} inconclusive ({listed(open_)})"] if open_ else []
    said += [f"{len(missing)} not measured ({listed(missing)})"] if missing else []
    said += [f"{len(bare)} without an interval ({listed(bare)})"] if bare else []
    said += [f"warned of {listed([change.name for change in warned])}"] if warned else []
    return f"{'; '.join(said)}.".capitalize() if said[0][0].islower() else f"{'; '.join(said)}."


def listed(names: Sequence[str]) -> str:
    """The first few names.

    >>> listed(["a", "b"]), listed(list("abcdefg"))
    ('a, b', 'a, b, c, d, e and 2 more')
    """
    further = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {further} more" if further > 0 else "")


def _undecided(limit: str, n: int, enough: int, *, beyond: bool, tolerated: bool) -> str:
    if beyond:
        return f"the interval lies beyond {limit}, but not so clearly that looking at many metrics cannot explain it"
    if not tolerated:
        return f"the interval reaches over {limit}; no number of items shows that nothing changed"
    if enough > n:
        enough = roughly(enough)
        return f"the interval reaches over {limit}; about {enough:,} items on both sides instead of {n:,} would decide"
    return f"the interval reaches over {limit}"


def _amount(size: float, scale: float | None) -> str:
    return percent(size / scale) if scale else f"{size:.3g}"


def percent(share: float) -> str:
    """A share with two digits.

    >>> percent(0.061), percent(1.2), percent(0.00012)
    ('6.1 %', '120 %', '0.012 %')
    """
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2g} %"
