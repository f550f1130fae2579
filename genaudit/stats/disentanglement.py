"""Which latent unit tells which known factor: information of single units, and how importance is spread."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

PLACES = 256
"""Points of a line at which the posteriors of one unit are tabulated."""
REACH = 5.0
"""Standard deviations of a posterior beyond the outermost mean to which its line goes."""


def unit_information(means: ArrayLike, log_variances: ArrayLike, labels: ArrayLike, levels: int) -> Floats:
    """What each item adds to I(z_u; v), the information of each latent unit about a factor, in nats.

    ``I(z_u; v) = 1/n Σ_i E ln (q(z_u | v_i) / q(z_u))`` over z_u of the i-th posterior, where q(z_u | v) is the mixture
    of the posteriors of all items of that level and q(z_u) that of all (Chen et al. 2018, section 4). The
    expectation is a sum over 256 places on a line; a posterior narrower than two steps is widened to that.

    Args:
        means: ``(n, d)``.
        log_variances: ``(n, d)``: every posterior is a diagonal Gaussian.
        labels: ``(n,)`` from 0 to ``levels - 1``.
        levels: How many there are; some may be without items.

    Returns:
        ``(n, d)``, whose means over items are the information: from 0 to the entropy of the labels.

    Raises:
        ValueError: Different shapes, labels out of range, or entries that are not finite.

    >>> means = np.array([[0.0, 0.0], [0.0, 9.0]] * 20)
    >>> unit_information(means, np.zeros((40, 2)), [0, 1] * 20, 2).mean(axis=0).round(4).tolist()
    [0.0, 0.6931]
    """
    mu, logs, codes = np.asarray(means, float), np.asarray(log_variances, float), np.asarray(labels)
    if mu.shape != logs.shape or mu.ndim != 2 or codes.shape != mu.shape[:1]:
        raise ValueError(
            f"means and log variances have one shape (n, d), and labels (n,), not {mu.shape}, {codes.shape}"
        )
    if not (np.isfinite(mu) & np.isfinite(logs)).all() or codes.min() < 0 or codes.max() >= levels:
        raise ValueError(f"means and log variances are finite numbers, and labels from 0 to {levels - 1}")
    chosen = np.eye(levels)[codes]
    chosen = chosen[:, chosen.any(axis=0)]
    found = np.empty(mu.shape)
    for unit in range(mu.shape[1]):
        table = _tabulated(mu[:, unit], np.exp(logs[:, unit] / 2))
        of_level = chosen.T @ table / chosen.sum(axis=0)[:, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.log(of_level / table.mean(axis=0))
        ratio[of_level == 0] = 0.0  # where no item of the level has anything
        found[:, unit] = ((table @ ratio.T) * chosen).sum(axis=1)
    return found


def entropy_of_labels(labels: ArrayLike) -> float:
    """Of the shares of levels among labels ``(n,)``, in nats.

    >>> round(entropy_of_labels([0, 0, 1, 1]), 6)
    0.693147
    """
    counts = np.unique(np.asarray(labels), return_counts=True)[1]
    return float(special.entr(counts / counts.sum()).sum())


def shared_by_labels(first: ArrayLike, second: ArrayLike) -> float:
    """Information of two labels of the same items about one another, over the smaller entropy: from 0 to 1.

    >>> shared_by_labels([0, 0, 1, 1], [0, 1, 0, 1]), shared_by_labels([0, 0, 1, 1], [1, 1, 0, 0])
    (0.0, 1.0)
    """
    one, other = np.asarray(first), np.asarray(second)
    entropies = entropy_of_labels(one), entropy_of_labels(other)
    both = entropy_of_labels(one * (int(other.max()) + 1) + other)
    least = min(entropies)
    return min(max((sum(entropies) - both) / least, 0.0), 1.0) if least > 0 else 0.0


def disentanglement(importance: ArrayLike) -> float:
    """``Σ_u ρ_u (1 - H_K(P_u))``: whether each unit serves one factor (Eastwood and Williams 2018).

    P_u are the shares of the K factors in the importance of unit u, H_K their entropy with base K, ρ_u the unit's share
    of all importance.

    Args:
        importance: ``(units, factors)``, not negative.

    Returns:
        0 if every unit serves all factors alike, 1 if each serves one.

    Raises:
        ValueError: Fewer than two factors, or no importance at all.

    >>> disentanglement([[1.0, 0.0], [0.0, 1.0]]), disentanglement([[1.0, 1.0], [1.0, 1.0]])
    (1.0, 0.0)
    """
    table = _importance(importance)
    if table.shape[1] < 2:
        raise ValueError("disentanglement is about 2 factors or more")
    weights = table.sum(axis=1) / table.sum()
    return float(weights @ _concentration(table))


def completeness(importance: ArrayLike) -> Floats:
    """``1 - H_D(P̃_k)`` of each factor: whether one unit serves it (Eastwood and Williams 2018).

    Args:
        importance: ``(units, factors)``, not negative.

    Returns:
        ``(factors,)``: 0 if all D units serve the factor alike, or none does; 1 if one does.

    Raises:
        ValueError: Fewer than two units, or no importance at all.

    >>> completeness([[1.0, 1.0], [0.0, 1.0]]).tolist()
    [1.0, 0.0]
    """
    table = _importance(importance)
    if len(table) < 2:
        raise ValueError("completeness is about 2 latent units or more")
    return _concentration(table.T)


def _tabulated(mu: Floats, deviation: Floats) -> Floats:
    """``(n, places)``: the share of each posterior at each place."""
    reach = REACH * float(deviation.max())
    line = np.linspace(float(mu.min()) - reach, float(mu.max()) + reach, PLACES)
    scale = np.maximum(deviation, 2 * (line[1] - line[0]))[:, None]
    table = (line - mu[:, None]) / scale
    np.exp(-0.5 * table * table, out=table)
    table /= table.sum(axis=1, keepdims=True)
    return np.asarray(table, dtype=np.float64)


def _concentration(table: Floats) -> Floats:
    """``(rows,)``: 1 less the entropy of each row's shares, with the number of columns as base; 0 of an empty row."""
    sums = table.sum(axis=1, keepdims=True)
    shares = np.divide(table, sums, out=np.full_like(table, 1 / table.shape[1]), where=sums > 0)
    return np.asarray(np.clip(1 - special.entr(shares).sum(axis=1) / math.log(table.shape[1]), 0, 1), dtype=np.float64)


def _importance(importance: ArrayLike) -> Floats:
    table = np.asarray(importance, dtype=np.float64)
    if table.ndim != 2 or not np.isfinite(table).all() or (table < 0).any() or not table.sum() > 0:
        raise ValueError("importance is a table (units, factors) of numbers that are not negative, and not all 0")
    return table
