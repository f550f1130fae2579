"""Codes of images of which something is known, and classifiers that read it from them."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.probes import HOLDOUT
from genaudit.probes.conditioning import attribute_of_classes, true_labels
from genaudit.probes.context import Observed
from genaudit.stats.seeds import generator
from genaudit.stats.softmax_regression import fit_softmax_regression
from genaudit.stats.units import blocks_of_units
from genaudit.values.latents import FactorClassifier, FactorClassifiers, KnownFactor, LabelledCodes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.probes.context import ProbeContext
    from genaudit.stats.softmax_regression import LinearClassifier
    from genaudit.values.observations import Floats, Posteriors

BLOCKS = 5
"""Of sources: a classifier for each, and for each pair."""
PENALTY = 1.0
EXCHANGES = 2
"""How often each unit is taken from another image."""


def labelled_codes(context: ProbeContext, found: Posteriors) -> Observed:
    """Posteriors with the attributes of the data set that the holdout split is labelled with.

    Raises:
        NotApplicable: It is labelled with none that differs between images.
    """
    split = context.split(HOLDOUT)
    factors = tuple(
        KnownFactor(name=name, levels=levels, labels=split.labels[name])
        for name, levels in context.dataset_spec.attributes.items()
        if name in split.labels and len(np.unique(split.labels[name])) > 1
    )
    if not factors:
        raise NotApplicable(
            "needs-labels",
            f"No label of the split '{HOLDOUT}' of data set '{context.dataset_spec.name}' differs between images.",
            "A data set whose spec names attributes, and whose splits are labelled with them.",
        )
    told = true_labels(context, split, context.generator.encode) is not None
    return Observed(
        value=LabelledCodes(
            means=found.means,
            log_variances=found.log_variances,
            factors=factors,
            clusters=found.clusters,
            given=(attribute_of_classes(context) or "") if told else "",
        )
    )


def factor_classifiers(context: ProbeContext, codes: LabelledCodes) -> Observed:
    """Each factor as the codes of other sources tell to read it, with every unit in turn taken from other images."""
    asked = context.demands.get("factor_classifiers", ())
    penalty = max([one.penalty for one in asked if hasattr(one, "penalty")] or [PENALTY])
    count = len(codes.means)
    sources = count if codes.clusters is None else len(np.unique(codes.clusters))
    if sources < 2:
        raise NotApplicable("too-few-samples", f"Codes are read as those of other sources tell; {sources} is there.")
    blocks = blocks_of_units(count, codes.clusters, BLOCKS, generator(context.seed, "factor-blocks"))
    found: list[FactorClassifier] = []
    unread: dict[str, str] = {}
    for factor in codes.factors:
        rng = generator(context.seed, "factor-units", factor.name)
        try:
            found.append(_read(codes.means, factor, blocks, penalty, rng))
        except ValueError as error:
            unread[factor.name] = f"Without a part of the sources {error}."
    return Observed(
        value=FactorClassifiers(classifiers=tuple(found), unread=unread, clusters=codes.clusters, given=codes.given)
    )


def _read(
    means: Floats, factor: KnownFactor, blocks: NDArray[np.int64], penalty: float, rng: np.random.Generator
) -> FactorClassifier:
    """Every block as a classifier without it reads it, and as those without it and another one do.

    Units are exchanged between the same images whatever the classifier, so that what differs is what it learned.
    """
    number = int(blocks.max()) + 1
    rows = [np.flatnonzero(blocks == block) for block in range(number)]
    partners = [np.stack([rng.permutation(each) for _ in range(EXCHANGES)]) for each in rows]
    correct = np.empty(len(means), dtype=bool)
    lost = np.zeros((number, number, means.shape[1]))  # [a, b]: of block a, without a and b

    for first, second in combinations_with_replacement(range(number), 2):
        kept = (blocks != first) & (blocks != second)
        classifier = fit_softmax_regression(means[kept], factor.labels[kept], len(factor.levels), penalty=penalty)
        for judged, other in {(first, second), (second, first)}:
            lost[judged, other] = _lost(classifier, means, factor.labels, rows[judged], partners[judged])
        if first == second:
            correct[rows[first]] = classifier.read(means[rows[first]]) == factor.labels[rows[first]]
    shares = np.array([len(each) for each in rows]) / len(means)
    without = [np.delete(np.arange(number), block) for block in range(number)]
    return FactorClassifier(
        factor=factor,
        correct=correct,
        lost=shares @ lost[np.arange(number), np.arange(number)],
        left_out=np.stack(
            [shares[each] @ lost[each, block] / shares[each].sum() for block, each in enumerate(without)]
        ),
    )


def _lost(
    classifier: LinearClassifier,
    means: Floats,
    labels: NDArray[np.int64],
    rows: NDArray[np.int64],
    partners: NDArray[np.int64],
) -> Floats:
    """``(d,)``: mean probability of the true level of some rows, less that with a unit of their partners."""
    true = labels[rows]
    sure = classifier.probabilities(means[rows])[np.arange(len(rows)), true].mean()
    found = np.empty(means.shape[1])
    for unit in range(means.shape[1]):
        exchanged = np.tile(means[rows], (len(partners), 1))
        exchanged[:, unit] = means[partners.ravel(), unit]
        read = classifier.probabilities(exchanged)
        found[unit] = sure - read[np.arange(len(read)), np.tile(true, len(partners))].mean()
    return found
