"""Distributions of pixels given the decoder's output, with their normalising constants.

Each is a product over pixels and channels. The decoder puts out one real number a pixel; the image that the plugin
shows is the mean of the distribution, for every likelihood.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - torch's own usage

NEAR_UNIFORM = 0.1
"""Logits smaller than this use a series: there the closed form is a difference of nearly equal numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PixelDistribution:
    """One of the four likelihoods."""

    log_density: Callable[[Tensor, Tensor, Tensor | None], Tensor]
    """``(x, output, log_scale)`` to nats of each pixel."""
    mean: Callable[[Tensor], Tensor]
    """Output to the mean, in [0, 1]."""
    data_space: str
    has_scale: bool
    """Whether one scale for all pixels is learnt with the weights."""


def bernoulli_log_probability(x: Tensor, output: Tensor, _: Tensor | None = None) -> Tensor:
    """``x o - log(1 + exp(o))``: cross-entropy of grey levels x in [0, 1] taken as probabilities.

    A log-probability of the pixels only where x is 0 or 1; for levels between it is the expected log-probability of an
    image that was drawn from them, and no density: bits per dimension have no meaning.
    """
    return x * output - F.softplus(output)


def continuous_bernoulli_log_density(x: Tensor, output: Tensor, _: Tensor | None = None) -> Tensor:
    """``x o - A(o)`` with ``A(o) = log((exp(o) - 1) / o)`` for x in [0, 1].

    Source: Loaiza-Ganem and Cunningham 2019, The continuous Bernoulli, arXiv:1907.06845, equations 5 to 7, in the
    natural parameter ``o = log(p / (1 - p))``.
    """
    return x * output - continuous_bernoulli_log_partition(output)


def continuous_bernoulli_log_partition(output: Tensor) -> Tensor:
    """``A(o) = o/2 + log(sinh(o/2) / (o/2))``, for any real o without overflow or cancellation."""
    small, safe = _split_near_uniform(output)
    half = small / 2
    series = half + half**2 / 6 - half**4 / 180 + half**6 / 2835
    closed = safe.relu() + torch.log(-torch.expm1(-safe.abs()) / safe.abs())
    return torch.where(output.abs() < NEAR_UNIFORM, series, closed)


def continuous_bernoulli_mean(output: Tensor) -> Tensor:
    """``A'(o) = 1 / (1 - exp(-o)) - 1 / o``; 1/2 at 0. Not the parameter p, which has far more contrast.

    Source: Loaiza-Ganem and Cunningham 2019, equation 8.
    """
    small, safe = _split_near_uniform(output)
    half = small / 2
    series = 0.5 + 0.5 * (half / 3 - half**3 / 45 + 2 * half**5 / 945 - half**7 / 4725)
    magnitude = safe.abs()  # the mean of -o is one minus that of o; for positive o nothing overflows
    upper = -1 / torch.expm1(-magnitude) - 1 / magnitude
    closed = torch.where(safe > 0, upper, 1 - upper)
    return torch.where(output.abs() < NEAR_UNIFORM, series, closed)


def gaussian_log_density(x: Tensor, output: Tensor, log_scale: Tensor | None) -> Tensor:
    """``-((x - m) / s)²/2 - log s - log(2 pi)/2`` with ``m = sigmoid(o)`` and the learnt s."""
    scale = _required(log_scale)
    return -0.5 * ((x - output.sigmoid()) * (-scale).exp()) ** 2 - scale - 0.5 * math.log(2 * math.pi)


def laplace_log_density(x: Tensor, output: Tensor, log_scale: Tensor | None) -> Tensor:
    """``-|x - m| / b - log(2 b)`` with ``m = sigmoid(o)`` and the learnt b."""
    scale = _required(log_scale)
    return -(x - output.sigmoid()).abs() * (-scale).exp() - scale - math.log(2)


DISTRIBUTIONS = {
    "bernoulli": PixelDistribution(
        log_density=bernoulli_log_probability, mean=torch.sigmoid, data_space="soft", has_scale=False
    ),
    "continuous-bernoulli": PixelDistribution(
        log_density=continuous_bernoulli_log_density,
        mean=continuous_bernoulli_mean,
        data_space="continuous_dequantised",
        has_scale=False,
    ),
    "gaussian": PixelDistribution(
        log_density=gaussian_log_density, mean=torch.sigmoid, data_space="continuous_dequantised", has_scale=True
    ),
    "laplace": PixelDistribution(
        log_density=laplace_log_density, mean=torch.sigmoid, data_space="continuous_dequantised", has_scale=True
    ),
}
"""By the names of ``genaudit_vae.options``."""


def _split_near_uniform(output: Tensor) -> tuple[Tensor, Tensor]:
    """The output for the series and for the closed form, each with harmless numbers where the other is used.

    Without them the gradient of the branch that is not taken would be infinite and spoil the one that is.
    """
    near = output.abs() < NEAR_UNIFORM
    return torch.where(near, output, torch.zeros_like(output)), torch.where(near, torch.ones_like(output), output)


def _required(log_scale: Tensor | None) -> Tensor:
    if log_scale is None:
        raise ValueError("this likelihood needs a scale; the network was built without one")
    return log_scale
