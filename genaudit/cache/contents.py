"""What lies in a cache: looked at, checked and removed, and nothing but what genaudit itself put there."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.cache.place import FEATURES, MANIFEST, PART

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER = re.compile(r"[a-z0-9_-]+-[0-9a-f]{16}")
BLOCK = re.compile(r"[0-9a-f]{64}\.safetensors")
SURELY_LEFT = 3_600
"""Seconds after which a file that was begun is nobody's any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFile:
    """One file: a block of features, or weights."""

    path: Path
    bytes: int
    last_used: float
    """Seconds since the epoch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFeatures:
    """The blocks of one extractor that were made in one way."""

    folder: Path
    made: Mapping[str, Any]
    """How, as the manifest says; empty if it cannot be read."""
    identity: str
    """SHA-256 of the manifest; empty if it is not that of the folder."""
    blocks: tuple[KeptFile, ...]
    left: tuple[KeptFile, ...]
    """Files that a process which was killed had begun to write."""
    strange: tuple[Path, ...] = ()
    """What has the name of a block and is no regular file: a link, a pipe, a folder."""


def kept_features(cache: Path) -> tuple[KeptFeatures, ...]:
    """Every way of making features of which there are some, by name."""
    folders = [path for path in _listed(cache / FEATURES) if FOLDER.fullmatch(path.name) and _own_folder(path)]
    return tuple(map(_kept, folders))


def kept_weights(cache: Path, names: Mapping[str, str]) -> tuple[KeptFile, ...]:
    """The downloaded files of these names that are there."""
    return tuple(_files(path for path in _listed(cache) if path.name in names))


def damaged(kept: KeptFeatures) -> dict[str, str]:
    """Path of each file that is not what was written to what is wrong with it."""
    from genaudit.cache.shard_file import DamagedShard, decoded

    if not kept.identity:
        why = (
            "it is not the manifest of this folder: its blocks cannot be checked; the next run that uses them "
            "writes it again, and 'genaudit cache clear' removes them"
        )
        return {str(kept.folder / MANIFEST): why}
    found = {str(path): "it is no regular file: remove it" for path in kept.strange}
    for block in kept.blocks:
        try:
            decoded(block.path.read_bytes(), f"{kept.identity} {block.path.stem}")
        except FileNotFoundError:
            continue  # another process has just removed it
        except (DamagedShard, OSError) as error:
            found[str(block.path)] = str(error)
    return found


def older(files: tuple[KeptFile, ...], seconds: float) -> tuple[KeptFile, ...]:
    """Those that were of no use for so long."""
    now = time.time()
    return tuple(file for file in files if now - file.last_used >= seconds)


def remove(files: tuple[KeptFile, ...]) -> None:
    """Take files away, and their folder if no block is left in it; who reads them meanwhile computes them again.

    Raises:
        OSError: One of them cannot be.
    """
    for file in files:
        file.path.unlink(missing_ok=True)
    for folder in {file.path.parent for file in files if FOLDER.fullmatch(file.path.parent.name)}:
        rest = [path for path in _listed(folder) if path.name != MANIFEST]
        if not rest:
            (folder / MANIFEST).unlink(missing_ok=True)
            with suppress(OSError):  # a run has just put something there
                folder.rmdir()


def _kept(folder: Path) -> KeptFeatures:
    paths = _listed(folder)
    made, identity = _manifest(folder)
    return KeptFeatures(
        folder=folder,
        made=made,
        identity=identity,
        blocks=tuple(_files(path for path in paths if BLOCK.fullmatch(path.name))),
        strange=tuple(
            path for path in paths if BLOCK.fullmatch(path.name) and (path.is_symlink() or not path.is_file())
        ),
        left=older(tuple(_files(path for path in paths if path.name.endswith(PART))), SURELY_LEFT),
    )


def _manifest(folder: Path) -> tuple[dict[str, Any], str]:
    try:
        content = (folder / MANIFEST).read_bytes()
        made = dict(json.loads(content))
    except (OSError, ValueError, TypeError, RecursionError):
        return {}, ""
    identity = hashlib.sha256(content).hexdigest()
    return made, identity if folder.name.endswith(identity[:16]) else ""


def _listed(folder: Path) -> list[Path]:
    """What lies in a folder, by name; nothing if there is none."""
    try:
        return sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def _own_folder(path: Path) -> bool:
    return path.is_dir() and not path.is_symlink()


def _files(paths: Iterator[Path]) -> Iterator[KeptFile]:
    """Regular files with their size and the time of their last use; links lead elsewhere and are left alone."""
    for path in paths:
        if path.is_file() and not path.is_symlink():
            with suppress(FileNotFoundError):
                state = path.stat()
                yield KeptFile(path=path, bytes=state.st_size, last_used=state.st_mtime)
