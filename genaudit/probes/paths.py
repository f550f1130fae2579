"""Walks between pairs of latents: how evenly the images change along them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from genaudit.probes.conditioning import asked_labels
from genaudit.probes.context import Observed, Pictures
from genaudit.probes.contract import levels
from genaudit.probes.generation import decoded
from genaudit.probes.reading import Reader
from genaudit.stats.paths import lerp, slerp
from genaudit.stats.seeds import standard_normal_rows
from genaudit.values.observations import LatentPaths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.probes.context import ProbeContext

SHOWN_PATHS = 4
MOST_PATHS = 500
IMAGES_OF_A_PATH = 4
"""Where nobody says how many paths are walked: a path for every so many images of the run."""
SHOWN_STEPS = 8
"""Steps of a path that are shown, if it has more: evenly spread, both ends among them."""


def latent_paths(context: ProbeContext) -> Observed:
    """Step lengths in feature space along paths between latents of two streams."""
    paths = asked_paths(context, "latent_paths", MOST_PATHS)
    steps = max(context.demanded("latent_paths", "steps", default=16))
    interpolation = _interpolation(context)
    images, features = _walk(context, paths, steps, interpolation)
    stops = features.reshape(paths, steps + 1, -1)
    shown = np.linspace(0, steps, min(steps, SHOWN_STEPS) + 1).round().astype(int)
    caption = (
        f"{interpolation.capitalize()} between the first pairs of latents, from left to right {len(shown)} of the "
        f"{steps + 1} images of a path; not hand-picked."
    )
    whole = len(images) // (steps + 1)
    strips = images[: whole * (steps + 1)].reshape(whole, steps + 1, *images.shape[1:])[:, shown]
    return Observed(
        value=LatentPaths(
            step_lengths=np.linalg.norm(np.diff(stops, axis=1), axis=2),
            chord_lengths=np.linalg.norm(stops[:, -1] - stops[:, 0], axis=1),
            interpolation=interpolation,
        ),
        items=paths,
        pictures={"interpolations": Pictures(images=np.concatenate(strips), columns=len(shown), caption=caption)}
        if images.ndim == 4 and whole
        else {},
    )


def asked_paths(context: ProbeContext, observation: str, most: int) -> int:
    """How many paths the metrics of an observation ask for; those that leave it open, a few for a small run."""
    asked = {one.paths for one in context.demands.get(observation, ()) if hasattr(one, "paths")} or {None}
    few = max(2, min(most, context.samples // IMAGES_OF_A_PATH))
    return max(few if paths is None else paths for paths in asked)


def _interpolation(context: ProbeContext) -> str:
    options = context.demands.get("latent_paths", ())
    return next((str(one.interpolation) for one in options if hasattr(one, "interpolation")), "slerp")


def _walk(
    context: ProbeContext, paths: int, steps: int, interpolation: str
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    between = slerp if interpolation == "slerp" else lerp
    shape = tuple(context.generator.latent_shape)
    starts = standard_normal_rows(context.seed, "path-starts", 0, paths, int(np.prod(shape)))
    ends = standard_normal_rows(context.seed, "path-ends", 0, paths, int(np.prod(shape)))
    stops = between(starts, ends, np.linspace(0, 1, steps + 1)).reshape(-1, starts.shape[1])
    classes = asked_labels(context, "paths", 0, paths)
    labels = None if classes is None else np.repeat(classes, steps + 1)  # a path stays within one class
    reader = Reader(context, annotate=False)
    for start, count in context.batches(len(stops)):
        z = torch.from_numpy(stops[start : start + count]).to(context.device, torch.float32)
        asked = None if labels is None else labels[start : start + count]
        reader.read(levels(context, decoded(context, z.reshape(count, *shape), asked)))
    readings = reader.readings()
    return readings.first_images[: SHOWN_PATHS * (steps + 1)], readings.outputs["features"]
