"""The table for programs that read columns: the CSV's columns, typed."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.values.record import RunRecord


def parquet_report(record: RunRecord, folder: Path) -> bytes:  # noqa: ARG001 - every reporter is called with both
    """``results.parquet``: one row a number, in the columns of ``genaudit.values.table``; a missing number is null."""
    file = io.BytesIO()
    record.to_frame().to_parquet(file, engine="pyarrow", index=False)
    return file.getvalue()
