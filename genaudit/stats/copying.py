"""How near items lie to the training set, and whether that is nearer than fresh data lie."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.moments import finite_rows
from genaudit.stats.units import influence_error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]
    Integers = NDArray[np.int64]

ROWS, COLUMNS = 512, 4096
"""A tile of distances."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Copying:
    """The data-copying statistic, and how far it may be off."""

    value: float
    """Far below 0: copies. Far above 0: items further from the training set than fresh data."""
    standard_error: float
    nearer: float
    """Probability that a generated item is nearer to the training set than a held-out item of the same cell."""
    cells: int
    """Cells that count."""


def nearest_among(
    rows: ArrayLike, among: ArrayLike, row_clusters: ArrayLike | None = None, clusters: ArrayLike | None = None
) -> tuple[Floats, NDArray[np.intp]]:
    """Distance to the nearest of ``among`` and which one it is, for each row.

    The nearest is found by matrix products in float64 and its distance taken from differences, so that a copy is at
    distance 0 exactly; what else could have been nearer is so by rounding of the products only, 1e-13 of the squared
    length of a centred row.

    Args:
        rows: ``(n, d)``.
        among: ``(m, d)``.
        row_clusters: ``(n,)``: rows of the same cluster are not looked at. Give both or none.
        clusters: ``(m,)``.

    Raises:
        ValueError: No rows to look among, different dimensions, or rows that are not finite.

    >>> nearest_among([[1.0], [6.0]], [[0.0], [5.0]])[0]
    array([1., 1.])
    """
    x, y = finite_rows(rows), finite_rows(among)
    if not len(y) or x.shape[1] != y.shape[1]:
        raise ValueError(f"the nearest needs rows of one dimension to look among, not {x.shape} and {y.shape}")
    middle = y.mean(axis=0)
    u, v = x - middle, y - middle
    half = np.einsum("ij,ij->i", v, v) / 2
    own, other = (None if ids is None else np.asarray(ids) for ids in (row_clusters, clusters))
    index = np.zeros(len(x), dtype=np.intp)
    for i in range(0, len(x), ROWS):
        best = np.full(len(u[i : i + ROWS]), np.inf)
        for j in range(0, len(y), COLUMNS):
            tile = half[j : j + COLUMNS] - u[i : i + ROWS] @ v[j : j + COLUMNS].T
            if own is not None and other is not None:
                tile[own[i : i + ROWS, None] == other[None, j : j + COLUMNS]] = np.inf
            here = tile.argmin(axis=1)
            least = tile[np.arange(len(tile)), here]
            index[i : i + ROWS] = np.where(least < best, here + j, index[i : i + ROWS])
            best = np.minimum(best, least)
        if not np.isfinite(best).all():
            raise ValueError("a row has no item of another cluster to look among")
    return np.asarray(np.linalg.norm(x - y[index], axis=1), dtype=np.float64), index


def nearest_sources(
    rows: ArrayLike, among: ArrayLike, clusters: ArrayLike | None = None, *, keep: int
) -> tuple[Floats, NDArray[np.intp]]:
    """The nearest item of each of the ``keep`` nearest clusters of a few rows, nearest first.

    Candidates are found by matrix products, distances taken from differences.

    Args:
        rows: ``(n, d)``, a few.
        among: ``(m, d)``.
        clusters: ``(m,)``: one item a cluster is named. None if each item is a cluster of its own.
        keep: Fewer are given if there are not as many clusters.

    Returns:
        Distances and places in ``among``, ``(n, kept)`` both.

    Raises:
        ValueError: No rows to look among, different dimensions, or rows that are not finite.

    >>> nearest_sources([[1.0]], [[0.0], [1.5], [4.0]], [7, 7, 8], keep=2)[1]
    array([[1, 2]])
    """
    x, y = finite_rows(rows), finite_rows(among)
    if not len(y) or x.shape[1] != y.shape[1]:
        raise ValueError(f"the nearest need rows of one dimension to look among, not {x.shape} and {y.shape}")
    of_item = np.arange(len(y)) if clusters is None else np.asarray(clusters)
    kept = min(keep, len(np.unique(of_item)))
    half = np.einsum("ij,ij->i", y, y) / 2
    index = np.zeros((len(x), kept), dtype=np.intp)
    distances = np.zeros((len(x), kept))
    for number, row in enumerate(x):
        order = np.argsort(half - y @ row, kind="stable")
        firsts = order[np.sort(np.unique(of_item[order], return_index=True)[1])[:kept]]
        exact = np.linalg.norm(y[firsts] - row, axis=1)
        best = np.argsort(exact, kind="stable")
        index[number], distances[number] = firsts[best], exact[best]
    return distances, index


