"""Features on disk, found by the images that they are of."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.cache.place import FEATURES, MANIFEST
from genaudit.cache.shard_file import DamagedShard, decoded, encoded, read_regular, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from genaudit.cache.shard_file import Arrays


class FeatureStore:
    """Blocks of features that one extractor made in one way.

    A block is looked for by the SHA-256 of its images as the extractor sees them, so whoever made them, and whatever
    became of model and data since, what is found is of these images. A file that is damaged is as good as none, and a
    folder that cannot be written costs no number: what goes wrong here is told, never raised.

    Args:
        cache: The folder that the user named.
        made: How features are made, in words and digests: all that another result could depend on, ``extractor`` among
            them.
        log: Told what only the log should say.
        warn: Told once, if nothing can be kept, and once, if a folder is in the way of a block.
    """

    def __init__(
        self, cache: Path, made: Mapping[str, Any], log: Callable[[str], None], warn: Callable[[str], None]
    ) -> None:
        self._manifest = json.dumps(dict(made), indent=1, sort_keys=True)
        self._identity = hashlib.sha256(self._manifest.encode()).hexdigest()
        self._folder = cache / FEATURES / f"{made['extractor']}-{self._identity[:16]}"
        self._log, self._warn = log, warn
        self._usable, self._in_the_way = True, False
        self.found, self.computed = 0, 0

    @property
    def summary(self) -> str:
        """How much of the work had been done before, in one line."""
        blocks = "block" if self.found + self.computed == 1 else "blocks"
        of = f"{self.found:,} of {self.found + self.computed:,} {blocks}"
        return f"features: {of} were in {self._folder}, {self.computed:,} were computed"

    def block(self, images: NDArray[Any]) -> str:
        """The name of the features of these images: SHA-256 over type, shape and bytes."""
        digest = hashlib.sha256(f"{images.dtype.str} {images.shape} ".encode())
        digest.update(np.ascontiguousarray(images).data)
        return digest.hexdigest()

    def read(self, block: str) -> Arrays | None:
        """The features of a block, bit for bit as they were kept; None if they are not there or damaged."""
        path = self._path(block)
        try:
            arrays = decoded(read_regular(path), self._key(block))
        except FileNotFoundError:
            return None
        except DamagedShard as error:
            self._log(f"{path} is damaged ({error}): the extractor reads its images again.")
            return None
        except OSError as error:
            self._give_up(error)
            return None
        with suppress(OSError):
            os.utime(path)  # when it was last of use
            self._describe()
        self.found += 1
        return arrays

    def keep(self, block: str, arrays: Mapping[str, NDArray[Any]]) -> None:
        """Write the features of a block, all or nothing; others may do the same at the same time."""
        self.computed += 1
        if not self._usable:
            return
        path = self._path(block)
        try:
            self._describe()
            write_whole(path, encoded(self._key(block), arrays))
        except OSError as error:
            if path.is_dir():  # it is in the way of this block alone
                self._tell_of_folder(path)
            else:
                self._give_up(error)

    def _describe(self) -> None:
        """The folder with its manifest, whatever has become of them since the last block."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path, content = self._folder / MANIFEST, self._manifest.encode()
        if not path.is_file() or path.read_bytes() != content:
            write_whole(path, content)

    def _tell_of_folder(self, path: Path) -> None:
        """Once to the user, whom one of them leads to all: ``genaudit cache verify`` names the others."""
        tell = self._log if self._in_the_way else self._warn
        self._in_the_way = True
        tell(
            f"{path} is a folder, and features cannot be kept in its place: remove it ('genaudit cache verify' names "
            "every such path). The run computes them; no number depends on it."
        )

    def _give_up(self, error: OSError) -> None:
        if self._usable:
            self._usable = False
            self._warn(
                f"Features cannot be kept in {self._folder}: {error.strerror or error}. The run computes what it "
                "needs and keeps no more of them; no number depends on it. Mend that place, or give another --cache."
            )

    def _path(self, block: str) -> Path:
        return self._folder / f"{block}.safetensors"

    def _key(self, block: str) -> str:
        return f"{self._identity} {block}"
