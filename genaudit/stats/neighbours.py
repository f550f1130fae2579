"""Who lies in whose nearest-neighbour ball: one pass of bounded memory behind precision, recall, density, coverage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from genaudit.stats.intervals import blocks_of_units
from genaudit.stats.moments import finite_rows
from genaudit.stats.squared_distances import SquaredDistances
from genaudit.values.observations import NeighbourHits, Neighbours

if TYPE_CHECKING:
    from collections.abc import Sequence

TILE = 1024
"""Rows and columns of a tile of distances."""
EXTRA = 16
"""Neighbours kept beyond the largest k, so that radii without a block are mostly known without a second look."""
MARGIN = 4
"""Candidates beyond the neighbours that are kept, so that rounding of products changes none of them."""
NO_BALL = -1.0
"""Squared radius of an item that is left out: no squared distance is below it."""

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nearest:
    """The nearest other rows of the same set."""

    squared: Floats
    """``(n, kept)`` squared distances, ascending."""
    index: NDArray[np.intp]
    """``(n, kept)``: which rows they are."""


def neighbours(  # noqa: PLR0913 - two sets with their clusters
    real: ArrayLike,
    generated: ArrayLike,
    ks: Sequence[int],
    *,
    rng: np.random.Generator,
    real_clusters: ArrayLike | None = None,
    generated_clusters: ArrayLike | None = None,
    blocks: int = 10,
    tile: int = TILE,
) -> Neighbours:
    """Which items lie in which balls, for several k at once (Kynkäänniemi et al. 2019; Naeem et al. 2020).

    Every decision is that of sums of squared differences (see ``squared_distances``): an item is at distance exactly 0
    of its copy, a pair is at the same distance wherever it is looked at, and so a point on a boundary is known to be on
    it. Memory is a few tiles and a few numbers a row.

    Args:
        real: ``(n, d)``.
        generated: ``(m, d)``; compare equally many rows, because all four values depend on n and m.
        ks: Which k.
        rng: Deals generated items out to the blocks of the jackknife.
        real_clusters: ``(n,)`` identifier of the source item; None if rows are independent. A ball reaches to the k-th
            nearest item of another source: renders of one item would make it too small, and with it precision,
            density and coverage of a perfect model.
        generated_clusters: ``(m,)`` identifier of the source item; None for independent draws.
        blocks: How many blocks of generated items are left out, one at a time.
        tile: Rows and columns of a tile; changes time and memory, no result.

    Returns:
        The hits of each k. A k for which too few items are left without a block has no leave-out values.

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
    block = blocks_of_units(len(y), generated_clusters, blocks, rng)
    radii = nearest(x, wanted[-1], clusters=real_clusters, tile=tile).squared
    y_clusters = None if generated_clusters is None else np.asarray(generated_clusters)
    kept = nearest(y, min(wanted[-1] + EXTRA, others_of_each(len(y), y_clusters)), clusters=y_clusters, tile=tile)
    seen = {
        k: _Seen(k, radii[:, k - 1], kept.squared[:, k - 1], _radii_without_blocks(y, y_clusters, kept, k, block))
        for k in wanted
    }
    nearest_of_block = np.full((len(x), int(block.max()) + 1), np.inf)
    pairs = SquaredDistances(x, y)
    reach = radii[:, -1], np.max([each.reach for each in seen.values()], axis=0)
    for rows, columns, about in pairs.tiles(tile):
        # a pair beyond the ball of either of its items changes nothing, for any k
        i, j = np.nonzero(about <= np.maximum(reach[0][rows, None], reach[1][columns]) + pairs.slack)
        squared, i, j = about[i, j], i + rows.start, j + columns.start
        doubtful = np.logical_or.reduce([each.close(i, j, squared, pairs.slack) for each in seen.values()])
        squared[doubtful] = pairs.exact(i[doubtful], j[doubtful])
        np.minimum.at(nearest_of_block, (i, block[j]), squared)
        for each in seen.values():
            each.look(i, j, squared)
    return Neighbours(hits={k: each.hits(nearest_of_block) for k, each in seen.items()})


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
    for span, columns, squared in pairs.tiles(tile):
        squared[of_row[span, None] == of_row[None, columns]] = np.inf
        among = np.concatenate([best[span], squared], axis=1)
        names = np.concatenate([index[span], np.broadcast_to(np.arange(len(of_row))[columns], squared.shape)], axis=1)
        chosen = np.argpartition(among, wide - 1, axis=1)[:, :wide]
        best[span] = np.take_along_axis(among, chosen, axis=1)
        index[span] = np.take_along_axis(names, chosen, axis=1)
    return best, index


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

    def __init__(self, k: int, real_radii: Floats, generated_radii: Floats, without: Floats | None) -> None:
        self.k = k
        self.real_radii = real_radii
        self.generated_radii = generated_radii
        self.without = without
        n, m = len(real_radii), len(generated_radii)
        self.inside_real = np.zeros(m, dtype=np.bool_)
        self.inside_generated = np.zeros(n, dtype=np.bool_)
        self.real_balls = np.zeros(m, dtype=np.int64)
        self.recalled_without = np.zeros((0 if without is None else len(without), n), dtype=np.bool_)

    @property
    def reach(self) -> Floats:
        """``(m,)``: the largest squared radius of a generated item, with or without a block."""
        if self.without is None:
            return self.generated_radii
        return np.asarray(np.maximum(self.generated_radii, self.without.max(axis=0)))

    def close(self, i: Indices, j: Indices, squared: Floats, slack: float) -> NDArray[np.bool_]:
        """Which pairs lie so near to a radius that rounding could decide."""
        radii = [self.real_radii[i], self.generated_radii[j], *(() if self.without is None else self.without[:, j])]
        found: NDArray[np.bool_] = np.logical_or.reduce([np.abs(squared - radius) <= slack for radius in radii])
        return found

    def look(self, i: Indices, j: Indices, squared: Floats) -> None:
        """Take pairs of a real and a generated item in; those that are missing are in nobody's ball."""
        radii = self.real_radii[i]
        self.real_balls += np.bincount(j[squared < radii], minlength=len(self.real_balls))
        self.inside_real[j[squared <= radii]] = True
        self.inside_generated[i[squared <= self.generated_radii[j]]] = True
        for number, recalled in enumerate(self.recalled_without):
            assert self.without is not None  # noqa: S101 - the array of hits is empty otherwise
            recalled[i[squared <= self.without[number, j]]] = True

    def hits(self, nearest_of_block: Floats) -> NeighbourHits:
        """The hits. Distances beyond every ball may be missing, as infinity: they decide nothing."""
        coverage = [
            float((np.delete(nearest_of_block, number, axis=1).min(axis=1) < self.real_radii).mean())
            for number in range(len(self.recalled_without))
        ]
        return NeighbourHits(
            k=self.k,
            inside_real=self.inside_real,
            inside_generated=self.inside_generated,
            real_balls=self.real_balls,
            covered=nearest_of_block.min(axis=1) < self.real_radii,
            recall_without_block=self.recalled_without.mean(axis=1),
            coverage_without_block=np.asarray(coverage, dtype=np.float64),
        )


