"""The difference of two shares of the same items: how often something holds in one look and not in the other."""

from __future__ import annotations

import math

from scipy import special

from genaudit.stats.intervals import LEVEL
from genaudit.values.results import Interval


def paired_difference_interval(only_first: float, only_second: float, n: float, level: float = LEVEL) -> Interval:
    """Interval of a difference of paired shares, first less second (Bonett and Price 2012).

    Wald's interval after one item was added to each kind that disagrees: it keeps its level for few items and where
    nothing disagrees, in which case it is not of width 0.

    Args:
        only_first: Items of which it holds in the first look alone.
        only_second: In the second look alone.
        n: Items; fewer than were counted if several were made from one source.
        level: Nominal coverage.

    Raises:
        ValueError: No items, negative numbers, or more that disagree than there are.

    >>> interval = paired_difference_interval(1, 7, 21)
    >>> round(interval.low, 3), round(interval.high, 3)
    (-0.508, -0.013)
    """
    if not (n > 0 and min(only_first, only_second) >= 0 and only_first + only_second <= n * (1 + 1e-9)):
        raise ValueError(f"of {n} items, {only_first} and {only_second} cannot disagree")
    value = (only_first - only_second) / n
    first, second = (only_first + 1) / (n + 2), (only_second + 1) / (n + 2)
    error = math.sqrt((first + second - (first - second) ** 2) / (n + 2))
    half = float(special.ndtri(0.5 + level / 2)) * error
    centre = first - second
    return Interval(
        low=min(max(centre - half, -1.0), value),
        high=max(min(centre + half, 1.0), value),
        level=level,
        method=f"Bonett and Price's interval of paired shares, {only_first:.4g} and {only_second:.4g} of {n:.4g}",
    )
