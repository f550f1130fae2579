"""Texts that a spreadsheet would take for formulas: an apostrophe is set before them, and taken away again."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.tables.cells import Cells

NUMBER = re.compile(r"[+-]\d+(\.\d+)?")
"""A signed number is no formula, and stays as it is."""
GUARDED = re.compile(r"'+[=+\-@\t\r]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text with one more apostrophe if it would be a formula, or looks like one that is guarded already.

    >>> guarded("=1"), guarded("'=1"), guarded("-1"), guarded("a"), guarded("'a")
    ("'=1", "''=1", '-1', 'a', "'a")
    """
    return f"'{text}" if is_formula(text) or GUARDED.match(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would compute it."""
    return text.startswith(FORMULA) and not NUMBER.fullmatch(text)


def unguarded(texts: Iterable[str]) -> dict[str, str]:
    """Each text to what stood there before it was guarded.

    One formula among them that is not guarded says that nobody guarded these texts; then all stay as they are, and no
    two become one.

    >>> unguarded(["'=1", "''=1", "a"]), unguarded(["'=1", "=1"])
    ({"'=1": '=1', "''=1": "'=1", 'a': 'a'}, {"'=1": "'=1", '=1': '=1'})
    """
    listed = list(texts)
    if any(map(is_formula, listed)):
        return {text: text for text in listed}
    return {text: text[1:] if GUARDED.match(text) else text for text in listed}


def unguarded_cells(cells: Cells) -> Cells:
    """The cells of a CSV file, each column as it was before it was guarded."""
    originals = [unguarded(cells.values(name)) for name in cells.keys]
    if all(before == after for column in originals for before, after in column.items()):
        return cells
    tallies = {
        tuple(None if value is None else column[value] for value, column in zip(key, originals, strict=True)): tally
        for key, tally in cells.tallies.items()
    }
    return replace(cells, tallies=tallies)
