"""Choices about the autoencoders; light, so that they are checked before torch is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from genaudit_adversarial.checking import check_positive, check_whole

Prior = Literal["mixture", "normal", "standard"]
LARGEST_CODE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainingOptions:
    """What every training has.

    Raises:
        ValueError: A value is not allowed; the message says what is.
    """

    steps: int = 1500
    """Optimiser steps of a training."""
    batch_size: int = 64
    """Images a step of a training."""
    learning_rate: float = 2e-3
    """Of Adam, in the first half of a training; it falls to 0 in the second."""

    def __post_init__(self) -> None:
        check_whole(steps=self.steps, batch_size=self.batch_size)
        check_positive(learning_rate=self.learning_rate)


@dataclass(frozen=True, slots=True, kw_only=True)
class AutoencoderOptions(TrainingOptions):
    """What may be set with ``--set autoencoder.NAME=VALUE``.

    >>> AutoencoderOptions(prior="normal").latent_dim
    16
    """

    latent_dim: int = 16
    """Length of the code."""
    prior: Prior = "mixture"
    """Where codes are drawn from: ``mixture`` of 20 normals or one ``normal``, both fitted to the codes of the training
    images; or ``standard``, N(0, I), of which the encoder knows nothing. The weights are the same for all three."""

    def __post_init__(self) -> None:
        TrainingOptions.__post_init__(self)
        _check_code(self.latent_dim, self.prior)


@dataclass(frozen=True, slots=True, kw_only=True)
class DenoisingOptions(AutoencoderOptions):
    """What may be set with ``--set denoising-autoencoder.NAME=VALUE``."""

    noise: float = 0.3
    """Standard deviation of the noise in training, on the scale from black 0 to white 1."""

    def __post_init__(self) -> None:
        AutoencoderOptions.__post_init__(self)
        check_positive(noise=self.noise)


@dataclass(frozen=True, slots=True, kw_only=True)
class SparseOptions(AutoencoderOptions):
    """What may be set with ``--set sparse-autoencoder.NAME=VALUE``."""

    latent_dim: int = 64
    """Length of the code, of which few units are active for an image."""
    sparsity: float = 0.3
    """Weight of the sum of a code's units, in nats."""

    def __post_init__(self) -> None:
        AutoencoderOptions.__post_init__(self)
        check_positive(sparsity=self.sparsity)


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearOptions(AutoencoderOptions):
    """What may be set with ``--set linear-autoencoder.NAME=VALUE``."""

    steps: int = 2000
    """Optimiser steps of a training."""
    batch_size: int = 256
    """Images a step of a training."""
    learning_rate: float = 1e-2
    """Of Adam, in the first half of a training; it falls to 0 in the second. The last components, of which the error
    hardly depends, come slowly: with 0.002 and 1500 steps they are still 50 degrees off."""
    prior: Prior = "normal"
    """Where codes are drawn from: one ``normal`` or a ``mixture`` of 20, both fitted to the codes of the training
    images; or ``standard``, N(0, I)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PcaOptions:
    """What may be set with ``--set pca.NAME=VALUE``.

    Raises:
        ValueError: A value is not allowed; the message says what is.
    """

    latent_dim: int = 16
    """Number of principal components."""
    prior: Prior = "normal"
    """Where weights are drawn from: one ``normal`` or a ``mixture`` of 20, both fitted; or ``standard``, N(0, I)."""

    def __post_init__(self) -> None:
        _check_code(self.latent_dim, self.prior)

    @property
    def steps(self) -> int:
        """The components are computed in one step."""
        return 1


@dataclass(frozen=True, slots=True, kw_only=True)
class BetaVaeOptions(TrainingOptions):
    """What may be set with ``--set beta-vae.NAME=VALUE``."""

    latent_dim: int = 16
    """Length of the code."""
    beta: float = 4.0
    """Weight of the KL term; 1 is the ordinary variational autoencoder."""

    def __post_init__(self) -> None:
        TrainingOptions.__post_init__(self)
        _check_length(self.latent_dim)
        check_positive(beta=self.beta)


@dataclass(frozen=True, slots=True, kw_only=True)
class CvaeOptions(TrainingOptions):
    """What may be set with ``--set cvae.NAME=VALUE``."""

    steps: int = 3000
    """Optimiser steps of a training."""
    latent_dim: int = 8
    """Length of the code, which need not say which digit it is."""

    def __post_init__(self) -> None:
        TrainingOptions.__post_init__(self)
        _check_length(self.latent_dim)


@dataclass(frozen=True, slots=True, kw_only=True)
class VqVaeOptions(TrainingOptions):
    """What may be set with ``--set vq-vae.NAME=VALUE``."""

    codes: int = 64
    """Entries of the codebook."""
    prior_steps: int = 2000
    """Optimiser steps of the recurrent network that draws codes, after those of the autoencoder."""

    def __post_init__(self) -> None:
        TrainingOptions.__post_init__(self)
        check_whole(prior_steps=self.prior_steps)
        if not 2 <= self.codes <= LARGEST_CODE:
            raise ValueError(f"codes is {self.codes}; allowed: a whole number from 2 to {LARGEST_CODE}")


def _check_length(latent_dim: int) -> None:
    if not 1 <= latent_dim <= LARGEST_CODE:
        raise ValueError(f"latent_dim is {latent_dim}; allowed: a whole number from 1 to {LARGEST_CODE}")


def _check_code(latent_dim: int, prior: str) -> None:
    _check_length(latent_dim)
    if prior not in get_args(Prior):
        raise ValueError(f"prior is '{prior}'; allowed: {', '.join(get_args(Prior))}")
