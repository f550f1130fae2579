"""A linear model of images with one known flaw in decoder or encoder: images, model and what the encoder says."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.metrics import annealing
from genaudit.metrics.latent_options import AnnealingOptions, RefinementOptions
from genaudit.selftest.sanity_check import Reading
from genaudit.stats.annealing import annealed
from genaudit.stats.refinement import DRAWS, refined
from genaudit.stats.seeds import generator
from genaudit.values.observations import AnnealedWeights, LogWeights, RefinedPosteriors

if TYPE_CHECKING:
    from genaudit.values.results import Estimate

Floats = NDArray[np.float64]
IMAGES, OF_BOUND = 40, 64
OPTIONS = AnnealingOptions(images=IMAGES, chains=2, temperatures=10)
LOADINGS = np.array([[1.2, 0.0], [0.0, 0.6], [1.2, 0.0], [0.0, 0.6]])
"""Of x = W z + e, two latents and four entries: in these axes the posterior is a diagonal Gaussian."""
LITTLE, HALF = math.pi / 16, math.pi / 4
"""By how much axes are turned; with ``HALF`` units depend on one another the most."""
SPREAD = 0.5
"""Variance of each entry of e."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """Images, the decoder's loadings and offset, and by how much the encoder misses the best posterior means."""

    images: Floats
    loadings: Floats
    offset: float
    missed: Floats

    @property
    def precision(self) -> Floats:
        """Of the posterior of every image."""
        found: Floats = np.eye(2) + self.loadings.T @ self.loadings / SPREAD
        return found

    @property
    def means(self) -> Floats:
        """Of the posterior of each image."""
        found: Floats = (self.images - self.offset) @ self.loadings @ np.linalg.inv(self.precision) / SPREAD
        return found

    def joint(self, rows: NDArray[np.int64], z: Floats) -> tuple[Floats, Floats]:
        """``ln p(x, z)`` of codes, each of its own image, and the gradient in the code."""
        rest = self.images[rows] - self.offset - z @ self.loadings.T
        constant = 4 * math.log(2 * math.pi * SPREAD) + 2 * math.log(2 * math.pi)
        nats = -0.5 * ((rest**2).sum(axis=-1) / SPREAD + (z**2).sum(axis=-1) + constant)
        return nats, rest @ self.loadings / SPREAD - z


def encoder_off(rng: np.random.Generator) -> tuple[Model, Model]:
    """The encoder's means are off by one standard deviation of the posterior to two."""
    clean = _model(rng)
    return clean, replace(clean, missed=0.8 * rng.normal(size=clean.missed.shape))


def latents_turned(rng: np.random.Generator) -> tuple[Model, Model]:
    """The same model of images in other axes, in which no posterior is anywhere near a diagonal Gaussian."""
    clean = _model(rng)
    return clean, replace(clean, loadings=_turned(HALF))


def decoder_off(rng: np.random.Generator) -> tuple[Model, Model]:
    """Every entry that is decoded is off by two standard deviations of its noise."""
    clean = _model(rng)
    return clean, replace(clean, offset=2 * math.sqrt(SPREAD))


def of_model(model: Model) -> dict[str, Reading]:
    """The log-likelihood and the two gaps below it, by descent and chains as in a run."""
    every = np.arange(IMAGES)
    first = model.means + model.missed
    narrow = np.broadcast_to(-np.log(np.diag(model.precision)), first.shape)
    rngs = [generator(0, "selftest-refinement", row) for row in range(IMAGES)]
    means, logs = refined(lambda z: model.joint(every.repeat(DRAWS), z), first, narrow, rngs)
    posteriors = RefinedPosteriors(
        amortised=_bound(model, first, narrow), refined=_bound(model, means, logs), means=means, log_variances=logs
    )
    chains = _chains(model, means, np.exp(logs / 2))
    rng = generator(0, "unused")
    found = {
        "log_likelihood": annealing.log_likelihood(chains, posteriors, options=OPTIONS, rng=rng),
        "approximation_gap": annealing.approximation_gap(chains, posteriors, options=OPTIONS, rng=rng),
        "amortization_gap": annealing.amortization_gap(posteriors, options=RefinementOptions(images=IMAGES), rng=rng),
    }
    return {name: _reading(one) for name, one in found.items()}


def _reading(found: Estimate) -> Reading:
    return Reading(value=found.value, error=found.details["standard_error"])


def _bound(model: Model, means: Floats, log_variances: Floats) -> LogWeights:
    noise = generator(0, "selftest-bounds").standard_normal((IMAGES, OF_BOUND, 2))
    z = means[:, None] + noise * np.exp(log_variances / 2)[:, None]
    own = -0.5 * (noise**2 + math.log(2 * math.pi) + log_variances[:, None]).sum(axis=-1)
    rows = np.arange(IMAGES)[:, None].repeat(OF_BOUND, axis=1)
    return _weights(model.joint(rows, z)[0] - own)


def _chains(model: Model, means: Floats, deviations: Floats) -> AnnealedWeights:
    rows = np.arange(IMAGES).repeat(OPTIONS.chains)
    centre, scale = means[rows], deviations[rows]

    def target(points: Floats) -> tuple[Floats, Floats]:
        nats, slopes = model.joint(rows, centre + scale * points)
        return nats + np.log(scale).sum(axis=1), slopes * scale

    rngs = [generator(0, "selftest-chains", number) for number in range(len(rows))]
    found, shape = annealed(target, 2, rngs, OPTIONS.temperatures), (IMAGES, OPTIONS.chains)
    return AnnealedWeights(
        chains={OPTIONS.temperatures: _weights(found.log_weights.reshape(shape))},
        accepted={OPTIONS.temperatures: found.accepted.reshape(shape)},
    )


def _weights(table: Floats) -> LogWeights:
    return LogWeights(log_weights=table, likelihood="gaussian", data_space="continuous", dimensions=4)


def _model(rng: np.random.Generator) -> Model:
    """A model whose encoder is a little off and whose axes are almost those of the posterior, and images of it."""
    z, noise = rng.normal(size=(IMAGES, 2)), math.sqrt(SPREAD) * rng.normal(size=(IMAGES, 4))
    loadings = _turned(LITTLE)
    missed = 0.2 * rng.normal(size=(IMAGES, 2))
    return Model(images=z @ loadings.T + noise, loadings=loadings, offset=0.0, missed=missed)


def _turned(angle: float) -> Floats:
    turn = np.array([[math.cos(angle), math.sin(angle)], [-math.sin(angle), math.cos(angle)]])
    found: Floats = LOADINGS @ turn
    return found
