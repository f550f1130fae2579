"""Means of importance weights that are known by their logarithms, and how many of the weights count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def log_mean_exp(log_weights: ArrayLike) -> NDArray[np.float64]:
    """``ln (1/K Σ exp(log weight))`` of each row, without overflow: the estimate of log p(x) from K draws.

    Its expectation is a lower bound of log p(x) that does not fall with K (Burda et al. 2016, theorem 1).

    Args:
        log_weights: ``(n, K)``, finite.

    Returns:
        ``(n,)``, between the mean and the largest of each row.

    Raises:
        ValueError: Another shape, no columns, or an entry that is not finite.

    >>> log_mean_exp([[-2000.0, -2000.0], [0.0, np.log(3.0)]]).round(6).tolist()
    [-2000.0, 0.693147]
    """
    rows = _checked(log_weights)
    largest = rows.max(axis=1)
    # near equality the plain formula leaves the rounding of ln K, which a mean of tiny differences does not have
    found: NDArray[np.float64] = largest + np.log1p(np.expm1(rows - largest[:, None]).mean(axis=1))
    return found


def effective_draws(log_weights: ArrayLike) -> NDArray[np.float64]:
    """``(Σ w)² / Σ w²`` of each row: how many equal weights would vary as little as these (Kong 1992).

    Args:
        log_weights: ``(n, K)``, finite.

    Returns:
        ``(n,)``, from 1 (a single weight counts) to K (all are equal).

    Raises:
        ValueError: Another shape, no columns, or an entry that is not finite.

    >>> effective_draws([[-900.0, -900.0, -900.0], [0.0, -800.0, -800.0]]).round(9).tolist()
    [3.0, 1.0]
    """
    rows = _checked(log_weights)
    found: NDArray[np.float64] = np.exp(2 * logsumexp(rows, axis=1) - logsumexp(2 * rows, axis=1))
    return found


def jackknife_of_log_mean(log_weights: ArrayLike) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """By how much ``log_mean_exp`` of each row is off on average, and the variance of it, both by the jackknife.

    With one of K draws left out in turn, ``θ₋ᵢ``, of mean ``θ₋``, the bias is ``(K - 1) (θ₋ - θ)`` and the variance
    ``(K - 1) / K Σ (θ₋ᵢ - θ₋)²`` (Efron and Stein 1981). Where few draws count, both are too small.

    Args:
        log_weights: ``(n, K)``, finite, K of 2 or more.

    Returns:
        The bias ``(n,)``, never above 0, and the variance ``(n,)``.

    Raises:
        ValueError: Another shape, a single column, or an entry that is not finite.

    >>> bias, variance = jackknife_of_log_mean([[-900.0, -900.0], [0.0, np.log(3.0)]])
    >>> bias.round(6).tolist(), variance.round(6).tolist()
    ([0.0, -0.143841], [0.0, 0.301737])
    """
    rows = _checked(log_weights)
    count = rows.shape[1]
    if count < 2:
        raise ValueError("a jackknife leaves one of 2 draws or more out, not one of 1")
    without = np.stack([log_mean_exp(np.delete(rows, left_out, axis=1)) for left_out in range(count)], axis=1)
    centre = without.mean(axis=1)
    bias = np.minimum((count - 1) * (centre - log_mean_exp(rows)), 0.0)  # Jensen's inequality, but for rounding
    return bias, (count - 1) / count * ((without - centre[:, None]) ** 2).sum(axis=1)


def _checked(log_weights: ArrayLike) -> NDArray[np.float64]:
    rows = np.asarray(log_weights, dtype=np.float64)
    if rows.ndim != 2 or not rows.shape[1]:
        raise ValueError(f"log-weights have the shape (n, K) with K of 1 or more, not {rows.shape}")
    bad = np.flatnonzero(~np.isfinite(rows).all(axis=1))
    if len(bad):
        raise ValueError(f"a log-weight of item {bad[0]} of {len(rows)} is not finite")
    return rows
