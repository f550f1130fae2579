"""Sliced Wasserstein distance: sets of features compared along random directions, where transport is a sort."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.moments import finite_rows
from genaudit.stats.units import blocks_of_units, independent_units, jackknife_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]

ROWS = 125
"""Projections that are held at once, as rows: a sort along memory is many times faster than across it."""
JACKKNIFED = 2 * ROWS
"""Directions, the first ones, along which blocks are left out: the spread over items is hardly surer along more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlicedDistance:
    """Mean over directions of the squared transport distance of projections, and how far it may be off."""

    value: float
    """Mean of W2², in squared feature units; at least 0, and above it for finite sets of one distribution."""
    standard_error: float | None
    """Delete-block jackknife over rows of both sides, along the first directions; None with fewer than 3 blocks."""
    direction_error: float
    """Standard error of the mean over directions alone."""
    blocks: int
    left_out: tuple[float, ...]
    """The value along those directions without one block each."""


def random_directions(count: int, dimension: int, rng: np.random.Generator) -> Floats:
    """``(count, dimension)`` unit vectors, uniform on the sphere.

    >>> rng = np.random.Generator(np.random.Philox(0))
    >>> float(np.linalg.norm(random_directions(3, 5, rng), axis=1).round(12).sum())
    3.0
    """
    drawn = rng.standard_normal((count, dimension))
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float64)


def sliced_distance(
    x: ArrayLike,
    y: ArrayLike,
    directions: Floats,
    x_clusters: ArrayLike | None = None,
    y_clusters: ArrayLike | None = None,
    *,
    rng: np.random.Generator,
    blocks: int = 10,
) -> SlicedDistance:
    """Mean over directions of ``W2²`` between the projections of equally many rows (Bonneel et al. 2015).

    Args:
        x: ``(n, d)``.
        y: ``(n, d)``: as many rows, because then the best transport joins the i-th smallest of both sides.
        directions: ``(p, d)`` unit vectors.
        x_clusters: ``(n,)`` identifier of the source item; None for independent rows.
        y_clusters: ``(n,)``, likewise.
        rng: Deals units out to blocks.
        blocks: Of the jackknife; below 3 there is no standard error.

    Raises:
        ValueError: Different numbers of rows or dimensions, no direction, or rows that are not finite.

    >>> rng = np.random.Generator(np.random.Philox(0))
    >>> sliced_distance([[0.0], [1.0]], [[3.0], [4.0]], np.ones((1, 1)), rng=rng, blocks=0).value
    9.0
    """
    u, v = finite_rows(x), finite_rows(y)
    if u.shape != v.shape or not len(u) or not len(directions) or directions.shape[1] != u.shape[1]:
        raise ValueError(
            f"sorted projections need two sets of one shape (n, d) and directions (p, d), not {u.shape}, {v.shape} "
            f"and {directions.shape}"
        )
    kept = list(_without_blocks(len(u), x_clusters, y_clusters, blocks, rng))
    each = np.empty(len(directions))
    left_out = np.zeros(len(kept))
    for first in range(0, len(directions), ROWS):
        part = directions[first : first + ROWS]
        along_x, along_y = part @ u.T, part @ v.T
        each[first : first + len(part)] = _transport(along_x, along_y)
        for number, (rows_x, rows_y) in enumerate(kept if first < JACKKNIFED else ()):
            left_out[number] += _transport(along_x[:, rows_x], along_y[:, rows_y]).sum()
    left_out /= min(JACKKNIFED, len(each))
    spread = float(each.std(ddof=1)) if len(each) > 1 else 0.0
    return SlicedDistance(
        value=float(each.mean()),
        standard_error=jackknife_error(left_out) if len(kept) > 2 else None,
        direction_error=spread / len(each) ** 0.5,
        blocks=len(kept),
        left_out=tuple(left_out.tolist()),
    )


def _transport(along_x: Floats, along_y: Floats) -> Floats:
    """``W2²`` of each row of projections ``(p, n)``."""
    difference = np.sort(along_x, axis=1) - np.sort(along_y, axis=1)
    return np.asarray(np.einsum("ij,ij->i", difference, difference) / difference.shape[1], dtype=np.float64)


def _without_blocks(
    count: int, x_clusters: ArrayLike | None, y_clusters: ArrayLike | None, blocks: int, rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows of both sides without each block, equally many on both."""
    used = min(blocks, *(independent_units(count, clusters) for clusters in (x_clusters, y_clusters)))
    if used < 3:
        return
    block_x, block_y = (blocks_of_units(count, clusters, used, rng) for clusters in (x_clusters, y_clusters))
    for number in range(used):
        rows_x, rows_y = np.flatnonzero(block_x != number), np.flatnonzero(block_y != number)
        size = min(len(rows_x), len(rows_y))
        yield _some(rows_x, size, rng), _some(rows_y, size, rng)


def _some(rows: NDArray[np.intp], size: int, rng: np.random.Generator) -> NDArray[np.intp]:
    return rows if len(rows) == size else rng.permutation(rows)[:size]
