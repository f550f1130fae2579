"""How often each pair of attribute levels is generated, and how often it was in the training data."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.probes import EVALUATION
from genaudit.probes.context import Observed
from genaudit.stats.joint_correction import design_effect
from genaudit.values.counts import AttributeCounts, AttributeReading, LevelCounts, single_attribute

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.probes.context import ImageReadings, ProbeContext

CONFIDENT = 0.9


def attribute_counts(context: ProbeContext, generated: ImageReadings, reference: ImageReadings) -> Observed:
    """One table of counts for each pair of attributes that the data set declares."""
    tables = tuple(_counts(context, t, a, generated, reference) for t, a in context.dataset_spec.pairs)
    return Observed(value=tables)


def _counts(
    context: ProbeContext, t: str, a: str, generated: ImageReadings, reference: ImageReadings
) -> AttributeCounts:
    mix, compared = context.mix()
    if not t:
        return replace(_alone(context, a, generated, reference, mix.labels[a]), compared=compared)
    readings = {name: attribute_reading(context, name, reference) for name in (t, a)}
    rows, columns = (generated.attributes[name].argmax(axis=1) for name in (t, a))
    training = mix.labels
    shape = (len(readings[t].levels), len(readings[a].levels))
    sure = generated.attributes[t].max(axis=1) > CONFIDENT
    return AttributeCounts(
        t=readings[t],
        a=readings[a],
        generated=joint_counts(rows, columns, shape),
        training=joint_counts(training[t], training[a], shape),
        confident=np.bincount(rows[sure], minlength=shape[0]),
        confidence=0.0 if t in context.given else CONFIDENT,
        asked=joint_counts(generated.labels[t], columns, shape) if t in generated.labels else None,
        asked_attribute=joint_counts(rows, generated.labels[a], shape) if a in generated.labels else None,
        undecided=undecided(generated.attributes[a]),
        compared=compared,
    )


def undecided(probabilities: NDArray[np.float64]) -> int:
    """Images of which no level is more probable than chance makes it.

    >>> undecided(np.array([[0.5, 0.5], [0.6, 0.4]])), undecided(np.ones((3, 1)))
    (1, 0)
    """
    levels = probabilities.shape[1]
    return int((probabilities.max(axis=1) <= 1 / levels + 1e-9).sum()) if levels > 1 else 0


def _alone(
    context: ProbeContext, a: str, generated: ImageReadings, reference: ImageReadings, known: NDArray[np.int64]
) -> AttributeCounts:
    """A table of one row, and how often a is read surely: whatever else the images show, it is not read."""
    reading = attribute_reading(context, a, reference)
    counts = [
        np.bincount(levels, minlength=len(reading.levels)) for levels in (generated.attributes[a].argmax(axis=1), known)
    ]
    return replace(
        single_attribute(reading, *counts),
        confident=np.array([(generated.attributes[a].max(axis=1) > CONFIDENT).sum()]),
        confidence=0.0 if a in context.given else CONFIDENT,
        undecided=undecided(generated.attributes[a]),
    )


def level_counts(context: ProbeContext, generated: ImageReadings, reference: ImageReadings) -> Observed:
    """How often each combination of levels of all attributes is read from generated images and known of training."""
    mix, compared = context.mix()
    training = mix.labels
    names = [name for name in context.dataset_spec.attributes if name in generated.attributes and name in training]
    read = np.stack([generated.attributes[name].argmax(axis=1) for name in names], axis=1)
    known = np.stack([training[name] for name in names], axis=1)
    levels, place = np.unique(np.concatenate([read, known]), axis=0, return_inverse=True)
    places = np.split(place.ravel(), [len(read)])
    counts = [np.bincount(one, minlength=len(levels)) for one in places]
    asked = next((name for name in names if name in generated.labels), "")
    rows = np.unique(
        np.column_stack([generated.labels[asked], read]) if asked else read[:0], axis=0, return_counts=True
    )
    return Observed(
        value=LevelCounts(
            readings=tuple(attribute_reading(context, name, reference) for name in names),
            levels=levels,
            generated=counts[0],
            training=counts[1],
            undecided=tuple(undecided(generated.attributes[name]) for name in names),
            compared=compared,
            asked=asked,
            asked_levels=rows[0] if asked else None,
            asked_counts=rows[1] if asked else None,
        )
    )


def attribute_reading(context: ProbeContext, attribute: str, reference: ImageReadings) -> AttributeReading:
    """Who reads an attribute, and with what error on the evaluation split; or who assigned it."""
    if attribute in context.given:
        return _assigned(context, attribute)
    spec, _ = context.annotators[attribute]
    truth, size = reference.labels.get(attribute), len(spec.levels)
    known = AttributeReading(
        attribute=attribute,
        levels=spec.levels,
        annotator=spec.name,
        method=spec.method,
        confusion=None,
        measured_on="",
    )
    if truth is None:
        return known
    read = reference.attributes[attribute].argmax(axis=1)
    return replace(
        known,
        confusion=joint_counts(truth, read, (size, size)),
        measured_on=f"{context.dataset_spec.name}/{EVALUATION}",
        design_effect=design_effect(read == truth, reference.clusters),
        sure=float((reference.attributes[attribute].max(axis=1) > CONFIDENT).mean()),
    )


def _assigned(context: ProbeContext, attribute: str) -> AttributeReading:
    given = context.given[attribute]
    return AttributeReading(
        attribute=attribute,
        levels=context.dataset_spec.attributes[attribute],
        annotator=given.annotator,
        method=given.method,
        confusion=given.confusion,
        measured_on=given.measured_on,
    )


def joint_counts(rows: NDArray[np.int64], columns: NDArray[np.int64], shape: tuple[int, int]) -> NDArray[np.int64]:
    """How often each pair of indices occurs.

    >>> joint_counts(np.array([0, 1, 1]), np.array([0, 0, 0]), (2, 2)).tolist()
    [[1, 0], [2, 0]]
    """
    counts: NDArray[np.int64] = np.bincount(rows * shape[1] + columns, minlength=shape[0] * shape[1]).reshape(shape)
    return counts
