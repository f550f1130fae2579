"""The StyleGAN behind genaudit's capabilities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from genaudit_adversarial.discriminator import initialised_discriminator
from genaudit_adversarial.kept import refuse_labels
from genaudit_adversarial.player import Player
from genaudit_adversarial.playing import Items, Rules, as_items
from genaudit_adversarial.streams import torch_generator
from genaudit_stylegan.network import StyleGenerator, initialised, noise_shapes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor, nn

    from genaudit.plugin.components import LabelledImages
    from genaudit_stylegan.options import StyleganOptions

BETAS = (0.0, 0.99)
"""Of Adam, for both networks."""
MEAN_OVER = 10_000
"""Latents over which the mean style is taken."""
LAYERS = len(noise_shapes())
TOGETHER = 32
"""Images that are synthesized at a time: of more, the layers do not fit the cache, and half of the time is lost."""


def build(options: StyleganOptions, device: torch.device) -> Stylegan:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return Stylegan(options, device)


class Stylegan(Player["StyleganOptions", StyleGenerator]):
    """A style-based generator with adaptive instance normalisation (Karras et al. 2019).

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1].

    Args:
        options: Sizes, recipe, truncation of samples.
        device: Where it computes.
    """

    name = "stylegan"

    def generator(self, draws: torch.Generator) -> StyleGenerator:
        """Latent, mapping to a style, styled layers."""
        own = self._options
        return initialised(own.latent_dim, own.style_dim, own.mapping_layers, draws)

    def discriminator(self, draws: torch.Generator) -> nn.Module:
        """Pixels, strided convolutions."""
        return initialised_discriminator(self._options.discriminator_width, draws)

    def items(self, split: LabelledImages) -> Items:
        """Images in [-1, 1]; labels are not used."""
        return as_items(split, "StyleGAN")

    @property
    def noise_shapes(self) -> tuple[tuple[int, ...], ...]:
        """One plane a layer."""
        return noise_shapes()

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images of latents ``(n, d)`` without noise, truncated as the option says; differentiable in ``z``.

        Raises:
            ValueError: Labels are given: the model is not conditional.
        """
        refuse_labels(labels, "the StyleGAN")
        styles = self.map(z, self._options.truncation)
        return self.synthesize(styles[:, None].expand(-1, LAYERS, -1))

    def map(self, z: Tensor, truncation: float = 1.0) -> Tensor:
        """Styles, float64 ``(n, style_dim)``, moved to the mean style by the factor ``truncation``."""
        mean = self._kept.exact.mean_style
        return mean + truncation * (self._kept.exact.styles(self._kept.wide(z)) - mean)

    def synthesize(self, w_per_layer: Tensor, noise: Sequence[Tensor] | None = None) -> Tensor:
        """Images for styles ``(n, layers, style_dim)`` and noise ``(n, 1, s, s)`` of each layer, or none."""
        parts = []
        for start in range(0, len(w_per_layer), TOGETHER):
            rows = slice(start, start + TOGETHER)
            planes = None if noise is None else [self._kept.wide(plane[rows]) for plane in noise]
            parts.append(self._kept.exact.images(self._kept.wide(w_per_layer[rows]), planes))
        return ((torch.cat(parts) + 1) / 2).float()

    def _rules(self, steps: int) -> Rules:
        rate = self._options.discriminator_rate
        return replace(super()._rules(steps), discriminator_rate=rate, betas=BETAS, same_items=True, paired=True)

    def _complete(self, network: StyleGenerator, seed: int) -> None:
        """The mean of its styles."""
        draws = torch_generator(seed, "stylegan", "mean-style")
        with torch.no_grad():
            z = torch.randn(MEAN_OVER, network.latent_dim, generator=draws)
            network.mean_style.copy_(network.styles(z.to(self._device)).mean(dim=0))

    def _make(self, network: StyleGenerator, count: int, _: Tensor | None, draws: torch.Generator) -> Tensor:
        """Images with fresh noise; a share of them with the style of a second latent from some layer on."""
        first, second = torch.randn(2, count, self._options.latent_dim, generator=draws)
        mixed = torch.rand(count, generator=draws) < self._options.mixing
        change = torch.randint(1, LAYERS, (count,), generator=draws)
        late = mixed[:, None] & (torch.arange(LAYERS) >= change[:, None])
        noise = [torch.randn(count, *shape, generator=draws).to(self._device) for shape in noise_shapes()]
        styles = [network.styles(z.to(self._device))[:, None] for z in (first, second)]
        return network.images(torch.where(late[:, :, None].to(self._device), styles[1], styles[0]), noise)
