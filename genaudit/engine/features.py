"""What a run keeps so that a later run on the same items can be compared with it item by item."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from genaudit.gate.feature_file import NAME
from genaudit.gate.keeping import kept_of_distance, kept_of_estimate
from genaudit.plugin.capabilities import DrawnSamples
from genaudit.values.gate import name_of
from genaudit.values.observations import FeaturePair

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np

    from genaudit.engine.observing import Observations
    from genaudit.engine.plan import Plan
    from genaudit.values.results import Estimate

FRECHET = "fid"
"""Whose difference takes distances of its own: those behind its interval are dealt out by the seed."""


def write_features(
    folder: Path,
    plan: Plan,
    generator: Any,  # noqa: ANN401 - a plugin's own type
    observations: Observations,
    traceable: Mapping[str, Estimate],
) -> dict[str, str]:
    """Write ``features.safetensors``: what each item adds to each number.

    Returns:
        The entries of ``RunRecord.extra`` that name it.
    """
    from safetensors.numpy import save

    arrays: dict[str, np.ndarray[Any, Any]] = {}
    for name, estimate in traceable.items():
        arrays |= kept_of_estimate(name, estimate)
    for metric in plan.metrics:
        pair = observations.seen(metric.spec.needs[0]) if metric.spec.name == FRECHET else None
        if isinstance(pair, FeaturePair):
            name = name_of(FRECHET, metric.spec.view)
            arrays |= kept_of_distance(name, pair, plan.options[FRECHET].ddof)
    content = save(arrays, {"items": _items(plan, generator)})
    (folder / NAME).write_bytes(content)
    return {"features": NAME, "features_sha256": hashlib.sha256(content).hexdigest()}


def _items(plan: Plan, generator: Any) -> str:  # noqa: ANN401
    """What tells whether row i of two runs came from the same latent: seed, number and shape of the latents."""
    if isinstance(generator, DrawnSamples):
        return ""
    shape = "x".join(map(str, generator.latent_shape))
    return f"seed {plan.request.seed}, {plan.request.samples} latents of shape {shape}"
