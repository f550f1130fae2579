"""Shares of a whole, with intervals that hold for few items and for shares near 0 and 1."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy import special

from genaudit.stats.intervals import LEVEL
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray


def wilson_interval(count: float, total: float, level: float = LEVEL) -> Interval:
    """Wilson's score interval of a share ``count / total`` (Wilson 1927; Newcombe 1998, method 3).

    Raises:
        ValueError: No items, or a count outside 0 to total.

    >>> interval = wilson_interval(81, 263)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.2553, 0.3662)
    """
    if not (total > 0 and 0 <= count <= total):
        raise ValueError(f"a share needs 0 <= count <= total and a total above 0, not {count} of {total}")
    z = float(special.ndtri(0.5 + level / 2))
    low, high = _wilson(count / total, total, z)
    return Interval(low=low, high=high, level=level, method=f"Wilson score interval of {count:g} in {total:g}")


def score_interval(
    share: float, standard_error: float, *, how: str, degrees_of_freedom: float | None = None, level: float = LEVEL
) -> Interval:
    """Wilson's interval of a mean within [0, 1] that is not a plain share, from its standard error.

    The error is that of ``share (1 - share) / error²`` independent yeses and noes, and Wilson's interval of so many is
    taken (Korn and Graubard 1998, for shares of clustered surveys): unlike ``value ± t · error`` it stays within
    [0, 1] and leans towards the middle, as the values' own skewness does near an end.

    Args:
        share: Strictly between 0 and 1.
        standard_error: Above 0.
        how: Where the error comes from.
        degrees_of_freedom: Behind the error; None for many.
        level: Nominal coverage.

    Raises:
        ValueError: A share at an end, or an error that is not above 0 and finite.

    >>> interval = score_interval(0.02, 0.01, how="example")
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.0077, 0.0507)
    """
    if not (0 < share < 1 and 0 < standard_error < math.inf):
        raise ValueError(f"a score interval needs 0 < share < 1 and an error above 0, not {share} and {standard_error}")
    half = 0.5 + level / 2
    z = float(special.ndtri(half) if degrees_of_freedom is None else special.stdtrit(degrees_of_freedom, half))
    total = share * (1 - share) / standard_error**2
    low, high = _wilson(share, total, z)
    method = f"Wilson score interval at an effective number of {total:.4g}; {how}"
    return Interval(low=low, high=high, level=level, method=method, degrees_of_freedom=degrees_of_freedom)


def shares(counts: Sequence[int] | NDArray[np.int64], level: float = LEVEL) -> list[tuple[float, Interval]]:
    """The share of each class in the sum of counts, each with its Wilson interval (not simultaneous).

    Raises:
        ValueError: Negative counts, or none at all.

    >>> [share for share, _ in shares([3, 1])]
    [0.75, 0.25]
    """
    whole = [int(count) for count in counts]
    total = sum(whole)
    return [(count / total if total else 0.0, wilson_interval(count, total, level)) for count in whole]


def largest_unseen_share(total: int, level: float = LEVEL) -> float:
    """The largest share that a class may have and still, with probability ``1 - level``, be absent from a sample.

    The exact one-sided bound behind the "rule of three": ``1 - (1 - level) ^ (1 / total)``.

    Raises:
        ValueError: No items.

    >>> round(largest_unseen_share(100), 6)
    0.029513
    """
    if total < 1:
        raise ValueError(f"a sample has at least 1 item, not {total}")
    return -math.expm1(math.log1p(-level) / total)


def _wilson(share: float, total: float, z: float) -> tuple[float, float]:
    centre = (share * total + z * z / 2) / (total + z * z)
    half = z / (total + z * z) * math.sqrt(share * total * (1 - share) + z * z / 4)
    # exactly 0 and 1 at the ends, where the formula gives them up to rounding
    low = 0.0 if share == 0 else min(max(centre - half, 0.0), share)
    high = 1.0 if share == 1 else max(min(centre + half, 1.0), share)
    return low, high
