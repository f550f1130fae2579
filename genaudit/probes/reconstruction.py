"""Held-out images and what the model makes of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray

from genaudit.errors import NotApplicable
from genaudit.probes import EVALUATION, HOLDOUT, mix_split
from genaudit.probes.attributes import joint_counts
from genaudit.probes.conditioning import attribute_of_classes, told, true_labels
from genaudit.probes.context import Observed, Pictures
from genaudit.probes.contract import as_unit_range, checked_images, quantised
from genaudit.probes.reading import read_images
from genaudit.stats.intervals import clustering
from genaudit.values.counts import ReconstructedCounts
from genaudit.values.observations import FeaturePair, Reconstructions, SplitFeatures
from genaudit.values.run import ColumnLabel

if TYPE_CHECKING:
    from genaudit.plugin.components import LabelledImages
    from genaudit.probes.context import ImageReadings, ProbeContext

MOST_BYTES, FEWEST = 2**30, 1_000
"""Of a large holdout split the first images are reconstructed: as many as take so many bytes in float32, or FEWEST."""
SHOWN = 16
EQUAL = "Every reconstruction equals its image to the last bit: does 'reconstruct' return what it was given?"
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
    split = _as_many_as_fit(context.split(HOLDOUT))
    made: list[NDArray[np.float32]] = []
    levels: list[NDArray[np.uint8]] = []
    errors: list[NDArray[np.float64]] = []
    ask = context.generator.reconstruct
    classes = true_labels(context, split, ask)
    for start, count in context.batches(len(split.images)):
        rows = slice(start, start + count)
        images = as_unit_range(torch.from_numpy(split.images[rows]).to(context.device))
        labels = told(context, ask, None if classes is None else classes[rows])
        with context.asking_generator():
            batch = checked_images(context, ask(images.clone(), **labels), count, "reconstruct")
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
    if classes is not None:
        caption += f" The model was told the true {attribute_of_classes(context)} of each."
    pictures = {"reconstructions": Pictures(images=both, columns=shown, caption=caption)}
    return Observed(
        value=Reconstructed(pairs=pairs, images=images_8bit, strata=split.strata),
        items=len(images_8bit),
        pictures=pictures | {"worst_reconstructions": _worst_pairs(split.images, images_8bit, np.concatenate(errors))},
        remarks=(EQUAL,) if not np.concatenate(errors).any() else (),
    )


def _as_many_as_fit(split: LabelledImages) -> LabelledImages:
    """The split, or its first images: pairs are held in memory."""
    most = max(FEWEST, MOST_BYTES // (4 * prod(split.images.shape[1:])))
    if len(split.images) <= most:
        return split
    return replace(
        split,
        images=split.images[:most],
        labels={name: codes[:most] for name, codes in split.labels.items()},
        clusters=None if split.clusters is None else split.clusters[:most],
        strata=None if split.strata is None else split.strata[:most],
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


def readings(context: ProbeContext, reconstructed: Reconstructed) -> Observed:
    """What extractor and annotators say of the reconstructions."""
    read = read_images(context, reconstructed.images, annotate=True)
    return Observed(value=read, items=len(reconstructed.images))


def features(
    context: ProbeContext, reconstructed: Reconstructed, readings: ImageReadings, reference: ImageReadings
) -> Observed:
    """Features of the reconstructions beside those of the reference: the distance that decoding alone costs.

    Raises:
        NotApplicable: The reference holds the very images that were reconstructed: the two sides are not independent.
    """
    if context.split(HOLDOUT).digest == context.split(EVALUATION).digest:
        raise NotApplicable(
            "needs-other-images",
            "The held-out images are the reference images, and reconstructions lie near the images they are made from.",
            f"A data set whose splits '{HOLDOUT}' and '{EVALUATION}' hold different images.",
        )
    return Observed(
        value=FeaturePair(
            generated=readings.outputs["features"],
            reference=reference.outputs["features"],
            reference_clusters=reference.clusters,
            reference_strata=reference.strata,
            generated_strata=reconstructed.strata,
            generated_clusters=reconstructed.pairs.clusters,
        )
    )


def attribute_counts(context: ProbeContext, readings: ImageReadings, held_out: SplitFeatures) -> Observed:
    """For each pair of attributes of the data set, what is known of held-out images and read before and after.

    Raises:
        NotApplicable: No pair is both read from images and known of held-out ones.
    """
    labels, known = (context.split(name).labels for name in (HOLDOUT, mix_split(context.dataset_spec.splits)))
    found = tuple(
        _counted(context, t, a, readings, held_out, (labels, known))
        for t, a in context.dataset_spec.pairs
        if all(name in readings.attributes and name in labels and name in held_out.groups for name in (t, a))
    )
    if not found:
        raise NotApplicable(
            "needs-labels",
            "No pair of attributes is both read from images and known of held-out ones.",
            "A data set whose holdout split is labelled, and annotators that read images.",
        )
    return Observed(value=found)


Labels = Mapping[str, NDArray[np.int64]]


def _counted(
    context: ProbeContext,
    t: str,
    a: str,
    readings: ImageReadings,
    held_out: SplitFeatures,
    labels: tuple[Labels, Labels],
) -> ReconstructedCounts:
    sizes = {name: len(context.dataset_spec.attributes[name]) for name in (t, a)}
    rows = min(len(held_out.features), len(readings.attributes[t]))  # the first of either
    before = {name: held_out.groups[name][:rows] for name in (t, a)}
    after = {name: readings.attributes[name][:rows].argmax(axis=1) for name in (t, a)}
    truth = {name: labels[0][name][:rows] for name in (t, a)}

    def counts(known: str, read: str) -> NDArray[np.int64]:
        m = sizes[read]
        cells = (truth[known] * m + before[read]) * m + after[read]
        found: NDArray[np.int64] = np.bincount(cells, minlength=sizes[known] * m * m).reshape(sizes[known], m, m)
        return found

    clusters = None if held_out.clusters is None else held_out.clusters[:rows]
    effects = [clustering((after[name] != before[name]).astype(np.float64), clusters) for name in (t, a)]
    return ReconstructedCounts(
        t=t,
        a=a,
        task=counts(a, t),
        attribute=counts(t, a),
        training=joint_counts(labels[1][t], labels[1][a], (sizes[t], sizes[a])),
        task_design_effect=effects[0],
        attribute_design_effect=effects[1],
    )
