"""A count table as CSV: small enough to send, with nobody's row in it, and a table that can be audited again."""

from __future__ import annotations

import csv
import io
from itertools import product
from typing import TYPE_CHECKING

from genaudit.tables.guarding import guarded

if TYPE_CHECKING:
    from genaudit.values.counts import CountTable

NO_YES = ("no", "yes")


def counts_csv(table: CountTable) -> str:
    """One line for each combination that somebody is in; the last column says how many.

    Audited again with the same columns it gives the same count table: every column of groups and of strata is one of
    its own, and names that a spreadsheet would take for formulas are guarded so that reading takes the guard away.

    >>> import numpy as np
    >>> from genaudit.values.counts import CountTable
    >>> counts = np.array([[[[1.0, 0], [0, 2]]]])
    >>> table = CountTable(group="sex", groups=("f",), truth="ill", decision="treated", counts=counts)
    >>> print(counts_csv(table), end="")
    sex,ill,treated,count
    f,no,no,1
    f,yes,yes,2
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    held, strata = _columns(table.held, table.levels, table.stratum, table.strata)
    crossed, groups = _columns(table.crossed, table.group_levels, table.group, table.groups)
    truth = [table.truth] if table.truth else []
    writer.writerow([guarded(name) for name in (*held, *crossed, *truth, table.decision)] + ["count"])
    for stratum, group, true, decision in product(*map(range, table.counts.shape)):
        count = float(table.counts[stratum, group, true, decision])
        values = [*strata[stratum], *groups[group], *([NO_YES[true]] if truth else []), NO_YES[decision]]
        if count:
            writer.writerow([*map(guarded, values), f"{count:.12g}"])
    return text.getvalue()


def _columns(
    names: tuple[str, ...], levels: tuple[tuple[str, ...], ...], name: str, joined: tuple[str, ...]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """The columns that make a level, and its value in each; one column where the parts are not told apart."""
    if names and len(set(levels)) == len(levels):
        return names, levels
    return ((name,), tuple((level,) for level in joined)) if name else ((), tuple(() for _ in joined))
