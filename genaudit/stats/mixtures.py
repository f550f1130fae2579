"""How far single Gaussians stand out of the mixture of all of them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy.special import logsumexp

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TILE = 1 << 20
"""Pairs of a draw and a component that are looked at together."""


def log_ratio_to_mixture(draws: ArrayLike, means: ArrayLike, log_variances: ArrayLike) -> NDArray[np.float64]:
    """``ln q_i(z_i) - ln (1/n Σ_j q_j(z_i))``: how much likelier each draw is under its own Gaussian than under all.

    Its mean over draws of q_i is KL(q_i ‖ mixture), and that over i the information of z about i (Hoffman and Johnson
    2016). Both logarithms come from the same table of pairs, so that rounding cannot lift a ratio above n.

    Args:
        draws: ``(n, d)``, row i drawn from the i-th Gaussian.
        means: ``(n, d)``.
        log_variances: ``(n, d)``: every Gaussian is diagonal.

    Returns:
        ``(n,)`` nats, at most ln n.

    Raises:
        ValueError: Different shapes, no rows, or entries that are not finite.

    >>> log_ratio_to_mixture([[0.0], [90.0]], [[0.0], [90.0]], [[0.0], [0.0]]).round(6).tolist()
    [0.693147, 0.693147]
    """
    z, mu, logs = (np.asarray(each, dtype=np.float64) for each in (draws, means, log_variances))
    if not z.shape == mu.shape == logs.shape or z.ndim != 2 or not len(z):
        raise ValueError(
            f"draws, means and log variances have one shape (n, d), not {z.shape}, {mu.shape}, {logs.shape}"
        )
    if not (np.isfinite(z) & np.isfinite(mu) & np.isfinite(logs)).all():
        raise ValueError("draws, means and log variances are finite numbers")
    centre = mu.mean(axis=0)  # products of smaller numbers round less
    z, mu = z - centre, mu - centre
    precisions = np.exp(-logs)
    constants = -0.5 * (mu * mu * precisions + logs).sum(axis=1)
    found = np.empty(len(z))
    rows = max(1, TILE // len(z))
    for start in range(0, len(z), rows):
        part = z[start : start + rows]
        table = part @ (mu * precisions).T - 0.5 * (part * part) @ precisions.T + constants
        own = table[np.arange(len(part)), np.arange(start, start + len(part))]
        found[start : start + rows] = own - logsumexp(table, axis=1)
    found += math.log(len(z))
    return found
