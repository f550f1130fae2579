"""A table before it is read: its columns are known at once, its rows are counted when asked."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from genaudit.errors import GenauditError
from genaudit.values.printable import printable

if TYPE_CHECKING:
    import pandas as pd

    from genaudit.tables.cells import Cells
    from genaudit.tables.columns import TableColumns

Progress = Callable[[int], None]
"""Is told how many more rows were read."""


class TableSource(Protocol):
    """A table somewhere."""

    @property
    def facts(self) -> TableFacts:
        """What is known of it without reading its rows."""

    def digest(self) -> str:
        """SHA-256 of the file, or of the columns that were given."""

    def read(self, columns: TableColumns, progress: Progress) -> Cells:
        """Count the rows by the values of ``columns.keys``.

        Raises:
            GenauditError: The table is damaged, or a column holds what it may not hold.
        """

    def rows(self, names: tuple[str, ...]) -> pd.DataFrame:
        """Some columns of every row, in that order.

        Raises:
            GenauditError: The table is damaged, or has no rows but counts.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFacts:
    """Name, columns and origin of a table."""

    name: str
    columns: tuple[str, ...]
    how: str
    """How it is read, in words: ``CSV, read by DuckDB``."""
    summary: str = ""
    source: str = ""
    """Publication or file."""
    caveats: tuple[str, ...] = ()
    weight: str = ""
    """The column of counts, where the table itself says so."""
    as_read: bool = False
    """Whether groups and labels are what a reader saw, whose errors are still in the counts: nothing is judged then."""


def check_columns(facts: TableFacts, columns: TableColumns) -> None:
    """Nothing, if every named column exists, once, and has one role.

    Raises:
        GenauditError: All that is wrong, in one message.
    """
    wrong = []
    for name in columns.named:
        times = facts.columns.count(name)
        if times == 0:
            near = difflib.get_close_matches(name, facts.columns, n=1)
            question = f" Did you mean '{_shown(near[0])}'?" if near else ""
            wrong.append(f"No column '{_shown(name)}' in {facts.name}.{question}")
        elif times > 1:
            wrong.append(f"{facts.name} has {times} columns '{_shown(name)}': rename all but one.")
    if any(facts.columns.count(name) == 0 for name in columns.named):
        wrong.append(f"Its columns: {_listed(facts.columns)}.")
    roles = [*columns.group, *columns.strata, columns.truth, columns.decision, columns.score, columns.weight]
    given = [name for name in roles if name]
    twice = list(dict.fromkeys(name for name in given if given.count(name) > 1))
    once = [name for name in twice if columns.group.count(name) == given.count(name)
            or columns.strata.count(name) == given.count(name)]  # fmt: skip
    wrong += [f"Column '{_shown(name)}' was named twice for one role: name it once." for name in once]
    wrong += [f"Column '{_shown(name)}' was given two roles; every role needs a column of its own."
              for name in twice if name not in once]  # fmt: skip
    if wrong:
        raise GenauditError(" ".join(wrong))


def not_a_number(column: str, text: str, *, row: int) -> GenauditError:
    """The refusal of a weight or score that is no finite number, with its row."""
    return GenauditError(
        f"Column '{_shown(column)}' holds '{printable(text, 40)}' in row {row:,}, which is not a finite number.",
        "Mend the column, name another, or use --decision for a column of labels. Rows are counted from 1, below the "
        "header.",
    )


def _shown(name: str) -> str:
    return printable(name, 60)


def _listed(names: tuple[str, ...], most: int = 30) -> str:
    more = f", … {len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(map(_shown, names[:most])) + more
