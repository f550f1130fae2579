"""How evenly images change along interpolations between latents, and how good they are half-way."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged
from genaudit.metrics.distances import frechet_distance
from genaudit.metrics.options import FrechetOptions
from genaudit.stats.paths import length_over_chord, step_unevenness
from genaudit.values.observations import FeaturePair
from genaudit.values.results import Estimate, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from genaudit.metrics.latent_options import MidpointOptions
    from genaudit.metrics.options import InterpolationOptions
    from genaudit.values.observations import Floats, LatentPaths, PathMidpoints


def interpolation_smoothness(
    paths: LatentPaths,
    *,
    options: InterpolationOptions,  # noqa: ARG001 - they are for the probe
    rng: np.random.Generator,  # noqa: ARG001
) -> Estimate:
    """Mean over paths of longest step over mean step: 1 is even."""
    moving = paths.step_lengths.sum(axis=1) > 0
    if not moving.any():
        raise NotApplicable("no-motion", "No image changes along any path, so no step is longer than another.")
    steps, chords = paths.step_lengths[moving], paths.chord_lengths[moving]
    estimate = averaged(step_unevenness(steps), bounds=(1.0, float(steps.shape[1])))
    still = int((~moving).sum())
    open_paths = chords > 0
    details = dict(estimate.details)
    if open_paths.any():
        details["length_over_chord"] = float(length_over_chord(steps[open_paths], chords[open_paths]).mean())
    return replace(
        estimate,
        n_generated=len(steps),
        parameters={"paths": len(moving), "interpolation": paths.interpolation, "steps": steps.shape[1]},
        details=details,
        note=f"{still} paths along which no image changes are left out." if still else "",
        series=(_step_lengths(steps),),
    )


def interpolation_realism(
    between: PathMidpoints, *, options: MidpointOptions, rng: np.random.Generator
) -> Iterator[Estimate]:
    """The distance of midpoints to the data, a value for each kind of path, beside that of the ends of these paths.

    All are dealt out to the same blocks of the jackknife, so that equal images have equal values.
    """

    def distance(images: Floats) -> Estimate:
        pair = FeaturePair(
            generated=images,
            reference=between.reference,
            reference_clusters=between.reference_clusters,
            reference_strata=between.reference_strata,
        )
        return frechet_distance(pair, options=FrechetOptions(blocks=options.blocks), rng=deepcopy(rng))

    ends = distance(between.ends).value
    for kind, images in between.midpoints.items():
        found = distance(images)
        yield replace(
            found,
            group=kind,
            parameters={"paths_walked": len(images)},
            details={**found.details, "ends": ends},
            note="",
        )


def _step_lengths(steps: Floats) -> Series:
    relative = steps / steps.mean(axis=1, keepdims=True)
    count = steps.shape[1]
    return Series(
        name="step_length",
        title="Length of a step along the path",
        x_label="position on the path, from 0 to 1",
        y_label="step length over the path's mean step",
        x=tuple((number + 0.5) / count for number in range(count)),
        y=tuple(float(value) for value in relative.mean(axis=0)),
    )
