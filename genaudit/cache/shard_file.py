"""One block of features as a safetensors file that knows whose it is and whether it is whole."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.cache.place import PART

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

Arrays = dict[str, "NDArray[Any]"]


class DamagedShard(Exception):
    """A file that is not what was written under that name."""


def encoded(key: str, arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """The file of named arrays; ``key`` says what they are of.

    >>> decoded(encoded("a", {"features": np.zeros((2, 1), np.float32)}), "a")["features"].shape
    (2, 1)
    """
    from safetensors.numpy import save

    whole = {name: np.ascontiguousarray(rows) for name, rows in arrays.items()}
    return save(whole, {"key": key, "sha256": _digest(key, whole)})


def decoded(content: bytes, key: str) -> Arrays:
    """The arrays of a file.

    Raises:
        DamagedShard: It was cut off or changed, or it is of something else than ``key``.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load

    try:
        length = int.from_bytes(content[:8], "little")
        said = dict(json.loads(content[8 : 8 + length])["__metadata__"])
        arrays = load(content)
    except (SafetensorError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        raise DamagedShard("it is no whole safetensors file") from error
    if said.get("key") != key:
        raise DamagedShard("it is of other images or another extractor")
    if said.get("sha256") != _digest(key, arrays):
        raise DamagedShard("its SHA-256 is not that of its numbers")
    return arrays


def read_regular(path: Path) -> bytes:
    """The bytes of a file; a link is not followed, and a pipe does not keep anybody waiting.

    Raises:
        DamagedShard: It is something else than a file.
        OSError: It cannot be read.
    """
    if not stat.S_ISREG(path.lstat().st_mode):
        raise DamagedShard("it is no regular file")
    return path.read_bytes()


def write_whole(path: Path, content: bytes) -> None:
    """A file that is there with all its bytes or not at all, whoever else writes it and whenever this is killed.

    Raises:
        OSError: It cannot be written; nothing is left of it.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}-{secrets.token_hex(4)}{PART}")
    try:
        with part.open("xb") as file:
            file.write(content)
        part.replace(path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


def _digest(key: str, arrays: Mapping[str, NDArray[Any]]) -> str:
    """SHA-256 over the key and over name, type, shape and bytes of every array."""
    digest = hashlib.sha256(key.encode())
    for name in sorted(arrays):
        rows = np.ascontiguousarray(arrays[name])
        digest.update(f"\0{name}\0{rows.dtype.str}\0{rows.shape}\0".encode())
        digest.update(rows.data)
    return digest.hexdigest()
