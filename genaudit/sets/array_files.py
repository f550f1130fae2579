"""Arrays in ``.npy`` and ``.npz`` files: mapped or streamed, never unpickled, never larger in memory than a batch."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, field
from math import prod
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Protocol

import numpy as np

from genaudit.errors import GenauditError
from genaudit.sets.zip_files import check_open, open_zip
from genaudit.values.regular_file import check_regular

if TYPE_CHECKING:
    from numpy.typing import NDArray

PREFERRED = ("arr_0", "images", "features")
"""Names by which published sets call their only interesting array, the first of them that is there."""
PICKLED = "It holds Python objects, and reading them could run any code."
NO_ARRAY = "It does not begin as a file of numpy does: it is text, a pickle, or something else under this name."


class SlicedArray(Protocol):
    """What is asked of an array: its shape, its type, and rows by slice."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Rows first."""

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the elements."""

    def __getitem__(self, rows: slice, /) -> Any:  # noqa: ANN401 - an array of that type
        """The rows of a slice of step 1."""


def open_array_file(path: Path) -> tuple[SlicedArray, str]:
    """The array of a file and its name in there (empty for ``.npy``).

    Raises:
        GenauditError: It cannot be read, is pickled, or holds several arrays and none is called as usual.
    """
    try:
        if path.suffix.lower() == ".npy":
            check_regular(path)
            mapped: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
            return mapped, ""
        return _zipped(path)
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise _unreadable(path, error) from error


@dataclass(slots=True, kw_only=True)
class ZippedArray:
    """An array inside an ``.npz`` file, read from front to back; what was passed is read again from the front."""

    archive: zipfile.ZipFile
    entry: zipfile.ZipInfo
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    _stream: IO[bytes] | None = field(default=None, repr=False)
    _row: int = 0

    def __getitem__(self, rows: slice, /) -> NDArray[Any]:
        """The rows of a slice of step 1.

        Raises:
            GenauditError: The file is damaged or ends too early.
        """
        start, stop, _ = rows.indices(self.shape[0])
        width = prod(self.shape[1:]) * self.dtype.itemsize
        try:
            if self._stream is None or self._row > start:
                self._stream = self.archive.open(self.entry)
                read_header(self._stream)
                self._row = 0
            while self._row < start:
                step = min(start - self._row, max(1, 2**24 // max(1, width)))
                self._exactly(step * width)
                self._row += step
            content = self._exactly((stop - start) * width)
        except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            raise _unreadable(Path(str(self.archive.filename)), error) from error
        self._row = stop
        return np.frombuffer(content, dtype=self.dtype).reshape(stop - start, *self.shape[1:])

    def _exactly(self, size: int) -> bytes:
        content = self._stream.read(size) if self._stream else b""
        if len(content) != size:
            raise EOFError(f"the array '{self.entry.filename}' ends too early")
        return content


def read_header(stream: IO[bytes]) -> tuple[tuple[int, ...], np.dtype[Any]]:
    """Shape and type from the head of an ``.npy`` stream.

    Raises:
        ValueError: It is no such stream, is pickled, or its rows do not lie behind one another.
    """
    version = np.lib.format.read_magic(stream)
    if version not in {(1, 0), (2, 0)}:
        raise ValueError(f"the array has format {version}, and only 1.0 and 2.0 are read")
    reader = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, by_columns, dtype = reader(stream)
    if dtype.hasobject:
        raise ValueError("Object arrays cannot be loaded")
    if by_columns and len(shape) > 1:
        raise ValueError("its columns lie behind one another (Fortran order); save numpy.ascontiguousarray of it")
    return shape, dtype


def _zipped(path: Path) -> tuple[ZippedArray, str]:
    archive = open_zip(path)
    entries = {
        entry.filename.removesuffix(".npy"): entry for entry in archive.infolist() if entry.filename.endswith(".npy")
    }
    name = next((name for name in PREFERRED if name in entries), "")
    if not name and len(entries) == 1:
        name = next(iter(entries))
    if not name:
        said = f"the arrays {', '.join(sorted(entries))}" if entries else "no array"
        raise GenauditError(
            f"{path} holds {said}, so it is not clear what to read.",
            f"Save one array with numpy.savez, or call it one of {', '.join(PREFERRED)}.",
        )
    check_open(entries[name])
    with archive.open(entries[name]) as stream:
        shape, dtype = read_header(stream)
        head = stream.tell()
    if head + prod(shape) * dtype.itemsize != entries[name].file_size:
        raise ValueError(f"the array '{name}' says that it has shape {shape}, and its size does not fit that")
    return ZippedArray(archive=archive, entry=entries[name], shape=shape, dtype=dtype), name


def _unreadable(path: Path, error: BaseException) -> GenauditError:
    said = " ".join(str(error).split()) or type(error).__name__
    if "Object arrays" in said or "Python objects" in said:
        said = PICKLED
    elif "pickled" in said:  # what numpy takes every file for that begins neither as .npy nor as .npz
        said = NO_ARRAY
    else:
        said = f"{said[0].upper()}{said[1:]}".rstrip(".") + "."
    return GenauditError(f"Cannot read {path}. {said}", "Give an array of numbers, saved with numpy.save or savez.")
