"""The run folder: found writable before work starts, never written over."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from genaudit.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

DISK = "Is the disk full, or was the run folder moved?"
SUBFOLDERS = ("samples",)


def check_writable(out: Path) -> None:
    """Nothing, if runs can be written below ``out``.

    Raises:
        OutputError: A file stands in the way, or the nearest existing folder cannot be written.
    """
    nearest = out.absolute()
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if not nearest.is_dir():
        raise OutputError(f"Cannot write runs to {out}: {nearest} is not a folder.", "Give another folder with --out.")
    if not os.access(nearest, os.W_OK | os.X_OK):
        raise OutputError(f"Cannot write runs to {out}: {nearest} is not writable.", "Give another folder with --out.")


def check_cache(cache: Path | None) -> None:
    """Nothing, if a cache may lie there; one that cannot be written is still read.

    Raises:
        OutputError: A file stands in the way.
    """
    if cache is not None and cache.exists() and not cache.is_dir():
        raise OutputError(f"Cannot keep features in {cache}: it is not a folder.", "Give another folder with --cache.")


def create_run_folder(out: Path, name: str, subfolders: tuple[str, ...] = SUBFOLDERS) -> Path:
    """A new folder ``out/name``, or ``out/name-2`` and so on if that name is taken.

    Raises:
        OutputError: It cannot be made.
    """
    try:
        out.mkdir(parents=True, exist_ok=True)
        folder = _first_free(out, name)
        for sub in subfolders:
            (folder / sub).mkdir()
    except OSError as error:
        raise OutputError(
            f"Cannot write runs to {out}: {error.strerror or error}.", "Give another folder with --out."
        ) from error
    return folder


def _first_free(out: Path, name: str) -> Path:
    for attempt in range(1, 1_000):
        folder = out / (name if attempt == 1 else f"{name}-{attempt}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(17, f"a thousand runs are called {name}")
