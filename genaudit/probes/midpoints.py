"""Images half-way between two latents of the prior: along the great circle, and along the straight line."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np
import torch

from genaudit.errors import NotApplicable
from genaudit.probes.conditioning import asked_labels
from genaudit.probes.context import Observed
from genaudit.probes.contract import levels
from genaudit.probes.generation import decoded
from genaudit.probes.reading import Reader
from genaudit.stats.paths import lerp, slerp
from genaudit.stats.seeds import standard_normal_rows
from genaudit.values.observations import PathMidpoints

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.probes.context import ImageReadings, ProbeContext

PATHS = 1000


def path_midpoints(context: ProbeContext, generated: ImageReadings, reference: ImageReadings) -> Observed:
    """Features of midpoints between latents 0, 1, … and n, n + 1, … of the generated set, whose first n are the ends.

    A conditional generator is asked for the class of the first end.
    """
    asked = max(context.demanded("path_midpoints", "paths", default=PATHS))
    paths = min(asked, context.samples // 2)
    if paths < 2:
        raise NotApplicable("too-few-samples", f"A distance needs 2 paths, not {paths}.", "--samples 4 or more.")
    size = prod(context.generator.latent_shape)
    rows = standard_normal_rows(context.seed, "latents", 0, 2 * paths, size)
    half = np.array([0.5])
    midpoints = {
        name: _features(context, between(rows[:paths], rows[paths:], half)[:, 0])
        for name, between in (("slerp", slerp), ("lerp", lerp))
    }
    return Observed(
        value=PathMidpoints(
            midpoints=midpoints,
            ends=generated.outputs["features"][:paths],
            reference=reference.outputs["features"],
            reference_clusters=reference.clusters,
            reference_strata=reference.strata,
        ),
        items=2 * paths,
    )


def _features(context: ProbeContext, rows: NDArray[np.float64]) -> NDArray[np.float64]:
    reader = Reader(context, annotate=False)
    for start, count in context.batches(len(rows)):
        z = torch.from_numpy(rows[start : start + count]).to(context.device, torch.float32)
        labels = asked_labels(context, "latents", start, count)
        reader.read(levels(context, decoded(context, z.reshape(count, *context.generator.latent_shape), labels)))
    return reader.readings().outputs["features"]
