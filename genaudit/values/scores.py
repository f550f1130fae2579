"""Counts of scores: how many people of each group and truth lie between which scores, and nobody's score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreCounts:
    """Counts of group × truth × cell of a score, with the sums that means need.

    A cell holds the scores from one bound up to below the next. Cells end at the edges of the bins, at the threshold of
    the decision and where another declared action becomes the cheapest, so each bin is made of whole cells.

    Raises:
        ValueError: Shapes that do not fit each other, bounds that do not rise, or sums that are not finite.

    >>> counts = ScoreCounts(
    ...     score="risk", bounds=(0.5,), bins=(0, 1), bin_names=("0 to 0.5", "0.5 to 1"), probabilities=True,
    ...     people=np.array([[[8.0, 2], [1, 9]]]), sums=np.array([[[2.0, 1.4], [0.4, 7.0]]]),
    ...     square_sums=np.array([[[0.6, 1.0], [0.2, 5.6]]]),
    ... )
    >>> counts.binned(counts.people)[0].tolist()  # rows: truth no, yes; columns: bins
    [[8.0, 2.0], [1.0, 9.0]]
    """

    score: str
    """Name of the column."""
    bounds: tuple[float, ...]
    """``(cells - 1,)``: lowest score of each cell but the first; rising."""
    bins: tuple[int, ...]
    """``(cells,)``: the bin that each cell is a part of."""
    bin_names: tuple[str, ...]
    """``0.6 to 0.7``, or the one score that a bin holds."""
    probabilities: bool
    """Whether a score is meant as the probability of truth = yes; then all lie in [0, 1]."""
    people: NDArray[np.float64]
    """``(groups, 2, cells)``, truth in the order no, yes; rows may be weighted. Without a truth all are under no."""
    sums: NDArray[np.float64]
    """Sums of the scores, of the same shape and weighted alike."""
    square_sums: NDArray[np.float64]
    """Sums of their squares."""
    weight_squares: NDArray[np.float64] | None = None
    """Sums of squared weights; None if not weighted."""
    declared: bool = False
    """Whether somebody said what the scores are; else their range decided."""
    distinct: bool = False
    """Whether each bin is one score, because there are few."""

    def __post_init__(self) -> None:
        cells = len(self.bounds) + 1
        shapes = {self.people.shape, self.sums.shape, self.square_sums.shape}
        shapes |= {self.weight_squares.shape} if self.weight_squares is not None else set()
        if len(shapes) != 1 or self.people.shape[1:] != (2, cells) or len(self.bins) != cells:
            raise ValueError(f"counts of {cells} cells of shape (groups, 2, {cells}) are needed, not {shapes}")
        if list(self.bins) != sorted(self.bins) or set(self.bins) != set(range(len(self.bin_names))):
            raise ValueError("every bin has a name and is made of neighbouring cells")
        if not (np.diff(self.bounds) > 0).all():
            raise ValueError("bounds of cells rise")
        kept = (self.people, self.sums, self.square_sums)
        if not all(np.isfinite(part).all() for part in kept) or (self.people < 0).any():
            raise ValueError("counts and sums are finite, and counts not negative")

    def binned(self, cells: NDArray[np.float64]) -> NDArray[np.float64]:
        """``(…, cells)`` added up to ``(…, bins)``."""
        starts = [self.bins.index(number) for number in range(len(self.bin_names))]
        return np.asarray(np.add.reduceat(cells, starts, axis=-1), dtype=np.float64)

    def between(self, low: float, high: float) -> NDArray[np.bool_] | None:
        """``(cells,)``: which cells hold the probabilities from ``low`` up to below ``high``, 1 with its end.

        None if no cell ends there, so that nobody can tell who lies within.

        >>> one = np.zeros((1, 2, 2))
        >>> counts = ScoreCounts(score="s", bounds=(0.5,), bins=(0, 1), bin_names=("a", "b"), probabilities=True,
        ...                      people=one, sums=one, square_sums=one)
        >>> counts.between(0.5, 1.0).tolist()
        [False, True]
        """
        for edge in (low, high):
            if 0 < edge < 1 and edge not in self.bounds:
                return None
        lows = np.array([-np.inf, *self.bounds])
        highs = np.array([*self.bounds, np.inf])
        above = lows >= low if low > 0 else np.ones(len(lows), dtype=bool)
        return np.asarray(above & (highs <= high if high < 1 else True), dtype=np.bool_)
