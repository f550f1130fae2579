"""What tells two files apart."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError

if TYPE_CHECKING:
    from pathlib import Path


def file_digest(path: Path) -> str:
    """SHA-256 of a file of any size.

    Raises:
        GenauditError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise GenauditError(f"Cannot read {path}: {error.strerror}.", "Give a CSV or Parquet file.") from error
