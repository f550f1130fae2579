"""How far the codes of all images together are from the prior, and their units from being independent."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.metrics.averages import averaged

if TYPE_CHECKING:
    import numpy as np

    from genaudit.metrics.latent_options import AggregateOptions
    from genaudit.values.latents import AggregatePosterior
    from genaudit.values.observations import Floats
    from genaudit.values.results import Estimate


def aggregate_posterior_gap(
    codes: AggregatePosterior,
    *,
    options: AggregateOptions,  # noqa: ARG001 - they are for the probe
    rng: np.random.Generator,  # noqa: ARG001 - exact from what was observed
) -> Estimate:
    """KL(q(z) ‖ p(z)), from a density that was fitted to other images.

    It is the sum of the total correlation and of the divergences of single units from the prior, which stand in the
    details (Chen et al. 2018, eq. 2, without the information).
    """
    single = (codes.units - codes.prior).sum(axis=1)
    found = _between(codes, codes.joint - codes.prior.sum(axis=1), codes.divergences - codes.above_mixture)
    return replace(found, details={**found.details, "units_alone": float(single.mean())})


def total_correlation(
    codes: AggregatePosterior,
    *,
    options: AggregateOptions,  # noqa: ARG001
    rng: np.random.Generator,  # noqa: ARG001
) -> Estimate:
    """KL(q(z) ‖ Π q(z_u)), from densities that were fitted to other images."""
    single = codes.units.sum(axis=1) - codes.prior.sum(axis=1)
    mixture = codes.divergences - codes.above_mixture
    return _between(codes, codes.joint - codes.units.sum(axis=1), mixture - single)


def _between(codes: AggregatePosterior, least: Floats, most: Floats) -> Estimate:
    """The mean of what is on average too small, with that of what is on average too large in details and note."""
    found = averaged(least, codes.clusters)
    count, units = codes.units.shape
    upper = float(most.mean())
    return replace(
        found,
        interval=found.interval and replace(found.interval, method=f"{found.interval.method}, of the lower bound"),
        n_reference=count,
        parameters={"latent_units": units, "images": count},
        details={**found.details, "upper_bound": upper},
        note=(
            "On average a lower bound, by a density fitted to other images; "
            f"the mixture of all {count:,} posteriors gives an upper one, {upper:.2f}."
        ),
    )
