"""The reference images, read once by the same extractor and annotators as the samples."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from genaudit.plugin.capabilities import DrawnSamples
from genaudit.probes import EVALUATION
from genaudit.probes.ahead import read_ahead
from genaudit.probes.context import Observed
from genaudit.probes.generation import sheet
from genaudit.probes.pictured import SHEET, pictured
from genaudit.probes.reading import Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np
    from numpy.typing import NDArray

    from genaudit.probes.context import ProbeContext


def read_reference(context: ProbeContext) -> Observed:
    """Readings of the evaluation split, with its true labels and the source item of each image."""
    split = context.split(EVALUATION)
    reader = Reader(context)
    for images in reference_images(context, split.images, context.batches(len(split.images))):
        reader.read(images)
    readings = reader.readings(split.labels, split.clusters, split.strata)
    kept = readings.first_images
    if isinstance(context.generator, DrawnSamples):
        shown, caption = pictured(
            lambda start, count: split.images[start : start + count], len(split.images), context.seed,
            "of the reference set",
        )  # fmt: skip
    else:
        shown, things = (kept[:SHEET], "images") if kept.ndim == 4 else (kept, "points")
        caption = f"The first {len(shown):,} {things} of the {EVALUATION} split, in order."
    return Observed(
        value=readings,
        items=len(split.images),
        pictures=sheet(context, "real", shown, caption),
    )


def reference_images(
    context: ProbeContext, images: NDArray[np.uint8], batches: Iterable[tuple[int, int]]
) -> Iterator[torch.Tensor]:
    """The images of the evaluation split in these batches, each a first number and a size; one batch ahead."""
    for read in read_ahead(lambda start, count: images[start : start + count], batches):
        yield torch.from_numpy(read).to(context.device)
