"""A verdict on a whole interval: kept, broken, or not decided by so few people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.findings import Verdict

if TYPE_CHECKING:
    from genaudit.values.results import Interval


def judge(
    value: float, interval: Interval | None, tolerance: float, people: float, of: str = "people"
) -> tuple[Verdict, str]:
    """Whether a difference of at least 0 keeps a tolerance, and in words why.

    Args:
        value: The difference.
        interval: Its interval; without one nothing can be judged.
        tolerance: Largest difference that is tolerated.
        people: Number of people behind the value.
        of: Whom that number counts: ``people of whom the truth is no``.

    Returns:
        ``PASS`` only if the whole interval is tolerated, ``FAIL`` only if none of it is; else ``INCONCLUSIVE``, with
        the number of people at which the interval, narrowing with the square root, would reach the tolerance no more.

    >>> from genaudit.values.results import Interval
    >>> judge(0.03, Interval(low=0.0, high=0.07, level=0.95, method="score"), 0.05, 1000)[1]
    'the interval reaches over the tolerance; about n = 4,000 people instead of 1,000 would decide'
    """
    if interval is None:
        return Verdict.INCONCLUSIVE, "the value has no interval, so nothing is judged"
    if interval.high <= tolerance:
        return Verdict.PASS, "the whole interval is tolerated"
    if interval.low > tolerance:
        return Verdict.FAIL, "no part of the interval is tolerated"
    distance = abs(value - tolerance)
    half = interval.high - value if value <= tolerance else value - interval.low
    if distance < 1e-3 * half:
        return Verdict.INCONCLUSIVE, "the value lies on the tolerance; no number of people is sure to decide"
    needed = _two_digits(people * (half / distance) ** 2)
    enough = f"about n = {needed:,} {of} instead of {people:,.0f} would decide"
    return Verdict.INCONCLUSIVE, f"the interval reaches over the tolerance; {enough}"


def _two_digits(number: float) -> int:
    return int(float(f"{number:.2g}"))
