"""Sets that somebody has on disk or in memory.

Opening reads a set once from front to back: what is wrong with it is found before any work starts, and its digest is
that of its pixels (or features), whatever file format they came in. What is read is not kept, but for small sets.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from genaudit.errors import GenauditError, unknown_name
from genaudit.sets.array_files import open_array_file
from genaudit.sets.array_items import ArrayRows, array_rows
from genaudit.sets.level_use import SeenLevels
from genaudit.sets.picture_files import FoundFiles, PictureFile, files_in_folder, files_in_zip, readable
from genaudit.sets.pictures import SUFFIXES, CorruptPicture, decode
from genaudit.stats.resizing import BICUBIC, NONE, POLICIES, Levels, Resizing

Items: TypeAlias = NDArray[np.uint8 | np.float32 | np.float64]
"""Images ``(n, 3, h, w)``: uint8 levels, float32 ones if resized without rounding; or features float64 ``(n, d)``."""

AT_A_TIME = 256
KEPT_BYTES = 256 * 2**20
"""Decoded images of a folder or zip file up to this many bytes are kept, so that they are decoded once."""
KINDS = f"a folder or zip file of images ({', '.join(SUFFIXES)}), an .npz or .npy file, an array or a tensor"


class Heard(Protocol):
    """Who is told how far the reading of a set has come."""

    def __call__(self, origin: str, done: int, total: int, /) -> object:
        """Of a set that is called so, that many of all items have been read."""


class Rows(Protocol):
    """Where items come from."""

    def read(self, start: int, count: int) -> Items:
        """Items ``start`` to ``start + count``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSet:
    """A set that was found sound; a ``genaudit.plugin.capabilities.DrawnSamples``."""

    name: str
    """The last part of its path, or ``array``."""
    origin: str
    """What it is, for people: ``folder crops``."""
    data_kind: str
    """``image`` or ``vector``."""
    shape: tuple[int, ...]
    """Of one item: ``(3, h, w)`` or ``(d,)``."""
    count: int
    digest: str
    """SHA-256 of the bytes of its items as they are scored."""
    rows: Rows = field(repr=False)
    lossy: int = 0
    """Images that were stored with loss."""
    resizing: Resizing | None = None
    remarks: tuple[str, ...] = ()
    """What was converted or left out, and what is odd about the images, one sentence each."""
    names: tuple[str, ...] = field(default=(), repr=False)
    """Path of each image below the folder or in the zip file; empty for arrays."""
    skipped: tuple[str, ...] = field(default=(), repr=False)
    """Paths of the image files that were left out because they cannot be read."""

    @property
    def dtype(self) -> str:
        """Of its items: ``uint8``, ``float32`` or ``float64``."""
        if self.data_kind == "vector":
            return "float64"
        return "uint8" if self.resizing is None or self.resizing.rounds else "float32"

    def drawn(self, start: int, count: int) -> Items:
        """Items ``start`` to ``start + count``."""
        return self.rows.read(start, count)


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureRows:
    """Images that are decoded when they are asked for."""

    files: tuple[PictureFile, ...]
    resizing: Resizing | None
    kept: tuple[Levels, ...] = ()
    """The decoded images, if they are few."""

    def read(self, start: int, count: int) -> Items:
        """Images ``start`` to ``start + count``.

        Raises:
            GenauditError: A file has changed since the set was opened.
        """
        if self.kept:
            return np.stack(self.kept[start : start + count])
        images = [_scaled(decode(file.read(), file.name).levels, self.resizing) for file in self.files[start:][:count]]
        if len({image.shape for image in images}) > 1:
            raise GenauditError(f"Images changed while they were read, near {self.files[start].name}.", "Start again.")
        return np.stack(images)


