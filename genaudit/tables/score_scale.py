"""Where scores are told apart: bins that can be read, and bounds at which something is decided."""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError
from genaudit.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from genaudit.tables.columns import TableColumns

PROBABILITY, RANK = "probability", "rank"
SCORE_KINDS = (PROBABILITY, RANK)
MOST_VALUES = 20
"""Different scores that are bins of their own; more are put into ``BINS`` bins."""
BINS = 10
TENTHS = tuple(place / BINS for place in range(1, BINS))
LABELS_AT_MOST = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreSpread:
    """What must be known of all scores before any is counted."""

    low: float
    high: float
    values: tuple[float, ...] = ()
    """All of them, rising, if they are at most ``MOST_VALUES``; else empty."""
    tenths: tuple[float, ...] = ()
    """Nine scores that cut the people into ten equal parts, where bins of equal width would say nothing."""

    @property
    def within_one(self) -> bool:
        """Whether all lie in [0, 1]."""
        return self.low >= 0 and self.high <= 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreScale:
    """Cells of scores, and the bins that they make."""

    bounds: tuple[float, ...]
    """Lowest score of each cell but the first; rising."""
    bins: tuple[int, ...]
    bin_names: tuple[str, ...]
    first_yes: int
    """The cell from which on the decision is yes."""
    probabilities: bool
    declared: bool
    distinct: bool

    @property
    def yes(self) -> frozenset[str]:
        """The cells whose decision is yes, as keys name them."""
        return frozenset(map(str, range(self.first_yes, len(self.bounds) + 1)))


def scale_of(spread: ScoreSpread, columns: TableColumns) -> ScoreScale:
    """The cells of a score.

    >>> from genaudit.tables.columns import TableColumns
    >>> columns = TableColumns(group=("g",), score="risk", threshold=0.5)
    >>> scale = scale_of(ScoreSpread(low=0.01, high=0.98), columns)
    >>> scale.bin_names[6], scale.probabilities, scale.first_yes
    ('0.6 to 0.7', True, 5)
    """
    edges, names = _bins(spread, rank=columns.score_kind == RANK)
    threshold = float(columns.threshold or 0.0)
    bounds = tuple(sorted({*edges, threshold, *columns.cuts}))
    return ScoreScale(
        bounds=bounds,
        bins=tuple(bisect_right(edges, lowest) for lowest in (-math.inf, *bounds)),
        bin_names=names,
        first_yes=bounds.index(threshold) + 1,
        probabilities=columns.score_kind == PROBABILITY or (not columns.score_kind and spread.within_one),
        declared=bool(columns.score_kind),
        distinct=bool(spread.values),
    )


def _bins(spread: ScoreSpread, *, rank: bool) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Lowest score of each bin but the first, and what each is called."""
    if spread.values:
        return spread.values[1:], _told_apart(spread.values)
    if spread.within_one and not (rank and spread.tenths):
        return TENTHS, tuple(f"{place / BINS:g} to {(place + 1) / BINS:g}" for place in range(BINS))
    edges = tuple(sorted({edge for edge in spread.tenths if spread.low < edge}))
    shown = _told_apart((spread.low, *edges, spread.high))
    return edges, tuple(f"{shown[place]} to {shown[place + 1]}" for place in range(len(edges) + 1))


def _told_apart(numbers: Sequence[float]) -> tuple[str, ...]:
    """Numbers with as few digits as tell neighbours apart."""
    for digits in (3, 4, 6, 9, 12):
        shown = tuple(f"{number:.{digits}g}" for number in numbers)
        if len({*shown}) == len({*numbers}):
            return shown
    return tuple(map(repr, numbers))


def spread_of(scores: NDArray[np.float64], weights: NDArray[np.float64]) -> ScoreSpread:
    """The spread of scores in memory, each with the weight of its people; NaN where there is none.

    >>> import numpy as np
    >>> spread_of(np.array([3.0, 1, 2, 2, np.nan]), np.ones(5)).values
    (1.0, 2.0, 3.0)
    """
    import numpy as np

    known = ~np.isnan(scores)
    values, place = np.unique(scores[known] + 0.0, return_inverse=True)
    if not len(values):
        return ScoreSpread(low=0.0, high=0.0)
    low, high = float(values[0]), float(values[-1])
    if len(values) <= MOST_VALUES:
        return ScoreSpread(low=low, high=high, values=tuple(values.tolist()))
    below = np.cumsum(np.bincount(place, weights[known]))
    tenths = values[np.searchsorted(below, np.array(TENTHS) * below[-1])]
    return ScoreSpread(low=low, high=high, tenths=tuple(tenths.tolist()))


def check_scores(column: str, distinct: int) -> None:
    """Nothing, if a score has the values of a score and not of a label.

    Raises:
        GenauditError: It has two values at most.
    """
    if distinct <= LABELS_AT_MOST:
        raise GenauditError(
            f"The score '{column}' has {distinct} different values, so it is a label and not a score.",
            f"Write --decision {column}, without --score and --threshold.",
        )


def check_probabilities(column: str, scores: NDArray[np.float64], *, kind: str, before: int = 0) -> None:
    """Nothing, if scores that were declared probabilities lie in [0, 1].

    Raises:
        GenauditError: One does not; with its row.
    """
    wrong = (scores < 0) | (scores > 1)
    if kind == PROBABILITY and wrong.any():
        place = int(wrong.argmax())
        raise no_probability(column, float(scores[place]), before + place + 1)


def no_probability(column: str, value: float, row: int) -> GenauditError:
    """The refusal of a score that was declared a probability and is none."""
    return GenauditError(
        f"The score '{printable(column, 60)}' holds {value:.6g} in row {row:,}, and --score-kind probability takes "
        "numbers from 0 to 1.",
        "Mend the row, divide percentages by 100, or write --score-kind rank if only the order of scores means "
        "something. Rows are counted from 1, below the header.",
    )


def no_scores(table: str, column: str) -> GenauditError:
    """The refusal of a score where there are labels alone."""
    return GenauditError(
        f"{table} holds labels and counts, and '{printable(column, 60)}' is no score.",
        "Name a column with --decision, without --score and --threshold.",
    )
