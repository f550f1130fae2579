"""The DCGAN behind genaudit's capabilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_adversarial.discriminator import initialised_discriminator
from genaudit_adversarial.kept import refuse_labels
from genaudit_adversarial.player import Player
from genaudit_adversarial.playing import Items, as_items
from genaudit_dcgan.network import Generator, initialised

if TYPE_CHECKING:
    import torch
    from torch import Tensor, nn

    from genaudit.plugin.components import LabelledImages
    from genaudit_dcgan.options import DcganOptions


def build(options: DcganOptions, device: torch.device) -> Dcgan:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return Dcgan(options, device)


class Dcgan(Player["DcganOptions", Generator]):
    """A convolutional generator that was trained against a discriminator (Radford et al. 2016)."""

    name = "dcgan"

    def generator(self, draws: torch.Generator) -> Generator:
        """Latent, transposed convolutions."""
        return initialised(self._options.latent_dim, self._options.width, draws)

    def discriminator(self, draws: torch.Generator) -> nn.Module:
        """Pixels, strided convolutions."""
        return initialised_discriminator(self._options.discriminator_width, draws)

    def items(self, split: LabelledImages) -> Items:
        """Images in [-1, 1]; labels are not used."""
        return as_items(split, "DCGAN")

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images float32 ``(n, 3, 16, 16)`` in [0, 1] of latents ``(n, d)``; differentiable in ``z``.

        Raises:
            ValueError: Labels are given.
        """
        refuse_labels(labels, "the DCGAN")
        return ((self._made(z) + 1) / 2).float()