def open_set(
    source: object,
    *,
    resize: int | None = None,
    policy: str = BICUBIC,
    skip_corrupt: bool = False,
    side: str = "",
    heard: Heard | None = None,
) -> StoredSet:
    """A set of images or features, read once and found sound.

    Args:
        source: Path of a folder or zip file of images, of an ``.npz`` or ``.npy`` file, or an array or tensor.
        resize: Height and width to which every image is brought; None: all images must have one size.
        policy: How, one of ``genaudit.stats.resizing.POLICIES``; ``none`` only without ``resize``.
        skip_corrupt: Leave out image files that cannot be read, and say so in ``remarks``.
        side: Which of several sets it is, such as ``generated``: an array has no other name by which to be told of.
        heard: Called now and then while the set is read.

    Raises:
        GenauditError: It is not there, of another kind, damaged, empty, or has fewer than two items.

    >>> open_set(np.eye(3)).shape
    (3,)
    """
    resizing = _resizing(resize, policy)
    if not isinstance(source, str | Path):
        array, called = _in_memory(source, side), " ".join(filter(None, (side, "array")))
        return _of_array(array_rows(array, f"The {called}", resizing), "array", f"{called} in memory", heard)
    if source == "":  # Path("") is the working directory, which nobody named
        raise GenauditError("The path of a set is empty.", f"Give {KINDS}.")
    path = Path(source)
    if not path.exists():
        raise GenauditError(f"There is no {path}.", f"Give {KINDS}.")
    name, suffix = readable(path.resolve().name), path.suffix.lower()
    if path.is_dir():
        found, origin = files_in_folder(path), f"folder {name}"
        return _of_pictures(found, origin, name, resizing, skip_corrupt=skip_corrupt, heard=heard)
    if suffix == ".zip":
        found, origin = files_in_zip(path), f"zip file {name}"
        return _of_pictures(found, origin, name, resizing, skip_corrupt=skip_corrupt, heard=heard)
    if suffix in {".npz", ".npy"}:
        stored, member = open_array_file(path)
        origin = f"file {name}" + (f", array {member}" if member else "")
        return _of_array(array_rows(stored, str(path), resizing), name, origin, heard)
    raise GenauditError(f"{path} is no set that can be read here.", f"Give {KINDS}.")


def _resizing(resize: int | None, policy: str) -> Resizing | None:
    if policy not in POLICIES:
        raise unknown_name("resize policy", policy, POLICIES, listed="There are")
    if resize is None:
        return None
    if policy == NONE:
        raise GenauditError(
            f"--resize {resize} stretches images, and --resize-policy {NONE} leaves them as they are.",
            "Leave one of the two away.",
        )
    if not 1 <= resize <= 4096:
        raise GenauditError(f"--resize {resize} is not allowed: it is a number of pixels from 1 to 4096.")
    return Resizing(size=(resize, resize), policy=policy)


def _in_memory(source: object, side: str) -> NDArray[np.generic]:
    if isinstance(source, np.ma.MaskedArray):
        raise GenauditError(
            f"Cannot read {_a_set(side)} from a masked array: what lies under the mask would count as well.",
            "Leave out masked items, and give .data of the rest.",
        )
    if isinstance(source, np.ndarray):
        return source
    if type(source).__module__.partition(".")[0] == "torch" and hasattr(source, "detach"):
        tensor = source.detach().cpu()
        array: NDArray[np.generic] = (tensor.float() if "bfloat16" in str(tensor.dtype) else tensor).numpy()
        return array
    kind = type(source).__name__
    raise GenauditError(f"Cannot read {_a_set(side)} from a value of type {kind}.", f"Give {KINDS}.")


def _a_set(side: str) -> str:
    return f"a {side} set" if side else "a set"


def _of_array(rows: ArrayRows, name: str, origin: str, heard: Heard | None) -> StoredSet:
    _check_count(len(rows), origin)
    digest, seen = hashlib.sha256(), SeenLevels()
    for start in range(0, len(rows), AT_A_TIME):
        if heard:
            heard(origin, start, len(rows))
        items = rows.read(start, AT_A_TIME)
        digest.update(items.tobytes())
        if rows.data_kind == "image":
            seen.take(items)
    return StoredSet(
        name=name,
        origin=origin,
        data_kind=rows.data_kind,
        shape=rows.shape,
        count=len(rows),
        digest=digest.hexdigest(),
        rows=rows,
        resizing=rows.resizing,
        remarks=tuple(seen.remarks(origin)) if rows.data_kind == "image" else (),
    )


