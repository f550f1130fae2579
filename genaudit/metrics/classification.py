"""What a classifier learns from generated items, tested on real ones."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged
from genaudit.stats.softmax_regression import fit_softmax_regression
from genaudit.stats.units import some_places

if TYPE_CHECKING:
    from genaudit.metrics.options import ClassifierOptions
    from genaudit.values.observations import ClassPair, FeaturePair, Integers, SplitFeatures
    from genaudit.values.results import Estimate, Interval


def classification_accuracy_score(
    features: FeaturePair,
    classes: ClassPair,
    training: SplitFeatures,
    *,
    options: ClassifierOptions,
    rng: np.random.Generator,
) -> Estimate:
    """Accuracy on the reference of a linear classifier of features that saw generated items only."""
    truth = classes.reference_labels
    if truth is None or training.labels is None:
        raise NotApplicable(
            "needs-labels", "The true classes of the reference or of the training items are not known.", "Label them."
        )
    n = min(len(features.generated), len(training.features), options.items)
    made, real = (some_places(len(rows), n, rng) for rows in (features.generated, training.features))
    read = classes.generated[made].argmax(axis=1)
    if len(np.unique(read)) < 2:
        raise NotApplicable("one-class", f"All {n} generated items are read as one class, and nothing can be learned.")
    count = len(classes.classes)
    learned = fit_softmax_regression(features.generated[made], read, count, penalty=options.penalty)
    correct = learned.read(features.reference) == truth
    estimate = averaged(correct.astype(np.float64), features.reference_clusters, bounds=(0.0, 1.0))
    details = dict(estimate.details)
    labels = training.labels[real]
    if len(np.unique(labels)) > 1:
        taught = fit_softmax_regression(training.features[real], labels, count, penalty=options.penalty)
        details["trained_on_real"] = float((taught.read(features.reference) == truth).mean())
    return replace(
        estimate,
        interval=estimate.interval and _given_classifier(estimate.interval),
        n_generated=n,
        n_reference=len(truth),
        details=details | _worst(correct, truth, count),
    )


def _given_classifier(interval: Interval) -> Interval:
    return replace(interval, method=f"{interval.method}, given the trained classifier")


def _worst(correct: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], truth: Integers, count: int) -> dict[str, float]:
    """Accuracy in the class that was learned worst."""
    present = [number for number in range(count) if (truth == number).any()]
    return {"worst_class": min(float(correct[truth == number].mean()) for number in present)} if present else {}
