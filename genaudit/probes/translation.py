"""Held-out images of each domain, what the model makes of them, and what they truly look like in the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from genaudit.errors import NotApplicable, PluginError
from genaudit.probes import EVALUATION, HOLDOUT
from genaudit.probes.context import ImageReadings, Observed, Pictures, blaming
from genaudit.probes.contract import as_unit_range, checked_images, quantised
from genaudit.probes.reading import read_images
from genaudit.stats.intervals import clustering
from genaudit.values.counts import FlipCounts
from genaudit.values.observations import FeaturePair
from genaudit.values.translations import AttributeFlips, Translation, TranslationFeatures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.plugin.components import LabelledImages
    from genaudit.probes.context import ProbeContext
    from genaudit.values.translations import Images

MOST = 2_000
"""Images of each direction, the first ones of the held-out split."""
SHOWN = 16

Directions = tuple[tuple[str, str], ...]


def translate(context: ProbeContext) -> Observed:
    """Every direction of the model, asked once: there, back, and once more on what is already of the target domain."""
    directions = _directions(context)
    found = tuple(_one_way(context, source, target, directions) for source, target in directions)
    pictures = {f"translations-{number}": _strips(one) for number, one in enumerate(found, start=1)}
    return Observed(value=found, items=sum(len(one.inputs) for one in found), pictures=pictures)


def readings(context: ProbeContext, translations: tuple[Translation, ...]) -> Observed:
    """What extractor and annotators say of inputs, translations and true translations of each direction."""
    looks: dict[str, ImageReadings] = {}
    for one in translations:
        for domain, images in ((one.source, one.inputs), (one.target, one.truth)):
            if domain not in looks:
                looks[domain] = _read(context, images)
    made = {one.direction: _read(context, one.outputs) for one in translations}
    found = tuple((one, looks[one.source], made[one.direction], looks[one.target]) for one in translations)
    return Observed(value=found, items=sum(len(one.inputs) for one in translations))


Read = tuple[Translation, ImageReadings, ImageReadings, ImageReadings]
"""A direction with the readings of its inputs, its translations and its true translations."""


def features(context: ProbeContext, found: tuple[Read, ...]) -> Observed:
    """Features beside those of the evaluation split as it looks in the target domain."""
    beside = []
    for one, before, after, truth in found:
        split = _pairs(context, EVALUATION, one.source, one.target)[1]
        reference = read_images(context, split.images)
        strata = _pairs(context, HOLDOUT, one.source, one.target)[1].strata
        pairs = (
            FeaturePair(
                generated=read.outputs["features"],
                reference=reference.outputs["features"],
                reference_clusters=split.clusters,
                generated_clusters=one.clusters,
                reference_strata=split.strata,
                generated_strata=None if strata is None else strata[: len(one.inputs)],
            )
            for read in (after, truth, before)
        )
        translated, true, untranslated = pairs
        beside.append(
            TranslationFeatures(direction=one.direction, translated=translated, truth=true, untranslated=untranslated)
        )
    return Observed(value=tuple(beside), items=sum(len(one.inputs) for one, *_ in found))


def flips(context: ProbeContext, found: tuple[Read, ...]) -> Observed:
    """Levels of every attribute that can be read, before and after."""
    read = tuple(
        AttributeFlips(
            attribute=attribute,
            levels=spec.levels,
            source=one.source,
            target=one.target,
            before=before.attributes[attribute].argmax(axis=1),
            after=after.attributes[attribute].argmax(axis=1),
            truth=truth.attributes[attribute].argmax(axis=1),
            clusters=one.clusters,
            known=one.labels.get(attribute),
        )
        for one, before, after, truth in found
        for attribute, (spec, _) in context.paired_annotators.items()
    )
    return Observed(value=read)


def flip_counts(context: ProbeContext, found: tuple[AttributeFlips, ...]) -> Observed:
    """How often each level of an attribute that should stay is read as each other one, after translation and truly.

    Raises:
        NotApplicable: The data are not labelled with such an attribute.
    """
    counts = tuple(_counted(context, one, one.known) for one in found if not one.translated and one.known is not None)
    if not counts:
        raise NotApplicable(
            "needs-labels",
            "No attribute that the translation should leave alone is both read from images and known of the data.",
            "A data set whose translation pairs are labelled, and an annotator for one of these labels.",
        )
    return Observed(value=counts)


def _counted(context: ProbeContext, one: AttributeFlips, known: NDArray[np.int64]) -> FlipCounts:
    k, spec = len(one.levels), context.annotators[one.attribute][0]
    cells = (known * k + one.after) * k + one.truth
    changed, misread = (_within_levels(read != known, known) for read in (one.after, one.truth))
    return FlipCounts(
        attribute=one.attribute,
        levels=one.levels,
        direction=one.direction,
        counts=np.bincount(cells, minlength=k**3).reshape(k, k, k),
        annotator=spec.name,
        method=spec.method,
        design_effect=clustering(changed, one.clusters),
        paired_design_effect=clustering(changed - misread, one.clusters),
    )


def _within_levels(values: NDArray[np.bool_], levels: NDArray[np.int64]) -> NDArray[np.float64]:
    """What each value lies above the mean of its level."""
    found = values.astype(np.float64)
    means = np.bincount(levels, weights=found) / np.maximum(np.bincount(levels), 1)
    return np.asarray(found - means[levels], dtype=np.float64)


def _directions(context: ProbeContext) -> Directions:
    """The ways that the model knows and whose ground truth the data set has.

    Raises:
        NotApplicable: There is none.
        PluginError: The model does not say what it translates.
    """
    with blaming(context.generator_origin, "domains"):
        domains = tuple(map(str, context.generator.domains))
        declared = getattr(context.generator, "directions", None)
        ways = [(a, b) for a in domains for b in domains if a != b] if declared is None else declared
        known = tuple((str(source), str(target)) for source, target in ways)
    if not known:
        raise PluginError(f"{context.generator_origin} broke its contract in 'domains': {domains}; allowed: two names.")
    truths = {frozenset(pair) for pair in context.dataset_spec.translations}
    found = tuple(way for way in known if frozenset(way) in truths)
    if not found:
        pairs = ", ".join(f"{a} and {b}" for a, b in context.dataset_spec.translations)
        raise NotApplicable(
            "needs-domains",
            f"The model translates {known[0][0]} to {known[0][1]}, and data set '{context.dataset_spec.name}' knows "
            f"{pairs}.",
            "A data set that knows how its images look in both domains.",
        )
    return found


def _one_way(context: ProbeContext, source: str, target: str, known: Directions) -> Translation:
    first, second = _pairs(context, HOLDOUT, source, target)
    inputs, truth = (_unit(split.images[:MOST]) for split in (first, second))
    outputs = _asked(context, inputs, source, target)
    return Translation(
        source=source,
        target=target,
        inputs=inputs,
        outputs=outputs,
        truth=truth,
        kept=_asked(context, truth, source, target),
        returned=_asked(context, outputs, target, source) if (target, source) in known else None,
        clusters=None if first.clusters is None else first.clusters[:MOST],
        labels={name: levels[:MOST] for name, levels in first.labels.items()},
    )


def _asked(context: ProbeContext, images: Images, source: str, target: str) -> Images:
    made = []
    for start, count in context.batches(len(images)):
        batch = torch.tensor(images[start : start + count], device=context.device)  # the model's own to write into
        with context.asking_generator():
            translated = context.generator.translate(batch, source, target)
        made.append(checked_images(context, translated, count, "translate").to(torch.float32).cpu().numpy())
        context.progress(count)
    return np.concatenate(made)


def _pairs(context: ProbeContext, split: str, source: str, target: str) -> tuple[LabelledImages, LabelledImages]:
    """The same images in both domains.

    Raises:
        PluginError: The data set cannot give them, or they are not the same.
    """
    with blaming(context.dataset_origin, f"translation pairs of '{split}'"):
        first, second = context.dataset.translation_pairs(split, source, target)  # type: ignore[attr-defined] # declared
    if first.images.shape != second.images.shape:
        raise PluginError(
            f"{context.dataset_origin} broke its contract in 'translation_pairs': {first.images.shape} and "
            f"{second.images.shape}; allowed: as many images of one shape."
        )
    return first, second


def _unit(images: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Images:
    return as_unit_range(torch.from_numpy(images.copy())).numpy()


def _read(context: ProbeContext, images: Images) -> ImageReadings:
    return read_images(context, _levels(images), annotate=True)


def _levels(images: Images) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    levels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] = quantised(torch.from_numpy(images.copy())).numpy()
    return levels


def _strips(one: Translation) -> Pictures:
    """The first images, one above the other: input, translation, truth and, where there is one, the way back."""
    rows = [one.inputs, one.outputs, one.truth, *([] if one.returned is None else [one.returned])]
    shown = min(SHOWN, len(one.inputs))
    back = "" if one.returned is None else ", and the translation translated back"
    caption = (
        f"{one.direction}, the first {shown} images of the {HOLDOUT} split. From top to bottom: the image, its "
        f"translation, what it truly looks like in the other domain{back}."
    )
    images = np.concatenate([_levels(images[:shown]) for images in rows])
    return Pictures(images=images, columns=shown, caption=caption[0].upper() + caption[1:])
