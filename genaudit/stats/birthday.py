"""The birthday paradox: how many different things there are, from how often two of them coincide."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import distance

from genaudit.stats.moments import finite_rows
from genaudit.stats.units import unit_numbers

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

TILE = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Coincidences:
    """Pairs of rows that count as the same."""

    pairs: int
    possible: int
    """Pairs that were looked at."""
    relative_error: float
    """Standard error of the share of pairs over that share, from row means of the U-statistic; 0 without pairs."""

    @property
    def support(self) -> float:
        """How many equally likely things would coincide as often; infinite without a coincidence."""
        return self.possible / self.pairs if self.pairs else math.inf


def chance_of_coincidence(support: int, sample: int) -> float:
    """Probability that two of ``sample`` draws from ``support`` equally likely things are the same.

    Raises:
        ValueError: A support below 1 or a negative sample.

    >>> round(chance_of_coincidence(365, 23), 7)
    0.5072972
    """
    if support < 1 or sample < 0:
        raise ValueError(f"draws need a support of at least 1 and a sample of at least 0, not {support} and {sample}")
    if sample > support:
        return 1.0
    return -math.expm1(float(np.log1p(-np.arange(sample) / support).sum()))


def even_chance_sample(support: int) -> int:
    """The smallest sample in which two are the same with a probability of one half or more.

    >>> even_chance_sample(365), even_chance_sample(1000)
    (23, 38)
    """
    sample = max(int(math.sqrt(2 * math.log(2) * support)) - 1, 1)
    while chance_of_coincidence(support, sample) < 0.5:
        sample += 1
    return sample


def support_of_even_chance(sample: float) -> float:
    """The support for which a sample has an even chance of a coincidence: ``s² / (2 ln 2)``, about 0.72 s².

    Arora and Zhang 2017 quote ``s²`` as the rule of thumb, which is an upper one.

    >>> round(support_of_even_chance(400))
    115416
    """
    return sample**2 / (2 * math.log(2))


def coincidences(rows: ArrayLike, threshold: float, clusters: ArrayLike | None = None) -> Coincidences:
    """Pairs of rows ``(n, d)`` at a distance of at most ``threshold``; pairs of one cluster are not looked at.

    Raises:
        ValueError: Fewer than 2 rows or clusters, a negative threshold, or rows that are not finite.

    >>> coincidences([[0.0], [0.1], [5.0]], 1.0).support
    3.0
    """
    x = finite_rows(rows)
    index = unit_numbers(len(x), clusters)
    if not threshold >= 0 or len(index) != len(x) or index.max(initial=0) < 1:
        raise ValueError(
            f"pairs need 2 rows of different clusters and a threshold from 0, not {len(x)} and {threshold}"
        )
    near = np.zeros(len(x))
    for i in range(0, len(x), TILE):
        for j in range(i, len(x), TILE):
            other = index[i : i + TILE, None] != index[None, j : j + TILE]
            squared = distance.cdist(x[i : i + TILE], x[j : j + TILE], "sqeuclidean")
            same = (squared <= threshold**2) & other
            near[i : i + TILE] += same.sum(axis=1)
            if j > i:  # a tile off the diagonal serves both of its sides
                near[j : j + TILE] += same.sum(axis=0)
    partners = len(x) - np.bincount(index)[index]
    return Coincidences(
        pairs=int(near.sum()) // 2,
        possible=int(partners.sum()) // 2,
        relative_error=_relative_error(near, partners, index),
    )


def _relative_error(near: NDArray[np.float64], partners: NDArray[np.integer], index: NDArray[np.integer]) -> float:
    total = float(near.sum())
    if not total:
        return 0.0
    influence = np.bincount(index, weights=2 * (near / total - partners / partners.sum()))
    return math.sqrt(len(influence) / (len(influence) - 1) * float(influence @ influence))
