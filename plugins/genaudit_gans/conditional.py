"""A DCGAN that is asked for a digit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own usage

from genaudit_adversarial.discriminator import initialised_discriminator
from genaudit_adversarial.player import Player
from genaudit_adversarial.playing import Items, as_items
from genaudit_adversarial.streams import draw_normal, without_draws
from genaudit_dcgan.network import Generator
from genaudit_gans import DIGITS

if TYPE_CHECKING:
    from genaudit.plugin.components import LabelledImages
    from genaudit_gans.options import CganOptions

ATTRIBUTE = "digit"


def build(options: CganOptions, device: torch.device) -> ConditionalGan:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return ConditionalGan(options, device)


class ConditionalGenerator(nn.Module):
    """The generator of the DCGAN, which is given the class as further elements of the latent."""

    def __init__(self, inputs: int, width: int) -> None:
        super().__init__()
        self.generator = Generator(inputs + len(DIGITS), width)

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """Images ``(n, 3, 16, 16)`` in [-1, 1] of latents ``(n, inputs)`` and classes ``(n,)``."""
        images: Tensor = self.generator(torch.cat([z, F.one_hot(labels, len(DIGITS)).to(z)], dim=1))
        return images


class ConditionalGan(Player["CganOptions", ConditionalGenerator]):
    """Generator and discriminator are both told the class (Mirza and Osindero 2014)."""

    name = "cgan"

    @property
    def classes(self) -> tuple[str, ...]:
        """The ten digits."""
        return DIGITS

    def generator(self, draws: torch.Generator) -> ConditionalGenerator:
        """Latent and class, transposed convolutions."""
        network = without_draws(lambda: ConditionalGenerator(self._options.latent_dim, self._options.width))
        draw_normal(network, draws, 0.02)
        return network

    def discriminator(self, draws: torch.Generator) -> nn.Module:
        """Pixels and planes of the class, strided convolutions."""
        return initialised_discriminator(self._options.discriminator_width, draws, classes=len(DIGITS))

    def items(self, split: LabelledImages) -> Items:
        """Images in [-1, 1] with their digits."""
        return as_items(split, "conditional GAN", labels=ATTRIBUTE)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images float32 ``(n, 3, 16, 16)`` in [0, 1] of latents and classes; differentiable in ``z``.

        Raises:
            ValueError: There are no labels.
        """
        if labels is None:
            raise ValueError("the conditional GAN needs a label for every image: 0 to 9")
        return ((self._made(z, labels.to(self._device)) + 1) / 2).float()
