"""Distributions of codes: fitted to those of training images, and drawn from the standard normals that the core draws.

A normal takes as many standard normals as a code is long. A mixture takes one more: its probability integral transform
chooses the component, so that the same latent is the same code in a batch of any size.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

COMPONENTS = 20
FULL = 32
"""Longest code whose mixture has full covariances: longer ones have a variance for each unit alone."""
LEAST_VARIANCE = 1e-4
"""Added to every fitted variance, in units of the codes' mean variance: some units of a sparse code hardly vary."""


class FittedNormal(nn.Module):
    """N(mean, factor factorᵀ) of codes of length ``size``."""

    mean: Tensor
    factor: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("factor", torch.zeros(size, size))

    def forward(self, z: Tensor) -> Tensor:
        """Codes ``(n, size)`` of standard normals ``(n, size)``."""
        return self.mean + z @ self.factor.T

    def fit(self, codes: Floats) -> None:
        """Take mean and covariance of codes ``(n, size)`` over."""
        self.mean.copy_(torch.from_numpy(codes.mean(axis=0)))
        self.factor.copy_(torch.from_numpy(np.linalg.cholesky(_loaded(np.cov(codes.T)))))


class FittedMixture(nn.Module):
    """A Gaussian mixture over codes of length ``size``."""

    bounds: Tensor
    means: Tensor
    factors: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.full = size <= FULL
        self.register_buffer("bounds", torch.zeros(COMPONENTS))
        self.register_buffer("means", torch.zeros(COMPONENTS, size))
        self.register_buffer("factors", torch.zeros(COMPONENTS, size, *([size] if self.full else [])))

    def forward(self, z: Tensor) -> Tensor:
        """Codes ``(n, size)`` of standard normals ``(n, size + 1)``, the last of which chooses the component."""
        uniform = torch.special.ndtr(z[:, -1].contiguous())
        which = torch.searchsorted(self.bounds[:-1].contiguous(), uniform, right=True)
        spread, factors = z[:, :-1], self.factors[which]
        moved = (factors @ spread[:, :, None])[:, :, 0] if self.full else factors * spread
        return self.means[which] + moved

    def fit(self, codes: Floats, rng: np.random.Generator) -> None:
        """Fit by expectation maximisation in float64."""
        from sklearn.exceptions import ConvergenceWarning
        from sklearn.mixture import GaussianMixture

        scale = math.sqrt(codes.var(axis=0).mean()) or 1.0  # 0 where no unit of any code is active
        mixture = GaussianMixture(
            min(COMPONENTS, len(np.unique(codes, axis=0))),
            covariance_type="full" if self.full else "diag",
            reg_covar=LEAST_VARIANCE,
            random_state=int(rng.integers(2**31)),
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ConvergenceWarning)  # it could be better still, and is good enough
            fitted = mixture.fit(codes / scale)
        count = len(fitted.weights_)
        self.bounds.fill_(1)
        self.bounds[:count].copy_(torch.from_numpy(np.cumsum(fitted.weights_)))
        self.means[:count].copy_(torch.from_numpy(fitted.means_ * scale))
        roots = np.linalg.cholesky(fitted.covariances_) if self.full else np.sqrt(fitted.covariances_)
        self.factors[:count].copy_(torch.from_numpy(roots * scale))


class Priors(nn.Module):
    """Both fitted distributions, and N(0, I)."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size
        self.normal = FittedNormal(size)
        self.mixture = FittedMixture(size)

    def fit(self, codes: Tensor, rng: np.random.Generator) -> None:
        """Fit both to codes ``(n, size)``."""
        rows = codes.detach().double().cpu().numpy()
        self.normal.fit(rows)
        self.mixture.fit(rows, rng)

    def latents(self, prior: str) -> int:
        """How many standard normals a code takes."""
        return self.size + (prior == "mixture")

    def codes(self, z: Tensor, prior: str) -> Tensor:
        """Codes ``(n, size)`` of standard normals."""
        if prior == "standard":
            return z
        found: Tensor = (self.mixture if prior == "mixture" else self.normal)(z)
        return found


def _loaded(covariance: Floats) -> Floats:
    matrix = np.atleast_2d(covariance)
    least = LEAST_VARIANCE * (np.trace(matrix) / len(matrix) or 1.0)
    loaded: Floats = matrix + least * np.eye(len(matrix))
    return loaded
