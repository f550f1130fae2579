"""Who lies in whose nearest-neighbour ball: one pass of bounded memory behind precision, recall, density, coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genaudit.stats import halvings
from genaudit.stats.moments import finite_rows
from genaudit.stats.squared_distances import SquaredDistances
from genaudit.values.observations import NeighbourHits, Neighbours

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.stats.halvings import Words

TILE = 1024
"""Rows and columns of a tile of distances."""
MARGIN = 4
"""Candidates beyond the neighbours that are kept, so that rounding of products changes none of them."""


Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The nearest other rows of the same set."""

    squared: Floats
    """``(n, kept)`` squared distances, ascending."""
    index: NDArray[np.intp]
    """``(n, kept)``: which rows they are."""


def neighbours(
    real: ArrayLike,
    generated: ArrayLike,
    ks: Sequence[int],
    *,
    rng: np.random.Generator,
    real_clusters: ArrayLike | None = None,
    generated_clusters: ArrayLike | None = None,
    tile: int = TILE,
) -> Neighbours:
    """Which items lie in which balls, for several k at once (Kynkäänniemi et al. 2019; Naeem et al. 2020).

    Every decision is that of sums of squared differences (see ``squared_distances``): an item is at distance exactly 0
    of its copy, a pair is at the same distance wherever it is looked at, and so a point on a boundary is known to be on
    it. Memory is a few tiles and a few dozen numbers a row.

    Args:
        real: ``(n, d)``.
        generated: ``(m, d)``; compare equally many rows, because all four values depend on n and m.
        ks: Which k.
        rng: Draws the halves of generated items from which the spread of recall and coverage is seen.
        real_clusters: ``(n,)`` identifier of the source item; None if rows are independent. A ball reaches to the k-th
            nearest item of another source: renders of one item would make it too small, and with it precision,
            density and coverage of a perfect model.
        generated_clusters: ``(m,)`` identifier of the source item; None for independent draws, of which exact copies
            are then taken for one draw when spread is estimated.
        tile: Rows and columns of a tile; changes time and memory, no result.

    Returns:
        The hits of each k. A k for which half of the generated items is too few has no values of halves.

    Raises:
        ValueError: No k, a k below 1 or not below the number of rows of a side, different dimensions, or rows that
            are not finite.

    >>> rng = np.random.Generator(np.random.Philox(0))
    >>> line = np.arange(10.0)[:, None]
    >>> neighbours(line, line + 1000, [3], rng=rng).hits[3].covered.any()
    np.False_
    """
    x, y, wanted = finite_rows(real), finite_rows(generated), sorted(set(ks))
    _check(x, y, wanted)
    radii = nearest(x, wanted[-1], clusters=real_clusters, tile=tile).squared
    y_clusters = None if generated_clusters is None else np.asarray(generated_clusters)
    others = others_of_each(len(y), y_clusters)
    kept = nearest(y, min(kept_for_halves(wanted[-1]), others), clusters=y_clusters, tile=tile)
    units = _copies(y, kept) if y_clusters is None else np.unique(y_clusters, return_inverse=True)[1]
    member = halvings.halves(len(y), units, rng)
    fewest = int(halvings.items_of_each_half(member).min()) - (len(y) - others)
    seen = [_Seen(k, radii[:, k - 1], kept, member, halved=fewest >= k) for k in wanted]
    pairs = SquaredDistances(x, y)
    for rows, columns, about in pairs.tiles(tile):
        # a pair beyond the ball of either of its items changes nothing, for any k
        i, j = np.nonzero(about <= np.maximum(radii[rows, -1:], kept.squared[None, columns, -1]) + pairs.slack)
        squared, i, j = about[i, j], i + rows.start, j + columns.start
        doubtful = np.logical_or.reduce([each.close(i, j, squared, pairs.slack) for each in seen])
        squared[doubtful] = pairs.exact(i[doubtful], j[doubtful])
        for each in seen:
            each.look(i, j, squared, pairs.slack)
    return Neighbours(hits={each.k: each.hits(units) for each in seen})


def kept_for_halves(k: int) -> int:
    """Neighbours among which half of the items holds k but for one item in ten thousand.

    Such an item's ball is taken for empty in that half.
    """
    return 3 * k + 12


def _copies(y: Floats, kept: Nearest) -> Indices | None:
    """Of each row the number of its distinct row; None if no row occurs twice."""
    twice = np.flatnonzero(kept.squared[:, 0] == 0)
    if not len(twice):
        return None
    units = np.arange(len(y))
    first, same = np.unique(y[twice], axis=0, return_index=True, return_inverse=True)[1:]
    units[twice] = twice[first][same.ravel()]
    return units


