"""The choices of each generator, checked before torch is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from genaudit_adversarial.checking import check_batch, check_positive, check_whole
from genaudit_adversarial.options import GameOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class GanOptions(GameOptions):
    """What may be set with ``--set gan.NAME=VALUE``."""

    r1: float = 1.0
    """Weight of the penalty on the discriminator's gradients at real items, every 8 steps; 0 is the published recipe,
    which collapses here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CganOptions(GameOptions):
    """What may be set with ``--set cgan.NAME=VALUE``.

    >>> CganOptions().steps
    1500
    """

    width: int = 16
    """Channels of the generator's last hidden layer; the two before have two and four times as many."""
    discriminator_width: int = 24
    """Channels of the discriminator's first layer; the second has twice as many."""
    steps: int = 1500
    """Steps of a training, each one of the discriminator and one of the generator."""
    learning_rate: float = 1e-3
    """Of Adam, for both networks."""
    r1: float = 1.0
    """Weight of the penalty on the discriminator's gradients at real items, every 8 steps; 0 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RingGanOptions(GameOptions):
    """What may be set with ``--set ring-gan.NAME=VALUE``."""

    latent_dim: int = 2
    """Length of the latent."""
    width: int = 64
    """Units of a hidden layer."""
    discriminator_width: int = 64
    """Likewise in the discriminator."""
    steps: int = 12_000
    """Steps of a training, each one of the discriminator and one of the generator."""
    batch_size: int = 256
    """Points a step of a training, at least 2."""
    learning_rate: float = 4e-3
    """Of Adam at the first step, for both networks; it falls in a straight line to 0."""
    r1: float = 0.1
    """Weight of the penalty on the discriminator's gradients at real points, every 8 steps; 0 for none."""
    average: float = 0.999
    """Decay of the moving average of the generator's weights, which is what is evaluated; 0 for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridGanOptions(RingGanOptions):
    """What may be set with ``--set grid-gan.NAME=VALUE``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RandomPairingOptions:
    """What may be set with ``--set random-pairing.NAME=VALUE``.

    Raises:
        ValueError: A value is not allowed; the message says what is.
    """

    latent_dim: int = 16
    """Length of the latent."""
    width: int = 8
    """Channels of the last hidden layer; the two before have two and four times as many."""
    steps: int = 600
    """Steps of a training."""
    batch_size: int = 64
    """Pairs a step of a training, at least 2."""
    learning_rate: float = 2e-3
    """Of Adam; it falls to 0 over the second half."""

    def __post_init__(self) -> None:
        check_whole(latent_dim=self.latent_dim, width=self.width, steps=self.steps)
        check_batch(self.batch_size)
        check_positive(learning_rate=self.learning_rate)