def _of_pictures(
    found: FoundFiles,
    origin: str,
    name: str,
    resizing: Resizing | None,
    *,
    skip_corrupt: bool,
    heard: Heard | None,
) -> StoredSet:
    files = found.files
    if not skip_corrupt:  # else a damaged file, which is left out, could be the one of another size
        _check_headers(files, origin, one_size=resizing is None)
    scan = _Scan(origin, resizing)
    for number, file in enumerate(files):
        if heard and number % AT_A_TIME == 0:
            heard(origin, number, len(files))
        try:
            scan.take(file)
        except CorruptPicture as error:
            if not skip_corrupt:
                raise _in_set(origin, error) from error
            scan.skipped.append(file.name)
    _check_count(len(scan.sound), origin, skipped=len(scan.skipped), left_out=found.left_out)
    kept = tuple(scan.kept) if len(scan.kept) == len(scan.sound) else ()
    return StoredSet(
        name=name,
        origin=origin,
        data_kind="image",
        shape=scan.shape,
        count=len(scan.sound),
        digest=scan.digest.hexdigest(),
        rows=PictureRows(files=tuple(scan.sound), resizing=resizing, kept=kept),
        lossy=scan.lossy,
        resizing=resizing,
        remarks=(*scan.remarks(), *found.remarks(origin), *scan.seen.remarks(origin, links=found.again)),
        names=tuple(file.name for file in scan.sound),
        skipped=tuple(scan.skipped),
    )


def _check_headers(files: tuple[PictureFile, ...], origin: str, *, one_size: bool) -> None:
    """Refuse what headers tell, before a pixel is decoded: images of several sizes, or of too many pixels."""
    first: tuple[int, int] | None = None
    for file in files:
        try:
            size = file.size()
        except CorruptPicture as error:
            raise _in_set(origin, error) from error
        first = first or size
        if one_size and size != first:
            raise _mixed(origin, (files[0], first), (file, size))


def _in_set(origin: str, error: CorruptPicture) -> CorruptPicture:
    return CorruptPicture(f"In the {origin}: {error.message}", error.hint)


def _mixed(origin: str, *two: tuple[PictureFile, tuple[int, ...]]) -> GenauditError:
    said = ", ".join(f"{file.name} is {size[-2]} × {size[-1]}" for file, size in two)
    return GenauditError(
        f"The {origin} holds images of several sizes: {said} (height × width).",
        "Give --resize N to bring all of them to N × N, or sort them.",
    )


class _Scan:
    """What is learnt of a set while its files pass by."""

    def __init__(self, origin: str, resizing: Resizing | None) -> None:
        self.origin, self.resizing = origin, resizing
        self.digest, self.seen = hashlib.sha256(), SeenLevels()
        self.sound: list[PictureFile] = []
        self.kept: list[Levels] = []
        self.skipped: list[str] = []
        self.lossy = 0
        self.shape: tuple[int, ...] = ()
        self._conversions: Counter[str] = Counter()
        self._room = KEPT_BYTES

    def take(self, file: PictureFile) -> None:
        picture = decode(file.read(), file.name)
        levels = _scaled(picture.levels, self.resizing)
        if self.sound and levels.shape != self.shape:
            raise _mixed(self.origin, (self.sound[0], self.shape), (file, levels.shape))
        self.shape = levels.shape
        self.digest.update(levels.tobytes())
        self.seen.take(levels[None])
        self.sound.append(file)
        self.lossy += picture.lossy
        self._conversions.update(picture.conversions)
        self._room -= levels.nbytes
        if self._room >= 0:
            self.kept.append(levels)

    def remarks(self) -> list[str]:
        said = [
            f"{count:,} of {len(self.sound):,} images in the {self.origin} had {what}."
            for what, count in sorted(self._conversions.items())
        ]
        if self.skipped:
            named = ", ".join(self.skipped[:3]) + (" …" if len(self.skipped) > 3 else "")
            files = "1 file" if len(self.skipped) == 1 else f"{len(self.skipped):,} files"
            said.append(f"{files} in the {self.origin} could not be read: left out, {named}.")
        return said


def _scaled(levels: NDArray[np.uint8], resizing: Resizing | None) -> Levels:
    return levels if resizing is None else resizing(levels)


def _check_count(count: int, origin: str, *, skipped: int = 0, left_out: str = "") -> None:
    if count >= 2:
        return
    found = "only one item" if count else "no item"
    others = [f"{skipped:,} files cannot be read"] * bool(skipped) + [f"left out: {left_out}"] * bool(left_out)
    why = f" ({'; '.join(others)})" if others else ""
    raise GenauditError(f"The {origin} holds {found} that could be scored{why}.", f"Give at least 2: {KINDS}.")
