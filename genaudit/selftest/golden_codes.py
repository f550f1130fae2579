"""Golden cases of importance weights and of the information in codes."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from genaudit.metrics.codes import latent_mutual_information
from genaudit.metrics.importance import iwae, variational_gap
from genaudit.metrics.latent_options import ImportanceOptions, LatentInformationOptions
from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats.seeds import generator
from genaudit.values.observations import LogWeights, Posteriors

DRAWS = 64


def _weights(mean: float, variance: float) -> LogWeights:
    """Of x = (1, 0) for z of N(0, 1) and x of N((z, z), I), with z drawn from N(mean, variance)."""
    noise = generator(0, "selftest-weights").standard_normal((2, DRAWS))
    z = mean + math.sqrt(variance) * noise
    likelihood = -math.log(2 * math.pi) - ((1 - z) ** 2 + z**2) / 2
    return LogWeights(
        log_weights=likelihood + (noise**2 + math.log(variance) - z**2) / 2,
        likelihood="gaussian",
        data_space="continuous",
        dimensions=2,
    )


def _exact(k: int) -> tuple[float, float, float]:
    """Bound, gap and effective draws where q is the posterior of the model."""
    weights, options = _weights(1 / 3, 1 / 3), ImportanceOptions(k=k)
    bound = iwae(weights, options=options, rng=generator(0, "unused"))
    gap = variational_gap(weights, options=options, rng=generator(0, "unused"))
    return bound.value, gap.value, bound.details["effective_draws"]


def _largest_of_weights() -> float:
    """Weights e^-1000 and 3 e^-1000, which no float holds."""
    weights = LogWeights(
        log_weights=np.array([[-1000.0, -1000.0 + math.log(3)]] * 2),
        likelihood="gaussian",
        data_space="continuous",
        dimensions=2,
    )
    return iwae(weights, options=ImportanceOptions(), rng=generator(0, "unused")).value


def _information(*means: float) -> float:
    """Of codes of N(mean, 1), one an image."""
    column = np.array(means)[:, None]
    draws = column + generator(0, "selftest-codes").standard_normal((1, *column.shape))
    codes = Posteriors(means=column, log_variances=np.zeros(column.shape), draws=draws)
    options = LatentInformationOptions()
    return latent_mutual_information(codes, options=options, rng=generator(0, "unused")).value


CODES = (
    *(
        GoldenCase(
            name=f"iwae, variational_gap: x = (1, 0) under N((z, z), I), q = the posterior, K = {k}",
            compute=partial(_exact, k),
            expected=(-2.7205165441, 0.0, float(k)),
            source="closed form: every weight is p(x)",
        )
        for k in (1, DRAWS)
    ),
    GoldenCase(
        name="iwae: weights e^-1000 and 3 e^-1000",
        compute=_largest_of_weights,
        expected=(math.log(2) - 1000,),
    ),
    GoldenCase(
        name="latent_mutual_information: two posteriors apart, two that are one, three apart",
        compute=lambda: (_information(-50, 50), _information(1, 1), _information(-50, 0, 50)),
        expected=(math.log(2), 0.0, math.log(3)),
    ),
)
