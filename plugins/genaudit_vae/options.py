"""The choices of the VAE, checked before torch is loaded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

LikelihoodName = Literal["bernoulli", "continuous-bernoulli", "gaussian", "laplace"]
LATENT_DIM = {"bernoulli": 16, "continuous-bernoulli": 8, "gaussian": 16, "laplace": 16}
"""Size of the code where none is given: with 8 the continuous Bernoulli has its smallest variational gap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VaeOptions:
    """What may be set with ``--set vae.NAME=VALUE``.

    Raises:
        ValueError: A value is not allowed; the message says what is.

    >>> VaeOptions(likelihood="continuous-bernoulli").code_size
    8
    """

    likelihood: LikelihoodName = "bernoulli"
    """Distribution of pixels given a code. Bernoulli reads grey levels as probabilities: sharpest samples, no density.
    The other three are densities of dequantised pixels."""
    latent_dim: int | None = None
    """Length of the code; None: 8 for continuous-bernoulli, 16 for the others."""
    steps: int = 3000
    """Optimiser steps of a training."""
    beta: float = 1.0
    """Weight of the KL term in training (Higgins et al. 2017); 1 maximises the evidence lower bound."""
    batch_size: int = 64
    """Images a step of a training."""
    learning_rate: float = 2e-3
    """Of Adam, in the first half of a training; it falls to 0 in the second."""

    def __post_init__(self) -> None:
        allowed = get_args(LikelihoodName)
        if self.likelihood not in allowed:
            raise ValueError(f"likelihood is '{self.likelihood}'; allowed: {', '.join(allowed)}")
        if self.latent_dim is not None and not 1 <= self.latent_dim <= 512:
            raise ValueError(f"latent_dim is {self.latent_dim}; allowed: none, or a whole number from 1 to 512")
        if self.steps < 1 or self.batch_size < 1:
            raise ValueError(f"steps and batch_size are {self.steps} and {self.batch_size}; allowed: from 1")
        if not (math.isfinite(self.beta) and self.beta >= 0):
            raise ValueError(f"beta is {self.beta}; allowed: a finite number from 0")
        if not (math.isfinite(self.learning_rate) and self.learning_rate > 0):
            raise ValueError(f"learning_rate is {self.learning_rate}; allowed: a finite number above 0")

    @property
    def code_size(self) -> int:
        """``latent_dim``, or what the likelihood has without it."""
        return LATENT_DIM[self.likelihood] if self.latent_dim is None else self.latent_dim