def nearest(rows: ArrayLike, keep: int, *, clusters: ArrayLike | None = None, tile: int = TILE) -> Nearest:
    """The ``keep`` nearest rows of other clusters of each row ``(n, d)``, by exact differences.

    A row that occurs twice has its copy as a neighbour at distance 0, unless both are of one cluster.

    Raises:
        ValueError: More neighbours asked for than there are rows of other clusters, or none.

    >>> nearest([[0.0], [1.0], [3.0]], 1).squared.ravel()
    array([1., 1., 4.])
    """
    x = finite_rows(rows)
    others = others_of_each(len(x), clusters)
    if not 1 <= keep <= others:
        raise ValueError(f"{len(x)} rows have 1 to {others} nearest other rows, not {keep}")
    of_row = np.arange(len(x)) if clusters is None else np.asarray(clusters)
    pairs, wide = SquaredDistances(x, x), min(keep + MARGIN, others)
    about, index = _candidates(pairs, of_row, wide, tile)
    squared = pairs.exact(np.repeat(np.arange(len(x)), wide), index.ravel()).reshape(len(x), wide)
    order = np.argsort(squared, axis=1, kind="stable")[:, :keep]
    squared, index = np.take_along_axis(squared, order, axis=1), np.take_along_axis(index, order, axis=1)
    # rows that were left out are at least as far as the last candidate, but for rounding
    for item in np.flatnonzero(squared[:, -1] > np.maximum(about.max(axis=1) - pairs.slack, 0.0)):
        row = pairs.exact_row(int(item))
        row[of_row == of_row[item]] = np.inf
        index[item] = np.argsort(row, kind="stable")[:keep]
        squared[item] = row[index[item]]
    return Nearest(squared=squared, index=index)


def _candidates(
    pairs: SquaredDistances, of_row: NDArray[np.generic], wide: int, tile: int
) -> tuple[Floats, NDArray[np.intp]]:
    """The ``wide`` nearest rows of other clusters by products, in no order: squared distances and indices."""
    best = np.full((len(of_row), wide), np.inf)
    index = np.zeros((len(of_row), wide), dtype=np.intp)
    for rows, columns, squared in pairs.tiles(tile, upper=True):
        squared[of_row[rows, None] == of_row[None, columns]] = np.inf
        _keep(best, index, rows, columns, squared)
        if columns.start > rows.start:
            _keep(best, index, columns, rows, squared.T)
    return best, index


def _keep(best: Floats, index: Indices, rows: slice, columns: slice, squared: Floats) -> None:
    """Put what a tile has nearer than the nearest so far of its rows among them."""
    count, wide = best[rows].shape
    i, j = np.nonzero(squared < best[rows].max(axis=1, keepdims=True))
    place = wide + np.arange(len(i)) - np.searchsorted(i, np.arange(count))[i]  # the hits of a row stand in a row
    among = np.full((count, int(place.max(initial=wide)) + 1), np.inf)
    names = np.zeros(among.shape, dtype=np.intp)
    among[:, :wide], names[:, :wide] = best[rows], index[rows]
    among[i, place], names[i, place] = squared[i, j], j + columns.start
    chosen = np.argpartition(among, wide - 1, axis=1)[:, :wide]
    best[rows] = np.take_along_axis(among, chosen, axis=1)
    index[rows] = np.take_along_axis(names, chosen, axis=1)


def others_of_each(count: int, clusters: ArrayLike | None) -> int:
    """The fewest rows of other clusters that a row has, among ``count`` rows.

    >>> others_of_each(5, None), others_of_each(5, [1, 1, 2, 2, 2])
    (4, 2)
    """
    if clusters is None:
        return count - 1
    return count - int(np.unique(np.asarray(clusters), return_counts=True)[1].max(initial=0))


def expected_coverage(n_real: int, n_generated: int, k: int) -> float:
    """Coverage that a perfect generator shows on average (Naeem et al. 2020, section 3).

    ``1 - Π_{i=1..k} (N - i) / (M + N - i)`` for N real and M generated items: exact for any continuous distribution.

    Raises:
        ValueError: A k outside 1 to ``n_real - 1``, or no generated items.

    >>> round(expected_coverage(100, 50, 5), 7)
    0.8749333
    """
    if not 1 <= k < n_real or n_generated < 1:
        raise ValueError(f"coverage needs 1 <= k < n_real and n_generated >= 1, not {k}, {n_real} and {n_generated}")
    steps = np.arange(1, k + 1)
    return 1.0 - float(np.prod((n_real - steps) / (n_generated + n_real - steps)))


