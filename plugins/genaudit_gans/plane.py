"""Generative adversarial networks of points in the plane: ring and grid of Gaussians."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import nn

from genaudit_adversarial.kept import refuse_labels
from genaudit_adversarial.player import Player
from genaudit_adversarial.playing import Items, Rules
from genaudit_gans.layers import full_layers, judge

if TYPE_CHECKING:
    from torch import Tensor

    from genaudit.plugin.components import LabelledImages
    from genaudit_gans.options import GridGanOptions, RingGanOptions


def build_ring(options: RingGanOptions, device: torch.device) -> RingGan:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return RingGan(options, device)


def build_grid(options: GridGanOptions, device: torch.device) -> GridGan:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return GridGan(options, device)


class RingGan(Player["RingGanOptions", nn.Module]):
    """Three hidden layers on either side: enough for the plane, and small enough to see points between the modes."""

    name = "ring-gan"

    def generator(self, draws: torch.Generator) -> nn.Module:
        """Latent, hidden layers, a point."""
        width = self._options.width
        return full_layers([self._options.latent_dim, width, width, width, 2], nn.Identity(), draws)

    def discriminator(self, draws: torch.Generator) -> nn.Module:
        """A point, hidden layers, one logit."""
        width = self._options.discriminator_width
        return judge([2, width, width, width], draws)

    def items(self, split: LabelledImages) -> Items:
        """The points.

        Raises:
            ValueError: They are no points of the plane.
        """
        if split.images.ndim != 2 or split.images.shape[1] != 2 or not len(split.images):
            raise ValueError(f"{self.name} is trained on points (n, 2), not on {split.images.shape}")
        return Items(values=torch.from_numpy(split.images).float())

    def _rules(self, steps: int) -> Rules:
        return replace(super()._rules(steps), falling=True)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Points float32 ``(n, 2)`` of latents ``(n, d)``; differentiable in ``z``.

        Raises:
            ValueError: Labels are given.
        """
        refuse_labels(labels, self.name)
        return self._made(z).float()


class GridGan(RingGan):
    """The same for the grid."""

    name = "grid-gan"
