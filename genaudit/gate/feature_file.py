"""Features and terms as a file beside a run or a baseline: safetensors, float16, never unpickled, digest checked."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genaudit.gate.baseline import BaselineError, FeatureFile

if TYPE_CHECKING:
    from pathlib import Path


NAME = "features.safetensors"
FEATURES = ("fid", "kid")
"""Metrics whose difference is estimated from features."""
REFERENCE = "/reference"
LARGEST_HALF = 60_000.0


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFeatures:
    """What a file holds."""

    items: str
    """Which latents the rows came from; rows of equal texts belong together."""
    compared: Mapping[str, str]
    """Metric to the observation that it compares."""
    arrays: Mapping[str, NDArray[Any]] = field(default_factory=dict)

    def of(self, observation: str, part: str) -> NDArray[Any] | None:
        """One array, or None."""
        return self.arrays.get(f"{observation}/{part}")


def compact(rows: NDArray[np.float64]) -> NDArray[Any]:
    """Half precision, which is a thousandth of a feature; single where half would overflow."""
    small = np.abs(rows).max(initial=0.0) < LARGEST_HALF
    return np.asarray(rows, dtype=np.float16 if small else np.float32)


def read_features(path: Path, sha256: str) -> KeptFeatures | None:
    """What a file holds; None if it is not there.

    Raises:
        BaselineError: It is not the file whose digest is given, or it is damaged.
    """
    from safetensors import SafetensorError, safe_open

    try:
        content = path.read_bytes()
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
    try:
        with safe_open(path, framework="numpy") as file:
            metadata = dict(file.metadata() or {})
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - no mapping
        compared = dict(json.loads(metadata.get("compared", "{}")))
    except (SafetensorError, ValueError, OSError) as error:
        raise BaselineError(f"The features {path} are damaged: {error}.", "Fetch the file again.") from error
    if not all(np.isfinite(array).all() for array in arrays.values()):
        raise BaselineError(f"The features {path} hold NaN or infinity.", "Fetch the file again.")
    return KeptFeatures(items=metadata.get("items", ""), compared=compared, arrays=arrays)


def write_for_baseline(source: Path, sha256: str, target: Path) -> FeatureFile:
    """Copy a run's features beside a baseline, without the reference, which every comparable run has itself.

    Raises:
        BaselineError: The run's file is not there or is not its own.
    """
    from safetensors.numpy import save

    kept = read_features(source, sha256)
    if kept is None:
        raise BaselineError(f"There are no features {source}.", "Run again with --keep-features.")
    own = {name: array for name, array in kept.arrays.items() if REFERENCE not in name}
    content = save(own, {"compared": json.dumps(dict(kept.compared)), "items": kept.items})
    part = target.with_name(f"{target.name}.part")
    part.write_bytes(content)
    part.replace(target)
    return FeatureFile(path=target.name, sha256=hashlib.sha256(content).hexdigest(), bytes=len(content))
