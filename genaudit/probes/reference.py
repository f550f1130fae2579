"""The reference images, read once by the same extractor and annotators as the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from genaudit.plugin.capabilities import DrawnSamples
from genaudit.probes import EVALUATION
from genaudit.probes.ahead import read_ahead
from genaudit.probes.context import Observed
from genaudit.probes.generation import SHEET, sheet
from genaudit.probes.reading import Reader

if TYPE_CHECKING:
    from genaudit.probes.context import ProbeContext


def read_reference(context: ProbeContext) -> Observed:
    """Readings of the evaluation split, with its true labels and the source item of each image."""
    split = context.split(EVALUATION)
    reader = Reader(context)
    batches = context.batches(len(split.images))
    for images in read_ahead(lambda start, count: split.images[start : start + count], batches):
        reader.read(torch.from_numpy(images).to(context.device))
    readings = reader.readings(split.labels, split.clusters, split.strata)
    kept = readings.first_images
    shown, things = (kept[:SHEET], "images") if kept.ndim == 4 else (kept, "points")
    of = "reference set" if isinstance(context.generator, DrawnSamples) else f"{EVALUATION} split"
    caption = f"The first {len(shown):,} {things} of the {of}, in order."
    return Observed(
        value=readings,
        items=len(split.images),
        pictures=sheet(context, "real", shown, caption),
    )
