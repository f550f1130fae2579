"""The choices of the DCGAN, checked before torch is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from genaudit_adversarial.options import GameOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class DcganOptions(GameOptions):
    """What may be set with ``--set dcgan.NAME=VALUE``.

    Raises:
        ValueError: A value is not allowed; the message says what is.

    >>> DcganOptions(steps=100).r1
    1.0
    """

    width: int = 16
    """Channels of the generator's last hidden layer; the two before have two and four times as many."""
    discriminator_width: int = 24
    """Channels of the discriminator's first layer; the second has twice as many."""
    steps: int = 1500
    """Steps of a training, each one of the discriminator and one of the generator."""
    batch_size: int = 64
    """Images a step of a training, at least 2."""
    learning_rate: float = 1e-3
    """Of Adam, for both networks."""
    r1: float = 1.0
    """Weight of the penalty on the discriminator's gradients at real images, every 8 steps; 0 is the published
    recipe, which at this budget makes broken fragments."""
