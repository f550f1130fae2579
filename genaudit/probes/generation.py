"""Samples of the generator: every latent drawn by number, decoded and read once."""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import torch

from genaudit.plugin.capabilities import DrawnSamples
from genaudit.probes.context import Observed, Pictures
from genaudit.probes.contract import checked_images, levels
from genaudit.probes.reading import Reader
from genaudit.stats.seeds import standard_normal_rows

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genaudit.probes.context import ProbeContext

SHEET = 64


def generate(context: ProbeContext) -> Observed:
    """Readings of ``context.samples`` images from latents 0, 1, 2, … of the stream ``latents``, or of a drawn set."""
    given = isinstance(context.generator, DrawnSamples)
    reader = Reader(context)
    for start, count in context.batches(context.samples):
        if given:
            reader.read(torch.from_numpy(context.generator.drawn(start, count)).to(context.device))
        else:
            reader.read(levels(context, decoded(context, latents(context, "latents", start, count))))
    readings = reader.readings()
    shown = readings.first_images[:SHEET]
    caption = (
        f"The first {len(shown)} images of the generated set, in order."
        if given
        else f"Latents 0 to {len(shown) - 1} in order, not hand-picked; seed {context.seed}."
    )
    return Observed(value=readings, items=context.samples, pictures=sheet("generated", shown, caption))


def sheet(name: str, shown: NDArray[np.uint8], caption: str) -> dict[str, Pictures]:
    """A grid of images for the report; none for vectors."""
    return {name: Pictures(images=shown, columns=8, caption=caption)} if shown.ndim == 4 else {}


def latents(context: ProbeContext, stream: str, start: int, count: int) -> torch.Tensor:
    """Rows ``start`` to ``start + count`` of a stream of latents, ``(count, *latent_shape)``, float32."""
    shape = tuple(context.generator.latent_shape)
    rows = standard_normal_rows(context.seed, stream, start, count, prod(shape))
    return torch.from_numpy(rows).to(context.device, torch.float32).reshape(count, *shape)


def decoded(context: ProbeContext, z: torch.Tensor) -> torch.Tensor:
    """Images of latents, checked against the contract."""
    with torch.no_grad():
        return checked_images(context, context.generator.decode(z), len(z), "decode")
