"""What all generators of this package that are trained by a game have in common."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import torch
from torch import nn

from genaudit_adversarial.kept import KeptNetwork
from genaudit_adversarial.playing import Items, Players, Rules, play
from genaudit_adversarial.streams import torch_generator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_gans.options import GameOptions

BETAS = (0.5, 0.999)
"""Of Adam, for both networks."""


class Player(ABC):
    """A generator network behind ``Sampler`` and ``Trainable``; a subclass says which networks, and which items.

    Args:
        options: Sizes and recipe.
        device: Where it computes.
    """

    name: str
    """As users ask for it; names the random streams too."""
    falling: ClassVar[bool] = False
    """Whether the rates of its training fall to 0."""

    def __init__(self, options: GameOptions, device: torch.device) -> None:
        self.options, self._device = options, torch.device(device)
        self._kept: KeptNetwork[nn.Module] = KeptNetwork(self._first(0), self._device)

    @abstractmethod
    def generator(self, draws: torch.Generator) -> nn.Module:
        """The generator with its first weights."""

    @abstractmethod
    def discriminator(self, draws: torch.Generator) -> nn.Module:
        """The discriminator with its first weights."""

    @abstractmethod
    def items(self, split: LabelledImages) -> Items:
        """What of a split is shown to the discriminator.

        Raises:
            ValueError: The split holds something else.
        """

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(latent_dim,)``."""
        return (self.options.latent_dim,)

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train from new weights for ``budget`` steps (None: the option ``steps``).

        Raises:
            ValueError: The budget is below 1, or the data are not what the model is for.
        """
        own = self.options if budget is None else replace(self.options, steps=budget)
        items = [self.items(split) for split in (training, validation)]
        network = self._first(seed).to(self._device)
        discriminator = self.discriminator(torch_generator(seed, self.name, "discriminator")).to(self._device)
        rules = Rules(
            steps=own.steps,
            batch_size=own.batch_size,
            generator_rate=own.learning_rate,
            discriminator_rate=own.learning_rate,
            betas=BETAS,
            r1=own.r1,
            average=own.average,
            falling=self.falling,
        )
        players = Players(generator=network, discriminator=discriminator, make=self._make)
        average = play(players, rules, *items, draws=torch_generator(seed, self.name, "training"), progress=progress)
        network.load_state_dict(average.state_dict())
        self._kept.take(network)

    def state(self) -> Mapping[str, Tensor]:
        """All weights of the generator by name, float32; the discriminator's are not kept."""
        return self._kept.state()

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take weights over.

        Raises:
            ValueError: A tensor is missing, unknown or of another shape; the message names it.
        """
        self._kept.load(state)

    def made(self, z: Tensor, *labels: Tensor) -> Tensor:
        """What the exact network makes of latents, float64."""
        made: Tensor = self._kept.exact(self._kept.wide(z), *labels)
        return made

    def _first(self, seed: int) -> nn.Module:
        return self.generator(torch_generator(seed, self.name, "weights"))

    def _make(self, network: nn.Module, count: int, labels: Tensor | None, draws: torch.Generator) -> Tensor:
        z = torch.randn(count, self.options.latent_dim, generator=draws).to(self._device)
        made: Tensor = network(z) if labels is None else network(z, labels)
        return made


def refuse_labels(labels: Tensor | None, name: str) -> None:
    """Nothing, if there are no labels.

    Raises:
        ValueError: There are.
    """
    if labels is not None:
        raise ValueError(f"{name} takes no labels: it is not class-conditional")
