"""The table for scripts: one row a number, in the fixed columns of ``genaudit.values.table``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.printable import printable_lines

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.values.record import RunRecord

FORMULA_STARTS = ("=", "+", "-", "@")
"""A text cell that begins so, after white space, may be run as a formula by a spreadsheet (OWASP, CSV injection)."""


def csv_report(record: RunRecord, folder: Path) -> bytes:  # noqa: ARG001 - every reporter is called with both
    """``results.csv``: UTF-8, commas, a missing number is an empty cell."""
    frame = record.to_frame()
    for column in frame.columns:
        if frame[column].dtype.kind not in "fiu":
            frame[column] = frame[column].map(guarded)
    text: str = frame.to_csv(index=False, lineterminator="\n", na_rep="")
    return text.encode()


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
