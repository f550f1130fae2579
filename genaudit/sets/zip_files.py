"""Zip files that stay open while their entries are read one by one."""

from __future__ import annotations

import weakref
import zipfile
from typing import TYPE_CHECKING

from genaudit.values.regular_file import check_regular

if TYPE_CHECKING:
    from pathlib import Path


def open_zip(path: Path) -> zipfile.ZipFile:
    """A zip file that is closed when nothing refers to it any more, in whatever order its parts are collected.

    Raises:
        OSError: It cannot be read, or is no regular file.
        zipfile.BadZipFile: It is no zip file.
    """
    check_regular(path)
    archive = zipfile.ZipFile(path)
    if archive.fp is not None:
        weakref.finalize(archive, archive.fp.close)
    return archive


def check_open(entry: zipfile.ZipInfo) -> None:
    """Nothing, if an entry is read without a password.

    Raises:
        zipfile.BadZipFile: It is encrypted.
    """
    if entry.flag_bits & 1:
        raise zipfile.BadZipFile("it is encrypted; pack it again without a password")
