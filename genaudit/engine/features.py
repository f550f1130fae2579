"""What a run keeps so that a later run on the same items can be compared with it item by item."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.gate.feature_file import FEATURES, NAME, compact
from genaudit.plugin.capabilities import DrawnSamples
from genaudit.values.gate import name_of
from genaudit.values.observations import FeaturePair

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from genaudit.engine.observing import Observations
    from genaudit.engine.plan import Plan
    from genaudit.values.results import Estimate


def write_features(
    folder: Path,
    plan: Plan,
    generator: Any,  # noqa: ANN401 - a plugin's own type
    observations: Observations,
    terms: Mapping[str, Estimate],
) -> dict[str, str]:
    """Write ``features.safetensors``: feature pairs, and the terms of means.

    Returns:
        The entries of ``RunRecord.extra`` that name it.
    """
    from safetensors.numpy import save

    tensors: dict[str, np.ndarray[Any, Any]] = {}
    compared = {}
    for metric in plan.metrics:
        need = metric.spec.needs[0] if len(metric.spec.needs) == 1 else ""
        pair = observations.seen(need) if need else None
        if isinstance(pair, FeaturePair) and metric.spec.name in FEATURES:
            compared[name_of(metric.spec.name, metric.spec.view)] = need
            tensors |= _tensors(need, pair)
    for name, estimate in terms.items():
        tensors[f"terms/{name}"] = np.asarray(estimate.terms, dtype=np.float32)
        if estimate.clusters:
            tensors[f"clusters/{name}"] = np.asarray(estimate.clusters, dtype=np.int32)
    metadata = {"compared": json.dumps(compared), "items": _items(plan, generator)}
    content = save(tensors, metadata)
    (folder / NAME).write_bytes(content)
    return {"features": NAME, "features_sha256": hashlib.sha256(content).hexdigest()}


def _tensors(need: str, pair: FeaturePair) -> dict[str, np.ndarray[Any, Any]]:
    parts = {
        "generated": compact(pair.generated),
        "reference": compact(pair.reference),
        "generated_clusters": pair.generated_clusters,
        "generated_strata": pair.generated_strata,
        "reference_clusters": pair.reference_clusters,
        "reference_strata": pair.reference_strata,
    }
    return {f"{need}/{name}": np.ascontiguousarray(part) for name, part in parts.items() if part is not None}


def _items(plan: Plan, generator: Any) -> str:  # noqa: ANN401
    """What tells whether row i of two runs came from the same latent: seed, number and shape of the latents."""
    if isinstance(generator, DrawnSamples):
        return ""
    shape = "x".join(map(str, generator.latent_shape))
    return f"seed {plan.request.seed}, {plan.request.samples} latents of shape {shape}"
