"""What all generators have in common that are trained by a game."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

import torch

from genaudit_adversarial.checking import check_whole
from genaudit_adversarial.kept import Keeper, Network
from genaudit_adversarial.playing import Items, Players, Rules, play
from genaudit_adversarial.streams import torch_generator

if TYPE_CHECKING:
    from torch import Tensor, nn

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages

BETAS = (0.5, 0.999)
"""Of Adam, for both networks: the guidelines' momentum (Radford et al. 2016)."""


class Game(Protocol):
    """What options say of a game."""

    @property
    def latent_dim(self) -> int:
        """Length of the latent."""

    @property
    def steps(self) -> int:
        """Steps of a training."""

    @property
    def batch_size(self) -> int:
        """Items a step."""

    @property
    def learning_rate(self) -> float:
        """Of Adam."""

    @property
    def r1(self) -> float:
        """Weight of the gradient penalty."""

    @property
    def average(self) -> float:
        """Decay of the moving average of the generator's weights."""


Options = TypeVar("Options", bound=Game)


class Player(ABC, Keeper[Options, Network]):
    """A generator network behind ``Sampler`` and ``Trainable``; a subclass says which networks, and which items.

    Args:
        options: Sizes and recipe.
        device: Where it computes.
    """

    name: ClassVar[str]
    """As users ask for it; names the random streams too."""

    def __init__(self, options: Options, device: torch.device) -> None:
        self._options = options
        super().__init__(options, self._first(0), device)

    @abstractmethod
    def generator(self, draws: torch.Generator) -> Network:
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
        return (self._options.latent_dim,)

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
        steps = self._options.steps if budget is None else budget
        check_whole(steps=steps)
        items = [self.items(split) for split in (training, validation)]
        network = self._first(seed).to(self._device)
        discriminator = self.discriminator(torch_generator(seed, self.name, "discriminator")).to(self._device)
        players = Players(generator=network, discriminator=discriminator, make=self._make)
        draws = torch_generator(seed, self.name, "training")
        average = play(players, self._rules(steps), *items, draws=draws, progress=progress)
        network.load_state_dict(average.state_dict())
        self._complete(network, seed)
        self._kept.take(network)

    def _first(self, seed: int) -> Network:
        return self.generator(torch_generator(seed, self.name, "weights"))

    def _rules(self, steps: int) -> Rules:
        own = self._options
        return Rules(
            steps=steps,
            batch_size=own.batch_size,
            generator_rate=own.learning_rate,
            discriminator_rate=own.learning_rate,
            betas=BETAS,
            r1=own.r1,
            average=own.average,
        )

    def _complete(self, network: Network, seed: int) -> None:
        """Write down in a trained generator what is computed once and not learnt: nothing, for most."""

    def _make(self, network: Network, count: int, labels: Tensor | None, draws: torch.Generator) -> Tensor:
        """New items of latents that are drawn here."""
        z = torch.randn(count, self._options.latent_dim, generator=draws).to(self._device)
        made: Tensor = network(z) if labels is None else network(z, labels)
        return made

    def _made(self, z: Tensor, *labels: Tensor) -> Tensor:
        """What the exact network makes of latents, float64."""
        made: Tensor = self._kept.exact(self._kept.wide(z), *labels)
        return made
