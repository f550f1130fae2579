"""The rule: a worsening with its interval against a tolerance, and Holm's correction for looking at many metrics."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.stats.student import quantile, upper_tail
from genaudit.values.findings import Verdict
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

LEVEL = 0.95
"""Of the interval that is shown and that must lie within the tolerance for a PASS."""
ALPHA = 0.01
"""Largest probability of a FAIL, over all gated metrics together, of a model whose worsening keeps every tolerance."""
POWER = 0.8
"""With which an unchanged model would pass at the number of items that is named as enough."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How far a value moved in its bad direction, and how well that is known."""

    worsening: float
    standard_error: float
    degrees_of_freedom: float | None
    """None for a normal interval."""
    method: str
    either: bool = False
    """Whether a change either way is a worsening; the worsening is then the size of the change."""

    def interval(self, level: float = LEVEL) -> Interval:
        """The centred interval of the worsening."""
        half = self.standard_error * quantile(0.5 + level / 2, self.degrees_of_freedom) if self.standard_error else 0.0
        return Interval(
            low=self.worsening - half,
            high=self.worsening + half,
            level=level,
            method=self.method,
            standard_error=self.standard_error,
            degrees_of_freedom=self.degrees_of_freedom,
        )

    def p_value(self, tolerance: float) -> float:
        """Probability of seeing such a worsening or a larger one where the true one is no larger than the tolerance."""
        beyond = self.worsening - tolerance
        if not self.standard_error:
            return 0.0 if beyond > 0 else 1.0
        tail = upper_tail(beyond / self.standard_error, self.degrees_of_freedom)
        return min(1.0, 2 * tail) if self.either else tail


def judged(difference: Difference, tolerance: float, adjusted_p: float) -> Verdict:
    """FAIL only if the whole interval lies beyond the tolerance and Holm agrees; PASS only if it lies within.

    Args:
        difference: The worsening; below 0 is an improvement, which is always within.
        tolerance: The largest worsening that is allowed; 0 means that any real worsening fails.
        adjusted_p: ``p_value(tolerance)`` after ``holm``.

    >>> half = Difference(worsening=0.5, standard_error=0.1, degrees_of_freedom=None, method="")
    >>> [judged(half, tolerance, half.p_value(tolerance)).value for tolerance in (0.0, 0.4, 1.0)]
    ['FAIL', 'INCONCLUSIVE', 'PASS']
    """
    interval = difference.interval()
    if interval.low > tolerance and adjusted_p <= ALPHA:
        return Verdict.FAIL
    return Verdict.PASS if interval.high <= tolerance else Verdict.INCONCLUSIVE


def holm(p_values: Sequence[float]) -> list[float]:
    """P-values adjusted so that the chance of any false rejection among them keeps the level (Holm 1979).

    >>> holm([0.01, 0.04, 0.03])
    [0.03, 0.06, 0.06]
    """
    order = sorted(range(len(p_values)), key=lambda index: p_values[index])
    adjusted = [0.0] * len(p_values)
    largest = 0.0
    for rank, index in enumerate(order):
        largest = max(largest, min(1.0, (len(p_values) - rank) * p_values[index]))
        adjusted[index] = largest
    return adjusted


def needed(n: int, standard_error: float, tolerance: float) -> int:
    """Items on each side at which an unchanged model would pass with probability ``POWER``; 0 if no number is enough.

    ``n ((z_a + z_b) se / tol)²``, for an error that falls with the root of n.

    >>> needed(1000, 0.1, 0.1)
    7849
    """
    if tolerance <= 0 or n < 1:
        return 0
    z = quantile(0.5 + LEVEL / 2, None) + quantile(POWER, None)
    return max(n, math.ceil(n * (z * standard_error / tolerance) ** 2))


def combined_freedom(parts: Sequence[tuple[float, float | None]]) -> float | None:
    """Degrees of freedom of the error of a sum of independent parts ``(standard error, degrees of freedom)``.

    Welch (1947) and Satterthwaite (1946); None if every part is normal.

    >>> combined_freedom([(1.0, 9.0), (1.0, 9.0)]), combined_freedom([(1.0, None), (0.0, 9.0)])
    (18.0, None)
    """
    total = sum(error**2 for error, _ in parts)
    spent = sum(error**4 / freedom for error, freedom in parts if freedom)
    return total**2 / spent if spent else None
