"""Fewer items than a drawn set holds: some of them by chance, since files often lie sorted by class."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    from genaudit.plugin.capabilities import DrawnSamples


def subset_places(seed: int, items: int, count: int) -> NDArray[np.int64]:
    """Places ``(count,)`` of the items that are looked at, drawn without replacement by the seed, ascending.

    >>> subset_places(0, 4, 4).tolist()
    [0, 1, 2, 3]
    >>> subset_places(0, 1000, 3).tolist() == subset_places(0, 1000, 3).tolist()
    True
    """
    return np.sort(generator(seed, "items-of-a-drawn-set").permutation(items)[:count])


@dataclass(frozen=True)
class DrawnSubset:
    """A ``DrawnSamples`` of some items of another, by number."""

    whole: Any
    places: NDArray[np.int64]
    """``(n,)`` ascending."""
    items: int
    """Of the whole."""

    @property
    def digest(self) -> str:
        """SHA-256 of the items of the whole set."""
        return str(self.whole.digest)

    def drawn(self, start: int, count: int) -> NDArray[np.uint8] | NDArray[np.float64]:
        """Items ``start`` to ``start + count`` of those that were chosen; neighbours are read together."""
        chosen = self.places[start : start + count]
        runs = np.split(chosen, np.flatnonzero(np.diff(chosen) != 1) + 1)
        return np.concatenate([self.whole.drawn(int(run[0]), len(run)) for run in runs])


@dataclass(frozen=True)
class LabelledSubset(DrawnSubset):
    """The same of a ``LabelledSamples``."""

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        found: tuple[str, ...] = self.whole.classes
        return found

    def labels(self, start: int, count: int) -> NDArray[np.int64]:
        """Labels of items ``start`` to ``start + count`` of those that were chosen."""
        every = np.asarray(self.whole.labels(0, self.items))
        labels: NDArray[np.int64] = every[self.places[start : start + count]]
        return labels


def subset_of(drawn: DrawnSamples, *, items: int, count: int, seed: int, labelled: bool) -> DrawnSamples:
    """``count`` items of a set that holds so many; the set itself if that is all.

    Args:
        drawn: The set.
        items: How many it holds; 0 if it has no end.
        count: How many are looked at.
        seed: The run's; it alone decides which.
        labelled: Whether the set is a ``LabelledSamples``.
    """
    if not items or count >= items:
        return drawn
    kind = LabelledSubset if labelled else DrawnSubset
    return kind(drawn, subset_places(seed, items, count), items)
