"""Bins of a feature space, and whether two sets fill them alike."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.stats.information import jensen_shannon_divergence
from genaudit.stats.moments import finite_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

CHUNK = 4096
"""Rows whose distances to all centres are held at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BinComparison:
    """How two sets fill the same bins."""

    z: Floats
    """``(k,)``: difference of shares, first less second, over its pooled standard error; 0 for a bin empty in both."""
    p_values: Floats
    """``(k,)``, two-sided."""
    divergence: float
    """Jensen-Shannon, in nats."""

    def different(self, alpha: float = 0.05) -> int:
        """How many bins differ at a level; a share of ``alpha`` does so by chance."""
        return int((self.p_values < alpha).sum())


def k_means(rows: ArrayLike, k: int, *, rng: np.random.Generator, iterations: int = 50) -> Floats:
    """Centres ``(k, d)`` of k bins by Lloyd's rounds from spread-out starts (Arthur and Vassilvitskii 2007).

    Args:
        rows: ``(n, d)``.
        k: How many, at most as many as there are different rows.
        rng: Draws the starts.
        iterations: Rounds at most; it ends when no row changes its bin.

    Raises:
        ValueError: Fewer different rows than bins, or rows that are not finite.

    >>> rng = np.random.Generator(np.random.Philox(0))
    >>> sorted(k_means([[0.0], [0.2], [8.0], [8.2]], 2, rng=rng).ravel().round(6).tolist())
    [0.1, 8.1]
    """
    x = finite_rows(rows)
    centres = _starts(x, k, rng)
    nearest = nearest_centre(x, centres)
    for _ in range(iterations):
        counts = np.bincount(nearest, minlength=k)
        filled = counts > 0  # a bin that lost all its rows keeps its centre
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, x)
        centres[filled] = sums[filled] / counts[filled, None]
        moved, nearest = nearest, nearest_centre(x, centres)
        if (moved == nearest).all():
            break
    return centres


def nearest_centre(rows: ArrayLike, centres: Floats) -> Integers:
    """Which centre each row ``(n, d)`` is nearest to; the first of several.

    >>> nearest_centre([[1.0], [7.0]], np.array([[0.0], [8.0]])).tolist()
    [0, 1]
    """
    x = finite_rows(rows)
    offsets = np.einsum("ij,ij->i", centres, centres) / 2
    found = [(offsets - x[i : i + CHUNK] @ centres.T).argmin(axis=1) for i in range(0, len(x), CHUNK)]
    return np.concatenate(found).astype(np.int64) if found else np.zeros(0, dtype=np.int64)


def compare_bins(counts: ArrayLike, others: ArrayLike, extra_variance: ArrayLike | None = None) -> BinComparison:
    """Two-proportion z tests of every bin (Richardson and Weiss 2018).

    Args:
        counts: ``(k,)`` items of the first set in each bin.
        others: ``(k,)`` of the second.
        extra_variance: ``(k,)`` variance of the second set's shares, instead of that of independent items.

    Raises:
        ValueError: Different numbers of bins, negative counts or an empty set.

    >>> float(compare_bins([100, 900], [150, 850]).z[0].round(6))
    -3.380617
    """
    a, b = np.asarray(counts, dtype=np.float64), np.asarray(others, dtype=np.float64)
    if a.shape != b.shape or a.ndim != 1 or (a < 0).any() or (b < 0).any() or not (a.sum() and b.sum()):
        raise ValueError(f"two sets of counts of the same bins are compared, not {a.shape} and {b.shape} with gaps")
    n, m = a.sum(), b.sum()
    pooled = (a + b) / (n + m)
    spread = pooled * (1 - pooled)
    variance = spread / n + (spread / m if extra_variance is None else np.asarray(extra_variance, dtype=np.float64))
    z = np.divide(a / n - b / m, np.sqrt(variance), out=np.zeros_like(a), where=variance > 0)
    return BinComparison(
        z=z,
        p_values=np.asarray(special.erfc(np.abs(z) / math.sqrt(2)), dtype=np.float64),
        divergence=jensen_shannon_divergence(a / n, b / m),
    )


def clustered_share_variance(bins: Integers, k: int, clusters: ArrayLike) -> Floats:
    """Variance ``(k,)`` of the shares of bins when items come in clusters: residuals are summed within a cluster.

    >>> clustered_share_variance(np.array([0, 0, 1, 1]), 2, [0, 0, 1, 1]).tolist()
    [0.25, 0.25]
    """
    index = np.unique(np.asarray(clusters), return_inverse=True)[1]
    units = int(index.max()) + 1
    table = np.bincount(index * k + bins, minlength=units * k).reshape(units, k)
    residuals = table - table.sum(axis=1, keepdims=True) * (table.sum(axis=0) / len(bins))
    return np.asarray((residuals**2).sum(axis=0) / len(bins) ** 2 * units / max(units - 1, 1), dtype=np.float64)


def _starts(x: Floats, k: int, rng: np.random.Generator) -> Floats:
    """Each start is a row drawn with probability in proportion to its squared distance from those before."""
    if not 1 <= k <= len(x):
        raise ValueError(f"{len(x)} rows have 1 to {len(x)} bins, not {k}")
    chosen = [int(rng.integers(len(x)))]
    squared = ((x - x[chosen[0]]) ** 2).sum(axis=1)
    while len(chosen) < k:
        reach = np.cumsum(squared)
        if not reach[-1] > 0:
            raise ValueError(f"there are only {len(chosen)} different rows for {k} bins")
        chosen.append(min(int(np.searchsorted(reach, rng.random() * reach[-1], side="right")), len(x) - 1))
        squared = np.minimum(squared, ((x - x[chosen[-1]]) ** 2).sum(axis=1))
    return x[chosen].copy()
