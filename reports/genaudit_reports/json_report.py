"""The canonical record as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.serialisation import record_to_json

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.values.record import RunRecord


def json_report(record: RunRecord, folder: Path) -> bytes:  # noqa: ARG001 - every reporter is called with both
    """``run.json``: every other report can be made from it again."""
    return record_to_json(record).encode()
