"""Choices that adversarial trainings share, checked before torch is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from genaudit_adversarial.checking import check_average, check_batch, check_penalty, check_positive, check_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class GameOptions:
    """What every adversarial training has.

    Raises:
        ValueError: A value is not allowed; the message says what is.
    """

    latent_dim: int = 64
    """Length of the latent."""
    width: int = 96
    """Units of a hidden layer, or channels of the generator's last one."""
    discriminator_width: int = 96
    """Likewise in the discriminator."""
    steps: int = 3000
    """Steps of a training, each one of the discriminator and one of the generator."""
    batch_size: int = 64
    """Items a step of a training, at least 2."""
    learning_rate: float = 5e-4
    """Of Adam, for both networks."""
    r1: float = 0.0
    """Weight of the penalty on the discriminator's gradients at real items, every 8 steps; 0 for none."""
    average: float = 0.99
    """Decay of the moving average of the generator's weights, which is what is evaluated; 0 for none."""

    def __post_init__(self) -> None:
        check_whole(
            latent_dim=self.latent_dim,
            width=self.width,
            discriminator_width=self.discriminator_width,
            steps=self.steps,
        )
        check_batch(self.batch_size)
        check_positive(learning_rate=self.learning_rate)
        check_penalty(self.r1)
        check_average(self.average)
