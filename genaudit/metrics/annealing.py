"""The log-likelihood by annealed importance sampling, and the two parts of what the evidence lower bound loses of it.

``log p(x) - L[q] = (log p(x) - L[q*]) + (L[q*] - L[q])`` with the best diagonal Gaussian q* of each image (Cremer et
al. 2018, table 1): what a Gaussian cannot say, and what the encoder does not find.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.metrics.averages import averaged
from genaudit.metrics.likelihood import LEVELS, given_label
from genaudit.stats.gaussian import bits_per_dimension
from genaudit.stats.importance import effective_draws, jackknife_of_log_mean, log_mean_exp
from genaudit.stats.skewed_means import skewed_interval

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.metrics.latent_options import AnnealingOptions, RefinementOptions
    from genaudit.values.observations import AnnealedWeights, Floats, LogWeights, RefinedPosteriors
    from genaudit.values.results import Estimate

COUNTING = 0.5
"""The share of an image's chains that must count on average; below it a warning is given."""
LEAST = 32
"""Independent images below which what an encoder loses has no interval."""


def log_likelihood(
    annealed: AnnealedWeights,
    posteriors: RefinedPosteriors,
    *,
    options: AnnealingOptions,
    rng: np.random.Generator,  # noqa: ARG001 - a metric's signature
) -> Estimate:
    """Mean over images of ln (1/C Σ exp(weight)) of the C chains of an image: ln p(x), or somewhat less.

    Args:
        annealed: Log-weights of chains from the refined posteriors.
        posteriors: Of the same images, for the bound beside it.
        options: How many images, chains and temperatures.
        rng: Not used.

    Returns:
        Nats per image (Neal 2001, section 2; Wu et al. 2017, section 3). The interval is over images and holds the
        noise of the chains; ``chain_error`` is the part of its standard error that they alone make.
    """
    chains = annealed.chains[options.temperatures]
    asked = chains.log_weights[: options.images, : options.chains]
    found = _over_images(log_mean_exp(asked), chains, _of_chains(annealed, options))
    levels = LEVELS.get(chains.data_space)
    bits = {} if levels is None else {"bits_per_dim": bits_per_dimension(found.value, chains.dimensions, levels=levels)}
    bound = float(posteriors.amortised.log_weights[: options.images].mean())
    trust = _note("A lower bound; do not read it as the log-likelihood", asked, chains)
    return replace(
        found,
        details={**found.details, "elbo": bound, **bits},
        note=f"Of {len(asked)} images, whose own evidence lower bound is {bound:,.1f}: compare it with that, and not "
        f"with bounds of more images. {trust}".strip(),
    )


def approximation_gap(
    annealed: AnnealedWeights,
    posteriors: RefinedPosteriors,
    *,
    options: AnnealingOptions,
    rng: np.random.Generator,  # noqa: ARG001 - a metric's signature
) -> Estimate:
    """Mean over images of log p(x) - L[q*] (Cremer et al. 2018, table 1), in nats, with log p(x) by annealing.

    Args:
        annealed: Log-weights of chains from the refined posteriors q*.
        posteriors: Log-weights of draws from q* of the same images; their mean is the bound L[q*].
        options: How many images, chains and temperatures.
        rng: Not used.

    Returns:
        Its interval is that of a mean of differences, image by image.
    """
    chains = annealed.chains[options.temperatures]
    asked = chains.log_weights[: options.images, : options.chains]
    best = posteriors.refined.log_weights[: options.images]
    found = _over_images(log_mean_exp(asked) - best.mean(axis=1), chains, _of_chains(annealed, options))
    return replace(found, note=_note("The true gap may be far larger", asked, chains))


def amortization_gap(
    posteriors: RefinedPosteriors,
    *,
    options: RefinementOptions,
    rng: np.random.Generator,  # noqa: ARG001 - a metric's signature
) -> Estimate:
    """Mean over images of L[q*] - L[q] (Cremer et al. 2018, table 1), in nats, both bounds from the same noise.

    Args:
        posteriors: Log-weights of draws from the encoder's q and from the best diagonal Gaussian q*, image by image.
        options: How many images.
        rng: Not used.

    Returns:
        Its interval is that of a mean of differences, image by image. There is none for fewer than ``LEAST``
        independent images: where an encoder is far off for few, such images are seldom among so few, and nothing of
        the others says that there are any.
    """
    q, best = (one.log_weights[: options.images] for one in (posteriors.amortised, posteriors.refined))
    bounds = {"elbo": float(q.mean()), "refined_elbo": float(best.mean())}
    found = _of_enough(_over_images((best - q).mean(axis=1), posteriors.amortised, bounds))
    return replace(found, note=given_label(posteriors.amortised.given))


def _of_enough(found: Estimate) -> Estimate:
    units = int(found.details.get("independent_units", 0))
    if found.interval is None or units >= LEAST:
        return found
    return replace(
        found,
        interval=None,
        reason_without=f"Of {units} independent images an interval would be too low too often where an encoder is far "
        f"off for few images. From {LEAST} on there is one: --set amortization_gap.images={LEAST}.",
    )


def _over_images(values: Floats, weights: LogWeights, details: Mapping[str, float]) -> Estimate:
    clusters = None if weights.clusters is None else weights.clusters[: len(values)]
    found = averaged(values, clusters)
    return replace(
        found,
        interval=found.interval and skewed_interval(values, clusters),
        n_reference=len(values),
        parameters={
            "likelihood": weights.likelihood,
            "data_space": weights.data_space,
            **({"given": weights.given} if weights.given else {}),
        },
        details={**found.details, **details},
    )


def _of_chains(annealed: AnnealedWeights, options: AnnealingOptions) -> dict[str, float]:
    """How far the chains can be trusted."""
    asked = annealed.chains[options.temperatures].log_weights[: options.images, : options.chains]
    bias, variance = jackknife_of_log_mean(asked)
    shares = annealed.accepted[options.temperatures][: options.images, : options.chains]
    moved = {} if options.temperatures < 2 else {"accepted": float(shares.mean())}
    return {
        "chain_sd": float(np.sqrt(asked.var(axis=1, ddof=1).mean())),
        "effective_chains": float(effective_draws(asked).mean()),
        "chain_error": float(np.sqrt(variance.sum())) / len(asked),
        "jackknife_bias": float(bias.mean()),
        **moved,
    }


def _note(warning: str, asked: Floats, weights: LogWeights) -> str:
    """What a reader must know before he trusts it: chains of which few count, a model that was told something."""
    chains, counting = asked.shape[1], float(effective_draws(asked).mean())
    few = (
        f"{warning}: of {chains} chains of an image the weights of only {counting:.1f} count, on average. More "
        "temperatures bring them together."
    )
    return " ".join(filter(None, (few if counting < COUNTING * chains else "", given_label(weights.given))))