def mann_whitney_z(generated: ArrayLike, held_out: ArrayLike) -> float:
    """Standardised number of pairs in which the generated distance is the larger (Meehan et al. 2020).

    ``(U - (nm/2 - 1/2)) / sqrt(nm (n + m + 1) / 12)``; a tie counts one half.

    Raises:
        ValueError: No distance on a side.

    >>> round(mann_whitney_z(range(10), range(10, 20)), 7)
    -3.7418483
    """
    further, _ = _placements(generated, held_out)
    return _z(float(further.mean()), len(further), np.size(held_out))


def data_copying(
    generated: ArrayLike,
    held_out: ArrayLike,
    generated_cells: Integers,
    held_out_cells: Integers,
    held_out_clusters: ArrayLike | None = None,
    *,
    smallest: int = 20,
) -> Copying:
    """Mean of the cells' statistics, weighted by their shares of held-out items (Meehan et al. 2020).

    The standard error follows from the placements of each item among those of the other side (DeLong et al. 1988),
    summed within clusters, given training set and cells.

    Args:
        generated: ``(n,)`` distance of each item to the training set.
        held_out: ``(m,)``, likewise.
        generated_cells: ``(n,)`` cell of the feature space.
        held_out_cells: ``(m,)``.
        held_out_clusters: ``(m,)`` source item; None for independent items.
        smallest: Generated items that a cell must hold, and held-out ones, to count.

    Raises:
        ValueError: No cell holds enough of both.
    """
    a, b = np.asarray(generated, dtype=np.float64), np.asarray(held_out, dtype=np.float64)
    counting = [
        cell
        for cell in np.unique(generated_cells)
        if min((generated_cells == cell).sum(), (held_out_cells == cell).sum()) >= smallest
    ]
    if not counting:
        raise ValueError(f"no cell holds {smallest} items of both sides")
    total = sum(int((held_out_cells == cell).sum()) for cell in counting)
    influence_a, influence_b = np.zeros(len(a)), np.zeros(len(b))
    value = nearer = 0.0
    for cell in counting:
        mine, theirs = generated_cells == cell, held_out_cells == cell
        n, m = int(mine.sum()), int(theirs.sum())
        further, beyond = _placements(a[mine], b[theirs])
        share, weight = float(further.mean()), m / total
        value += weight * _z(share, n, m)
        nearer += weight * (1 - share)
        slope = weight * n * m / _null_deviation(n, m)
        influence_a[mine] = slope * (further - share) / n
        influence_b[theirs] = slope * (beyond - share) / m
    error = math.hypot(influence_error(influence_a)[0], influence_error(influence_b, held_out_clusters)[0])
    return Copying(value=value, standard_error=error, nearer=nearer, cells=len(counting))


def _placements(generated: ArrayLike, held_out: ArrayLike) -> tuple[Floats, Floats]:
    """For each generated value the share of held-out ones below it, and for each held-out one that of those above."""
    a, b = np.asarray(generated, dtype=np.float64), np.asarray(held_out, dtype=np.float64)
    if not (len(a) and len(b)):
        raise ValueError(f"two sets are compared, not {len(a)} and {len(b)} values")
    sorted_a, sorted_b = np.sort(a), np.sort(b)
    below = (np.searchsorted(sorted_b, a, "left") + np.searchsorted(sorted_b, a, "right")) / (2 * len(b))
    not_above = (np.searchsorted(sorted_a, b, "left") + np.searchsorted(sorted_a, b, "right")) / (2 * len(a))
    return np.asarray(below, dtype=np.float64), np.asarray(1 - not_above, dtype=np.float64)


def _z(share: float, n: int, m: int) -> float:
    return (share * n * m - (n * m / 2 - 0.5)) / _null_deviation(n, m)


def _null_deviation(n: int, m: int) -> float:
    return math.sqrt(n * m * (n + m + 1) / 12)
