"""Generated beside reference, in one space: the observations that most metrics compare."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.probes import TRAIN
from genaudit.probes.closest import beside_nearest_reference
from genaudit.probes.conditioning import attribute_with, class_numbers
from genaudit.probes.context import Observed
from genaudit.values.observations import AskedClasses, ClassPair, FeaturePair, ModeDistances

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from genaudit.probes.context import ImageReadings, ProbeContext


def features(context: ProbeContext, generated: ImageReadings, reference: ImageReadings) -> Observed:
    """The extractor's semantic features; without a training split also a few images beside their nearest."""
    observed = _pair(generated, reference, "features")
    shown = (
        None if TRAIN in context.dataset_spec.splits else beside_nearest_reference(context, observed.value, generated)
    )
    return replace(observed, pictures={"nearest_reference_images": shown}) if shown else observed


def low_level_features(_: ProbeContext, generated: ImageReadings, reference: ImageReadings) -> Observed:
    """Statistics of the extractor's first layers: blur and pixel noise, which semantic features hardly see."""
    return _pair(generated, reference, "low_level")


def classes(context: ProbeContext, generated: ImageReadings, reference: ImageReadings) -> Observed:
    """Class probabilities of the extractor's classifier."""
    return Observed(
        value=ClassPair(
            generated=softmax(generated.outputs["logits"]),
            reference=softmax(reference.outputs["logits"]),
            classes=context.extractor_spec.classes,
            reference_labels=class_labels(context, reference.labels),
            reference_clusters=reference.clusters,
            reference_strata=reference.strata,
        )
    )


def asked_classes(context: ProbeContext, generated: ImageReadings) -> Observed:
    """The class that each generated item was asked for, beside what the extractor's classifier reads from it."""
    ((attribute, asked),) = generated.labels.items()
    names = tuple(context.dataset_spec.attributes.get(attribute, context.generator.classes))
    read = tuple(context.extractor_spec.classes)
    if sorted(names) == sorted(read):  # each may count them in an order of its own
        asked, names = class_numbers(names, read)[asked], read
    return Observed(
        value=AskedClasses(
            asked=asked,
            classes=names,
            read=softmax(generated.outputs["logits"]),
            read_classes=read,
        )
    )


def mode_distances(context: ProbeContext, generated: ImageReadings, reference: ImageReadings) -> Observed:
    """Distances to the modes of a mixture that the extractor knows."""
    return Observed(
        value=ModeDistances(
            generated=generated.outputs["mode_distances"],
            reference=reference.outputs["mode_distances"],
            modes=context.extractor_spec.classes,
        )
    )


def class_labels(context: ProbeContext, labels: Mapping[str, NDArray[np.int64]]) -> NDArray[np.int64] | None:
    """The true levels of the attribute that the extractor's classes stand for; None if the data have none."""
    names = context.extractor_spec.classes
    attribute = attribute_with(context, names)
    if attribute is None or attribute not in labels:
        return None
    return class_numbers(context.dataset_spec.attributes[attribute], names)[labels[attribute]]


def softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """Probabilities ``(n, k)`` of logits.

    >>> softmax(np.array([[0.0, 0.0]])).tolist()
    [[0.5, 0.5]]
    """
    exponentials = np.exp(logits - logits.max(axis=1, keepdims=True))
    probabilities: NDArray[np.float64] = exponentials / exponentials.sum(axis=1, keepdims=True)
    return probabilities


def _pair(generated: ImageReadings, reference: ImageReadings, output: str) -> Observed:
    return Observed(
        value=FeaturePair(
            generated=generated.outputs[output],
            reference=reference.outputs[output],
            reference_clusters=reference.clusters,
            reference_strata=reference.strata,
        )
    )
