"""The choices of the StyleGAN, checked before torch is loaded."""

from __future__ import annotations

import math
from dataclasses import dataclass

from genaudit_adversarial.checking import check_average, check_batch, check_penalty, check_positive, check_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleganOptions:
    """What may be set with ``--set stylegan.NAME=VALUE``.

    Raises:
        ValueError: A value is not allowed; the message says what is.

    >>> StyleganOptions(truncation=0.7).steps
    2200
    """

    truncation: float = 1.0
    """How far the styles of samples lie from the mean style: 1 as they are, 0 all at the mean. No part of training."""
    latent_dim: int = 64
    """Length of the latent."""
    style_dim: int = 64
    """Length of a style, and units of each layer of the mapping."""
    mapping_layers: int = 2
    """Layers of the mapping from latents to styles."""
    mixing: float = 0.3
    """Share of training images whose coarse and fine layers have styles of two latents."""
    discriminator_width: int = 24
    """Channels of the discriminator's first layer; the second has twice as many."""
    steps: int = 2200
    """Steps of a training, each one of the discriminator and one of the generator."""
    batch_size: int = 64
    """Images a step of a training, at least 2."""
    learning_rate: float = 3e-3
    """Of Adam, for the generator."""
    discriminator_rate: float = 1e-3
    """Of Adam, for the discriminator."""
    r1: float = 1.0
    """Weight of the penalty on the discriminator's gradients, at real and at generated images, every 8 steps."""
    average: float = 0.995
    """Decay of the moving average of the generator's weights, which is what is evaluated; 0 for none."""

    def __post_init__(self) -> None:
        check_whole(
            latent_dim=self.latent_dim,
            style_dim=self.style_dim,
            mapping_layers=self.mapping_layers,
            discriminator_width=self.discriminator_width,
            steps=self.steps,
        )
        check_batch(self.batch_size)
        if not (math.isfinite(self.truncation) and self.truncation >= 0):
            raise ValueError(f"truncation is {self.truncation}; allowed: a finite number from 0")
        if not 0 <= self.mixing <= 1:
            raise ValueError(f"mixing is {self.mixing}; allowed: from 0 to 1")
        check_positive(learning_rate=self.learning_rate, discriminator_rate=self.discriminator_rate)
        check_penalty(self.r1)
        check_average(self.average)
