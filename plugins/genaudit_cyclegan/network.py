"""The generator and the discriminator of patches, small enough for images of 16x16 pixels."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from genaudit_adversarial.streams import draw_normal, without_draws

WIDTH = 16
"""Channels of the generator's first convolution; its residual blocks have twice as many."""
PATCH_WIDTH = 24
"""Channels of the discriminator's first convolution; the second has twice as many."""
DEVIATION = 0.05
"""Of the first weights."""
SLOPE = 0.2
PART = 32
"""Images translated at once: what more of them need no longer fits into the processor's cache."""


class ResidualBlock(nn.Module):
    """Two convolutions whose output is added to their input."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(width, width, 3, padding=1, padding_mode="reflect"),
            nn.InstanceNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, width, 3, padding=1, padding_mode="reflect"),
            nn.InstanceNorm2d(width),
        )

    def forward(self, x: Tensor) -> Tensor:
        """The sum, in the shape of ``x``."""
        added: Tensor = x + self.layers(x)
        return added


class Generator(nn.Module):
    """Images ``(n, 3, h, w)`` in [-1, 1] to images of the other domain (Zhu et al. 2017, section 7.2, made smaller)."""

    def __init__(self) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(3, WIDTH, 5, padding=2, padding_mode="reflect"),
            nn.InstanceNorm2d(WIDTH),
            nn.ReLU(),
            nn.Conv2d(WIDTH, 2 * WIDTH, 3, stride=2, padding=1),
            nn.InstanceNorm2d(2 * WIDTH),
            nn.ReLU(),
            ResidualBlock(2 * WIDTH),
            ResidualBlock(2 * WIDTH),
            nn.ConvTranspose2d(2 * WIDTH, WIDTH, 4, stride=2, padding=1),
            nn.InstanceNorm2d(WIDTH),
            nn.ReLU(),
            nn.Conv2d(WIDTH, 3, 5, padding=2, padding_mode="reflect"),
            nn.Tanh(),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Translations, in [-1, 1]."""
        translated: Tensor = self.layers(images)
        return translated


class PatchDiscriminator(nn.Module):
    """Images to a verdict on each patch (Isola et al. 2017, section 3.2.2): about 1 for real, 0 for translated."""

    def __init__(self, channels: int = 3) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv2d(channels, PATCH_WIDTH, 4, stride=2, padding=1),
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(PATCH_WIDTH, 2 * PATCH_WIDTH, 4, stride=2, padding=1),
            nn.InstanceNorm2d(2 * PATCH_WIDTH),
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(2 * PATCH_WIDTH, 1, 3, padding=1),
        )

    def forward(self, images: Tensor) -> Tensor:
        """Verdicts ``(n, 1, h / 4, w / 4)``."""
        verdicts: Tensor = self.layers(images)
        return verdicts


def initialised_generator(draws: torch.Generator) -> Generator:
    """A generator with weights from N(0, 0.05²); its output is then far from saturated."""
    network = without_draws(Generator)
    draw_normal(network, draws, DEVIATION)
    return network


def initialised_discriminator(draws: torch.Generator, channels: int = 3) -> PatchDiscriminator:
    """A discriminator with weights from N(0, 0.05²)."""
    network = without_draws(lambda: PatchDiscriminator(channels))
    draw_normal(network, draws, DEVIATION)
    return network


def in_parts(network: nn.Module, images: Tensor) -> Tensor:
    """Translations in [0, 1], float32, of images in [0, 1] in the network's own precision."""
    translated = torch.cat([network(2 * part - 1) for part in torch.split(images, PART)])
    return ((translated + 1) / 2).float()
