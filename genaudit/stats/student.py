"""Student's t distribution without scipy, whose import costs more than a whole ``genaudit check``."""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

NORMAL = NormalDist()
MOST_TERMS = 10_000
STEPS = 200


def upper_tail(t: float, degrees_of_freedom: float | None) -> float:
    """``P(T > t)``; of the normal distribution if the degrees of freedom are None.

    By the incomplete beta function's continued fraction (Abramowitz and Stegun 26.5.8, 26.7.1).

    Raises:
        ValueError: Degrees of freedom not above 0.

    >>> round(upper_tail(2.2622, 9), 4), round(upper_tail(1.95996, None), 4)
    (0.025, 0.025)
    """
    if degrees_of_freedom is None or math.isinf(degrees_of_freedom):
        return NORMAL.cdf(-t)
    if not degrees_of_freedom > 0:
        raise ValueError(f"degrees of freedom are above 0, not {degrees_of_freedom}")
    outside = _incomplete_beta(degrees_of_freedom / (degrees_of_freedom + t * t), degrees_of_freedom / 2, 0.5)
    return outside / 2 if t >= 0 else 1 - outside / 2


@lru_cache(maxsize=1024)
def quantile(probability: float, degrees_of_freedom: float | None) -> float:
    """The t below which a share ``probability`` lies; of the normal distribution if the degrees of freedom are None.

    Raises:
        ValueError: A probability outside (0, 1).

    >>> round(quantile(0.975, 9), 4), round(quantile(0.975, None), 4)
    (2.2622, 1.96)
    """
    if not 0 < probability < 1:
        raise ValueError(f"a probability lies in (0, 1), not {probability}")
    if degrees_of_freedom is None or math.isinf(degrees_of_freedom):
        return NORMAL.inv_cdf(probability)
    if probability < 0.5:
        return -quantile(1 - probability, degrees_of_freedom)
    low, high = 0.0, 1.0
    while upper_tail(high, degrees_of_freedom) > 1 - probability:
        low, high = high, 2 * high
    for _ in range(STEPS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if upper_tail(middle, degrees_of_freedom) > 1 - probability else (low, middle)
    return (low + high) / 2


def _incomplete_beta(x: float, a: float, b: float) -> float:
    """The regularised incomplete beta function ``I_x(a, b)``."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):  # where the fraction converges slowly
        return 1 - _incomplete_beta(1 - x, b, a)
    logarithm = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(x) + b * math.log1p(-x)
    return math.exp(logarithm) / (a * _continued_fraction(x, a, b))


def _continued_fraction(x: float, a: float, b: float) -> float:
    """The denominator of the fraction, by the modified method of Lentz (Thompson and Barnett 1986)."""
    value, upper, lower = 1.0, 1.0, 0.0
    for term in range(1, MOST_TERMS):
        m = term // 2
        if term % 2:
            numerator = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        else:
            numerator = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        lower = 1 / (1 + numerator * lower)
        upper = 1 + numerator / upper
        value *= upper * lower
        if abs(upper * lower - 1) < 1e-15:
            break
    return value
