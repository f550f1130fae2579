"""Integrals of what a density says of one pixel, for many pixels at once, whatever their scales are.

A pixel's density is known as a ratio to its value at the image's own level. It is integrated from its peak to both
sides with nodes whose distances from the peak grow geometrically, so that a deviation of 0.002 and one of 2 have as
many nodes where they matter. The trapezoid rule in the logarithm of the distance converges faster than any power of the
spacing.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.float64]
LogRatios: TypeAlias = Callable[[NDArray[np.intp], Rows], Rows]
"""Pixels ``(p,)`` and levels ``(p, k)`` to ln of the density there, less that at the image's own level: ``(p, k)``."""
Rule: TypeAlias = Callable[[LogRatios, NDArray[np.intp]], tuple[Rows, Rows]]
"""The logarithm of each pixel's integral and the doubt about it, of ratios and pixels."""

LEVELS = 256
SPACING = 0.4
"""Of nodes, in the logarithm of the distance from the peak: good to 2e-5 for a Gaussian, the hardest of the usual
densities, with deviations from 0.001 to 5."""
NEAREST, FARTHEST = -12.0, 8.0
"""Logarithms of the first and the last distance: 6e-6 and 3,000."""
DOUBTFUL = 0.01
"""A doubt that is larger says that a pixel's density cannot be integrated by this rule."""
UNIT, WIDE = (0.0, 1.0), (-4.0, 5.0)
"""Where the peak of a density is looked for."""
RISE = 0.1
"""Nats by which a second peak must stand out: rounding does not."""
CLOSE, FINE, ROUNDS = 1 / 32, 9, 6
"""Spacing of levels near the data's at which the peak is looked for; how many levels there are then between the
neighbours of the best, and how often."""
MIDPOINTS = 2_000
"""Of a unit, in the slow rule that no shape of a density deceives, down to deviations of 0.001."""


def over_levels(ratios: LogRatios, pixels: NDArray[np.intp]) -> tuple[Rows, Rows]:
    """The logarithm of the sum over the 256 levels, for each pixel; no doubt about it."""
    levels = np.broadcast_to(np.arange(LEVELS) / (LEVELS - 1), (len(pixels), LEVELS))
    return _log_sum(ratios(pixels, levels)), np.zeros(len(pixels))


def over_unit_interval(ratios: LogRatios, pixels: NDArray[np.intp]) -> tuple[Rows, Rows]:
    """The logarithm of the integral over [0, 1] for each pixel, and the doubt about it.

    >>> def log_ratio(pixels, t): return 3 * t - np.log(np.expm1(3) / 3)
    >>> over_unit_interval(log_ratio, np.array([0]))[0].round(4) + 0.0
    array([0.])
    """
    w = np.arange(NEAREST, -NEAREST + SPACING / 2, SPACING)
    share = 1 / (1 + np.exp(-w))
    peak, several = _peak(ratios, pixels, np.arange(0, 1 + CLOSE / 2, CLOSE))
    reach = np.stack([peak, 1 - peak], axis=1)
    weights = (share * (1 - share)) * reach[:, :, None]
    whole, doubt, farthest = _from_peak(ratios, pixels, peak, share * reach[:, :, None], weights)
    return whole, np.where(several, np.inf, np.maximum(doubt, farthest))


def over_all_numbers(ratios: LogRatios, pixels: NDArray[np.intp]) -> tuple[Rows, Rows]:
    """Likewise over all numbers; infinite where the density does not fall, or is no number outside of the data.

    >>> def log_ratio(pixels, t): return -0.5 * ((t - 0.3) / 0.01) ** 2 - np.log(0.01) - 0.5 * np.log(2 * np.pi)
    >>> over_all_numbers(log_ratio, np.array([0]))[0].round(4) + 0.0
    array([0.])
    """
    distance = np.exp(np.arange(NEAREST, FARTHEST + SPACING / 2, SPACING))
    both = np.broadcast_to(distance, (len(pixels), 2, len(distance)))
    peak, several = _peak(ratios, pixels, np.r_[WIDE[0] : -0.5 : 0.25, -0.5:1.5:CLOSE, 1.5 : WIDE[1] + 0.1 : 0.25])
    whole, doubt, farthest = _from_peak(ratios, pixels, peak, both, both)
    none = ~(farthest < DOUBTFUL)
    return np.where(none, np.inf, whole), np.where(none, 0.0, np.where(several, np.inf, doubt))


