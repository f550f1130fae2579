"""Convolutions between an image of 16x16 pixels and a code."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

WIDTH = 12
"""Channels of the outer convolution; the inner ones have twice as many."""
FLAT = 2 * WIDTH * 4 * 4


def downward() -> list[nn.Module]:
    """Images ``(n, 3, 16, 16)`` to maps ``(n, 24, 4, 4)``."""
    return [
        nn.Conv2d(3, WIDTH, 4, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(WIDTH, 2 * WIDTH, 4, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(2 * WIDTH, 2 * WIDTH, 3, padding=1),
        nn.ReLU(),
    ]


def upward(channels: int = 2 * WIDTH) -> list[nn.Module]:
    """Maps ``(n, channels, 4, 4)`` to logits of images."""
    return [
        nn.Conv2d(channels, 2 * WIDTH, 3, padding=1),
        nn.ReLU(),
        nn.ConvTranspose2d(2 * WIDTH, WIDTH, 4, stride=2, padding=1),
        nn.ReLU(),
        nn.ConvTranspose2d(WIDTH, 3, 4, stride=2, padding=1),
    ]


class Encoder(nn.Module):
    """Images, and classes if there are any, to ``size`` numbers."""

    def __init__(self, size: int, classes: int = 0) -> None:
        super().__init__()
        self.maps = nn.Sequential(*downward(), nn.Flatten())
        self.head = nn.Linear(FLAT + classes, size)

    def forward(self, images: Tensor, classes: Tensor | None = None) -> Tensor:
        """``(n, size)`` for images ``(n, 3, 16, 16)`` and one-hot classes."""
        code: Tensor = self.head(_with(self.maps(images), classes))
        return code


class Decoder(nn.Module):
    """Codes, and classes if there are any, to logits of grey levels."""

    def __init__(self, size: int, classes: int = 0) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(size + classes, FLAT), nn.ReLU(), nn.Unflatten(1, (2 * WIDTH, 4, 4)), *upward()
        )

    def forward(self, codes: Tensor, classes: Tensor | None = None) -> Tensor:
        """Logits ``(n, 3, 16, 16)``."""
        logits: Tensor = self.layers(_with(codes, classes))
        return logits


def draw_uniform(module: nn.Module, draws: torch.Generator) -> None:
    """Weights and biases within ``1 / sqrt(k)``, k the inputs of a unit as torch counts them."""
    with torch.no_grad():
        for layer in module.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
                bound = 1 / math.sqrt(layer.weight[0].numel())
                layer.weight.uniform_(-bound, bound, generator=draws)
                if layer.bias is not None:
                    layer.bias.uniform_(-bound, bound, generator=draws)


def _with(rows: Tensor, classes: Tensor | None) -> Tensor:
    return rows if classes is None else torch.cat([rows, classes.to(rows)], dim=1)
