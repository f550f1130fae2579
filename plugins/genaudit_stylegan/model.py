"""The StyleGAN behind genaudit's capabilities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from genaudit_adversarial.discriminator import initialised_discriminator
from genaudit_adversarial.kept import KeptNetwork
from genaudit_adversarial.playing import Players, Rules, as_items, play
from genaudit_adversarial.streams import torch_generator
from genaudit_stylegan.network import StyleGenerator, initialised, noise_shapes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import Tensor, nn

    from genaudit.plugin.capabilities import TrainingObserver
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


class Stylegan:
    """A style-based generator with adaptive instance normalisation (Karras et al. 2019).

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1].

    Args:
        options: Sizes, recipe, truncation of samples.
        device: Where it computes.
    """

    def __init__(self, options: StyleganOptions, device: torch.device) -> None:
        self._options, self._device = options, torch.device(device)
        self._kept = KeptNetwork(self._first_generator(0), self._device)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(latent_dim,)``."""
        return (self._options.latent_dim,)

    @property
    def noise_shapes(self) -> tuple[tuple[int, ...], ...]:
        """One plane a layer."""
        return noise_shapes()

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images of latents ``(n, d)`` without noise, truncated as the option says; differentiable in ``z``.

        Raises:
            ValueError: Labels are given: the model is not conditional.
        """
        if labels is not None:
            raise ValueError("the StyleGAN takes no labels: it is not class-conditional")
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

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train from new weights for ``budget`` steps (None: the option ``steps``); labels are not used.

        Raises:
            ValueError: The budget is below 1, or the images have another shape.
        """
        options = self._options if budget is None else replace(self._options, steps=budget)
        items = [as_items(split, "StyleGAN") for split in (training, validation)]
        discriminator_draws = torch_generator(seed, "stylegan", "discriminator")
        generator = self._first_generator(seed).to(self._device)
        players = Players(
            generator=generator,
            discriminator=initialised_discriminator(options.discriminator_width, discriminator_draws).to(self._device),
            make=self._make,
        )
        rules = Rules(
            steps=options.steps,
            batch_size=options.batch_size,
            generator_rate=options.learning_rate,
            discriminator_rate=options.discriminator_rate,
            betas=BETAS,
            r1=options.r1,
            average=options.average,
            same_items=True,
            paired=True,
        )
        average = play(players, rules, *items, draws=torch_generator(seed, "stylegan", "training"), progress=progress)
        generator.load_state_dict(average.state_dict())
        self._kept.take(_centred(generator, torch_generator(seed, "stylegan", "mean-style"), self._device))

    def state(self) -> Mapping[str, Tensor]:
        """All weights of the generator by name, float32; the discriminator's are not kept."""
        return self._kept.state()

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take weights over.

        Raises:
            ValueError: A tensor is missing, unknown or of another shape; the message names it.
        """
        self._kept.load(state)

    def _first_generator(self, seed: int) -> StyleGenerator:
        own = self._options
        draws = torch_generator(seed, "stylegan", "weights")
        return initialised(own.latent_dim, own.style_dim, own.mapping_layers, draws)

    def _make(self, generator: nn.Module, count: int, _: Tensor | None, draws: torch.Generator) -> Tensor:
        """Images with fresh noise; a share of them with the style of a second latent from some layer on."""
        if not isinstance(generator, StyleGenerator):
            raise TypeError(f"a StyleGenerator makes these images, not a {type(generator).__name__}")
        first, second = torch.randn(2, count, self._options.latent_dim, generator=draws)
        mixed = torch.rand(count, generator=draws) < self._options.mixing
        change = torch.randint(1, LAYERS, (count,), generator=draws)
        late = mixed[:, None] & (torch.arange(LAYERS) >= change[:, None])
        noise = [torch.randn(count, *shape, generator=draws).to(self._device) for shape in noise_shapes()]
        styles = [generator.styles(z.to(self._device))[:, None] for z in (first, second)]
        return generator.images(torch.where(late[:, :, None].to(self._device), styles[1], styles[0]), noise)


def _centred(generator: StyleGenerator, draws: torch.Generator, device: torch.device) -> StyleGenerator:
    """The generator with the mean of its styles written down."""
    with torch.no_grad():
        z = torch.randn(MEAN_OVER, generator.latent_dim, generator=draws)
        generator.mean_style.copy_(generator.styles(z.to(device)).mean(dim=0))
    return generator
