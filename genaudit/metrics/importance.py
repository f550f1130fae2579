"""The importance-weighted bound, and by how much it lies above the evidence lower bound."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.metrics.averages import averaged
from genaudit.metrics.likelihood import LEVELS, given_label
from genaudit.stats.gaussian import bits_per_dimension
from genaudit.stats.importance import effective_draws, log_mean_exp
from genaudit.stats.intervals import UNBOUNDED

if TYPE_CHECKING:
    from genaudit.metrics.latent_options import ImportanceOptions
    from genaudit.stats.intervals import Bounds
    from genaudit.values.observations import Floats, LogWeights
    from genaudit.values.results import Estimate

FEW = 10
"""Effective draws below which the bound says little about the log-likelihood."""

ROUNDING = float(np.finfo(np.float32).eps)
"""Log-weights of an image that differ by a smaller share of their size are equal: codes are given in float32."""


def iwae(weights: LogWeights, *, options: ImportanceOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of ln (1/K Σ p(x | z) p(z) / q(z | x)), z drawn K times from q(z | x)."""
    asked = _asked(weights, options)
    found = _over_images(log_mean_exp(asked), asked, weights, "A bound; do not read it as the log-likelihood")
    levels = LEVELS.get(weights.data_space)
    bits = (
        {} if levels is None else {"bits_per_dim": bits_per_dimension(found.value, weights.dimensions, levels=levels)}
    )
    return replace(found, details={**found.details, "elbo": float(asked.mean()), **bits})


def variational_gap(weights: LogWeights, *, options: ImportanceOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of the importance-weighted bound less the evidence lower bound, both from the same draws."""
    asked = _asked(weights, options)
    above = asked - asked.max(axis=1, keepdims=True)  # small numbers: equal weights have no gap but for rounding
    gaps = np.clip(log_mean_exp(above) - above.mean(axis=1), 0.0, None)
    gaps[-above.min(axis=1) < ROUNDING * np.abs(asked).max(axis=1)] = 0.0
    return _over_images(gaps, asked, weights, "The true gap may be far larger", (0.0, None))


def _asked(weights: LogWeights, options: ImportanceOptions) -> Floats:
    return weights.log_weights[: options.images, : options.k]


def _over_images(
    values: Floats, asked: Floats, weights: LogWeights, warning: str, limits: Bounds = UNBOUNDED
) -> Estimate:
    n, k = asked.shape
    found = averaged(values, None if weights.clusters is None else weights.clusters[:n], bounds=limits)
    counting = float(effective_draws(asked).mean())
    few = f"{warning}: of {k} draws from an image's posterior the weights of only {counting:.1f} count, on average."
    return replace(
        found,
        n_reference=n,
        parameters={
            "likelihood": weights.likelihood,
            "data_space": weights.data_space,
            **({"given": weights.given} if weights.given else {}),
        },
        details={**found.details, "effective_draws": counting},
        note=" ".join(filter(None, (few if counting < FEW else "", given_label(weights.given)))),
    )
