"""Closed forms of diagonal Gaussians, and the unit of densities of images."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def kl_to_standard_normal(mean: ArrayLike, log_variance: ArrayLike) -> NDArray[np.float64]:
    """``KL(N(mean, diag(exp(log_variance))) ‖ N(0, I))`` of each row, in nats (Kingma and Welling 2014, appendix B).

    Args:
        mean: ``(n, d)``.
        log_variance: ``(n, d)``.

    Returns:
        ``(n,)``, at least 0.

    Raises:
        ValueError: Different shapes, or entries for which the divergence is not finite.

    >>> kl_to_standard_normal([[1.0, 2.0]], [[0.0, math.log(4.0)]]).round(10)
    array([3.30685282])
    """
    mu, logs = np.asarray(mean, dtype=np.float64), np.asarray(log_variance, dtype=np.float64)
    if mu.shape != logs.shape or mu.ndim != 2:
        raise ValueError(f"means and log variances have one shape (n, d), not {mu.shape} and {logs.shape}")
    # expm1(v) - v instead of exp(v) - 1 - v: near v = 0 the latter loses all digits
    with np.errstate(over="ignore"):
        nats = 0.5 * (mu * mu + np.expm1(logs) - logs).sum(axis=1)
    if not np.isfinite(nats).all():
        raise ValueError(f"the divergence of row {int(np.flatnonzero(~np.isfinite(nats))[0])} is not finite")
    return np.asarray(np.clip(nats, 0.0, None), dtype=np.float64)


def bits_per_dimension(log_likelihood: float, dimensions: int, *, levels: int = 1) -> float:
    """``-nats / (D ln 2) + log2(levels)``: bits that a code for one entry of an item takes.

    Args:
        log_likelihood: Of one item, in nats, of its density in [0, 1] per entry, or of its probability.
        dimensions: Entries of the item.
        levels: Grey levels that dequantisation spread over [0, 1], 256 for 8 bits; 1 if the likelihood is already
            that of the levels themselves.

    Raises:
        ValueError: Dimensions or levels below 1.

    >>> round(bits_per_dimension(-1000.0, 784), 9)
    1.840172246
    """
    if dimensions < 1 or levels < 1:
        raise ValueError(f"dimensions and levels are at least 1, not {dimensions} and {levels}")
    return -log_likelihood / (dimensions * math.log(2)) + math.log2(levels)
