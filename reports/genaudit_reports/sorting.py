"""By what the cells of a table are sorted, where a script may: numbers by their value, never by their digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from genaudit_reports.number_format import MINUS, THIN

if TYPE_CHECKING:
    from collections.abc import Sequence

_DIGITS = "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079"
_NUMBER = re.compile(rf"[(<]?\s*([{MINUS}-]?\d(?:[\d{THIN}]*\d)?(?:\.\d+)?)(?: × 10(\u207b?)([{_DIGITS}]+))?")
_PLAIN = str.maketrans(_DIGITS, "0123456789")
NOTHING = " \u2013-"
"""What stands in a cell that says nothing."""


def sort_key(text: str) -> str:
    r"""The number that a cell begins with, as a script reads it; empty if it begins with none.

    A change for the better counts below 0: changes are sorted from the best to the worst.

    >>> sort_key("−1\u202f234.5 (−1\u202f300 to −1\u202f200)"), sort_key("4.1 × 10⁻⁷"), sort_key("none")
    ('-1234.5', '4.1e-7', '')
    >>> sort_key("0.74 better"), sort_key("0.74 worse")
    ('-0.74', '0.74')
    """
    found = _NUMBER.match(text)
    if found is None:
        return ""
    better = "-" if text[found.end() :].strip().endswith("better") else ""
    mantissa = better + found[1].replace(THIN, "").replace(MINUS, "-")
    return f"{mantissa}e{'-' if found[2] else ''}{found[3].translate(_PLAIN)}" if found[3] else mantissa


def numeric_columns(rows: Sequence[Sequence[str]]) -> list[bool]:
    """Of each column, whether every cell that says anything begins with a number.

    >>> numeric_columns([("fid", "4.1", "\u2013"), ("kid", "\u2013", "\u2013")])
    [False, True, False]
    """
    columns = [[cell for cell in cells if cell.strip(NOTHING)] for cells in zip(*rows, strict=False)]
    return [bool(said) and all(map(sort_key, said)) for said in columns]
