"""Image files in a folder or in a zip file: found and sorted by path, read one by one, never unpacked to disk."""

from __future__ import annotations

import os
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from genaudit.errors import GenauditError
from genaudit.sets.pictures import SUFFIXES, CorruptPicture, size_of
from genaudit.sets.zip_files import check_open, open_zip
from genaudit.values.regular_file import check_regular

LARGEST_FILE = 256 * 2**20
"""Bytes of one image file, unpacked. A zip entry is read no further, whatever its header says."""
COMPANIONS = (
    ".txt", ".csv", ".tsv", ".json", ".jsonl", ".yaml", ".yml", ".xml", ".md", ".html", ".log", ".db", ".ini",
    ".parquet",
)  # fmt: skip
"""Suffixes of what lies beside images and is taken for none."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundFiles:
    """The image files of a folder or zip file, and what else lies there."""

    files: tuple[PictureFile, ...]
    """Sorted by path."""
    others: Mapping[str, int]
    """How many of each kind were left out that somebody may take for a part of the set."""
    again: int = 0
    """Paths that lead to a file to which another one leads, too."""

    @property
    def left_out(self) -> str:
        """``150 .gif, 2 hidden``; empty if nothing was."""
        most = sorted(self.others.items(), key=lambda kind: (-kind[1], kind[0]))
        return ", ".join(f"{count:,} {kind}" for kind, count in most[:5]) + (", …" if len(most) > 5 else "")

    def remarks(self, origin: str) -> list[str]:
        """What a reader of the numbers must know, one sentence each."""
        said = []
        if self.others:
            said.append(
                f"Left out of the {origin}: {self.left_out}. Read are {', '.join(SUFFIXES)} that are not hidden."
            )
        if self.again:
            said.append(
                f"{self.again:,} of {len(self.files):,} paths in the {origin} are links to a file of the set that "
                "counts under another path as well: intervals take them for images of their own, and are too narrow."
            )
        return said


def files_in_folder(folder: Path) -> FoundFiles:
    """Every image file at or below a folder, sorted by path; hidden ones and linked folders are left out."""
    found: list[Path] = []
    others: Counter[str] = Counter()
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        others.update("linked folder" for name in folders if Path(place, name).is_symlink())
        found += [Path(place, name) for name in names if _is_picture(name)]
        others.update(filter(None, map(_other_kind, names)))
    by_name = {readable(path.relative_to(folder).as_posix()): path for path in found}
    files = tuple(PictureFile(name=name, open=_opener(by_name[name])) for name in sorted(by_name))
    return FoundFiles(files=files, others=others, again=_again(found))


def files_in_zip(path: Path) -> FoundFiles:
    """Every image file in a zip file, sorted by name. A name is only a name: nothing is written anywhere.

    Raises:
        GenauditError: It is no zip file, is damaged, or holds two images of one name.
    """
    try:
        archive = open_zip(path)
    except (OSError, zipfile.BadZipFile) as error:
        raise GenauditError(f"Cannot read {path}: {error}.", "Give a sound zip file of images.") from error
    there = [entry for entry in archive.infolist() if not entry.is_dir() and "__MACOSX/" not in entry.filename]
    entries = [entry for entry in there if _is_picture(entry.filename)]
    others = Counter(filter(None, (_other_kind(entry.filename) for entry in there)))
    twice = [name for name, count in Counter(entry.filename for entry in entries).items() if count > 1]
    if twice:
        raise GenauditError(
            f"The zip file {path} holds '{twice[0]}' twice: nothing tells the two apart.",
            "Pack it again, each file once.",
        )
    entries.sort(key=lambda entry: entry.filename)
    files = tuple(PictureFile(name=entry.filename, open=_entry_opener(archive, entry)) for entry in entries)
    return FoundFiles(files=files, others=others)


def readable(path: str) -> str:
    r"""A path as text: bytes that are no UTF-8, which Python keeps as halves of surrogate pairs, are escaped.

    >>> readable("caf" + chr(0xDCE9) + ".png")
    'caf\\xe9.png'
    """
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _is_picture(name: str) -> bool:
    path = PurePosixPath(name.replace("\\", "/"))
    return path.suffix.lower() in SUFFIXES and not path.name.startswith(".")


def _other_kind(name: str) -> str:
    """What a file is that is not read as an image of the set; empty if it is read, or nobody takes it for an image."""
    path = PurePosixPath(name.replace("\\", "/"))
    suffix = path.suffix.lower()
    if path.name.startswith("."):
        return "hidden" if suffix in SUFFIXES and not path.name.startswith("._") else ""
    return "" if suffix in {*SUFFIXES, *COMPANIONS} else readable(suffix) or "without a suffix"


def _again(paths: list[Path]) -> int:
    """How many of these lead to a file to which one before them leads."""
    leading: Counter[tuple[int, int]] = Counter()
    for path in paths:
        with suppress(OSError):  # who reads it says what is wrong with it
            state = path.stat()
            leading[state.st_dev, state.st_ino] += 1
    return sum(count - 1 for count in leading.values())


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        check_regular(path)  # a pipe of such a name would keep the run waiting
        return path.open("rb")

    return opened


def _entry_opener(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        check_open(entry)
        return archive.open(entry)

    return opened
