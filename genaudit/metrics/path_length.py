"""How far images move for a very small step between latents."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.metrics.influences import of_items
from genaudit.stats.trimming import trimmed_influences, trimmed_mean
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    import numpy as np

    from genaudit.metrics.style_options import PathLengthOptions
    from genaudit.values.observations import Floats, SmallSteps


def perceptual_path_length(
    steps: SmallSteps,
    *,
    options: PathLengthOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from the steps
) -> list[Estimate]:
    """Trimmed mean of squared feature distance over epsilon²: anywhere on the paths, and where they begin."""
    return [
        _estimate(steps.anywhere, steps, "full", options),
        replace(_estimate(steps.at_ends, steps, "end", options), group="end"),
    ]


MOST_STILL = 0.5
"""Share of steps without any change beyond which the images jump: of a smooth decoder none is without."""


def _of_steps(value: float, still: float) -> str:
    if value == 0:
        return "No image moves at all."
    if still > MOST_STILL:
        return (
            f"{100 * still:.3g} % of the steps change nothing and the others jump: the images are no smooth function "
            "of the latents, and the value grows as epsilon falls."
        )
    return ""


def _estimate(values: Floats, steps: SmallSteps, sampling: str, options: PathLengthOptions) -> Estimate:
    found = trimmed_mean(values, options.trim)
    return Estimate(
        value=found.value,
        interval=found.interval(bounds=(0.0, None)),
        n_generated=len(values),
        parameters={
            "paths": len(values),
            "interpolation": steps.interpolation,
            "epsilon": steps.epsilon,
            "sampling": sampling,
            "distance": "squared Euclidean distance of the extractor's features, images not rounded",
        },
        details={
            "standard_error": found.standard_error,
            "untrimmed": float(values.mean()),
            "largest": float(values.max()),
        },
        note=_of_steps(found.value, float((values == 0).mean())),
        influences=of_items(trimmed_influences(values, options.trim)),
    )
