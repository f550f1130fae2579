"""The distinct combinations of a table's values with their counts: all that is kept of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError
from genaudit.values.sorting import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.tables.score_scale import ScoreScale  # noqa: TC004 - an annotation of a field, read by nothing

Key = tuple["str | None", ...]

NOTHING = frozenset({"", "na", "n/a", "nan", "null", "<na>", "nat", "#n/a"})
"""Texts, in lower case, that stand for a missing value."""
MOST_CELLS = 200_000
"""More combinations than a table of groups, truth, decision and strata has: a name or a number was given as a group."""

_WHOLE = re.compile(r"(-?\d+)\.0+")


@dataclass(frozen=True, slots=True)
class Tally:
    """What is known of one combination."""

    rows: int
    weight: float
    squares: float
    """Sum of the squared weights, for the effective size of a weighted sample."""
    scores: float = 0.0
    """Weighted sum of the scores, if the table has any."""
    score_squares: float = 0.0
    """Weighted sum of their squares."""

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.rows + other.rows,
            self.weight + other.weight,
            self.squares + other.squares,
            self.scores + other.scores,
            self.score_squares + other.score_squares,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """Counts by the values of some columns."""

    keys: tuple[str, ...]
    """Names of the columns."""
    tallies: Mapping[Key, Tally]
    """Values as texts, in the order of ``keys``, None where one is missing; of a score the number of its cell."""
    scale: ScoreScale | None = None
    """The cells of the score; None if the table was read without one."""

    @property
    def rows(self) -> int:
        """Rows of the table that was read."""
        return sum(tally.rows for tally in self.tallies.values())

    def values(self, column: str) -> list[str]:
        """The distinct values of a column, sorted as people sort: numbers by size, missing ones left out."""
        place = self.keys.index(column)
        found = {key[place] for key in self.tallies}
        return sorted((value for value in found if value is not None), key=sort_key)


def cells_of(keys: tuple[str, ...], counted: Iterable[tuple[Key, Tally]], scale: ScoreScale | None = None) -> Cells:
    """Cells from combinations as they were read; those that mean the same are added up.

    Raises:
        GenauditError: There are more combinations than a table of groups has.

    >>> cells = cells_of(("sex",), [((" f",), Tally(1, 1, 1)), (("f",), Tally(2, 2, 2)), (("NA",), Tally(1, 1, 1))])
    >>> {key: tally.rows for key, tally in cells.tallies.items()}
    {('f',): 3, (None,): 1}
    """
    tallies: dict[Key, Tally] = {}
    for raw, tally in counted:
        key = tuple(map(normalised, raw))
        known = tallies.get(key)
        tallies[key] = tally if known is None else known + tally
        if len(tallies) > MOST_CELLS:
            raise too_many_cells(keys, tallies)
    return Cells(keys=keys, tallies=tallies, scale=scale)


def normalised(value: str | None) -> str | None:
    """A value as it is told apart from others: trimmed, whole numbers without decimals, None if it is missing.

    >>> normalised(" a "), normalised("1.0"), normalised("NaN"), normalised("01")
    ('a', '1', None, '01')
    """
    if value is None:
        return None
    text = value.strip()
    if text.casefold() in NOTHING:
        return None
    whole = _WHOLE.fullmatch(text)
    return whole[1] if whole else text


def too_many_cells(keys: tuple[str, ...], tallies: Iterable[Key] = ()) -> GenauditError:
    """The refusal of columns that tell single people apart; the column with most values is named."""
    listed = list(tallies)
    widest = max(range(len(keys)), key=lambda place: len({key[place] for key in listed}), default=0)
    return GenauditError(
        f"The columns {', '.join(keys)} make more than {MOST_CELLS:,} combinations, and '{keys[widest]}' has most "
        "values: it looks like a name, a number or a date, not like a group.",
        "Give columns with few values each, or put values into classes first.",
    )
