"""Independent units: what the sum of influences may be off by, and blocks that keep units whole. No scipy here."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

STRATUM = 10
"""Neighbouring units, in the order of their strata, whose spread counts as sampling error."""


def unit_numbers(count: int, clusters: ArrayLike | None) -> NDArray[np.intp]:
    """Number of the unit that each of ``count`` items belongs to: its cluster, or itself if items are independent.

    >>> unit_numbers(3, ["b", "a", "b"]), unit_numbers(3, None)
    (array([1, 0, 1]), array([0, 1, 2]))
    """
    return np.arange(count) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]


def some_places(count: int, most: int, rng: np.random.Generator) -> NDArray[np.int64]:
    """Places of all of ``count`` items, or of ``most`` of them drawn at random, ascending; 0 for all.

    The first items would be no sample of a set whose files are sorted by class.

    >>> some_places(3, 5, np.random.Generator(np.random.PCG64(0))).tolist()
    [0, 1, 2]
    """
    return np.arange(count) if count <= most or not most else np.sort(rng.permutation(count)[:most])


def independent_units(count: int, clusters: ArrayLike | None) -> int:
    """How many units ``count`` items are: the number of clusters, or of items if these are independent.

    >>> independent_units(3, [7, 3, 7]), independent_units(3, None)
    (2, 3)
    """
    return count if clusters is None else len(np.unique(np.asarray(clusters)))


def influence_error(
    influences: ArrayLike, clusters: ArrayLike | None = None, strata: ArrayLike | None = None
) -> tuple[float, int]:
    """Standard error of a sum of centred influences ``(n,)``, and the number of independent units behind it.

    Args:
        influences: What each item adds to the deviation of a statistic from its expectation, with mean zero.
        clusters: ``(n,)`` identifier of the unit an item belongs to; None if items are independent.
        strata: ``(n,)`` codes whose shares were fixed when the set was drawn, see ``blocks_of_units``: what differs
            between strata is then no sampling error, and only the spread among neighbouring units counts.

    Raises:
        ValueError: Fewer than two units.
    """
    parts = np.asarray(influences, dtype=np.float64)
    if clusters is not None:
        parts = cluster_sums(parts, clusters)
    units = len(parts)
    if units < 2:
        raise ValueError(f"a standard error needs at least 2 independent units, not {units}")
    if strata is None:
        return math.sqrt(units / (units - 1) * float(parts @ parts)), units
    ordered = parts[np.argsort(unit_means(strata, clusters), kind="stable")]
    groups = np.array_split(ordered, max(1, units // STRATUM))
    variance = sum(len(group) / (len(group) - 1) * float(((group - group.mean()) ** 2).sum()) for group in groups)
    return math.sqrt(variance), units


def cluster_sums(values: ArrayLike, clusters: ArrayLike) -> NDArray[np.float64]:
    """Sum of values ``(n,)`` within each cluster, in the order of the sorted identifiers.

    >>> cluster_sums([1.0, 2.0, 4.0], [7, 3, 7])
    array([2., 5.])
    """
    weights, index = np.asarray(values, dtype=np.float64), np.unique(np.asarray(clusters), return_inverse=True)[1]
    if len(weights) != len(index):
        raise ValueError(f"{len(weights)} values need as many cluster identifiers, not {len(index)}")
    return np.bincount(index, weights=weights).astype(np.float64)


def jackknife_error(left_out: Sequence[float] | NDArray[np.float64]) -> float:
    """Delete-block jackknife standard error from the statistic's values with one block left out each.

    ``sqrt((B - 1) / B · sum((v_b - mean v)²))`` (Efron and Tibshirani 1993, eq. 11.5).

    Raises:
        ValueError: Fewer than two blocks.

    >>> round(jackknife_error([1.0, 2.0, 3.0]), 6)
    1.154701
    """
    values = np.asarray(left_out, dtype=np.float64)
    if len(values) < 2:
        raise ValueError(f"a jackknife needs at least 2 blocks, not {len(values)}")
    deviations = values - values.mean()
    return math.sqrt((len(values) - 1) / len(values) * float(deviations @ deviations))


def blocks_of_units(
    count: int,
    clusters: ArrayLike | None,
    blocks: int,
    rng: np.random.Generator,
    strata: ArrayLike | None = None,
) -> NDArray[np.int64]:
    """Block number of each of ``count`` items: whole clusters, in random order, blocks of almost equal size.

    The order is random because rows are often sorted: contiguous blocks of a class-sorted set would each leave out a
    class, and interleaved ones would hide the spread between classes.

    A set that was drawn with fixed shares of some strata varies less than a random one. Its blocks are dealt likewise:
    units are sorted by their mean stratum code, and each run of ``blocks`` units gives one to every block. Codes of two
    attributes with fixed joint shares may be ``first * 2 + second``: units are then alike in the first, and among those
    in the second.

    Returns:
        ``(count,)`` integers from 0 to the number of blocks, which is at most the number of clusters.

    Raises:
        ValueError: Fewer than two blocks asked for, or as many cluster identifiers as items are not given.
    """
    if blocks < 2:
        raise ValueError(f"a jackknife needs at least 2 blocks, not {blocks}")
    units = unit_numbers(count, clusters)
    if len(units) != count:
        raise ValueError(f"{count} items need as many cluster identifiers, not {len(units)}")
    number = int(units.max(initial=-1)) + 1
    if strata is None:
        return np.asarray((rng.permutation(number) % blocks)[units], dtype=np.int64)
    order = np.lexsort((rng.random(number), unit_means(strata, clusters)))
    of_unit = np.empty(number, dtype=np.int64)
    for start in range(0, number, blocks):
        run = order[start : start + blocks]
        of_unit[run] = rng.permutation(min(blocks, number))[: len(run)]
    return of_unit[units]


def unit_means(strata: ArrayLike, clusters: ArrayLike | None) -> NDArray[np.float64]:
    """Mean stratum code of each unit, in the order of the sorted identifiers.

    >>> unit_means([1, 2, 4], [7, 3, 7])
    array([2. , 2.5])
    """
    codes = np.asarray(strata, dtype=np.float64)
    if clusters is None:
        return codes
    sums = cluster_sums(codes, clusters)
    return np.asarray(sums / cluster_sums(np.ones(len(codes)), clusters), dtype=np.float64)
