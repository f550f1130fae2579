"""Whether scores are the shares that they say: expected calibration error and its floor, shares at equal score."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.stats.intervals import LEVEL
from genaudit.stats.proportions import score_interval, wilson_interval
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationError:
    """A mean distance between scores and shares, beside what a perfectly calibrated score would show."""

    value: float
    """``Σ_b n_b / n |mean score - share of positives|``."""
    floor: float
    """Its expectation under perfect calibration: above 0, because distances do not cancel."""
    spread: float
    """Its standard deviation under perfect calibration."""

    @property
    def _gamma(self) -> tuple[float, float]:
        """Shape and scale of the gamma distribution with this mean and spread."""
        return (self.floor / self.spread) ** 2, self.spread**2 / self.floor

    @property
    def p_value(self) -> float:
        """Chance that a perfectly calibrated score shows so much or more."""
        if self.spread <= 0:
            return 1.0 if self.value <= self.floor + ROUNDING else 0.0
        shape, scale = self._gamma
        return float(special.gammaincc(shape, self.value / scale))

    def upper(self, level: float = LEVEL) -> float:
        """What a share of ``level`` of perfectly calibrated scores would stay below."""
        if self.spread <= 0:
            return self.floor
        shape, scale = self._gamma
        return float(special.gammaincinv(shape, level) * scale)


def expected_calibration_error(
    people: ArrayLike, positives: ArrayLike, mean_scores: ArrayLike, *, weights: ArrayLike | None = None
) -> CalibrationError:
    """Expected calibration error of binned scores (Naeini, Cooper and Hauskrecht 2015), with its floor.

    The plug-in value is biased upwards: each bin adds the distance of its sample from its score. Under perfect
    calibration the positives of a bin are binomial at its mean score; mean and variance of the distance are then exact
    (de Moivre), and the sum over bins is taken as gamma distributed. Scores that vary within a bin vary less than a
    binomial at their mean, so the floor errs to the high side, by little in narrow bins.

    Args:
        people: ``(bins,)`` people, effective ones of a weighted table; empty bins are skipped.
        positives: ``(bins,)`` those of them with truth = yes.
        mean_scores: ``(bins,)`` in [0, 1].
        weights: ``(bins,)`` what bins count in the mean, where that is not their number of people.

    Raises:
        ValueError: Nobody at all, positives beyond the people, or scores outside [0, 1].

    >>> found = expected_calibration_error([100, 100], [28, 65], [0.2, 0.7])
    >>> round(found.value, 3), round(found.floor, 3), round(found.p_value, 2)
    (0.065, 0.034, 0.07)
    """
    n, yes, score = (np.asarray(part, dtype=np.float64) for part in (people, positives, mean_scores))
    there = n > 0
    n, yes, score = n[there], yes[there], score[there]
    if not len(n) or (yes < 0).any() or (yes > n * (1 + 1e-9)).any() or not ((score >= 0) & (score <= 1)).all():
        raise ValueError("an error of calibration needs people, positives among them, and scores in [0, 1]")
    weight = n if weights is None else np.asarray(weights, dtype=np.float64)[there]
    weight = weight / weight.sum()
    distance = mean_distance(n, score) / n
    variance = np.maximum(score * (1 - score) / n - distance**2, 0.0)
    return CalibrationError(
        value=float(weight @ np.abs(score - yes / n)),
        floor=float(weight @ distance),
        spread=float(np.sqrt(weight**2 @ variance)),
    )


def mean_distance(n: ArrayLike, p: ArrayLike) -> NDArray[np.float64]:
    """Mean of ``|X - n p|`` for a binomial X (de Moivre).

    ``2 (m + 1) C(n, m + 1) p^(m + 1) q^(n - m)`` with ``m = floor(n p)``; effective people may be fractions.

    >>> mean_distance([2.0, 1.0], [0.5, 0.2]).round(6).tolist()
    [0.5, 0.32]
    """
    number, share = np.asarray(n, dtype=np.float64), np.asarray(p, dtype=np.float64)
    inside = (share > 0) & (share < 1)
    safe = np.where(inside, share, 0.5)
    m = np.minimum(np.floor(number * safe), np.maximum(np.ceil(number) - 1, 0))
    ways = special.gammaln(number + 1) - special.gammaln(m + 1) - special.gammaln(np.maximum(number - m, ROUNDING))
    found = 2 * np.exp(ways + (m + 1) * np.log(safe) + (number - m) * np.log1p(-safe))
    return np.asarray(np.where(inside, found, 0.0), dtype=np.float64)


def mean_gap_interval(share: float, mean_score: float, variance: float, people: float, level: float) -> Interval:
    """Interval of a mean score less the share of positives among the same people.

    Both move together from sample to sample, so the error is that of the mean of ``score - truth``. Wilson's interval
    of a share with that error is shifted by the score: near 0 and 1 it leans as the share does.

    Args:
        share: Of positives.
        mean_score: Of the same people.
        variance: Of ``score - truth`` among people.
        people: How many they are worth.
        level: Nominal coverage.

    >>> interval = mean_gap_interval(0.5, 0.52, 0.2, 400, 0.95)
    >>> round(interval.low, 4), round(interval.high, 4)
    (-0.0237, 0.0637)
    """
    error = math.sqrt(max(variance, 0.0) / people)
    if 0 < share < 1 and error > 0:
        around = score_interval(share, error, how="error of the mean of score less truth", level=level)
        low, high, how = mean_score - around.high, mean_score - around.low, around.method
    else:  # the truth is one for all: what varies beside it is the score alone
        around = wilson_interval(share * people, people, level)
        half = float(special.ndtri(0.5 + level / 2)) * error
        low = mean_score - share - math.hypot(around.high - share, half)
        high = mean_score - share + math.hypot(share - around.low, half)
        how = f"{around.method} and the error of the mean score, by MOVER"
    return Interval(low=max(low, -1.0), high=min(high, 1.0), level=level, method=f"mean score less the share; {how}")


def pooled_difference(tables: ArrayLike, level: float = LEVEL) -> tuple[float, Interval | None] | None:
    """Difference of two groups' shares within strata, pooled with Mantel and Haenszel's weights ``n₁ n₂ / N``.

    The variance is Sato's (1989), which holds for few large strata and for many small ones. None if no stratum has
    both groups; without an interval if nobody or everybody is positive, so that nothing shows how much it varies.

    Args:
        tables: ``(strata, 2, 2)``: rows are groups, columns yes and no.
        level: Nominal coverage.

    >>> value, interval = pooled_difference([[[30, 70], [20, 80]], [[60, 40], [50, 50]]])
    >>> round(value, 3), round(interval.low, 3), round(interval.high, 3)
    (0.1, 0.009, 0.191)
    """
    cells = np.asarray(tables, dtype=np.float64)
    sizes = cells.sum(axis=2)
    both = (sizes > 0).all(axis=1)
    if not both.any():
        return None
    (a, c), (n, m) = cells[both, :, 0].T, sizes[both].T
    total = n + m
    weights = n * m / total
    value = float((a * m - c * n) @ (1 / total) / weights.sum())
    p = (n**2 * c - m**2 * a + n * m * (m - n) / 2) / total**2
    q = (a * (m - c) + c * (n - a)) / (2 * total)
    variance = float(value * p.sum() + q.sum()) / float(weights.sum()) ** 2
    if variance <= 0:
        return value, None
    half = float(special.ndtri(0.5 + level / 2)) * math.sqrt(variance)
    low, high = max(value - half, -1.0), min(value + half, 1.0)
    how = f"Sato's interval of the Mantel-Haenszel difference over {int(both.sum())} strata"
    return value, Interval(low=min(low, value), high=max(high, value), level=level, method=how)
