"""The embedded evaluator: 64 features, statistics of its first layers, and two classifiers for 16x16 colour digits.

It was trained on renders in which both colours are equally often in every class. One that is trained on the skewed
colours of the data set takes colour as evidence for the digit, and then hides half of a generator's colour bias.

Everything is computed in float64, so that a number does not depend on batch size, threads or instruction set beyond
the thirteenth digit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING

import torch
from safetensors.torch import load
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own usage; as above

if TYPE_CHECKING:
    from genaudit.plugin.options import NoOptions

WEIGHTS = "digits.safetensors"
SHAPES: dict[str, tuple[int, ...]] = {
    "conv1": (16, 3, 3, 3),
    "conv2": (32, 16, 3, 3),
    "conv3": (64, 32, 3, 3),
    "features": (64, 1024),
    "digit": (10, 64),
    "colour": (2, 64),
}
"""Shape of each layer's ``.weight``; each has a ``.bias`` besides."""
LEVELS = (torch.uint8, torch.float32)
BATCH = 32
"""Images at a time: keeps activations within the cache; no number depends on it."""


def build(options: NoOptions, device: torch.device) -> DigitsExtractor:  # noqa: ARG001 - every extractor is called like this
    """The extractor with the weights that come with genaudit."""
    content = (files("genaudit.extractors") / WEIGHTS).read_bytes()
    weights = {name: tensor.to(device, torch.float64) for name, tensor in load(content).items()}
    return DigitsExtractor(weights=weights, weights_digest=hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class DigitsExtractor:
    """The network with its weights.

    >>> from genaudit.plugin.options import NoOptions
    >>> outputs = build(NoOptions(), torch.device("cpu")).extract(torch.zeros(2, 3, 16, 16, dtype=torch.uint8))
    >>> {name: tuple(tensor.shape) for name, tensor in outputs.items()}
    {'features': (2, 64), 'low_level': (2, 96), 'logits': (2, 10), 'colour_logits': (2, 2)}
    """

    weights: Mapping[str, Tensor]
    """Float64: those of ``SHAPES``, and ``scale.features`` and ``scale.low_level``."""
    weights_digest: str
    """SHA-256 of the file of weights."""

    def extract(self, images: Tensor) -> Mapping[str, Tensor]:
        """What the network says of levels ``(n, 3, 16, 16)``, uint8 or float32 in [0, 255].

        Returns:
            ``features (n, 64)`` after the rectifier and ``low_level (n, 96)``: means and standard deviations over
            space of the first two layers; each scaled so that its variance is 1 a dimension on average over the
            images of the training. ``logits (n, 10)`` of the digits and ``colour_logits (n, 2)`` of orange and blue.

        Raises:
            ValueError: The images have another type or shape.
        """
        if images.dtype not in LEVELS or images.shape[1:] != (3, 16, 16):
            found = f"{images.dtype} {tuple(images.shape)}"
            raise ValueError(f"extractor 'digits' reads levels (n, 3, 16, 16), uint8 or float32, not {found}")
        with torch.no_grad():
            parts = [self._extract(part) for part in torch.split(images, BATCH)]
        return {name: torch.cat([part[name] for part in parts]) for name in parts[0]}

    def _extract(self, images: Tensor) -> dict[str, Tensor]:
        first, second, features = hidden_layers(self.weights, images.double() / 255)
        digit, colour = heads(self.weights, features)
        return {
            "features": features * self.weights["scale.features"],
            "low_level": low_level(first, second) * self.weights["scale.low_level"],
            "logits": digit,
            "colour_logits": colour,
        }


def hidden_layers(weights: Mapping[str, Tensor], pixels: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Activations of the first and second convolution ``(n, h, w, c)`` and the 64 features, for pixels in [0, 1]."""
    first = _convolved(weights, "conv1", pixels.permute(0, 2, 3, 1), stride=1)
    second = _convolved(weights, "conv2", first, stride=2)
    third = _convolved(weights, "conv3", second, stride=2).permute(0, 3, 1, 2)
    features = F.linear(third.flatten(1), weights["features.weight"], weights["features.bias"]).relu()
    return first, second, features


def _convolved(weights: Mapping[str, Tensor], layer: str, images: Tensor, *, stride: int) -> Tensor:
    """Rectified convolution of ``(n, h, w, c)`` as one product with all windows of 3 x 3.

    Torch has no fast convolution in float64: its own takes more than twice as long. Each window is a row, so that two
    equal images get equal numbers wherever they stand.
    """
    kernel = weights[f"{layer}.weight"].permute(0, 2, 3, 1)
    windows = F.pad(images, (0, 0, 1, 1, 1, 1)).unfold(1, 3, stride).unfold(2, 3, stride).permute(0, 1, 2, 4, 5, 3)
    return F.linear(windows.flatten(3), kernel.flatten(1), weights[f"{layer}.bias"]).relu_()


def heads(weights: Mapping[str, Tensor], features: Tensor) -> tuple[Tensor, Tensor]:
    """Logits of the ten digits and of the two colours."""
    return (
        F.linear(features, weights["digit.weight"], weights["digit.bias"]),
        F.linear(features, weights["colour.weight"], weights["colour.bias"]),
    )


def low_level(first: Tensor, second: Tensor) -> Tensor:
    """Mean and standard deviation over space of each channel, ``(n, 96)``: what blur and pixel noise change."""
    statistics = []
    for activations in (first, second):
        pixels = activations.flatten(1, 2)
        mean = pixels.mean(1)
        statistics += [mean, (pixels - mean[:, None]).square_().mean(1).sqrt()]
    return torch.cat(statistics, dim=1)
