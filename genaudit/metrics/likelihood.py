"""The evidence lower bound and its parts, in nats per image, and in bits per dimension."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged
from genaudit.stats.gaussian import bits_per_dimension
from genaudit.stats.intervals import UNBOUNDED
from genaudit.values.results import Estimate, Interval

if TYPE_CHECKING:
    import numpy as np

    from genaudit.metrics.options import EvidenceOptions
    from genaudit.stats.intervals import Bounds
    from genaudit.values.observations import EvidenceBounds, Floats

LEVELS = {"continuous_dequantised": 256, "discrete": 1}
"""Grey levels that dequantisation spread over [0, 1], by data space; spaces without a density are not listed."""
SOFT = "Grey levels serve as probabilities here, so the bound is a training objective and no log-density."


def elbo(bounds: EvidenceBounds, *, options: EvidenceOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of E log p(x | z) - KL(q(z | x) ‖ p(z))."""
    return _over_images(bounds.log_likelihood - bounds.kl, bounds)


def elbo_reconstruction(bounds: EvidenceBounds, *, options: EvidenceOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of E log p(x | z) under the posterior."""
    return _over_images(bounds.log_likelihood, bounds)


def elbo_kl(bounds: EvidenceBounds, *, options: EvidenceOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of KL(q(z | x) ‖ p(z))."""
    return replace(_over_images(bounds.kl, bounds, (0.0, None)), note=given_label(bounds.given))


def bits_per_dim(bounds: EvidenceBounds, *, options: EvidenceOptions, rng: np.random.Generator) -> Estimate:
    """The bound as the length of a code: an upper bound on the model's bits per dimension."""
    if bounds.data_space not in LEVELS:
        raise NotApplicable(
            "not-a-density",
            f"The likelihood '{bounds.likelihood}' on {bounds.data_space} grey levels is not a density of images.",
            "Choose a likelihood that is a density, such as continuous-bernoulli.",
        )
    nats = elbo(bounds, options=options, rng=rng)
    levels = LEVELS[bounds.data_space]

    def bits(value: float) -> float:
        return bits_per_dimension(value, bounds.dimensions, levels=levels)

    around = nats.interval
    turned = around and Interval(low=bits(around.high), high=bits(around.low), level=around.level, method=around.method)
    return replace(
        nats,
        value=bits(nats.value),
        terms=tuple(map(bits, nats.terms)),
        interval=turned,
        parameters={**nats.parameters, "dimensions": bounds.dimensions},
        details={"elbo": nats.value},
        note=f"An upper bound: the evidence lower bound stands in for the likelihood. {nats.note}".strip(),
    )


def _over_images(values: Floats, bounds: EvidenceBounds, limits: Bounds = UNBOUNDED) -> Estimate:
    return replace(
        averaged(values, bounds.clusters, bounds=limits),
        n_reference=len(values),
        parameters={
            "likelihood": bounds.likelihood,
            "data_space": bounds.data_space,
            "draws": bounds.draws,
            **({"given": bounds.given} if bounds.given else {}),
        },
        note=" ".join(filter(None, (SOFT if bounds.data_space == "soft" else "", given_label(bounds.given)))),
    )


def given_label(given: str) -> str:
    """What is to be said of a model that was told the true level of this attribute; empty if of none.

    >>> given_label("digit")
    'The model was told the true digit of each image: bounds are those of log p(x | digit).'
    """
    return given and f"The model was told the true {given} of each image: bounds are those of log p(x | {given})."
