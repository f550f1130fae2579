"""Golden cases of annealed importance sampling and of the two gaps below the log-likelihood."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from genaudit.metrics.annealing import amortization_gap, approximation_gap, log_likelihood
from genaudit.metrics.latent_options import AnnealingOptions, RefinementOptions
from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats.annealing import annealed
from genaudit.stats.refinement import refined
from genaudit.stats.seeds import generator
from genaudit.values.observations import AnnealedWeights, Floats, LogWeights, RefinedPosteriors

PRIOR, POSTERIOR = (0.0, 1.0), (1 / 3, 1 / 3)
"""Mean and variance of z before and after x = (1, 0), where z is of N(0, 1) and x of N((z, z), I)."""
EVIDENCE = -2.7205165441
DIVERGENCE = 0.6173605223
"""From the prior to the posterior, in nats."""


def _joint(z: Floats) -> tuple[Floats, Floats]:
    """``ln p(x, z)`` of each and its slope."""
    point = z[:, 0]
    return -1.5 * math.log(2 * math.pi) - ((1 - point) ** 2 + 2 * point**2) / 2, 1 - 3 * z


def _chains(start: tuple[float, float], chains: int, temperatures: int) -> Floats:
    mean, deviation = start[0], math.sqrt(start[1])

    def target(points: Floats) -> tuple[Floats, Floats]:
        nats, slopes = _joint(mean + deviation * points)
        return nats + math.log(deviation), slopes * deviation

    rngs = [generator(0, "selftest-annealing", number) for number in range(chains)]
    return annealed(target, 1, rngs, temperatures).log_weights


def _weights(table: Floats) -> LogWeights:
    """The same of two images."""
    return LogWeights(
        log_weights=np.stack([table, table]), likelihood="gaussian", data_space="continuous", dimensions=2
    )


def _bound(mean: float, variance: float) -> LogWeights:
    """Log-weights whose mean is the bound itself: they are quadratic in the noise, and ±1 has its moments."""
    noise = np.array([[-1.0], [1.0]])
    nats, _ = _joint(mean + math.sqrt(variance) * noise)
    return _weights(nats + (noise[:, 0] ** 2 + math.log(2 * math.pi * variance)) / 2)


def _gaps(best: tuple[float, float], chains: int, temperatures: int) -> tuple[float, float, float]:
    """Log-likelihood, approximation gap and amortisation gap of an encoder that gives the prior."""
    posteriors = RefinedPosteriors(
        amortised=_bound(*PRIOR),
        refined=_bound(*best),
        means=np.full((2, 1), best[0]),
        log_variances=np.full((2, 1), math.log(best[1])),
    )
    weights = _weights(_chains(best, chains, temperatures))
    found = AnnealedWeights(chains={temperatures: weights}, accepted={temperatures: np.ones(weights.log_weights.shape)})
    options, rng = AnnealingOptions(chains=chains, temperatures=temperatures), generator(0, "unused")
    return (
        log_likelihood(found, posteriors, options=options, rng=rng).value,
        approximation_gap(found, posteriors, options=options, rng=rng).value,
        amortization_gap(posteriors, options=RefinementOptions(), rng=rng).value,
    )


def _descended() -> tuple[float, float]:
    """Mean and variance that descent from the prior finds."""
    means, log_variances = refined(_joint, np.zeros((1, 1)), np.zeros((1, 1)), [generator(0, "selftest-descent")])
    return float(means[0, 0]), float(np.exp(log_variances[0, 0]))


ANNEALING = (
    GoldenCase(
        name="log_likelihood and both gaps: x = (1, 0) under N((z, z), I), q* = the posterior, q = the prior",
        compute=partial(_gaps, POSTERIOR, 4, 5),
        expected=(EVIDENCE, 0.0, DIVERGENCE),
        source="closed form: every chain is p(x); the gap of q is its divergence from the posterior",
    ),
    GoldenCase(
        name="log_likelihood, approximation_gap: the same, annealed from the prior in 20 steps",
        compute=partial(_gaps, PRIOR, 2000, 20),
        expected=(EVIDENCE, DIVERGENCE, 0.0),
        tolerance=0.02,
        source="closed form; 0.02 is three standard errors of 2,000 chains",
    ),
    GoldenCase(
        name="amortization_gap: the same, the posterior as descent from the prior finds it",
        compute=_descended,
        expected=POSTERIOR,
        tolerance=0.02,
        source="closed form",
    ),
)
