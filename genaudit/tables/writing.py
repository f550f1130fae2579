"""A count table as CSV: small enough to send, with nobody's row in it, and a table that can be audited again."""

from __future__ import annotations

import csv
import io
import re
from itertools import product
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genaudit.values.counts import CountTable

NO_YES = ("no", "yes")
NUMBER = re.compile(r"[+-]\d+(\.\d+)?")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""First signs that make a text a formula in a spreadsheet."""


def counts_csv(table: CountTable) -> str:
    """One line for each combination that somebody is in; the last column says how many.

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
    names = [table.stratum or None, table.group, table.truth or None, table.decision]
    writer.writerow([_guarded(name) for name in names if name is not None] + ["count"])
    for stratum, group, truth, decision in product(*map(range, table.counts.shape)):
        count = float(table.counts[stratum, group, truth, decision])
        values = [table.strata[stratum], table.groups[group], NO_YES[truth], NO_YES[decision]]
        kept = [_guarded(value) for value, name in zip(values, names, strict=True) if name is not None]
        if count:
            writer.writerow([*kept, f"{count:.12g}"])
    return text.getvalue()


def _guarded(text: str) -> str:
    """The text, with a sign before it where it would be a formula; a number is none, and stays the same group."""
    return f"'{text}" if text.startswith(FORMULA) and not NUMBER.fullmatch(text) else text
