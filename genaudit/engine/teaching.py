"""Annotators that learn are taught with the labelled images of the training split, before anything is generated."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from genaudit.plugin.components import LearningAnnotator
from genaudit.probes import TRAIN
from genaudit.probes.context import blaming
from genaudit.probes.reading import read_images
from genaudit.values.run import Stage

if TYPE_CHECKING:
    from genaudit.probes.context import ProbeContext


def teach(context: ProbeContext) -> tuple[Stage, ...]:
    """Every annotator that learns has learned; the stage that it took, if there is one.

    Raises:
        PluginError: An annotator or the data set broke its contract.
    """
    learning = {
        attribute: (spec, annotator)
        for attribute, (spec, annotator) in context.annotators.items()
        if isinstance(annotator, LearningAnnotator)
    }
    if not learning:
        return ()
    began, split = time.perf_counter(), context.split(TRAIN)
    outputs = read_images(context, split.images).outputs
    for attribute, (spec, annotator) in learning.items():
        with blaming(context.annotator_origins[attribute], "learn"):
            annotator.learn(outputs, split.labels[attribute], levels=len(spec.levels))
    return (Stage(name="annotators taught", seconds=time.perf_counter() - began, items=len(split.images)),)
