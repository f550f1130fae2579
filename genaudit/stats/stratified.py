"""Two groups and a yes-or-no answer over strata: pooled odds ratio, its test, heterogeneity, standardising."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.stats.goodness_of_fit import SMALLEST
from genaudit.stats.intervals import LEVEL, normal_interval
from genaudit.stats.proportions import wilson_interval
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledOddsRatio:
    """Mantel and Haenszel's odds ratio."""

    value: float
    log_error: float
    """Standard error of its logarithm (Robins, Breslow and Greenland 1986)."""

    def interval(self, level: float = LEVEL) -> Interval:
        """Normal on the log scale."""
        log = normal_interval(math.log(self.value), self.log_error, how="", level=level)
        how = "normal interval of the log odds ratio; Robins-Breslow-Greenland standard error"
        return Interval(low=math.exp(log.low), high=math.exp(log.high), level=level, method=how)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquare:
    """A statistic that is chi-square distributed if there is nothing to find."""

    statistic: float
    degrees_of_freedom: int

    @property
    def p_value(self) -> float:
        """Chance of a statistic at least as large; not below 1e-300, where floating point ends."""
        return max(float(special.chdtrc(self.degrees_of_freedom, self.statistic)), SMALLEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standardised:
    """Shares of both groups if both were spread over the strata as everybody is."""

    first: float
    second: float
    standard_error: float
    """Of their difference: sampling of the answers and of the strata (delta method)."""

    @property
    def difference(self) -> float:
        """First minus second."""
        return self.first - self.second


def mantel_haenszel(tables: ArrayLike) -> PooledOddsRatio | None:
    """Pooled odds ratio ``Σ(a d / N) / Σ(b c / N)`` of tables ``(strata, 2, 2)``; None if it is 0 or has no bound.

    Rows are the groups, columns are yes and no: ``[[a, b], [c, d]]``. Strata without people count for nothing.

    Raises:
        ValueError: Another shape, or counts that are negative or not finite.

    >>> round(mantel_haenszel([[[81, 6], [234, 36]], [[192, 71], [55, 25]]]).value, 7)
    1.4468466
    """
    a, b, c, d, n = _cells(tables)
    r, s = a * d / n, b * c / n
    p, q = (a + d) / n, (b + c) / n
    total_r, total_s = float(r.sum()), float(s.sum())
    if total_r == 0 or total_s == 0:
        return None
    variance = (
        float((p * r).sum()) / (2 * total_r**2)
        + float((p * s + q * r).sum()) / (2 * total_r * total_s)
        + float((q * s).sum()) / (2 * total_s**2)
    )
    return PooledOddsRatio(value=total_r / total_s, log_error=math.sqrt(variance))


def cochran_mantel_haenszel(tables: ArrayLike, *, correction: bool = False) -> ChiSquare | None:
    """Test that the odds ratio is 1 in every stratum; None if no stratum could tell.

    ``(|Σa - ΣE| - ½)² / ΣV`` with ``E = r₁ c₁ / N`` and ``V = r₁ r₂ c₁ c₂ / (N² (N - 1))``; the ½ with correction only.

    >>> round(cochran_mantel_haenszel([[[10, 5], [4, 9]]]).statistic, 4)
    3.4615
    """
    a, b, c, d, n = _cells(tables)
    expected = (a + b) * (a + c) / n
    variance = float(((a + b) * (c + d) * (a + c) * (b + d) / (n**2 * np.maximum(n - 1, 1))).sum())
    if variance == 0:
        return None
    distance = max(abs(float((a - expected).sum())) - (0.5 if correction else 0.0), 0.0)
    return ChiSquare(statistic=distance**2 / variance, degrees_of_freedom=1)


def breslow_day(tables: ArrayLike, odds_ratio: float, *, tarone: bool = False) -> ChiSquare | None:
    """Test that the odds ratio is the same in every stratum (Breslow and Day 1980, eq. 4.30).

    Counts are compared with those that the pooled odds ratio implies in each stratum. Strata without variation tell
    nothing and cost no degree of freedom. With Tarone's correction the pooled ratio's own inefficiency is taken off.

    Returns:
        None if fewer than two strata can tell.

    Raises:
        ValueError: An odds ratio that is not above 0 and finite.
    """
    if not (math.isfinite(odds_ratio) and odds_ratio > 0):
        raise ValueError(f"an odds ratio is above 0 and finite, not {odds_ratio}")
    a, b, c, _d, n = _cells(tables)
    row, column = a + b, a + c
    telling = (row > 0) & (row < n) & (column > 0) & (column < n)
    if telling.sum() < 2:
        return None
    a, row, column, n = a[telling], row[telling], column[telling], n[telling]
    expected = _expected(row, column, n, odds_ratio)
    cells = expected, row - expected, column - expected, n - row - column + expected
    variance = 1 / np.sum([1 / cell for cell in cells], axis=0)
    statistic = float(((a - expected) ** 2 / variance).sum())
    if tarone:
        statistic -= float((a - expected).sum()) ** 2 / float(variance.sum())
    return ChiSquare(statistic=statistic, degrees_of_freedom=int(telling.sum()) - 1)


def standardise(tables: ArrayLike, weights: ArrayLike | None = None) -> Standardised | None:
    """Back-door standardisation ``Σ_z P(z) P(yes | group, z)`` of both groups; None if one has an empty stratum.

    Args:
        tables: ``(strata, 2, 2)``: rows are the groups, columns are yes and no.
        weights: ``(strata,)`` weights of the strata; else the people of both groups in each.

    >>> found = standardise([[[81, 6], [234, 36]], [[192, 71], [55, 25]]])
    >>> round(found.first, 7), round(found.second, 6)
    (0.8325462, 0.778875)
    """
    table = _checked(tables)
    people = table.sum(axis=2)
    weight = np.asarray(people.sum(axis=1) if weights is None else weights, dtype=np.float64)
    table, people, weight = table[weight > 0], people[weight > 0], weight[weight > 0]
    if not len(table) or (people == 0).any():
        return None
    share, spread = table[:, :, 0] / people, weight / weight.sum()
    first, second = (spread @ share).tolist()
    difference = share[:, 0] - share[:, 1]
    of_answers = float((spread**2 @ (share * (1 - share) / people)).sum())
    of_strata = float(spread @ (difference - spread @ difference) ** 2) / float(people.sum())
    return Standardised(first=float(first), second=float(second), standard_error=math.sqrt(of_answers + of_strata))


def standardised_interval(tables: ArrayLike, weights: ArrayLike | None = None, level: float = LEVEL) -> Interval | None:
    """Interval of the difference of both standardised shares.

    Each group's share has Wilson's interval at the number of people that its standard error is worth (Korn and Graubard
    1998), and both are joined as Newcombe's are, with what the shares of the strata vary. In that error a stratum's
    share is drawn towards the group's by two people, so that a small stratum without any yes is not taken to be sure of
    it; a normal interval is far too short where a yes is rare.

    Args:
        tables: As of ``standardise``; weighted people on the scale of effective ones.
        weights: ``(strata,)`` weights of the strata; else the people of both groups in each.
        level: Nominal coverage.

    Returns:
        None if one group has an empty stratum.

    >>> found = standardised_interval([[[81, 6], [234, 36]], [[192, 71], [55, 25]]])
    >>> round(found.low, 3), round(found.high, 3)
    (-0.01, 0.121)
    """
    table = _checked(tables)
    people = table.sum(axis=(1, 2))
    weight = people if weights is None else np.asarray(weights, dtype=np.float64)
    found = standardise(table, weight)
    if found is None:
        return None
    table, spread = table[weight > 0], weight[weight > 0] / weight.sum()
    gap = table[:, 0, 0] / table[:, 0].sum(axis=1) - table[:, 1, 0] / table[:, 1].sum(axis=1)
    z = float(special.ndtri(0.5 + level / 2))
    of_strata = z * z * float(spread @ (gap - found.difference) ** 2) / float(people.sum())
    one, other = (_standardised_limits(table[:, row], spread, level) for row in (0, 1))
    below = math.sqrt((found.first - one[0]) ** 2 + (other[1] - found.second) ** 2 + of_strata)
    above = math.sqrt((one[1] - found.first) ** 2 + (found.second - other[0]) ** 2 + of_strata)
    return Interval(
        low=max(found.difference - below, -1.0),
        high=min(found.difference + above, 1.0),
        level=level,
        method="Newcombe's hybrid of Wilson intervals at effective numbers, with the shares of the strata",
        standard_error=found.standard_error,
    )


def _standardised_limits(
    answers: NDArray[np.float64], spread: NDArray[np.float64], level: float
) -> tuple[float, float]:
    """Wilson limits of the standardised share of one group, of yes and no in each stratum."""
    people = answers.sum(axis=1)
    share = float(spread @ (answers[:, 0] / people))
    drawn = (answers[:, 0] + 2 * share) / (people + 2)
    variance = float(spread**2 @ (drawn * (1 - drawn) / people))
    worth = share * (1 - share) / variance if variance > 0 else 1 / float(spread**2 @ (1 / people))
    found = wilson_interval(min(share * worth, worth), worth, level)
    return found.low, found.high


def _expected(
    row: NDArray[np.float64], column: NDArray[np.float64], n: NDArray[np.float64], ratio: float
) -> NDArray[np.float64]:
    """The first cell of tables with these margins and this odds ratio: a root of a quadratic."""
    if abs(ratio - 1) < 1e-12:
        return np.asarray(row * column / n, dtype=np.float64)
    half = (n - row - column) + ratio * (row + column)
    root = np.sqrt(half**2 - 4 * (ratio - 1) * ratio * row * column)
    return np.asarray(2 * ratio * row * column / (half + root), dtype=np.float64)


def _cells(tables: ArrayLike) -> tuple[NDArray[np.float64], ...]:
    table = _checked(tables)
    table = table[table.sum(axis=(1, 2)) > 0]
    a, b, c, d = table.reshape(-1, 4).T
    return a, b, c, d, a + b + c + d


def _checked(tables: ArrayLike) -> NDArray[np.float64]:
    table = np.asarray(tables, dtype=np.float64)
    if table.ndim != 3 or table.shape[1:] != (2, 2):
        raise ValueError(f"tables of shape (strata, 2, 2) are needed, not {table.shape}")
    if not np.isfinite(table).all() or (table < 0).any():
        raise ValueError("counts are finite and not negative")
    return table
