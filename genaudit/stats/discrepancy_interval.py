"""The interval of an unbiased discrepancy, also where the distributions are nearly or exactly equal."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy import special

from genaudit.stats.intervals import LEVEL, t_interval
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from genaudit.stats.kernels import Discrepancy

FROM_ROWS = "U-statistic standard error from row means"


def discrepancy_interval(found: Discrepancy, level: float = LEVEL) -> Interval:
    """All discrepancies for which the estimate would be no surprise.

    Around equality the estimate's first-order variance vanishes as the discrepancy does, its second-order variance is
    left, and it is skewed; an error from row means is then too large by √2, and taking the excess off an interval
    ``value ± t · error`` leaves it too short on one side. So for every discrepancy θ the variance is taken as ``V2 + κ
    max(θ, 0)``: V2 from all pairs, κ from the rows, at the estimate itself no less than what rows and pairs say. The
    bounds are where the estimate would lie at the end of the interval of such a variance: the upper one by Student's
    quantile, the lower one by that of a gamma distribution, as under equality (Gretton et al. 2009, section 3.1). Sets
    that are not independent (one is the other with a little noise) have a shape near 0, where that quantile falls below
    the mean; a normal distribution's is the least that is taken.

    κ divides by the biased value, which by chance may be near 0 and is 0 for a set against itself. No less is taken
    than what noise alone adds to it.

    Where V2 is not known (rows in clusters, fewer than four of them) it is the t interval of the error from row means.
    """
    value, freedom = found.value, found.units - 1
    second = found.second_order_variance
    biased = max(found.biased, found.expected_of_equal_sets)
    if second is None or second <= 0 or biased <= 0:
        return t_interval(value, found.standard_error, freedom, how=FROM_ROWS, level=level)
    quantile = float(special.stdtrit(freedom, 0.5 + level / 2))
    first = found.standard_error**2 - 2 * second  # row means hold the second order twice
    slope = max(found.standard_error**2 / biased, first / max(value, quantile * math.sqrt(second)))
    shape = biased**2 / (second + slope * max(value, 0.0))
    skewed = (float(special.gammaincinv(shape, 0.5 + level / 2)) - shape) / math.sqrt(shape)
    normal = float(special.ndtri(0.5 + level / 2))
    reach = max(skewed, normal) * quantile / normal
    low = value - reach * math.sqrt(second)
    if low > 0:
        low = _bound(value, second, slope, -reach)
    high = max(value + quantile * math.sqrt(second), _bound(value, second, slope, quantile))
    return Interval(
        low=low,
        high=high,
        level=level,
        method=f"gamma and t bounds, {freedom} degrees of freedom; {FROM_ROWS}, second order from pairs",
        standard_error=found.standard_error,
        degrees_of_freedom=freedom,
    )


def _bound(value: float, second: float, slope: float, reach: float) -> float:
    """The θ with ``(value - θ)² = reach² (second + slope θ)``, on the side of the reach's sign."""
    half = value + reach**2 * slope / 2
    return half + math.copysign(math.sqrt(max(half**2 - value**2 + reach**2 * second, 0.0)), reach)
