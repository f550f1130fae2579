"""Styles of single layers, and the noise of layers: which of them changes what."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from genaudit.errors import PluginError
from genaudit.probes.context import Observed, Pictures
from genaudit.probes.contract import checked_images, checked_numbers, quantised
from genaudit.probes.generation import latents
from genaudit.probes.reading import Reader
from genaudit.stats.seeds import standard_normal_rows
from genaudit.values.observations import NoiseEffect, SwappedStyles

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.probes.context import ImageReadings, ProbeContext

PAIRS = 300
NOISY_IMAGES = 100
SHOWN_PAIRS = 8
GRID = 6


def mapped(context: ProbeContext, z: torch.Tensor, truncation: float = 1.0) -> torch.Tensor:
    """Styles of latents.

    Raises:
        PluginError: Another number of them, no floating type, or values that are not finite.
    """
    with context.asking_generator():
        styles = checked_numbers(context, context.generator.map(z.clone(), truncation), "map")
    if styles.ndim != 2 or len(styles) != len(z) or not bool(torch.isfinite(styles).all()):
        raise PluginError(
            f"{context.generator_origin} broke its contract in 'map': shape {tuple(styles.shape)} for {len(z)} "
            "latents, or values that are not finite; allowed: finite styles (n, d)."
        )
    return styles


def synthesized(context: ProbeContext, styles: torch.Tensor, noise: list[torch.Tensor] | None = None) -> torch.Tensor:
    """Images of styles ``(n, layers, d)``, checked against the contract.

    It is given float32 whatever ``map`` returned: a mapper in float64 would otherwise decide what its synthesis sees,
    and one in float16 would lose small steps.
    """
    planes = None if noise is None else [plane.clone() for plane in noise]
    own = styles.to(torch.float32, copy=True)
    with context.asking_generator():
        return checked_images(context, context.generator.synthesize(own, planes), len(styles), "synthesize")


def style_mixing(context: ProbeContext) -> Observed:
    """Attributes of images, of others, and of the first with one layer's style taken from the second."""
    pairs = max(context.demanded("style_mixing", "pairs", default=PAIRS))
    layers = len(context.generator.noise_shapes)
    sources = {"own": [True] * layers, "other": [False] * layers}
    sources |= {str(layer): [each != layer for each in range(layers)] for layer in range(layers)}
    readings = {name: _read(context, pairs, own) for name, own in sources.items()}
    value = tuple(_swapped(context, attribute, readings, layers) for attribute in context.paired_annotators)
    return Observed(value=value, items=pairs * (layers + 2), pictures=_sheets(context, readings, layers))


def noise_effect(context: ProbeContext) -> Observed:
    """Differences of pixels between images of the same styles with other noise."""
    count = max(context.demanded("noise_effect", "images", default=NOISY_IMAGES))
    shapes = context.generator.noise_shapes
    whole, single = [], []
    for start, size in context.batches(count):
        styles = _pair(context, start, size)[0][:, None].expand(-1, len(shapes), -1)
        drawn = [_noise(context, f"noise-{each}", start, size) for each in (0, 1)]
        first, second = (synthesized(context, styles, planes) for planes in drawn)
        still = synthesized(context, styles)
        whole.append(_difference(first, second))
        alone = [
            [plane if number == layer else torch.zeros_like(plane) for number, plane in enumerate(drawn[0])]
            for layer in range(len(shapes))
        ]
        single.append(np.stack([_difference(synthesized(context, styles, planes), still) for planes in alone]))
    return Observed(
        value=NoiseEffect(every_layer=np.concatenate(whole), single_layers=np.concatenate(single, axis=1)), items=count
    )


def _read(context: ProbeContext, pairs: int, own: list[bool]) -> ImageReadings:
    """Readings of images whose layers have their own style where ``own`` says so, else the other's."""
    reader = Reader(context)
    for start, count in context.batches(pairs):
        reader.read(quantised(synthesized(context, _mixed(*_pair(context, start, count), own))))
    return reader.readings()


def _mixed(first: torch.Tensor, second: torch.Tensor, own: list[bool]) -> torch.Tensor:
    return torch.stack([first if each else second for each in own], dim=1)


def _pair(context: ProbeContext, start: int, count: int) -> tuple[torch.Tensor, torch.Tensor]:
    first, second = (mapped(context, latents(context, name, start, count)) for name in ("path-starts", "path-ends"))
    return first, second


def _swapped(context: ProbeContext, attribute: str, readings: dict[str, ImageReadings], layers: int) -> SwappedStyles:
    levels = {name: each.attributes[attribute].argmax(axis=1) for name, each in readings.items()}
    return SwappedStyles(
        attribute=attribute,
        levels=context.annotators[attribute][0].levels,
        own=levels["own"],
        other=levels["other"],
        swapped=np.stack([levels[str(layer)] for layer in range(layers)]),
    )


def _sheets(context: ProbeContext, readings: dict[str, ImageReadings], layers: int) -> dict[str, Pictures]:
    shown = min(SHOWN_PAIRS, len(readings["own"].first_images))
    columns = ["own", *map(str, range(layers)), "other"]
    rows = np.stack([readings[name].first_images[:shown] for name in columns], axis=1)
    return {
        "style_swaps": Pictures(
            images=rows.reshape(-1, *rows.shape[2:]),
            columns=len(columns),
            caption=(
                f"Each row: an image; the same with the style of layer 0, 1, … {layers - 1} alone taken from another; "
                "that other image. The first pairs, not hand-picked."
            ),
        ),
        "style_mixing": _grid(context, layers),
    }


def _grid(context: ProbeContext, layers: int) -> Pictures:
    """Coarse layers of one image with fine layers of another; the mean style in the corner."""
    coarse = (layers + 1) // 2
    first, second = _pair(context, 0, GRID)
    mean = mapped(context, latents(context, "path-starts", 0, 1), 0.0)
    own = [layer < coarse for layer in range(layers)]
    tiles = [_mixed(mean, mean, own), _mixed(second, second, own)]
    for row in first:
        kept = row[None]
        tiles += [_mixed(kept, kept, own), _mixed(kept.expand(GRID, -1), second, own)]
    return Pictures(
        images=quantised(synthesized(context, torch.cat(tiles))).cpu().numpy(),
        columns=GRID + 1,
        caption=(
            f"Layers 0 to {coarse - 1} of the image at the left of a row, layers {coarse} to {layers - 1} of the image "
            "at the top of a column; in the corner the mean style. The first latents, not hand-picked."
        ),
    )


def _noise(context: ProbeContext, stream: str, start: int, count: int) -> list[torch.Tensor]:
    planes = []
    for layer, shape in enumerate(context.generator.noise_shapes):
        rows = standard_normal_rows(context.seed, f"{stream}-layer-{layer}", start, count, int(np.prod(shape)))
        planes.append(torch.from_numpy(rows).to(context.device, torch.float32).reshape(count, *shape))
    return planes


def _difference(one: torch.Tensor, other: torch.Tensor) -> NDArray[np.float64]:
    difference: NDArray[np.float64] = (one.double() - other.double()).abs().flatten(1).mean(dim=1).cpu().numpy()
    return difference
