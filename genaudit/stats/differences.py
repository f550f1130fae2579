"""Intervals of a difference, from the intervals of its two parts."""

from __future__ import annotations

import math

from genaudit.values.results import Interval


def difference_interval(value: float, interval: Interval, base: float, base_interval: Interval) -> Interval:
    """Interval of ``value - base`` of two independent estimates, by the method of variance estimates recovery.

    ``low = d - √((v - l)² + (U - b)²)`` and ``high = d + √((u - v)² + (b - L)²)``, with ``d = v - b``, bounds l, u of
    the value and L, U of the base (Zou and Donner 2008, eq. 4). Keeps the asymmetry of the parts, and is Newcombe's
    interval where they are Wilson's. Estimates that share a reference set err alike, so that it is then too wide.

    Raises:
        ValueError: The two intervals have different levels, or one does not contain its value.

    >>> from genaudit.stats.proportions import wilson_interval
    >>> found = difference_interval(56 / 70, wilson_interval(56, 70), 48 / 80, wilson_interval(48, 80))
    >>> round(found.low, 5), round(found.high, 5)
    (0.05243, 0.33387)
    """
    if not math.isclose(interval.level, base_interval.level):
        raise ValueError(f"both intervals need one level, not {interval.level:g} and {base_interval.level:g}")
    parts = (value - interval.low, interval.high - value, base - base_interval.low, base_interval.high - base)
    if min(parts) < 0:
        raise ValueError("each interval must contain its value")
    below, above, base_below, base_above = parts
    difference = value - base
    return Interval(
        low=difference - math.hypot(below, base_above),
        high=difference + math.hypot(above, base_below),
        level=interval.level,
        method="variance estimates recovered from both intervals (MOVER), the two taken as independent",
    )
