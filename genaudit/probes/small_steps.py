"""Very small steps between latents, or between styles: how far images move for how little.

Nothing is rounded to 8 bits here: a step of 1e-4 moves most pixels by less than a level, and rounding would turn a
few of them by a whole one.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np
import torch
from scipy.special import ndtr

from genaudit.probes.conditioning import asked_labels
from genaudit.probes.context import Observed
from genaudit.probes.contract import checked_images, continuous_levels
from genaudit.probes.generation import decoded
from genaudit.probes.paths import asked_paths
from genaudit.probes.reading import Reader
from genaudit.probes.styles import mapped, synthesized
from genaudit.stats.paths import lerp, slerp
from genaudit.stats.seeds import standard_normal_rows
from genaudit.values.observations import SmallSteps

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from genaudit.probes.context import ProbeContext

    At = Callable[[int, int, NDArray[np.float64]], torch.Tensor]

EPSILON = 1e-4
MOST_PATHS = 1000


def latent_steps(context: ProbeContext) -> Observed:
    """Steps along great circles between latents."""
    shape = tuple(context.generator.latent_shape)

    def at(start: int, count: int, fractions: NDArray[np.float64]) -> torch.Tensor:
        points = slerp(*_ends(context, start, count), fractions[:, None])[:, 0]
        z = torch.from_numpy(points).to(context.device, torch.float32).reshape(count, *shape)
        return decoded(context, z, asked_labels(context, "paths", start, count))

    return _observed(context, "latent_steps", at, "slerp")


def style_steps(context: ProbeContext) -> Observed:
    """Steps along straight lines between styles, the same style in every layer."""

    def at(start: int, count: int, fractions: NDArray[np.float64]) -> torch.Tensor:
        ends = [
            mapped(context, torch.from_numpy(rows).to(context.device, torch.float32)).double().cpu().numpy()
            for rows in _ends(context, start, count)
        ]
        styles = torch.from_numpy(lerp(ends[0], ends[1], fractions[:, None])[:, 0]).to(context.device)
        layers = len(context.generator.noise_shapes)
        return synthesized(context, styles[:, None].expand(-1, layers, -1))

    return _observed(context, "style_steps", at, "lerp")


def _ends(context: ProbeContext, start: int, count: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    size = prod(context.generator.latent_shape)
    return (
        standard_normal_rows(context.seed, "path-starts", start, count, size),
        standard_normal_rows(context.seed, "path-ends", start, count, size),
    )


def _observed(context: ProbeContext, observation: str, at: At, interpolation: str) -> Observed:
    options = context.demands.get(observation, ())
    paths = asked_paths(context, observation, MOST_PATHS)
    epsilon = min((one.epsilon for one in options if hasattr(one, "epsilon")), default=EPSILON)
    places = ndtr(standard_normal_rows(context.seed, "path-places", 0, paths, 1))[:, 0]
    return Observed(
        value=SmallSteps(
            anywhere=_squared_speed(context, at, places, epsilon),
            at_ends=_squared_speed(context, at, np.zeros(paths), epsilon),
            epsilon=epsilon,
            interpolation=interpolation,
        ),
        items=paths,
    )


def _squared_speed(context: ProbeContext, at: At, places: NDArray[np.float64], epsilon: float) -> NDArray[np.float64]:
    """Squared distance in feature space over epsilon², of each path at its place."""
    features = []
    for shift in (0.0, epsilon):
        reader = Reader(context, annotate=False)
        for start, count in context.batches(len(places)):
            images = at(start, count, places[start : start + count] + shift)
            reader.read(continuous_levels(context, checked_images(context, images, count, "decode")))
        features.append(reader.readings().outputs["features"])
    moved: NDArray[np.float64] = ((features[1] - features[0]) ** 2).sum(axis=1) / epsilon**2
    return moved
