"""Shipped weights: a training written down with all that it was made from."""

from __future__ import annotations

import dataclasses
import json
from typing import TYPE_CHECKING, Any

import torch
from safetensors.torch import save

from genaudit.plugin.loading import load_target
from genaudit.plugin.manager import load_plugins
from genaudit.plugin.options import NoOptions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from genaudit.plugin.components import Dataset
    from genaudit.plugin.specs import GeneratorSpec

SEED = 0
"""Of every shipped checkpoint; none was chosen among seeds."""


class Curve:
    """Keeps the losses of a training.

    Args:
        every: Of so many steps one is kept: a file need not hold thousands of numbers that no picture shows.
    """

    def __init__(self, every: int = 1) -> None:
        self._every = every
        self._losses: dict[int, float] = {}
        self._validation: dict[int, float] = {}

    def step(self, step: int, total: int, loss: float) -> None:
        """Keep the loss of a step."""
        if step % self._every == 0 or step == total:
            self._losses[step] = round(loss, 3)

    def epoch(self, step: int, validation_loss: float) -> None:
        """Keep the validation loss of an epoch."""
        self._validation[step] = round(validation_loss, 4)

    def as_json(self) -> str:
        """The curve as checkpoints carry it."""
        return json.dumps(
            {
                "steps": list(self._losses),
                "loss": list(self._losses.values()),
                "validation_steps": list(self._validation),
                "validation_loss": list(self._validation.values()),
            }
        )


def named_dataset(name: str) -> Dataset:
    """A data set of an installed plugin, with its default options."""
    dataset: Dataset = load_target(load_plugins().dataset(name))(NoOptions())
    return dataset


def checkpoint(
    spec: GeneratorSpec,
    options: Any,  # noqa: ANN401 - each plugin's own dataclass
    model: Any,  # noqa: ANN401 - fulfils Trainable
    data: tuple[str, Dataset],
    seed: int = SEED,
    every: int = 1,
) -> bytes:
    """A model after its recipe, as the bytes of a safetensors file.

    Args:
        spec: Of the generator.
        options: That ``model`` was built with.
        model: Is trained here.
        data: Name and data set to train on.
        seed: Of the training.
        every: Of so many steps the loss of one is kept.
    """
    name, dataset = data
    curve, training = Curve(every), dataset.split("train")
    model.fit(training, dataset.split("holdout"), budget=None, seed=seed, progress=curve)
    facts = {
        "name": spec.name,
        "version": spec.version,
        "options": json.dumps(dataclasses.asdict(options)),
        "seed": str(seed),
        "steps": str(options.steps),
        "data": f"{name}/train",
        "data_digest": training.digest,
        "torch": torch.__version__,
        "stored_as": "float16",
        "training_curve": curve.as_json(),
    }
    return save(rounded(model.state()), metadata=facts)


def rounded(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Tensors as shipped files hold them: float32 becomes float16, half the bytes, other types stay.

    Raises:
        ValueError: A number is too large for float16; the message names its tensor.
    """
    stored = {
        name: (tensor.half() if tensor.dtype == torch.float32 else tensor).contiguous()
        for name, tensor in state.items()
    }
    for name, tensor in stored.items():
        if not bool(torch.isfinite(tensor).all()):
            raise ValueError(f"tensor '{name}' holds numbers beyond those of float16, 65504")
    return stored
