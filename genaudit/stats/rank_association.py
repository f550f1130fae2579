"""Spearman's rank correlation of many features with one outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special, stats

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def rank_correlations(
    features: ArrayLike, outcome: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Correlation of each column with the outcome, its two-sided p-value, and the items behind it.

    The p-value is of Student's t with n - 2 degrees of freedom. Items with a gap are left out of their column. A
    column or an outcome without variation has correlation 0 and p-value 1: it tells nothing.

    Args:
        features: ``(n, p)``, NaN for a gap.
        outcome: ``(n,)``.

    >>> rho, p, n = rank_correlations([[1.0], [2.0], [3.0], [4.0]], [1.0, 3.0, 2.0, 4.0])
    >>> round(float(rho[0]), 6), round(float(p[0]), 6), int(n[0])
    (0.8, 0.2, 4)
    """
    x, y = np.asarray(features, dtype=np.float64), np.asarray(outcome, dtype=np.float64)
    whole = ~np.isnan(x).any(axis=0)
    rho, count = np.zeros(x.shape[1]), np.full(x.shape[1], len(y), dtype=np.int64)
    if whole.any():
        rho[whole] = _correlations(stats.rankdata(x[:, whole], axis=0), stats.rankdata(y))
    for column in np.flatnonzero(~whole):
        kept = ~np.isnan(x[:, column])
        count[column] = kept.sum()
        if kept.any():
            rho[column] = _correlations(stats.rankdata(x[kept, column])[:, None], stats.rankdata(y[kept]))[0]
    return rho, _p_values(rho, count), count


def _correlations(columns: NDArray[np.float64], outcome: NDArray[np.float64]) -> NDArray[np.float64]:
    centred, other = columns - columns.mean(axis=0), outcome - outcome.mean()
    norms = np.sqrt((centred**2).sum(axis=0) * (other @ other))
    with np.errstate(invalid="ignore", divide="ignore"):
        found = np.where(norms > 0, (other @ centred) / norms, 0.0)
    return np.clip(found, -1.0, 1.0)


def _p_values(rho: NDArray[np.float64], count: NDArray[np.int64]) -> NDArray[np.float64]:
    freedom = np.maximum(count - 2, 1)
    with np.errstate(divide="ignore"):
        t = np.abs(rho) * np.sqrt(freedom / (1 - rho**2))
    p = 2 * special.stdtr(freedom, -t)
    return np.where((count < 4) | (rho == 0), 1.0, p)
