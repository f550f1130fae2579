"""Training of a generator in a run, watched."""

from __future__ import annotations

import math
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.errors import PluginError
from genaudit.plugin.capabilities import Translator
from genaudit.plugin.components import of_both_domains
from genaudit.probes import HOLDOUT, TRAIN
from genaudit.values.run import Stage, TrainingCurve

if TYPE_CHECKING:
    from typing import Any

    from genaudit.engine.progress import RunObserver
    from genaudit.plugin.components import Dataset, LabelledImages


class CurveKeeper:
    """A ``TrainingObserver`` that keeps the losses and passes progress on."""

    def __init__(self, observer: RunObserver, stage: str) -> None:
        self._observer = observer
        self._stage = stage
        self._losses: list[tuple[int, float]] = []
        self._validation: list[tuple[int, float]] = []

    def step(self, step: int, total: int, loss: float) -> None:
        """Keep the training loss of a step."""
        if not self._losses:
            self._observer.stage_started(self._stage, total)
        self._losses.append((step, _finite(loss, "training", step)))
        self._observer.stage_advanced(self._stage, 1, f"loss {loss:.4g}")

    def epoch(self, step: int, validation_loss: float) -> None:
        """Keep the validation loss after an epoch."""
        self._validation.append((step, _finite(validation_loss, "validation", step)))

    def curve(self) -> TrainingCurve:
        """The losses so far."""
        return TrainingCurve(
            steps=tuple(step for step, _ in self._losses),
            loss=tuple(loss for _, loss in self._losses),
            validation_steps=tuple(step for step, _ in self._validation),
            validation_loss=tuple(loss for _, loss in self._validation),
            origin="trained in this run",
        )


def train(generator: Any, dataset: Dataset, seed: int, observer: RunObserver) -> tuple[TrainingCurve, Stage]:  # noqa: ANN401
    """Train by the plugin's recipe; the loss curve and what it cost."""
    keeper, began = CurveKeeper(observer, "training"), time.perf_counter()
    training, validation = (training_images(generator, dataset, name) for name in (TRAIN, HOLDOUT))
    generator.fit(training, validation, budget=None, seed=seed, progress=keeper)
    curve, seconds = keeper.curve(), time.perf_counter() - began
    if curve.steps:
        observer.stage_finished("training", seconds)
    return curve, Stage(name="training", seconds=seconds, items=len(curve.steps))


def training_images(generator: Any, dataset: Any, split: str) -> LabelledImages:  # noqa: ANN401 - what each can do is asked
    """A split as a generator is trained on it: a translator sees every image in both of its domains.

    It is a copy: a recipe may shuffle or augment in place what the metrics read later.
    """
    if isinstance(generator, Translator) and hasattr(dataset, "translation_pairs"):
        return of_both_domains(*dataset.translation_pairs(split, *generator.domains))
    images: LabelledImages = dataset.split(split)
    labels = {name: levels.copy() for name, levels in images.labels.items()}
    return replace(images, images=images.images.copy(), labels=labels)


def _finite(loss: float, kind: str, step: int) -> float:
    if not math.isfinite(loss):
        raise PluginError(
            f"Training diverged: the {kind} loss at step {step} is {loss}.",
            "Try other options of the plugin, such as a smaller learning rate, or another --seed.",
        )
    return float(loss)
