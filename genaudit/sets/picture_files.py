"""Image files in a folder or in a zip file: found and sorted by path, read one by one, never unpacked to disk."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from genaudit.errors import GenauditError
from genaudit.sets.pictures import SUFFIXES, CorruptPicture, size_of
from genaudit.sets.zip_files import open_zip
from genaudit.values.regular_file import check_regular

LARGEST_FILE = 256 * 2**20
"""Bytes of one image file, unpacked. A zip entry is read no further, whatever its header says."""
HEAD = 2**16
"""Bytes in which the header of most image files lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFile:
    """An image file that has not been read yet."""

    name: str
    """Path below the folder, or name in the zip file."""
    open: Callable[[], IO[bytes]]

    def read(self) -> bytes:
        """Its bytes.

        Raises:
            CorruptPicture: It is gone, damaged, encrypted or larger than ``LARGEST_FILE``.
        """
        content = self._first(LARGEST_FILE + 1)
        if len(content) > LARGEST_FILE:
            raise CorruptPicture(
                f"Refused {self.name}: it holds more than {LARGEST_FILE // 2**20} MiB.",
                "An image file is smaller; remove it, or give --skip-corrupt.",
            )
        return content

    def size(self) -> tuple[int, int]:
        """Height and width, from its header.

        Raises:
            CorruptPicture: As ``read``, or it is no image, or one of too many pixels.
        """
        head = self._first(HEAD)
        try:
            return size_of(head, self.name)
        except CorruptPicture:
            if len(head) < HEAD:
                raise
        return size_of(self.read(), self.name)  # WebP is parsed whole, and metadata may stand before a size

    def _first(self, count: int) -> bytes:
        try:
            with self.open() as file:
                return file.read(count)
        except (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
            said = " ".join(str(error).split()) or type(error).__name__
            raise CorruptPicture(
                f"Cannot read {self.name}: {said}.", "Mend or remove it, or give --skip-corrupt."
            ) from error


def files_in_folder(folder: Path) -> tuple[PictureFile, ...]:
    """Every image file at or below a folder, sorted by path; hidden ones and linked folders are left out."""
    found = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in names if _is_picture(name)]
    by_name = {path.relative_to(folder).as_posix(): path for path in found}
    return tuple(PictureFile(name=name, open=_opener(by_name[name])) for name in sorted(by_name))


def files_in_zip(path: Path) -> tuple[PictureFile, ...]:
    """Every image file in a zip file, sorted by name. A name is only a name: nothing is written anywhere.

    Raises:
        GenauditError: It is no zip file, is damaged, or holds two images of one name.
    """
    try:
        archive = open_zip(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise GenauditError(f"Cannot read {path}: {error}.", "Give a sound zip file of images.") from error
    entries = [
        entry
        for entry in archive.infolist()
        if not entry.is_dir() and "__MACOSX/" not in entry.filename and _is_picture(entry.filename)
    ]
    twice = [name for name, count in Counter(entry.filename for entry in entries).items() if count > 1]
    if twice:
        raise GenauditError(
            f"The zip file {path} holds '{twice[0]}' twice: nothing tells the two apart.",
            "Pack it again, each file once.",
        )
    entries.sort(key=lambda entry: entry.filename)
    return tuple(PictureFile(name=entry.filename, open=_entry_opener(archive, entry)) for entry in entries)


def _is_picture(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        check_regular(path)  # a pipe of such a name would keep the run waiting
        return path.open("rb")

    return opened


def _entry_opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    return lambda: archive.open(entry)
