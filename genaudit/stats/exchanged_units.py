"""Classifiers of codes, block by block, and what each loses where one unit is taken from another image."""

from __future__ import annotations

from itertools import combinations_with_replacement
from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.softmax_regression import fit_softmax_regression
from genaudit.values.latents import FactorClassifier

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.stats.softmax_regression import LinearClassifier
    from genaudit.values.latents import KnownFactor

    Floats = NDArray[np.float64]

EXCHANGES = 2
"""How often each unit is taken from another image."""


def read_by_blocks(
    means: Floats, factor: KnownFactor, blocks: NDArray[np.int64], penalty: float, rng: np.random.Generator
) -> FactorClassifier:
    """Every block as a classifier without it reads it, and as those without it and another one do.

    Units are exchanged between the same images whatever the classifier, so that what differs is what it learned.

    Args:
        means: ``(n, d)`` codes.
        factor: Of these images.
        blocks: ``(n,)`` block of each image, from 0; images that depend on one another are in one block.
        penalty: Of half the squared weights, see ``fit_softmax_regression``.
        rng: Which images units are taken from.

    Raises:
        ValueError: Without a block, or two, a level is missing.

    >>> from genaudit.values.latents import KnownFactor
    >>> sides = KnownFactor(name="side", levels=("left", "right"), labels=np.arange(40) % 2)
    >>> codes = np.column_stack([2.0 * sides.labels, np.zeros(40)])
    >>> found = read_by_blocks(codes, sides, np.arange(40) // 2 % 5, 1.0, np.random.default_rng(0))
    >>> float(found.correct.mean()), (found.lost > 0.1).tolist()
    (1.0, [True, False])
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
