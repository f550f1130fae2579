"""The recipe of the weights that come with the plugin: ``python -m genaudit_vae.train FOLDER`` writes both files.

About half a minute on one core. The same machine and the same version of torch give the same tensors; elsewhere the
metrics agree within the spread of seeds (README.md).
"""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import torch
from safetensors.torch import save

from genaudit.plugin.loading import load_target
from genaudit.plugin.manager import load_plugins
from genaudit.plugin.options import NoOptions
from genaudit_vae import VAE
from genaudit_vae.checkpoints import SHIPPED
from genaudit_vae.model import build

if TYPE_CHECKING:
    from genaudit.plugin.components import Dataset
    from genaudit_vae.options import VaeOptions

SEED = 0


class Curve:
    """Keeps the losses of a training."""

    def __init__(self) -> None:
        self._losses: list[float] = []
        self._validation: dict[int, float] = {}

    def step(self, step: int, total: int, loss: float) -> None:  # noqa: ARG002 - the observer's signature
        """Keep the loss of a step, to a hundredth of a nat."""
        self._losses.append(round(loss, 2))

    def epoch(self, step: int, validation_loss: float) -> None:
        """Keep the validation loss of an epoch."""
        self._validation[step] = round(validation_loss, 4)

    def as_json(self) -> str:
        """The curve as checkpoints carry it."""
        return json.dumps(
            {
                "steps": list(range(1, len(self._losses) + 1)),
                "loss": self._losses,
                "validation_steps": list(self._validation),
                "validation_loss": list(self._validation.values()),
            }
        )


def checkpoint(options: VaeOptions, dataset: Dataset, seed: int = SEED) -> bytes:
    """A trained model as the bytes of a safetensors file, with all that it was made from in the header.

    Weights are rounded to float16: half the bytes, and metrics move less than between two seeds.
    """
    curve = Curve()
    training = dataset.split("train")
    model = build(options, torch.device("cpu"))
    model.fit(training, dataset.split("holdout"), budget=None, seed=seed, progress=curve)
    facts = {
        "name": VAE.name,
        "version": VAE.version,
        "options": json.dumps(dataclasses.asdict(options)),
        "seed": str(seed),
        "steps": str(options.steps),
        "data": "colored-digits/train",
        "data_digest": training.digest,
        "torch": torch.__version__,
        "stored_as": "float16",
        "training_curve": curve.as_json(),
    }
    return save({name: tensor.half() for name, tensor in model.state().items()}, metadata=facts)


def main(folder: Path) -> None:
    """Train and write every checkpoint."""
    dataset = load_target(load_plugins().dataset("colored-digits"))(NoOptions())
    for name, options in SHIPPED.items():
        (folder / name).write_bytes(checkpoint(options, dataset))
        sys.stdout.write(f"{folder / name}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
