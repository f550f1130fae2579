"""The recipe of the embedded evaluator: ``python -m genaudit.extractors.train_digits digits.safetensors``.

Cross-entropy of digit and of colour on the training renders of ``colored-digits`` with balanced colours: AdamW,
learning rate 0.002 falling with a half cosine, weight decay 0.0001, batches of 64, 15 epochs; normal noise of 0.05 on
pixels and dropout of 0.3 on the features. About ten seconds on one core.

Distances of two evaluators are not comparable, not even of two runs of this recipe: the file that comes with genaudit
stays as it is until the version of the extractor is raised.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from safetensors.torch import save
from torch.nn import functional as F  # noqa: N812 - as above

from genaudit.extractors.digits import BATCH, SHAPES, heads, hidden_layers, low_level
from genaudit.plugin.loading import load_target
from genaudit.plugin.manager import load_plugins
from genaudit.plugin.options import NoOptions
from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from genaudit.plugin.components import LabelledImages

SEED = 0
RECIPE = {
    "epochs": 15,
    "batch": 64,
    "learning_rate": 2e-3,
    "weight_decay": 1e-4,
    "pixel_noise": 0.05,
    "feature_dropout": 0.3,
}
BITS = 2**63


def train(data: LabelledImages, seed: int = SEED, epochs: int = int(RECIPE["epochs"])) -> dict[str, Tensor]:
    """Weights by name, float32, for images with labels ``digit`` and ``colour``."""
    draws = torch.Generator().manual_seed(int(generator(seed, "train-digits").integers(BITS)))
    weights = _initial(draws)
    pixels = torch.from_numpy(data.images).float() / 255
    digit, colour = (torch.from_numpy(data.labels[name]) for name in ("digit", "colour"))
    batch = int(RECIPE["batch"])
    steps = epochs * math.ceil(len(pixels) / batch)
    optimiser = torch.optim.AdamW(weights.values(), RECIPE["learning_rate"], weight_decay=RECIPE["weight_decay"])
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    for _ in range(epochs):
        for rows in torch.split(torch.randperm(len(pixels), generator=draws), batch):
            loss = _loss(weights, pixels[rows], digit[rows], colour[rows], draws)
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            optimiser.step()
            schedule.step()
    return {name: tensor.detach() for name, tensor in weights.items()} | _scales(weights, pixels)


def accuracy(weights: Mapping[str, Tensor], data: LabelledImages) -> tuple[float, float]:
    """Shares of images whose digit and whose colour is read correctly."""
    wide = {name: tensor.double() for name, tensor in weights.items()}
    with torch.no_grad():
        _, _, features = hidden_layers(wide, torch.from_numpy(data.images).double() / 255)
        readings = [logits.argmax(1).numpy() for logits in heads(wide, features)]
    digit, colour = (
        float(np.mean(reading == data.labels[name]))
        for name, reading in zip(("digit", "colour"), readings, strict=True)
    )
    return digit, colour


def _initial(draws: torch.Generator) -> dict[str, Tensor]:
    """Uniform within 1 / sqrt(inputs) (He et al. 2015 with torch's default slope), weights and biases."""
    weights = {}
    for layer, shape in SHAPES.items():
        bound = 1 / math.sqrt(math.prod(shape[1:]))
        for name, size in ((f"{layer}.weight", shape), (f"{layer}.bias", shape[:1])):
            weights[name] = torch.empty(size).uniform_(-bound, bound, generator=draws).requires_grad_()
    return weights


def _loss(
    weights: Mapping[str, Tensor], pixels: Tensor, digit: Tensor, colour: Tensor, draws: torch.Generator
) -> Tensor:
    noisy = pixels + RECIPE["pixel_noise"] * torch.randn(pixels.shape, generator=draws)
    features = convolved_features(weights, noisy)
    kept = torch.rand(features.shape, generator=draws) >= RECIPE["feature_dropout"]
    digit_logits, colour_logits = heads(weights, features * kept / (1 - RECIPE["feature_dropout"]))
    return F.cross_entropy(digit_logits, digit) + F.cross_entropy(colour_logits, colour)


def convolved_features(weights: Mapping[str, Tensor], pixels: Tensor) -> Tensor:
    """The 64 features by torch's own convolutions, which are the faster ones in float32."""
    first = F.conv2d(pixels, weights["conv1.weight"], weights["conv1.bias"], padding=1).relu()
    second = F.conv2d(first, weights["conv2.weight"], weights["conv2.bias"], stride=2, padding=1).relu()
    third = F.conv2d(second, weights["conv3.weight"], weights["conv3.bias"], stride=2, padding=1).relu()
    return F.linear(third.flatten(1), weights["features.weight"], weights["features.bias"]).relu()


def _scales(weights: Mapping[str, Tensor], pixels: Tensor) -> dict[str, Tensor]:
    """Factors that make the mean variance of a dimension 1, float64."""
    wide = {name: tensor.detach().double() for name, tensor in weights.items()}
    collected: dict[str, list[Tensor]] = {"features": [], "low_level": []}
    for part in torch.split(pixels.double(), BATCH):
        first, second, features = hidden_layers(wide, part)
        collected["features"].append(features)
        collected["low_level"].append(low_level(first, second))
    return {f"scale.{name}": torch.cat(parts).var(0).mean().rsqrt().reshape(()) for name, parts in collected.items()}


def main(path: Path) -> None:
    """Train and write the weights with what they were made from."""
    torch.set_num_threads(1)  # sums of several threads differ in their last bits
    dataset = load_target(load_plugins().dataset("colored-digits"))(NoOptions())
    training = dataset.balanced("train")
    weights = train(training)
    digit, colour = accuracy(weights, dataset.split("holdout"))
    facts = {
        "name": "digits",
        "version": "1",
        "recipe": json.dumps(RECIPE),
        "seed": str(SEED),
        "data": "colored-digits/train with balanced colours",
        "data_digest": training.digest,
        "holdout_digit_accuracy": f"{digit:.4f}",
        "holdout_colour_accuracy": f"{colour:.4f}",
        "torch": torch.__version__,
        "numpy": np.__version__,
    }
    path.write_bytes(save(weights, metadata=facts))
    sys.stdout.write(f"{path}: hold-out accuracy digit {digit:.4f}, colour {colour:.4f}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
