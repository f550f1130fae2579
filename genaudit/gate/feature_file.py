"""What a run keeps of each item for a later comparison: a safetensors file, never unpickled, digest checked."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genaudit.gate.baseline import BaselineError, FeatureFile
from genaudit.gate.baseline_file import LARGEST_NUMBER
from genaudit.values.regular_file import read_regular

if TYPE_CHECKING:
    from pathlib import Path


NAME = "features.safetensors"
TERMS, CLUSTERS = "terms", "clusters"
"""Of a mean, item by item, and the source of each."""
GENERATED, REFERENCE = "generated", "reference"
"""Influences by independent unit."""
STRATA = "_strata"
"""After either of them: the mean stratum code of each unit."""
REMAINDER = "remainder"
LEFT_OUT = "left_out"
"""A number without one block of items each, dealt out by the run's seed."""
DISTANCES = "distances"
"""Fréchet distances without one block of both sides each, dealt out alike in every run of as many items."""
BLOCKS = 20
"""Of those: 19 degrees of freedom."""
LEAST_UNITS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptItems:
    """What a file holds."""

    items: str
    """Which latents the rows came from; rows of equal texts belong together."""
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)
    """``what/metric`` to numbers; see the constants of this module and ``keeping``, which makes them."""

    def of(self, what: str, name: str) -> NDArray[np.float64] | None:
        """One array of a metric, or None."""
        found = self.arrays.get(f"{what}/{name}")
        return None if found is None else np.asarray(found, dtype=np.float64)


def read_features(path: Path, sha256: str) -> KeptItems | None:
    """What a file holds; None if it is not there.

    Raises:
        BaselineError: It is not the file whose digest is given, or it is damaged.
    """
    from safetensors import SafetensorError, safe_open

    if _content(path, sha256) is None:
        return None
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = dict(file.metadata() or {})
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
    except (SafetensorError, ValueError, OSError) as error:
        raise BaselineError(f"The features {path} are damaged: {error}.", "Fetch the file again.") from error
    if not all((np.abs(np.asarray(array, dtype=np.float64)) <= LARGEST_NUMBER).all() for array in arrays.values()):
        raise BaselineError(
            f"The features {path} hold NaN or infinity, or a number beyond {LARGEST_NUMBER:g}.", "Fetch the file again."
        )
    return KeptItems(items=metadata.get("items", ""), arrays=arrays)


def write_for_baseline(source: Path, sha256: str, target: Path) -> FeatureFile:
    """Copy what a run keeps beside a baseline.

    Raises:
        BaselineError: The run's file is not there or is not its own.
    """
    content = _content(source, sha256)
    if content is None or read_features(source, sha256) is None:
        raise BaselineError(f"There are no features {source}.", "Run again with --keep-features.")
    part = target.with_name(f"{target.name}.part")
    part.write_bytes(content)
    part.replace(target)
    return FeatureFile(path=target.name, sha256=sha256, bytes=len(content))


def _content(path: Path, sha256: str) -> bytes | None:
    try:
        content = read_regular(path)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise BaselineError(f"Cannot read features {path}: {error.strerror}.") from error
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise BaselineError(
            f"The features {path} are not those of the record: their SHA-256 is {found[:12]}…, not {sha256[:12]}….",
            "Fetch the file that belongs to it, or remove it to compare without pairing.",
        )
    return content
