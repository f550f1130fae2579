"""The generator of the DCGAN guidelines for images of 16x16 pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import Tensor, nn

from genaudit_adversarial.streams import draw_normal, without_draws

if TYPE_CHECKING:
    import torch


class Generator(nn.Module):
    """Transposed convolutions 1 → 4 → 8 → 16 pixels, batch normalisation and rectifiers between, tanh at the end.

    Args:
        inputs: Length of the latent.
        width: Channels before the image; twice and four times as many before that.
    """

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.ConvTranspose2d(inputs, 4 * width, 4, bias=False),
            nn.BatchNorm2d(4 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(4 * width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.ConvTranspose2d(2 * width, 3, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, z: Tensor) -> Tensor:
        """Images ``(n, 3, 16, 16)`` in [-1, 1] of latents ``(n, inputs)``."""
        images: Tensor = self.layers(z[:, :, None, None])
        return images


def initialised(inputs: int, width: int, draws: torch.Generator) -> Generator:
    """A generator with the first weights of the guidelines: N(0, 0.02²)."""
    network = without_draws(lambda: Generator(inputs, width))
    draw_normal(network, draws, 0.02)
    return network
