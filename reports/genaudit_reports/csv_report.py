"""The table for scripts: one row a number, in the fixed columns of ``genaudit.values.table``."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from genaudit.values.printable import printable_lines
from genaudit.values.table import COLUMNS, NUMERIC, rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.values.record import RunRecord

FORMULA_STARTS = ("=", "+", "-", "@")
"""A text cell that begins so, after white space, may be run as a formula by a spreadsheet (OWASP, CSV injection)."""


def csv_report(record: RunRecord, folder: Path) -> bytes:  # noqa: ARG001 - every reporter is called with both
    """``results.csv``: UTF-8, commas, a missing number is an empty cell."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in rows_of(record):
        numbers = {name: float(row[name]) for name in NUMERIC if row[name] is not None}
        writer.writerow({name: guarded(cell) for name, cell in row.items()} | numbers)
    return text.getvalue().encode()


def guarded(cell: object) -> object:
    """A text that no spreadsheet runs and no terminal obeys; a number is left alone, its minus sign included.

    >>> guarded("=HYPERLINK(1)"), guarded(-186.4), guarded("fid")
    ("'=HYPERLINK(1)", -186.4, 'fid')
    """
    if not isinstance(cell, str):
        return cell
    # A lone carriage return is not quoted by the writer, and would end the row.
    cell = printable_lines(cell.replace("\r\n", "\n").replace("\r", "\n"))
    return "'" + cell if cell.lstrip().startswith(FORMULA_STARTS) else cell
