"""The density of codes where images of other sources put them: a mixture of Gaussians, smoothed as far as it helps."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import linalg

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

SPREADS = (1.0, 0.5, 0.3, 0.2, 0.1, 0.05, 0.0)
"""Shares of the spread of means that kernels may carry: 1 is one Gaussian, 0 the mixture of the posteriors."""
PLACES = 512
"""Points of a line at which the density of one unit is tabulated."""
ROUNDING = 1e-12
"""Share of a unit's variance that is left, given other units, where rounding begins."""
REACH = 5.0
"""Standard deviations of a kernel beyond the outermost code to which the line goes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldOutDensities:
    """How likely each code is where only images of other folds are known."""

    joint: Floats
    """``(n,)``: logarithm of the density of the whole code."""
    units: Floats
    """``(n, d)``: of each of its units alone."""


def held_out_log_densities(
    draws: ArrayLike, means: ArrayLike, log_variances: ArrayLike, folds: ArrayLike
) -> HeldOutDensities:
    """``ln r(z_i)`` of the mixture of the Gaussians of all other folds, each kernel with their covariance.

    With S the covariance of codes (that of the means, B, plus the mean variance within, W) and m their mean, a kernel
    stands at ``m + √(1 - s) (μ_j - m)`` and has the covariance ``s B + W``, so that m and S are kept for every s (West
    1993, section 3). Which s of ``SPREADS`` serves a fold is decided by the held-out densities of the others. The
    mean of ``ln r`` over codes of q is that of ``ln q`` less KL(q ‖ r): never above it, and equal for a Gaussian q and
    many codes (McAllester and Stratos 2020: cross entropies for entropies).

    Args:
        draws: ``(n, d)``, row i drawn from the i-th Gaussian.
        means: ``(n, d)``.
        log_variances: ``(n, d)``: every Gaussian is diagonal.
        folds: ``(n,)``: codes of one fold are judged by those of the others.

    Raises:
        ValueError: Different shapes, entries that are not finite, a single fold, or codes without any spread.

    >>> z = np.random.default_rng(0).normal(size=(4000, 2))
    >>> found = held_out_log_densities(z, z, np.full(z.shape, -20.0), np.arange(4000) % 2)
    >>> bool(abs(found.joint.mean() + math.log(2 * math.pi) + 1) < 0.05)  # less the entropy of a normal
    True
    """
    z, mu, logs = (np.asarray(each, dtype=np.float64) for each in (draws, means, log_variances))
    of = np.asarray(folds)
    if not z.shape == mu.shape == logs.shape or z.ndim != 2 or of.shape != z.shape[:1] or len(np.unique(of)) < 2:
        raise ValueError("draws, means and log variances have one shape (n, d), and their rows are in 2 folds or more")
    if not (np.isfinite(z) & np.isfinite(mu) & np.isfinite(logs)).all():
        raise ValueError("draws, means and log variances are finite numbers")
    centre = mu.mean(axis=0)  # products of smaller numbers round less
    z, mu, variances = z - centre, mu - centre, np.exp(logs)
    joint = np.empty((len(SPREADS), len(z)))
    units = np.empty((len(SPREADS), z.shape[1], len(z)))
    for fold in np.unique(of):
        held, kept = of == fold, of != fold
        within = variances[kept].mean(axis=0)
        joint[:, held] = _joint(z[held], mu[kept], within)
        for unit in range(z.shape[1]):
            units[:, unit, held] = _of_unit(z[held, unit], mu[kept, unit], float(within[unit]))
    if not np.isfinite(joint[0]).all():
        raise ValueError("codes have no density: they lie in fewer dimensions than they have units, without any noise")
    return HeldOutDensities(
        joint=_chosen(joint, of), units=np.stack([_chosen(one, of) for one in units.swapaxes(0, 1)], axis=1)
    )


def _chosen(table: Floats, folds: NDArray[np.int64]) -> Floats:
    """Of a table ``(spreads, n)`` for each fold the row that is best on average for all other folds."""
    found = np.empty(table.shape[1])
    for fold in np.unique(folds):
        found[folds == fold] = table[table[:, folds != fold].mean(axis=1).argmax()][folds == fold]
    return found


def _joint(z: Floats, mu: Floats, within: Floats) -> Floats:
    """``(spreads, n)``: logarithms of the density of codes ``(n, d)`` under kernels at means ``(k, d)``."""
    centre = mu.mean(axis=0)
    between = (mu - centre).T @ (mu - centre) / len(mu)
    found = np.full((len(SPREADS), len(z)), -np.inf)
    for row, spread in enumerate(SPREADS):
        covariance = spread * between + np.diag(within)
        try:
            root = linalg.cholesky(covariance, lower=True)
        except linalg.LinAlgError:
            continue
        if (np.diag(root) ** 2 < ROUNDING * np.diag(covariance)).any():
            continue  # a unit follows from the others, up to rounding: no density of this spread
        at = linalg.solve_triangular(root, math.sqrt(1 - spread) * (mu - centre).T, lower=True)
        where = linalg.solve_triangular(root, (z - centre).T, lower=True)
        constant = np.log(np.diag(root)).sum() + z.shape[1] / 2 * math.log(2 * math.pi)
        found[row] = _log_mean_exp(where, at) - constant
    return found


def _log_mean_exp(where: Floats, at: Floats) -> Floats:
    """``ln (1/k Σ_j exp(-|w_i - a_j|² / 2))`` for columns of ``(d, n)`` and ``(d, k)``."""
    table = where.T @ at
    table -= 0.5 * (at * at).sum(axis=0)
    highest = table.max(axis=1)
    table -= highest[:, None]
    np.exp(table, out=table)
    mean = table.mean(axis=1)
    return np.asarray(np.log(mean) + highest - 0.5 * (where * where).sum(axis=0), dtype=np.float64)


def _of_unit(z: Floats, mu: Floats, within: float) -> Floats:
    """``(spreads, n)``: logarithms of the density of one unit's codes, read between places on its line.

    A kernel is no narrower than two steps from place to place.
    """
    centre, between = float(mu.mean()), float(mu.var())
    least, most = min(z.min(), mu.min()), max(z.max(), mu.max())
    found = np.empty((len(SPREADS), len(z)))
    for row, spread in enumerate(SPREADS):
        variance = max(spread * between + within, 1e-24)
        line = np.linspace(least - REACH * math.sqrt(variance), most + REACH * math.sqrt(variance), PLACES)
        step = line[1] - line[0]
        variance = max(variance, (2 * step) ** 2)
        place = (centre + math.sqrt(1 - spread) * (mu - centre) - line[0]) / step
        left = place.astype(np.int64)
        share = place - left
        weights = np.bincount(left, 1 - share, PLACES) + np.bincount(left + 1, share, PLACES)
        offsets = step * np.arange(1 - PLACES, PLACES)
        kernel = np.exp(-offsets * offsets / (2 * variance)) / math.sqrt(2 * math.pi * variance)
        density = np.convolve(weights / len(mu), kernel, mode="valid")
        found[row] = np.interp(z, line, np.log(np.maximum(density, 1e-300)))
    return found
