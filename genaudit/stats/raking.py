"""Weights that give cells of people the margins of a population: raking, and means under such weights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

    Margins = Sequence[tuple[NDArray[np.int64], NDArray[np.float64]]]
    """Of each margin the level of every cell, and the share of every level."""

CLOSE = 1e-12
"""Deviation of a share from its margin at which the iteration ends."""
MOST_STEPS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Raked:
    """Weights of the people of each cell."""

    weights: NDArray[np.float64]
    """``(cells,)``, with mean 1 over the people; 0 where nobody is."""
    steps: int
    deviation: float
    """Largest difference left between a weighted share and its margin."""


def rake(people: ArrayLike, margins: Margins) -> Raked | None:
    """Iterative proportional fitting; None if no weights of these cells have the margins.

    Every step multiplies the weights of a level by declared over weighted share, one margin after the other. What does
    not move is the association inside the table: all odds ratios of the cells stay as they are.

    Args:
        people: ``(cells,)`` people, or sums of weights; those of a declared share of 0 get weight 0.
        margins: Of each variable ``(cells,)`` its level in every cell, and ``(levels,)`` declared shares with sum 1.

    Raises:
        ValueError: Nobody, negative people, shares that do not sum to 1, or a level with a share and nobody in it.

    >>> sex, age = np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])
    >>> raked = rake([30, 30, 20, 20], [(sex, np.array([0.5, 0.5])), (age, np.array([0.8, 0.2]))])
    >>> raked.weights.round(6).tolist(), raked.steps  # independent: the product of both ratios, in one round
    ([1.333333, 0.333333, 2.0, 0.5], 1)
    """
    counts = np.asarray(people, dtype=np.float64)
    if (counts < 0).any() or not np.isfinite(counts).all() or not counts.sum():
        raise ValueError("people are not negative, and somebody is needed")
    shares = counts / counts.sum()
    for level, declared in margins:
        if abs(float(declared.sum()) - 1) > 1e-6:
            raise ValueError(f"the shares of a margin sum to 1, not to {declared.sum():.6g}")
        if ((_totals(level, shares, declared) == 0) & (declared > 0)).any():
            raise ValueError("a level with a declared share has nobody: no weight makes up for people never seen")
    fitted = shares.copy()
    for step in range(1, MOST_STEPS + 1):
        for level, declared in margins:
            totals = _totals(level, fitted, declared)
            fitted = fitted * np.divide(declared, totals, out=np.zeros_like(totals), where=totals > 0)[level]
        deviation = max(float(np.abs(_totals(level, fitted, declared) - declared).max()) for level, declared in margins)
        if deviation <= CLOSE:
            weights = np.divide(fitted, shares, out=np.zeros_like(fitted), where=shares > 0)
            return Raked(weights=weights, steps=step, deviation=deviation)
    return None


def raked_share(
    raked: Raked,
    margins: Margins,
    counts: ArrayLike,
    squares: ArrayLike | None = None,
    among: ArrayLike | None = None,
) -> tuple[float, float]:
    """The share of yes under raked weights, and its standard error by linearisation.

    The weights depend on the sample, too: what the margins explain of an answer is known exactly and does not vary. So
    the variance is that of the residuals of a weighted regression on the indicators of all margins (Deville and Särndal
    1992, section 3; Deville, Särndal and Sautory 1993), for people drawn independently.

    Args:
        raked: The weights.
        margins: As given to ``rake``.
        counts: ``(cells, 2)`` people, or sums of their weights, who have no and yes.
        squares: ``(cells, 2)`` sums of squared weights; else every person counts once.
        among: ``(cells,)`` True for the cells whose people are asked about; else everybody.

    Raises:
        ValueError: Nobody with a weight is among them.
    """
    seen = np.asarray(counts, dtype=np.float64)
    squared = seen if squares is None else np.asarray(squares, dtype=np.float64)
    asked = np.ones(len(seen)) if among is None else np.asarray(among, dtype=np.float64)
    mass = raked.weights[:, None] * seen
    size = float(mass.sum(axis=1) @ asked)
    if size <= 0:
        raise ValueError("nobody with a weight is among those asked about")
    share = float(mass[:, 1] @ asked) / size
    scores = asked[:, None] * (np.array([0.0, 1.0]) - share)
    by_cell = _indicators(margins, len(seen))
    roots = np.sqrt(mass.sum(axis=1))
    means = np.divide((mass * scores).sum(axis=1), roots, out=np.zeros(len(seen)), where=roots > 0)
    effects = np.linalg.lstsq(by_cell * roots[:, None], means, rcond=None)[0]
    residuals = scores - (by_cell @ effects)[:, None]
    variance = float((raked.weights[:, None] ** 2 * squared * residuals**2).sum()) / size**2
    return share, math.sqrt(variance)


def kish(weights: NDArray[np.float64], counts: ArrayLike, squares: ArrayLike | None = None) -> float:
    """Kish's effective number ``(Σ w)² / Σ w²`` of cells whose people all carry the weight of their cell.

    >>> kish(np.array([0.304, 1.52]), [428, 572]).__round__(0)
    734.0
    """
    seen = np.asarray(counts, dtype=np.float64)
    squared = seen if squares is None else np.asarray(squares, dtype=np.float64)
    return float((weights @ seen) ** 2 / (weights**2 @ squared))


def _totals(
    level: NDArray[np.int64], shares: NDArray[np.float64], declared: NDArray[np.float64]
) -> NDArray[np.float64]:
    return np.asarray(np.bincount(level, shares, minlength=len(declared)), dtype=np.float64)


def _indicators(margins: Margins, cells: int) -> NDArray[np.float64]:
    """``(cells, levels of all margins)``: 1 where a cell has the level."""
    columns = [np.zeros((cells, 0))]
    for level, declared in margins:
        columns.append(np.eye(len(declared))[level])
    return np.concatenate(columns, axis=1)
