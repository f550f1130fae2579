"""Annotators that learn are taught with the labelled images of the training split, before anything is generated."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import numpy as np

from genaudit.plugin.components import LearningAnnotator
from genaudit.probes import TRAIN
from genaudit.values.run import Stage

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from genaudit.probes.context import ProbeContext


MOST_TAUGHT = 20_000
"""Rows that an annotator learns from: of a large training split some images, so that it takes a minute and no hour."""


def teach(context: ProbeContext) -> tuple[Stage, ...]:
    """Every annotator that learns has learned; the stage that it took, if there is one.

    Raises:
        PluginError: An annotator or the data set broke its contract.
    """
    from genaudit.probes.context import blaming
    from genaudit.probes.reading import SomeImages, read_images

    learning = {
        attribute: (spec, annotator)
        for attribute, (spec, annotator) in context.annotators.items()
        if isinstance(annotator, LearningAnnotator)
    }
    if not learning:
        return ()
    began, split = time.perf_counter(), context.split(TRAIN)
    names = balanced_attributes(context.dataset_spec.pairs, learning)
    rows = balanced_rows([split.labels[name] for name in names if name in split.labels])
    seen, again = np.unique(rows, return_inverse=True)
    outputs = read_images(context, SomeImages(split.images, seen)).outputs
    taught = {name: found[again] for name, found in outputs.items()}
    for attribute, (spec, annotator) in learning.items():
        origin = context.annotator_origins[attribute]
        with blaming(origin, "learn"), context.randomness.watched(origin):
            annotator.learn(taught, split.labels[attribute][rows], levels=len(spec.levels))
    return (Stage(name="annotators taught", seconds=time.perf_counter() - began, items=len(seen)),)


def balanced_attributes(pairs: Iterable[tuple[str, str]], learning: Iterable[str]) -> list[str]:
    """Attributes whose combinations are taught equally often: those of the data set's pairs and those learned.

    >>> balanced_attributes([("digit", "colour")], ["stroke", "digit"])
    ['digit', 'colour', 'stroke']
    """
    return list(dict.fromkeys([*(name for pair in pairs for name in pair if name), *learning]))


def balanced_rows(labels: Sequence[NDArray[np.int64]], most: int = MOST_TAUGHT) -> NDArray[np.int64]:
    """Numbers of rows, some repeated, among which every combination of labels that occurs is equally frequent.

    There are as many of each as of the most frequent one, or as make ``most`` in all: the first of each.

    A reader that is taught with the links of the training data takes one attribute as evidence for the other, and then
    sees these links in images that do not have them.

    >>> balanced_rows([np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1])]).tolist()
    [0, 1, 2, 2, 3, 3]
    """
    cell = np.unique(np.stack(labels, axis=1), axis=0, return_inverse=True)[1].ravel()
    cells = int(cell.max()) + 1
    each = min(int(np.bincount(cell).max()), max(1, most // cells))
    return np.concatenate([np.resize(np.flatnonzero(cell == number), each) for number in range(cells)])
