"""Probabilistic principal components (Tipping & Bishop 1999), whose likelihood, posterior and evidence are exact.

x = W z + μ + σ ε with standard normal z and ε. Along the principal axes the posterior is a diagonal Gaussian, so the
evidence lower bound is the log-likelihood itself: whoever estimates the one knows what must come out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.datasets.colored_digits import ColoredDigits

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from genaudit.testing.doubles.options import PpcaOptions

SHAPE = (3, 16, 16)


@dataclass(frozen=True, slots=True, kw_only=True)
class PpcaFit:
    """The maximum-likelihood solution, float64."""

    loadings: NDArray[np.float64]
    """W, ``(d, q)``; its columns are orthogonal."""
    mean: NDArray[np.float64]
    """μ, ``(d,)``."""
    noise_variance: float
    """σ²."""


def fitted(rows: NDArray[np.float64], components: int) -> PpcaFit:
    """The maximum-likelihood fit to rows ``(n, d)``: equations 7 (W, rotation I) and 8 (σ²) of the paper.

    >>> rows = np.array([[1.0, 0.0], [-1.0, 0.0], [0.0, 0.5], [0.0, -0.5]])
    >>> float(fitted(rows, 1).noise_variance)
    0.125
    """
    mean = rows.mean(axis=0)
    variances, axes = np.linalg.eigh((rows - mean).T @ (rows - mean) / len(rows))
    noise = float(variances[:-components].mean())
    loadings = axes[:, ::-1][:, :components] * np.sqrt(variances[::-1][:components] - noise)
    return PpcaFit(loadings=loadings, mean=mean, noise_variance=noise)


def build(options: PpcaOptions, device: torch.device) -> Ppca:
    """The fit to the dequantised training images."""
    levels = ColoredDigits().split("train").images.reshape(6000, -1)
    fit = fitted((levels + 0.5) / 256, options.latent_dim)
    return Ppca(fit, SHAPE, device)


class Ppca:
    """The fit behind the capabilities; everything is computed in float64.

    Args:
        fit: The parameters.
        shape: Of one image.
        device: Where it computes.
    """

    likelihood = "gaussian"
    data_space = "continuous_dequantised"

    def __init__(self, fit: PpcaFit, shape: tuple[int, ...], device: torch.device) -> None:
        import torch

        self._shape = shape
        self._loadings = torch.from_numpy(fit.loadings.copy()).to(device)
        self._mean = torch.from_numpy(fit.mean).to(device)
        self._noise = fit.noise_variance
        self._scale = (self._loadings**2).sum(dim=0) + self._noise

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(q,)``."""
        return (self._loadings.shape[1],)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:  # noqa: ARG002 - a Sampler's signature
        """``W z + μ``, clipped to [0, 1]."""
        return self._linear(z).clamp(0, 1).reshape(-1, *self._shape).float()

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """The exact posterior: mean ``M⁻¹ Wᵀ (x - μ)`` and log-variance of ``σ² M⁻¹``, with ``M = Wᵀ W + σ² I``."""
        mean = (images.double().flatten(1) - self._mean) @ self._loadings / self._scale
        return mean, (self._noise / self._scale).log().expand_as(mean)

    def reconstruct(self, images: Tensor) -> Tensor:
        """The decoded posterior mean."""
        return self.decode(self.encode(images)[0])

    def log_likelihood(self, images: Tensor, z: Tensor) -> Tensor:
        """``log N(x; W z + μ, σ² I)``, ``(n,)`` nats; differentiable in z."""
        squared = ((images.double().flatten(1) - self._linear(z)) ** 2).sum(dim=1)
        return -0.5 * (squared / self._noise + len(self._mean) * math.log(2 * math.pi * self._noise))

    def log_evidence(self, images: Tensor) -> Tensor:
        """The exact ``log N(x; μ, W Wᵀ + σ² I)``, ``(n,)`` nats: what every bound is to reach."""
        centred = images.double().flatten(1) - self._mean
        projected = centred @ self._loadings
        quadratic = ((centred**2).sum(dim=1) - (projected**2 / self._scale).sum(dim=1)) / self._noise
        dimensions, components = self._loadings.shape
        determinant = self._scale.log().sum() + (dimensions - components) * math.log(self._noise)
        return -0.5 * (quadratic + determinant + dimensions * math.log(2 * math.pi))

    def _linear(self, z: Tensor) -> Tensor:
        return z.to(self._mean) @ self._loadings.T + self._mean
