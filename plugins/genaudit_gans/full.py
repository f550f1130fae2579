"""The first generative adversarial network: full layers alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from torch import nn

from genaudit_adversarial.kept import refuse_labels
from genaudit_adversarial.player import Player
from genaudit_adversarial.playing import Items, as_items
from genaudit_gans.layers import full_layers, judge

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from genaudit.plugin.components import LabelledImages
    from genaudit_gans.options import GanOptions

SHAPE = (3, 16, 16)
PIXELS = 768


def build(options: GanOptions, device: torch.device) -> FullyConnectedGan:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return FullyConnectedGan(options, device)


class FullyConnectedGan(Player["GanOptions", nn.Module]):
    """Two hidden layers on either side; it knows nothing of neighbouring pixels, and its images show it."""

    name = "gan"

    def generator(self, draws: torch.Generator) -> nn.Module:
        """Latent, two hidden layers, pixels in [-1, 1]."""
        own = self._options
        end = nn.Sequential(nn.Tanh(), nn.Unflatten(1, SHAPE))
        return full_layers([own.latent_dim, own.width, own.width, PIXELS], end, draws)

    def discriminator(self, draws: torch.Generator) -> nn.Module:
        """Pixels, two hidden layers, one logit."""
        width = self._options.discriminator_width
        return judge([PIXELS, width, width], draws)

    def items(self, split: LabelledImages) -> Items:
        """Images in [-1, 1]."""
        return as_items(split, "GAN")

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images float32 ``(n, 3, 16, 16)`` in [0, 1] of latents ``(n, d)``; differentiable in ``z``.

        Raises:
            ValueError: Labels are given.
        """
        refuse_labels(labels, "the GAN")
        return ((self._made(z) + 1) / 2).float()
