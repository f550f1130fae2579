"""Samples of the generator: every latent drawn by number, decoded and read once."""

from __future__ import annotations

from dataclasses import replace
from math import prod
from typing import TYPE_CHECKING

import numpy as np
import torch

from genaudit.plugin.capabilities import DrawnSamples
from genaudit.probes import EVALUATION
from genaudit.probes.ahead import read_ahead
from genaudit.probes.conditioning import asked_labels, attribute_of_classes, labels_by_attribute
from genaudit.probes.context import Observed, Pictures
from genaudit.probes.contract import checked_images, levels
from genaudit.probes.pictured import SHEET, pictured
from genaudit.probes.reading import Reader
from genaudit.probes.scatter import plotted
from genaudit.probes.subset import DrawnSubset
from genaudit.sets.level_use import narrow_levels
from genaudit.stats.seeds import standard_normal_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from numpy.typing import NDArray

    from genaudit.probes.context import ImageReadings, ProbeContext


def generate(context: ProbeContext) -> Observed:
    """Readings of ``context.samples`` images from latents 0, 1, 2, … of the stream ``latents``, or of a drawn set."""
    given = isinstance(context.generator, DrawnSamples)
    reader = Reader(context)
    low, high = 255.0, 0.0
    for images in generated_images(context, context.batches(context.samples)):
        reader.read(images)
        low, high = min(low, float(images.min())), max(high, float(images.max()))
    asked_for = labels_by_attribute(context, context.samples)
    readings = _with_given(context, reader.readings(asked_for))
    if given:
        shown, caption = pictured(context.generator.drawn, context.samples, context.seed, _of_which(context))
    else:
        shown = readings.first_images[:SHEET] if readings.first_images.ndim == 4 else readings.first_images
        asked = _asked(context) if asked_for else ""
        caption = f"Latents 0 to {len(shown) - 1:,} in order, not hand-picked; seed {context.seed}.{asked}"
    return Observed(
        value=readings,
        items=context.samples,
        pictures=sheet(context, "generated", shown, caption),
        remarks=() if given or shown.ndim != 4 else _odd_levels(context, low, high),
    )


def _of_which(context: ProbeContext) -> str:
    """Of what a drawn set's pictured items are."""
    if not isinstance(context.generator, DrawnSubset):
        return "of the generated set"
    return f"that seed {context.seed} drew from {context.generator.items:,}"


def _odd_levels(context: ProbeContext, low: float, high: float) -> tuple[str, ...]:
    """A sentence if no generated image leaves a part of the range; of a given set, its reader says it."""
    odd = narrow_levels(low, high)
    said = (
        f"All levels of the {context.samples:,} generated images {odd}. Is what the generator is told of black and "
        "white true (an option such as torchscript.range)?"
    )
    return (said,) if odd else ()


def _with_given(context: ProbeContext, readings: ImageReadings) -> ImageReadings:
    """The readings, with a probability of 1 for each label that somebody assigned."""
    levels_of = context.dataset_spec.attributes
    assigned = {name: np.eye(len(levels_of[name]))[one.codes[: context.samples]] for name, one in context.given.items()}
    return replace(readings, attributes={**readings.attributes, **assigned})


def generated_images(context: ProbeContext, batches: Iterable[tuple[int, int]]) -> Iterator[torch.Tensor]:
    """What the extractor reads of the samples in these batches, each a first number and a size."""
    if not isinstance(context.generator, DrawnSamples):
        yield from _decoded(context, batches)
        return
    for items in read_ahead(context.generator.drawn, batches):  # one batch ahead of the extractor
        yield torch.from_numpy(items).to(context.device)


def _decoded(context: ProbeContext, batches: Iterable[tuple[int, int]]) -> Iterator[torch.Tensor]:
    for start, count in batches:
        labels = asked_labels(context, "latents", start, count)
        yield levels(context, decoded(context, latents(context, "latents", start, count), labels))


def sheet(context: ProbeContext, name: str, shown: NDArray[np.uint8], caption: str) -> dict[str, Pictures]:
    """A grid of images for the report, or a picture of points of the plane; none for longer vectors."""
    if shown.ndim == 4:
        return {name: Pictures(images=shown, columns=8, caption=caption)}
    if shown.shape[1:] != (2,):
        return {}
    data = context.split(EVALUATION).images
    return plotted(name, shown, data[: len(data)], caption)  # a scored set is read by slices


def latents(context: ProbeContext, stream: str, start: int, count: int) -> torch.Tensor:
    """Rows ``start`` to ``start + count`` of a stream of latents, ``(count, *latent_shape)``, float32."""
    shape = tuple(context.generator.latent_shape)
    rows = standard_normal_rows(context.seed, stream, start, count, prod(shape))
    return torch.from_numpy(rows).to(context.device, torch.float32).reshape(count, *shape)


def decoded(context: ProbeContext, z: torch.Tensor, labels: NDArray[np.int64] | None = None) -> torch.Tensor:
    """Images of latents, of the classes that are asked for, checked against the contract."""
    further = () if labels is None else (torch.tensor(labels, device=context.device),)
    with context.asking_generator():
        return checked_images(context, context.generator.decode(z.clone(), *further), len(z), "decode")


def _asked(context: ProbeContext) -> str:
    attribute = attribute_of_classes(context)
    shares = "equal shares" if attribute is None else "the reference's shares"
    return f" Each was asked for a {attribute or 'class'} that was drawn with {shares}."
