"""Differences and ratios of two independent shares, with intervals made from the Wilson limits of each."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.stats.differences import difference_interval
from genaudit.stats.intervals import LEVEL
from genaudit.stats.proportions import wilson_interval
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

Share = tuple[float, float]
"""Counted people, and people among whom they were counted; weighted ones on the scale of effective people."""


MOST_PAIRED = 20
"""Shares of which every pair has an interval of its own."""


def wilson_limits(
    counts: ArrayLike, totals: ArrayLike, level: float = LEVEL
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lower and upper Wilson limits of many shares at once; as ``proportions.wilson_interval``.

    Raises:
        ValueError: A total of 0, or a count outside 0 to its total.

    >>> [limit.round(4).tolist() for limit in wilson_limits([81, 0], [263, 20])]
    [[0.2553, 0.0], [0.3662, 0.1611]]
    """
    count, total = np.asarray(counts, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    if not ((total > 0) & (count >= 0) & (count <= total)).all():
        raise ValueError("a share needs 0 <= count <= total and a total above 0")
    z = float(special.ndtri(0.5 + level / 2))
    share = count / total
    centre = (count + z * z / 2) / (total + z * z)
    half = z / (total + z * z) * np.sqrt(count * (1 - share) + z * z / 4)
    low = np.where(count == 0, 0.0, np.clip(centre - half, 0.0, share))
    return low, np.where(count == total, 1.0, np.clip(centre + half, share, 1.0))


def newcombe_interval(first: Share, second: Share, level: float = LEVEL) -> Interval:
    """Interval of the difference of two shares, first minus second (Newcombe 1998b, method 10).

    With Wilson limits l and u of each share, ``d - sqrt((p1 - l1)² + (u2 - p2)²)`` and ``d + sqrt((u1 - p1)² +
    (p2 - l2)²)``. Of 0 in n it is not of width 0.

    Raises:
        ValueError: A total of 0, or a count outside 0 to its total.

    >>> interval = newcombe_interval((56, 70), (48, 80))
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.0524, 0.3339)
    """
    (one, other), limits = _shares(first, second), _limits(first, second, level)
    found = difference_interval(one, limits[0], other, limits[1])
    return replace(
        found,
        low=max(found.low, -1.0),
        high=min(found.high, 1.0),
        method=f"Newcombe's hybrid score interval of {first[0]:g}/{first[1]:g} - {second[0]:g}/{second[1]:g}",
    )


def ratio_interval(first: Share, second: Share, level: float = LEVEL) -> Interval | None:
    """Interval of the ratio of two shares, first over second; None if it has no upper bound.

    Wilson limits are carried through the ratio (MOVER-R: Donner and Zou 2012), which stays honest near 0.

    Raises:
        ValueError: A total of 0, or a count outside 0 to its total.

    >>> interval = ratio_interval((56, 70), (48, 80))
    >>> round(interval.low, 3), round(interval.high, 3)
    (1.078, 1.663)
    """
    p1, p2 = _shares(first, second)
    (l1, u1), (l2, u2) = ((one.low, one.high) for one in _limits(first, second, level))
    if p2 == 0 or l2 == 0:
        return None
    product = p1 * p2
    low = product - math.sqrt(max(product**2 - l1 * u2 * (2 * p1 - l1) * (2 * p2 - u2), 0.0))
    high = product + math.sqrt(max(product**2 - u1 * l2 * (2 * p1 - u1) * (2 * p2 - l2), 0.0))
    # where u2 = 2 p2 the first expression is 0 over 0; its limit is the root of the remaining linear equation
    lower = low / (u2 * (2 * p2 - u2)) if abs(2 * p2 - u2) > 1e-9 else l1 * (2 * p1 - l1) / (2 * product or 1.0)
    return Interval(
        low=min(max(lower, 0.0), p1 / p2),
        high=max(high / (l2 * (2 * p2 - l2)), p1 / p2),
        level=level,
        method=f"MOVER interval from Wilson limits of ({first[0]:g}/{first[1]:g}) / ({second[0]:g}/{second[1]:g})",
    )


def largest_difference_interval(shares: Sequence[Share], level: float = LEVEL) -> Interval:
    """Interval of the largest minus the smallest of several shares.

    The distance of the extremes of a sample is above 0 even if all shares are equal, and a percentile interval of it
    never contains 0. Here every pair has a Newcombe interval at the Bonferroni level; all of them hold together with
    the stated probability, and then the largest of the true differences lies between the largest lower and the
    largest upper bound. Above 20 shares, Wilson limits of each share take the place of pairs.

    Raises:
        ValueError: Fewer than two shares.

    >>> interval = largest_difference_interval([(50, 100), (51, 100), (52, 100)])
    >>> interval.low, interval.high > 0.15
    (0.0, True)
    """
    low, high, how = _simultaneous_pairs(shares, level)
    return Interval(low=max(float(low.max()), 0.0), high=min(float(high.max()), 1.0), level=level, method=how)


def _simultaneous_pairs(shares: Sequence[Share], level: float) -> tuple[NDArray[np.float64], NDArray[np.float64], str]:
    """Bounds of differences that hold together, and how they were made."""
    count, total = np.array(shares, dtype=np.float64).reshape(-1, 2).T
    k = len(count)
    if k < 2:
        raise ValueError(f"a difference needs at least 2 shares, not {k}")
    p = count / total
    if k > MOST_PAIRED:
        low, high = wilson_limits(count, total, 1 - (1 - level) / k)
        bounds = np.array([low.max() - high.min()]), np.array([high.max() - low.min()])
        return *bounds, f"simultaneous Wilson intervals of {k} shares"
    pairs = k * (k - 1) // 2
    low, high = wilson_limits(count, total, 1 - (1 - level) / pairs)
    down, up = p - low, high - p
    difference = p[:, None] - p
    apart = ~np.eye(k, dtype=bool)
    return (
        (difference - np.hypot(down[:, None], up))[apart],
        (difference + np.hypot(up[:, None], down))[apart],
        f"simultaneous Newcombe intervals of {pairs} {'pair' if pairs == 1 else 'pairs'}",
    )


def _shares(first: Share, second: Share) -> tuple[float, float]:
    if min(first[1], second[1]) <= 0:
        raise ValueError(f"a share needs a total above 0, not {first[1]} and {second[1]}")
    return first[0] / first[1], second[0] / second[1]


def _limits(first: Share, second: Share, level: float) -> tuple[Interval, Interval]:
    return wilson_interval(*first, level), wilson_interval(*second, level)


def smallest_ratio_interval(shares: Sequence[Share], level: float = LEVEL) -> Interval:
    """Interval of the smallest over the largest of several shares, made as ``largest_difference_interval``.

    Raises:
        ValueError: Fewer than two shares.

    >>> smallest_ratio_interval([(50, 100), (51, 100), (52, 100)]).high
    1.0
    """
    k = len(shares)
    if k < 2:
        raise ValueError(f"a ratio needs at least 2 shares, not {k}")
    if k > MOST_PAIRED:
        count, total = np.array(shares, dtype=np.float64).T
        low, high = wilson_limits(count, total, 1 - (1 - level) / k)
        bounds = float(low.min() / high.max()), float(high.min() / max(low.max(), high.min()))
        how = f"simultaneous Wilson intervals of {k} shares"
    else:
        ordered = [(one, other) for one in range(k) for other in range(k) if one != other]
        single = 1 - (1 - level) / (len(ordered) // 2)
        found = [ratio_interval(shares[one], shares[other], single) for one, other in ordered]
        lows = [interval.low for interval in found if interval] or [0.0]
        highs = [interval.high for interval in found if interval] or [1.0]
        bounds = (0.0 if None in found else min(lows)), min(highs)
        how = f"simultaneous MOVER intervals of {len(ordered) // 2} {'pair' if k == 2 else 'pairs'}"
    return Interval(low=min(bounds[0], 1.0), high=min(bounds[1], 1.0), level=level, method=how)
