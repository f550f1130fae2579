"""Where a run finds features that were computed before, if its user named a cache."""

from __future__ import annotations

import hashlib
import platform
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.cache.feature_store import FeatureStore
from genaudit.engine.device import device_name
from genaudit.engine.environment import library_versions
from genaudit.engine.options import extractor_options, plain_options

if TYPE_CHECKING:
    from collections.abc import Callable

    import torch

    from genaudit.engine.plan import Plan

LIBRARIES = ("torch", "numpy", "pillow", "torch-fidelity")
"""Whose versions a feature may depend on, resizing included."""


def feature_store(
    plan: Plan,
    weights_digest: str,
    device: torch.device,
    log: Callable[[str], None],
    warn: Callable[[str], None],
) -> FeatureStore | None:
    """The features that this run's extractor has made or makes here; None if none are to be kept.

    Args:
        plan: Names the cache and the extractor.
        weights_digest: Of the extractor as it was built.
        device: Where it computes.
        log: Told what only the log should say.
        warn: Told what the user should know.
    """
    if plan.inputs.cache is None:
        return None
    if not plan.extractor.spec.costly:
        log(f"features: those of '{plan.extractor.spec.name}' are computed quickly, and none are kept")
        return None
    return FeatureStore(plan.inputs.cache, how_made(plan, weights_digest, device), log, warn)


def how_made(plan: Plan, weights_digest: str, device: torch.device) -> dict[str, Any]:
    """All that features depend on beside the images: if it is the same, so is every bit of them."""
    extractor = plan.extractor
    options = extractor_options(plan.options, extractor)
    return {
        "extractor": extractor.spec.name,
        "version": extractor.spec.version,
        "origin": extractor.origin,
        "weights": weights_digest,
        "options": {name: _content(value) for name, value in plain_options(options).items()},
        "outputs": dict(extractor.spec.outputs),
        "code": _code_digest(extractor.spec.target.partition(":")[0]),
        "libraries": library_versions(LIBRARIES),
        "device": _device(device),
    }


def _content(value: Any) -> Any:  # noqa: ANN401 - an option's value
    """An option's value; of one that names a file, the SHA-256 of what is in it, wherever it lies."""
    try:
        if not isinstance(value, str) or not Path(value).is_file():
            return value
        with Path(value).open("rb") as file:
            return f"file {hashlib.file_digest(file, 'sha256').hexdigest()}"
    except (OSError, ValueError):  # a text that is no path
        return value


def _code_digest(module: str) -> str:
    """SHA-256 of the source files beside a module, so that its author's next change finds nothing that is old."""
    loaded = sys.modules[module]
    if not loaded.__file__:
        return ""  # it is known by its distribution's version alone; likewise what cannot be read below
    own, digest = Path(loaded.__file__), hashlib.sha256()
    with suppress(OSError):
        for path in sorted(own.parent.glob("*.py")) if loaded.__package__ else [own]:
            digest.update(f"\0{path.name}\0".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def _device(device: torch.device) -> str:
    """What computes: the last bits of float32 depend on its kind, and on a processor on the number of threads."""
    import torch

    if device.type == "cuda":
        cudnn = torch.backends.cudnn.version()  # type: ignore[no-untyped-call]
        return f"{device_name(device)}, CUDA {torch.version.cuda}, cuDNN {cudnn}"
    capability = torch.backends.cpu.get_cpu_capability()
    return f"{device.type}, {platform.machine()}, {capability}, {torch.get_num_threads()} threads"
