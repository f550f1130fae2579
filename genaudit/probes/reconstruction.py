"""Held-out images and what the model makes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from genaudit.probes import HOLDOUT
from genaudit.probes.context import Observed, Pictures
from genaudit.probes.contract import as_unit_range, checked_images, quantised
from genaudit.probes.reading import read_images
from genaudit.values.observations import FeaturePair, Reconstructions

if TYPE_CHECKING:
    from genaudit.probes.context import ImageReadings, ProbeContext

SHOWN = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconstructed:
    """The pairs as metrics see them, and the reconstructions as 8-bit images."""

    pairs: Reconstructions
    images: NDArray[np.uint8]
    strata: NDArray[np.int64] | None = None


def reconstruct(context: ProbeContext) -> Observed:
    """Reconstructions of the holdout split."""
    split = context.split(HOLDOUT)
    made: list[NDArray[np.float32]] = []
    levels: list[NDArray[np.uint8]] = []
    for start, count in context.batches(len(split.images)):
        images = as_unit_range(torch.from_numpy(split.images[start : start + count]).to(context.device))
        with torch.no_grad():
            batch = checked_images(context, context.generator.reconstruct(images), count, "reconstruct")
        made.append(batch.to(torch.float32).cpu().numpy())
        levels.append(quantised(batch).cpu().numpy())
        context.progress(count)
    pairs = Reconstructions(
        originals=(split.images / np.float32(255)).astype(np.float32),
        reconstructions=np.concatenate(made),
        clusters=split.clusters,
    )
    images_8bit = np.concatenate(levels)
    shown = min(SHOWN, len(images_8bit))
    both = np.concatenate([split.images[:shown], images_8bit[:shown]])
    caption = f"The first {shown} images of the {HOLDOUT} split (above) and their reconstructions (below)."
    return Observed(
        value=Reconstructed(pairs=pairs, images=images_8bit, strata=split.strata),
        items=len(images_8bit),
        pictures={"reconstructions": Pictures(images=both, columns=shown, caption=caption)},
    )


def reconstructions(_: ProbeContext, reconstructed: Reconstructed) -> Observed:
    """The pairs alone."""
    return Observed(value=reconstructed.pairs)


def features(context: ProbeContext, reconstructed: Reconstructed, reference: ImageReadings) -> Observed:
    """Features of the reconstructions beside those of the reference: the distance that decoding alone costs."""
    readings = read_images(context, reconstructed.images)
    return Observed(
        value=FeaturePair(
            generated=readings.outputs["features"],
            reference=reference.outputs["features"],
            reference_clusters=reference.clusters,
            reference_strata=reference.strata,
            generated_strata=reconstructed.strata,
            generated_clusters=reconstructed.pairs.clusters,
        ),
        items=len(reconstructed.images),
    )