def _check(x: Floats, y: Floats, ks: list[int]) -> None:
    if x.shape[1] != y.shape[1]:
        raise ValueError(f"distances need features of one dimension, not {x.shape[1]} and {y.shape[1]}")
    if not ks or ks[0] < 1 or ks[-1] >= min(len(x), len(y)):
        raise ValueError(
            f"k lies between 1 and the number of rows less one, not {ks} with {len(x)} real and {len(y)} generated rows"
        )


def _radii_without_blocks(
    y: Floats, clusters: NDArray[np.generic] | None, kept: Nearest, k: int, block: NDArray[np.int64]
) -> Floats | None:
    """``(blocks, m)`` squared distance to the k-th nearest other row outside each block; no ball for rows inside it.

    None if some block leaves too few rows for k neighbours, or if there is one block only.
    """
    sizes = np.bincount(block)
    if len(sizes) < 2 or others_of_each(len(y), clusters) - int(sizes.max()) < k:
        return None
    radii = np.full((len(sizes), len(y)), NO_BALL)
    for number, row in enumerate(radii):
        stays = block != number
        usable = block[kept.index] != number
        # position of the k-th neighbour that stays; all rows that were not kept are at least as far as the last kept
        reached = usable.cumsum(axis=1) >= k
        known = stays & reached[:, -1]
        row[known] = kept.squared[known, reached[known].argmax(axis=1)]
        for item in np.flatnonzero(stays & ~known):
            own = np.arange(len(y)) == item if clusters is None else clusters == clusters[item]
            row[item] = _kth_among(y, int(item), k, stays & ~own)
    return radii


def _kth_among(y: Floats, item: int, k: int, others: NDArray[np.bool_]) -> float:
    squared = SquaredDistances(y[item : item + 1], y[others]).exact_row(0)
    return float(np.partition(squared, k - 1)[k - 1])
