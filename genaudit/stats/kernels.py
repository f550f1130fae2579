"""Squared maximum mean discrepancy under a kernel: the kernel Inception distance and the CLIP discrepancy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genaudit.stats.moments import finite_rows
from genaudit.stats.units import influence_error

CHUNK = 1024
"""Rows of a tile: a tile of the kernel matrix is CHUNK × CHUNK."""


class Kernel(Protocol):
    """A similarity of rows."""

    def __call__(self, u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        """The kernel matrix ``(n, m)`` of rows ``(n, d)`` and ``(m, d)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PolynomialKernel:
    """``k(u, v) = (gamma u·v + coef0) ^ degree``.

    Raises:
        ValueError: A degree below 1, or gamma not above 0.
    """

    degree: int = 3
    gamma: float | None = None
    """None for one over the dimension, as in Bińkowski et al. 2018."""
    coef0: float = 1.0

    def __post_init__(self) -> None:
        if self.degree < 1:
            raise ValueError(f"the kernel's degree is at least 1, not {self.degree}")
        if self.gamma is not None and not self.gamma > 0:
            raise ValueError(f"the kernel's gamma is above 0, not {self.gamma}")

    def __call__(self, u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        """The kernel matrix ``(n, m)`` of rows ``(n, d)`` and ``(m, d)``."""
        products = u @ v.T
        products *= 1 / u.shape[1] if self.gamma is None else self.gamma
        products += self.coef0
        power = products.copy() if self.degree > 1 else products
        for _ in range(self.degree - 1):
            power *= products
        return power


@dataclass(frozen=True, slots=True, kw_only=True)
class GaussianKernel:
    """``k(u, v) = exp(-|u - v|² / (2 sigma²))``.

    Raises:
        ValueError: A sigma that is not above 0.
    """

    sigma: float = 10.0

    def __post_init__(self) -> None:
        if not self.sigma > 0:
            raise ValueError(f"the kernel's sigma is above 0, not {self.sigma}")

    def __call__(self, u: NDArray[np.float64], v: NDArray[np.float64]) -> NDArray[np.float64]:
        """The kernel matrix ``(n, m)`` of rows ``(n, d)`` and ``(m, d)``."""
        squares = u @ v.T
        squares *= -2
        squares += np.einsum("ij,ij->i", u, u)[:, None]
        squares += np.einsum("ij,ij->i", v, v)
        np.maximum(squares, 0.0, out=squares)  # a row and its copy may be at -1e-16
        squares *= -0.5 / self.sigma**2
        return np.asarray(np.exp(squares, out=squares), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class RowInfluences:
    """What each row adds to the deviation of an unbiased discrepancy from its expectation, to first order."""

    x: NDArray[np.float64]
    """``(n,)``."""
    y: NDArray[np.float64]
    """``(m,)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Discrepancy:
    """An unbiased estimate of a squared maximum mean discrepancy, which may be below 0."""

    value: float
    standard_error: float
    """Of the U-statistic, from its row means; too large by up to √2 where the discrepancy is 0."""
    units: int
    """Independent units on the smaller side."""
    every_pair: float
    """The estimate with pairs inside a cluster counted too; equal to ``value`` if rows are independent."""
    biased: float
    """The V-statistic: pairs of a row with itself counted too, so that it is never below 0."""
    second_order_variance: float | None
    """Unbiased variance of the estimate where the discrepancy is 0; None for rows in clusters or fewer than four."""
    typical: float
    """Mean of k over pairs of a row of either side."""
    spread: float
    """Standard deviation of k over these pairs."""
    influences: RowInfluences
    """Behind the standard error."""

    @property
    def expected_of_equal_sets(self) -> float:
        """What pairs of a row with itself add to the V-statistic: its expectation where the discrepancy is 0."""
        return self.biased - self.every_pair


@dataclass(frozen=True, slots=True, kw_only=True)
class SubsetDiscrepancy:
    """The published protocol: the mean over random subsets."""

    value: float
    standard_deviation: float
    """Between subsets, divisor ``subsets``. Subsets overlap: this is no standard error of the value."""
    subset_size: int


def polynomial_mmd(
    x: ArrayLike,
    y: ArrayLike,
    x_clusters: ArrayLike | None = None,
    y_clusters: ArrayLike | None = None,
    *,
    x_strata: ArrayLike | None = None,
    y_strata: ArrayLike | None = None,
    kernel: Kernel | None = None,
) -> Discrepancy:
    """Unbiased squared MMD of all rows, with its standard error (Gretton et al. 2012, eq. 3; Bińkowski et al. 2018).

    The means of k within a side run over pairs of different rows; of different clusters where clusters are given,
    because two renders of one item are more alike than two independent items and would raise the value. Tiles are
    1,024 × 1,024, so memory does not grow with the number of pairs.

    Args:
        x: ``(n, d)``.
        y: ``(m, d)``.
        x_clusters: ``(n,)`` identifier of the source item; None for independent rows.
        y_clusters: ``(m,)``, likewise.
        x_strata: ``(n,)`` codes whose shares were fixed when x was drawn, see ``units.blocks_of_units``.
        y_strata: ``(m,)``, likewise.
        kernel: Degree 3, gamma 1/d and coef0 1 unless given.

    Raises:
        ValueError: Fewer than two rows or clusters on a side, different dimensions or rows that are not finite.

    >>> polynomial_mmd([[1.0, 0.0], [0.0, 1.0]], [[1.0, 1.0], [0.0, 0.0]]).value
    -2.375
    """
    k = kernel or PolynomialKernel()
    u, v = _pair(x, y)
    within_x, within_y = _Within.of(u, x_clusters, k), _Within.of(v, y_clusters, k)
    between = _cross_sums(u, v, k)
    influences = _influences(between, within_x, within_y)
    independent = x_clusters is None and y_clusters is None and min(len(u), len(v)) > 3
    error_x, units_x = influence_error(influences.x, x_clusters, x_strata)
    error_y, units_y = influence_error(influences.y, y_clusters, y_strata)
    return Discrepancy(
        value=within_x.mean + within_y.mean - 2 * between.mean,
        standard_error=math.hypot(error_x, error_y),
        units=min(units_x, units_y),
        every_pair=within_x.mean_of_every_pair + within_y.mean_of_every_pair - 2 * between.mean,
        biased=within_x.mean_with_itself + within_y.mean_with_itself - 2 * between.mean,
        second_order_variance=_second_order(between, within_x, within_y) if independent else None,
        typical=between.mean,
        spread=between.spread,
        influences=influences,
    )


def _influences(between: _Between, within_x: _Within, within_y: _Within) -> RowInfluences:
    n, m = len(between.rows), len(between.columns)
    return RowInfluences(
        x=within_x.influences() - 2 * (between.rows / m - between.mean) / n,
        y=within_y.influences() - 2 * (between.columns / n - between.mean) / m,
    )


def _second_order(between: _Between, within_x: _Within, within_y: _Within) -> float:
    """Variance that the discrepancy of independent rows has beyond the first order (Serfling 1980, section 5.2.1)."""
    n, m = len(between.rows), len(between.columns)
    sides = 2 * within_x.centred_square / (n * (n - 1)) + 2 * within_y.centred_square / (m * (m - 1))
    return sides + 4 * between.centred_square / (n * m)


def subset_mmd(
    x: ArrayLike,
    y: ArrayLike,
    *,
    subsets: int,
    subset_size: int,
    rng: np.random.Generator,
    kernel: PolynomialKernel | None = None,
) -> SubsetDiscrepancy:
    """Mean of the unbiased squared MMD over random subsets without replacement (Bińkowski et al. 2018, section 4).

    Args:
        x: ``(n, d)``.
        y: ``(m, d)``.
        subsets: How many.
        subset_size: Rows of each subset; no more than either side has.
        rng: Draws the subsets, of x first.
        kernel: Degree 3, gamma 1/d and coef0 1 unless given.

    Raises:
        ValueError: A subset larger than a side or smaller than 2, no subset, or rows as in ``polynomial_mmd``.
    """
    k = kernel or PolynomialKernel()
    u, v = _pair(x, y)
    if subsets < 1 or not 2 <= subset_size <= min(len(u), len(v)):
        raise ValueError(
            f"{subsets} subsets of {subset_size} rows cannot be drawn from {len(u)} and {len(v)} rows; "
            f"a subset has 2 to {min(len(u), len(v))} rows"
        )
    values = []
    for _ in range(subsets):
        a = u[rng.choice(len(u), subset_size, replace=False)]
        b = v[rng.choice(len(v), subset_size, replace=False)]
        values.append(_Within.of(a, None, k).mean + _Within.of(b, None, k).mean - 2 * _cross_sums(a, b, k).mean)
    return SubsetDiscrepancy(
        value=float(np.mean(values)), standard_deviation=float(np.std(values)), subset_size=subset_size
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Within:
    """Kernel sums of one side with itself."""

    sums: NDArray[np.float64]
    """``(n,)``: sum of k over the rows of other clusters."""
    partners: NDArray[np.float64]
    """``(n,)``: how many rows these are."""
    sums_of_others: NDArray[np.float64]
    """``(n,)``: sum of k over all other rows."""
    sum_of_own: float
    """Sum of k of each row with itself."""
    sum_of_squares: float
    """Sum of k² over all pairs of different rows."""

    @classmethod
    def of(cls, rows: NDArray[np.float64], clusters: ArrayLike | None, kernel: Kernel) -> _Within:
        others, own, squares = _sums_over_others(rows, kernel)
        partners = np.full(len(rows), float(len(rows) - 1))
        if clusters is None:
            return cls(sums=others, partners=partners, sums_of_others=others, sum_of_own=own, sum_of_squares=squares)
        index = np.unique(np.asarray(clusters), return_inverse=True)[1]
        if len(index) != len(rows):
            raise ValueError(f"{len(rows)} rows need as many cluster identifiers, not {len(index)}")
        if index.max() == 0:
            raise ValueError("an unbiased discrepancy needs at least 2 clusters on each side")
        sums = others - _sums_over_siblings(rows, index, kernel)
        partners = len(rows) - np.bincount(index)[index].astype(np.float64)
        return cls(sums=sums, partners=partners, sums_of_others=others, sum_of_own=own, sum_of_squares=squares)

    @property
    def mean(self) -> float:
        return float(self.sums.sum() / self.partners.sum())

    @property
    def mean_of_every_pair(self) -> float:
        n = len(self.sums_of_others)
        return float(self.sums_of_others.sum()) / (n * (n - 1))

    @property
    def mean_with_itself(self) -> float:
        return (float(self.sums_of_others.sum()) + self.sum_of_own) / len(self.sums_of_others) ** 2

    @property
    def centred_square(self) -> float:
        """Mean square of k less what either row has on average, over pairs of different rows; without a bias."""
        n, mean = len(self.sums_of_others), self.mean_of_every_pair
        off = self.sums_of_others / (n - 1) - mean
        return (self.sum_of_squares - n * (n - 1) * mean**2 - 2 * n * float(off @ off)) / (n * (n - 3))

    def influences(self) -> NDArray[np.float64]:
        """What each row adds to the mean's deviation: twice, because a row stands on both sides of a pair."""
        return np.asarray(2 * (self.sums - self.mean * self.partners) / self.partners.sum(), dtype=np.float64)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Between:
    """Kernel sums between both sides."""

    rows: NDArray[np.float64]
    """``(n,)``: sum of k over the other side."""
    columns: NDArray[np.float64]
    """``(m,)``, likewise."""
    sum_of_squares: float

    @property
    def mean(self) -> float:
        return float(self.rows.sum()) / (len(self.rows) * len(self.columns))

    @property
    def spread(self) -> float:
        variance = self.sum_of_squares / (len(self.rows) * len(self.columns)) - self.mean**2
        return math.sqrt(max(variance, 0.0))

    @property
    def centred_square(self) -> float:
        """Mean square of k less what its row and its column have on average; without a bias."""
        n, m = len(self.rows), len(self.columns)
        squares = float(self.rows @ self.rows) / m + float(self.columns @ self.columns) / n
        return (self.sum_of_squares - squares + n * m * self.mean**2) / ((n - 1) * (m - 1))


def _pair(x: ArrayLike, y: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    u, v = finite_rows(x), finite_rows(y)
    if u.shape[1] != v.shape[1]:
        raise ValueError(f"a discrepancy needs features of one dimension, not {u.shape[1]} and {v.shape[1]}")
    if min(len(u), len(v)) < 2:
        raise ValueError(f"an unbiased discrepancy needs at least 2 rows on each side, not {len(u)} and {len(v)}")
    return u, v


def _sums_over_others(rows: NDArray[np.float64], kernel: Kernel) -> tuple[NDArray[np.float64], float, float]:
    """Sum over all other rows, of each row with itself, and of squares; a tile above the diagonal serves both sides."""
    sums, own, squares = np.zeros(len(rows)), 0.0, 0.0
    for i in range(0, len(rows), CHUNK):
        tile = kernel(rows[i : i + CHUNK], rows[i : i + CHUNK])
        own += float(np.trace(tile))
        np.fill_diagonal(tile, 0.0)
        sums[i : i + CHUNK] += tile.sum(axis=1)
        squares += float(np.vdot(tile, tile))
        for j in range(i + CHUNK, len(rows), CHUNK):
            tile = kernel(rows[i : i + CHUNK], rows[j : j + CHUNK])
            sums[i : i + CHUNK] += tile.sum(axis=1)
            sums[j : j + CHUNK] += tile.sum(axis=0)
            squares += 2 * float(np.vdot(tile, tile))
    return sums, own, squares


def _sums_over_siblings(rows: NDArray[np.float64], index: NDArray[np.intp], kernel: Kernel) -> NDArray[np.float64]:
    """Sum over the other rows of the same cluster."""
    sums = np.zeros(len(rows))
    order = np.argsort(index, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(index[order])) + 1):
        tile = kernel(rows[members], rows[members])
        np.fill_diagonal(tile, 0.0)
        sums[members] = tile.sum(axis=1)
    return sums


def _cross_sums(u: NDArray[np.float64], v: NDArray[np.float64], kernel: Kernel) -> _Between:
    """Sums of the kernel between both sides."""
    rows, columns, squares = np.zeros(len(u)), np.zeros(len(v)), 0.0
    for i in range(0, len(u), CHUNK):
        for j in range(0, len(v), CHUNK):
            tile = kernel(u[i : i + CHUNK], v[j : j + CHUNK])
            rows[i : i + CHUNK] += tile.sum(axis=1)
            columns[j : j + CHUNK] += tile.sum(axis=0)
            squares += float(np.vdot(tile, tile))
    return _Between(rows=rows, columns=columns, sum_of_squares=squares)