class _Seen:
    """What one k has seen so far."""

    def __init__(self, k: int, real_radii: Floats, kept: Nearest, member: Words, *, halved: bool) -> None:
        self.k = k
        self.real_radii, self.generated_radii = real_radii, kept.squared[:, k - 1]
        self.kept, self.member = kept, member
        self.holds = _halves_that_hold(k, member, kept.index) if halved else None
        n, m = len(real_radii), len(member)
        self.inside_real = np.zeros(m, dtype=np.bool_)
        self.inside_generated, self.strictly_inside_generated = np.zeros(n, dtype=np.bool_), np.zeros(n, dtype=np.bool_)
        self.covered = np.zeros(n, dtype=np.bool_)
        self.real_balls = np.zeros(m, dtype=np.int64)
        self.recalled_by, self.covered_by = np.zeros(n, dtype=np.uint64), np.zeros(n, dtype=np.uint64)

    def close(self, i: Indices, j: Indices, squared: Floats, slack: float) -> NDArray[np.bool_]:
        """Which pairs lie so near to a radius that rounding could decide."""
        found: NDArray[np.bool_] = np.abs(squared - self.real_radii[i]) <= slack
        return found | (np.abs(squared - self.generated_radii[j]) <= slack)

    def look(self, i: Indices, j: Indices, squared: Floats, slack: float) -> None:
        """Take pairs of a real and a generated item in; those that are missing are in nobody's ball."""
        radii = self.real_radii[i]
        strictly = squared < radii
        self.real_balls += np.bincount(j[strictly], minlength=len(self.real_balls))
        self.covered[i[strictly]] = True
        self.inside_real[j[squared <= radii]] = True
        self.inside_generated[i[squared <= self.generated_radii[j]]] = True
        self.strictly_inside_generated[i[squared < self.generated_radii[j]]] = True
        if self.holds is None:
            return
        open_yet = strictly & (self.covered_by[i] != halvings.EVERY_HALF)
        np.bitwise_or.at(self.covered_by, i[open_yet], self.member[j[open_yet]])
        reached = (squared - slack <= self.kept.squared[j, -1]) & (self.recalled_by[i] != halvings.EVERY_HALF)
        i, j, squared = i[reached], j[reached], squared[reached] - slack
        nearer = np.zeros(len(i), dtype=np.intp)
        for ranked in self.kept.squared.T:
            nearer += ranked[j] < squared
        np.bitwise_or.at(self.recalled_by, i, self.holds[j, nearer])

    def hits(self, units: Indices | None) -> NeighbourHits:
        """The hits of all pairs."""
        return NeighbourHits(
            k=self.k,
            inside_real=self.inside_real,
            inside_generated=self.inside_generated,
            strictly_inside_generated=self.strictly_inside_generated,
            real_balls=self.real_balls,
            covered=self.covered,
            recall_of_halves=None if self.holds is None else halvings.halved(self.recalled_by),
            coverage_of_halves=None if self.holds is None else halvings.halved(self.covered_by),
            generated_units=units,
        )


def _halves_that_hold(k: int, member: Words, index: Indices) -> Words:
    """``(m, kept + 1)``: in column t the halves in which an item's ball holds a point with t kept neighbours nearer.

    That is the halves of the item itself that have fewer than k of these t. One word for each number up to k counts in
    all halves at once.
    """
    at_least = [np.zeros(len(member), dtype=np.uint64) for _ in range(k)]
    found = np.empty((len(member), index.shape[1] + 1), dtype=np.uint64)
    found[:, 0] = member
    for nearer, column in enumerate(index.T, start=1):
        for count in range(k - 1, 0, -1):
            at_least[count] |= at_least[count - 1] & member[column]
        at_least[0] |= member[column]
        found[:, nearer] = member & ~at_least[-1]
    return found


def _check(x: Floats, y: Floats, ks: list[int]) -> None:
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"distances need features of one dimension, not {x.shape[1]} and {y.shape[1]}")
    if not ks or ks[0] < 1 or ks[-1] >= min(len(x), len(y)):
        raise ValueError(
            f"k lies between 1 and the number of rows less one, not {ks} with {len(x)} real and {len(y)} generated rows"
        )