def by_midpoints(ratios: LogRatios, pixels: NDArray[np.intp], low: float, high: float) -> Rows:
    """The logarithm of the integral from ``low`` to ``high`` for each of a few pixels, by very many nodes."""
    count = round(MIDPOINTS * (high - low))
    levels = low + (np.arange(count) + 0.5) / count * (high - low)
    total: Rows = _log_sum(ratios(pixels, np.broadcast_to(levels, (len(pixels), count)))) + np.log((high - low) / count)
    return total


def _from_peak(
    ratios: LogRatios, pixels: NDArray[np.intp], peak: Rows, distances: Rows, weights: Rows
) -> tuple[Rows, Rows, Rows]:
    """Integrals of nodes at ``distances`` ``(p, 2, k)`` below and above the peak, the doubt, and the share of the last.

    A density is taken as flat between the peak and the nearest nodes. The doubt is what every second node says
    otherwise, or the share of the nearest nodes, if that is more: a narrow second peak or a pole is not for this rule.
    """
    levels = peak[:, None, None] + np.array([-1.0, 1.0])[:, None] * distances
    n = len(pixels)
    with np.errstate(divide="ignore", invalid="ignore"):  # there is nothing below a peak at 0, be it a pole
        terms = ratios(pixels, levels.reshape(n, -1)).reshape(levels.shape) + np.log(weights)
    with np.errstate(over="ignore", invalid="ignore"):  # of what is no number, nothing is said
        whole, half = (_trapezoid(terms[:, :, ::step], step * SPACING) for step in (1, 2))
        nearest, farthest = (np.exp(_trapezoid(terms[:, :, [end]], SPACING) - whole) for end in (0, -1))
        return whole, np.maximum(np.abs(whole - half), nearest), farthest


def _trapezoid(terms: Rows, spacing: float) -> Rows:
    first = np.zeros(terms.shape[2])
    first[0] = -np.log(-np.expm1(-spacing))  # a geometric series of nodes that are nearer still
    total: Rows = _log_sum((terms + first).reshape(len(terms), -1)) + np.log(spacing)
    return total


def _peak(ratios: LogRatios, pixels: NDArray[np.intp], first: Rows) -> tuple[Rows, NDArray[np.bool_]]:
    """Where each density is largest, as near as 1e-4, and whether it was seen to have several peaks."""
    rows = np.arange(len(pixels))
    levels = np.broadcast_to(first, (len(pixels), len(first)))
    several = np.zeros(len(pixels), dtype=bool)
    for _ in range(ROUNDS):
        found = ratios(pixels, levels)
        best = np.argmax(found, axis=1)
        several |= _rises(found, best) | _rises(found[:, ::-1], levels.shape[1] - 1 - best)
        below = levels[rows, np.maximum(best - 1, 0)]
        above = levels[rows, np.minimum(best + 1, levels.shape[1] - 1)]
        levels = np.linspace(below, above, FINE, axis=1)
    return levels[rows, np.argmax(ratios(pixels, levels), axis=1)], several


def _rises(found: Rows, best: NDArray[np.intp]) -> NDArray[np.bool_]:
    """Whether a logarithm, which falls from its peak however narrow that is, rises again behind it."""
    behind = np.arange(found.shape[1]) >= best[:, None]
    lowest = np.minimum.accumulate(np.where(behind, found, np.inf), axis=1)
    with np.errstate(invalid="ignore"):  # of what is no density there at all
        again: NDArray[np.bool_] = np.any(behind & (found - lowest > RISE), axis=1)
    return again


def _log_sum(terms: Rows) -> Rows:
    total: Rows = np.logaddexp.reduce(terms, axis=1)
    return total
