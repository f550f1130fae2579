"""Files as reference data: every split in memory, or in a temporary file if it is large."""

from __future__ import annotations

import hashlib
import os
import tempfile
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.errors import GenauditError, unknown_name
from genaudit.plugin.components import LabelledImages
from genaudit.stats.seeds import generator
from genaudit_files.data_labels import SplitLabels

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from genaudit.sets.stored_set import StoredSet
    from genaudit_files.data_options import FilesOptions

IN_MEMORY = 2**30
"""Bytes of a split that is kept in memory."""
AT_A_TIME = 256


def build(options: FilesOptions) -> FilesData:
    """The data set."""
    return FilesData(options.sets, options.labels)


class FilesData:
    """Splits that are read when they are first asked for.

    Items stand in an order that is random and always the same for the same items: files are sorted by path, which often
    means by class, and the first of them would be a class and no sample.
    """

    def __init__(self, sets: Mapping[str, StoredSet], labels: SplitLabels | None = None) -> None:
        self.sets, self.labels = sets, labels or SplitLabels()
        self._read: dict[str, tuple[NDArray[Any], NDArray[np.int64], str]] = {}

    def split(self, name: str) -> LabelledImages:
        """The items of a split, images 8-bit ``(n, 3, h, w)`` or vectors ``(n, d)``, with the labels that are known.

        Raises:
            UnknownName: There is no such split.
            GenauditError: A file has changed since the set was opened, or there is no room for a large set.
        """
        if name not in self.sets:
            raise unknown_name("split of files", name, self.sets)
        stored = self.sets[name]
        if stored.digest not in self._read:
            items, order = in_random_order(stored)
            self._read[stored.digest] = items, order, _digest(items)
        items, order, digest = self._read[stored.digest]
        labels = {attribute: codes[order] for attribute, codes in self.labels.codes.get(name, {}).items()}
        sources = self.labels.sources.get(name)
        return LabelledImages(
            images=items, labels=labels, clusters=None if sources is None else sources[order], digest=digest
        )


def in_random_order(stored: StoredSet) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """All items of a set, and which item of the set stands where."""
    order = generator(0, "order of files", stored.digest).permutation(stored.count)
    place = np.argsort(order)
    items = _room((stored.count, *stored.shape), np.dtype(stored.dtype))
    for start in range(0, stored.count, AT_A_TIME):
        some = place[start : start + AT_A_TIME]
        items[some] = stored.drawn(start, len(some))
    return items, order


def _room(shape: tuple[int, ...], dtype: np.dtype[Any]) -> NDArray[Any]:
    """An array to be filled: beyond ``IN_MEMORY`` in a file without a name, which is gone when the process is."""
    size = prod(shape) * dtype.itemsize
    if size <= IN_MEMORY:
        return np.empty(shape, dtype)
    with tempfile.TemporaryFile() as file:
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(file.fileno(), 0, size)  # a disk that fills up under a mapped file ends the process
            return np.memmap(file, dtype, "w+", shape=shape)
        except OSError as error:
            raise GenauditError(
                f"{shape[0]:,} items need {size / 2**30:,.1f} GiB in {tempfile.gettempdir()}: {error.strerror}.",
                "Make room there, name another folder with the environment variable TMPDIR, or give fewer or smaller "
                "images (--set files.resize=N).",
            ) from error


def _digest(items: NDArray[Any]) -> str:
    digest = hashlib.sha256()
    for start in range(0, len(items), AT_A_TIME):
        digest.update(items[start : start + AT_A_TIME].tobytes())
    return digest.hexdigest()
