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
from genaudit.values.run import ColumnLabel

if TYPE_CHECKING:
    from genaudit.probes.context import ImageReadings, ProbeContext

SHOWN = 16
WORST, SCALE = 8, 2
"""Pairs with the largest errors that are shown, and those of the median and the smallest beside them."""


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
    errors: list[NDArray[np.float64]] = []
    for start, count in context.batches(len(split.images)):
        images = as_unit_range(torch.from_numpy(split.images[start : start + count]).to(context.device))
        with context.asking_generator():
            batch = checked_images(context, context.generator.reconstruct(images), count, "reconstruct")
        made.append(batch.to(torch.float32).cpu().numpy())
        levels.append(quantised(batch).cpu().numpy())
        errors.append((images - batch).to(torch.float64).square().flatten(1).mean(dim=1).cpu().numpy())
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
    pictures = {"reconstructions": Pictures(images=both, columns=shown, caption=caption)}
    return Observed(
        value=Reconstructed(pairs=pairs, images=images_8bit, strata=split.strata),
        items=len(images_8bit),
        pictures=pictures | {"worst_reconstructions": _worst_pairs(split.images, images_8bit, np.concatenate(errors))},
    )


def _worst_pairs(originals: NDArray[np.uint8], made: NDArray[np.uint8], errors: NDArray[np.float64]) -> Pictures:
    """The pairs of the largest errors, then those at the median and of the smallest, for scale."""
    order = np.argsort(-errors, kind="stable")
    middle = (len(order) - 1) // 2
    parts = {"worst": order[:WORST], "median": order[middle : middle + SCALE], "best": order[-SCALE:]}
    chosen = np.concatenate(list(parts.values()))
    names = [name for name, part in parts.items() for _ in part]
    return Pictures(
        images=np.concatenate([originals[chosen], made[chosen]]),
        columns=len(chosen),
        labels=tuple(
            ColumnLabel(group=name, name=f"no. {number}", value=float(errors[number]))
            for name, number in zip(names, chosen, strict=True)
        ),
        caption=(
            f"Images of the {HOLDOUT} split (above) and their reconstructions (below): of {len(errors):,} pairs those "
            f"with the largest errors, and for scale pairs at the median and of the smallest errors. The number is the "
            "mean squared error of the image, values in [0, 1]."
        ),
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
