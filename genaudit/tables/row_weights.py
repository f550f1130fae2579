"""How many people a row stands for: what a column of weights may hold, and what it is taken for."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import GenauditError
from genaudit.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from genaudit.tables.cells import Tally

COUNT, SURVEY = "count", "survey"
KINDS = (COUNT, SURVEY)
MOST_COUNTED = 2**53
"""Beyond it a float64 skips whole numbers, and a count is none."""
ROWS = "Rows are counted from 1, below the header."


def check_weights(column: str, values: NDArray[np.float64], *, kind: str = "", before: int = 0) -> None:
    """Nothing, if every row has a weight that it may have.

    Args:
        column: For messages.
        values: ``(rows,)``, NaN where a row has none.
        kind: ``count``: whole numbers alone; ``survey`` or empty: fractions, too.
        before: Rows of the table that were read before these.

    Raises:
        GenauditError: A weight is missing, negative, beyond ``MOST_COUNTED``, or a fraction of a person.
    """
    wrong = ~((values >= 0) & (values <= MOST_COUNTED))
    if kind == COUNT:
        wrong |= values != np.floor(values)
    if wrong.any():
        place = int(np.argmax(wrong))
        raise refused_weight(column, float(values[place]), before + place + 1)


def refused_weight(column: str, value: float, row: int) -> GenauditError:
    """The refusal of a weight that is none."""
    said = f"The weight '{printable(column, 60)}' holds {value:.6g} in row {row:,}"
    if math.isnan(value):
        return GenauditError(
            f"Row {row:,} has no weight in '{printable(column, 60)}'.",
            f"Give each row a number; 0 leaves a row out. {ROWS}",
        )
    if value < 0:
        return GenauditError(
            f"{said}, and nobody can be there less than 0 times.", f"Counts and weights are 0 or more. {ROWS}"
        )
    if value > MOST_COUNTED:
        return too_many_counted(f"The weight '{printable(column, 60)}' holds {value:.3g} in row {row:,}")
    return GenauditError(
        f"{said}, and --weight-kind count takes whole numbers of people.",
        f"Mend the row, or write --weight-kind survey if these are survey weights. {ROWS}",
    )


def too_many_counted(said: str) -> GenauditError:
    """The refusal of weights that no float64 adds up exactly."""
    return GenauditError(
        f"{said}, and at most {MOST_COUNTED:,} people can be counted exactly.",
        "Mend the column, or divide survey weights by one number: their scale changes no share.",
    )


def weighs_people(column: str, kind: str, tallies: Sequence[Tally]) -> tuple[bool, list[str]]:
    """Whether weights weigh people instead of counting them, and what a reader must know of that.

    What was not declared is told by the numbers: fractions weigh, whole numbers count.

    Raises:
        GenauditError: All weights are 0, or add up to more than can be counted.
    """
    if not column:
        return False, []
    total, rows = sum(tally.weight for tally in tallies), sum(tally.rows for tally in tallies)
    if total <= 0:
        raise GenauditError(f"The weights in '{column}' are all 0.", "Give a column of counts or weights.")
    if total > MOST_COUNTED:
        raise too_many_counted(f"The weights in '{column}' add up to {total:.3g}")
    name = printable(column, 60)
    shares = (
        "shares are weighted, and intervals are as wide as those of the people that the weights are worth (Kish's "
        f"effective size; {rows:,} rows)"
    )
    if kind == SURVEY:
        return True, [f"'{name}' was declared a survey weight: {shares}."]
    whole = all(tally.weight.is_integer() and tally.squares.is_integer() for tally in tallies)
    if not whole:
        weighed = (
            f"'{name}' holds fractions, so it weighs people and does not count them: {shares}. --weight-kind survey "
            "says so, and --weight-kind count refuses fractions."
        )
        return True, [weighed]
    if kind == COUNT or total == rows or rows == len(tallies):  # as said, or each a person, or a table somebody counted
        return False, []
    counted = (
        f"'{name}' holds whole numbers, taken as counts: {rows:,} rows stand for {total:,.0f} people. If they are "
        "survey weights, all intervals are too narrow: say so with --weight-kind survey."
    )
    return False, [counted]
