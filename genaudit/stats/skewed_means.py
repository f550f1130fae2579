"""An interval of the mean of few values of a skewed distribution."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.stats.intervals import LEVEL, mean
from genaudit.stats.units import cluster_sums
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

FEWEST = 3
"""Units below which no skewness shows."""


def skewed_interval(values: ArrayLike, clusters: ArrayLike | None = None, *, level: float = LEVEL) -> Interval:
    """The t interval of a mean ``(n,)``, bent the way in which the values are skewed.

    Of skewed values a t statistic is skewed the other way, so that the t interval reaches too little where the rare
    ones are. Hall's cubic transformation ``g(T) = T + γT²/3 + γ²T³/27 + γ/6n`` of ``T = (mean - μ) / s`` takes that out
    and is turned round in closed form: ``g⁻¹(w) = 3/γ ((1 + γ(w - γ/6n))^⅓ - 1)`` (Hall 1992, On the Removal of
    Skewness by Transformation), here at Student's quantile over √n, with the skewness ``γ`` of the sample freed of its
    bias for normal values (Joanes and Gill 1998, G₁). Values that are not skewed have the t interval.

    Args:
        values: Finite, and not all equal.
        clusters: ``(n,)`` unit that a value belongs to; sums of a unit then count as one. None if all are independent.
        level: Nominal coverage.

    Raises:
        ValueError: Fewer than two independent units, values that are not finite, or that show no spread.

    >>> even, long = skewed_interval([1, 2, 3, 4, 5]), skewed_interval([1, 1, 1, 1, 11])
    >>> [round(end, 2) for end in (even.low, even.high, long.low, long.high)]
    [1.04, 4.96, -0.2, 16.49]
    """
    found = mean(values, clusters)
    if not found.standard_error > 0:
        raise ValueError(f"{found.units} independent {found.unit} of one value show no spread")
    plain = found.interval(level)
    parts = np.asarray(values, dtype=np.float64) - found.value
    skewness = _skewness(parts if clusters is None else cluster_sums(parts, clusters))
    reach = float(special.stdtrit(found.units - 1, 0.5 + level / 2)) / math.sqrt(found.units)
    deviation = found.standard_error * math.sqrt(found.units)
    return Interval(
        low=found.value - deviation * _turned_round(reach, skewness, found.units),
        high=found.value - deviation * _turned_round(-reach, skewness, found.units),
        level=level,
        method=f"{plain.method}; bent by Hall's transformation for a skewness of {skewness:.2g}",
        standard_error=found.standard_error,
        degrees_of_freedom=plain.degrees_of_freedom,
    )


def _skewness(parts: NDArray[np.float64]) -> float:
    """G₁ of parts ``(units,)`` whose sum is 0; 0 where there are too few to see any."""
    units = len(parts)
    if units < FEWEST:
        return 0.0
    plain = float((parts**3).mean()) / math.pow(float((parts**2).mean()), 1.5)
    return plain * math.sqrt(units * (units - 1)) / (units - 2)


def _turned_round(w: float, skewness: float, units: int) -> float:
    if abs(skewness) < 1e-6:  # its limit; below that the cube root loses more than is left out
        return w
    return 3 / skewness * (math.cbrt(1 + skewness * (w - skewness / (6 * units))) - 1)
