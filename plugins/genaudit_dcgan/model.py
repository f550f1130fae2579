"""The DCGAN behind genaudit's capabilities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from genaudit_adversarial.discriminator import initialised_discriminator
from genaudit_adversarial.kept import KeptNetwork
from genaudit_adversarial.playing import Players, Rules, as_items, play
from genaudit_adversarial.streams import torch_generator
from genaudit_dcgan.network import Generator, initialised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor, nn

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_dcgan.options import DcganOptions

BETAS = (0.5, 0.999)
"""Of Adam: the guidelines' momentum."""


def build(options: DcganOptions, device: torch.device) -> Dcgan:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return Dcgan(options, device)


class Dcgan:
    """A convolutional generator that was trained against a discriminator (Radford et al. 2016).

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1].

    Args:
        options: Sizes and recipe.
        device: Where it computes.
    """

    def __init__(self, options: DcganOptions, device: torch.device) -> None:
        self._options, self._device = options, torch.device(device)
        self._kept = KeptNetwork(self._first_generator(0), self._device)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(latent_dim,)``."""
        return (self._options.latent_dim,)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images of latents ``(n, d)``; differentiable in ``z``.

        Raises:
            ValueError: Labels are given: the model is not conditional.
        """
        if labels is not None:
            raise ValueError("the DCGAN takes no labels: it is not class-conditional")
        images: Tensor = self._kept.exact(self._kept.wide(z))
        return ((images + 1) / 2).float()

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
        items = [as_items(split, "DCGAN") for split in (training, validation)]
        draws = torch_generator(seed, "dcgan", "discriminator")
        generator = self._first_generator(seed).to(self._device)
        players = Players(
            generator=generator,
            discriminator=initialised_discriminator(options.discriminator_width, draws).to(self._device),
            make=self._make,
        )
        rules = Rules(
            steps=options.steps,
            batch_size=options.batch_size,
            generator_rate=options.learning_rate,
            discriminator_rate=options.learning_rate,
            betas=BETAS,
            r1=options.r1,
            average=options.average,
        )
        average = play(players, rules, *items, draws=torch_generator(seed, "dcgan", "training"), progress=progress)
        generator.load_state_dict(average.state_dict())
        self._kept.take(generator)

    def state(self) -> Mapping[str, Tensor]:
        """All weights of the generator by name, float32; the discriminator's are not kept."""
        return self._kept.state()

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take weights over.

        Raises:
            ValueError: A tensor is missing, unknown or of another shape; the message names it.
        """
        self._kept.load(state)

    def _first_generator(self, seed: int) -> Generator:
        draws = torch_generator(seed, "dcgan", "weights")
        return initialised(self._options.latent_dim, self._options.width, draws)

    def _make(self, generator: nn.Module, count: int, _: Tensor | None, draws: torch.Generator) -> Tensor:
        z = torch.randn(count, self._options.latent_dim, generator=draws)
        images: Tensor = generator(z.to(self._device))
        return images
