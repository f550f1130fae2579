"""How a model with an encoder uses its codes, and what they tell of images."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged
from genaudit.stats.intervals import LEVEL, mean
from genaudit.stats.mixtures import log_ratio_to_mixture
from genaudit.stats.units import independent_units, some_places
from genaudit.values.results import Estimate, Interval, Series

if TYPE_CHECKING:
    from genaudit.metrics.latent_options import LatentInformationOptions
    from genaudit.metrics.options import ActiveUnitsOptions
    from genaudit.values.observations import Floats, PosteriorMeans, Posteriors

NEAR_THE_MOST = 0.9
"""Share of ln n from which on n images are too few to find all of the information."""


def active_units(codes: PosteriorMeans, *, options: ActiveUnitsOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Number of latent units whose posterior mean has a variance above the threshold over held-out images.

    The interval counts units whose variance is surely above, and those whose variance may be: every unit has a normal
    interval of its variance, all together at the stated level (Bonferroni).
    """
    means = codes.means
    units = independent_units(len(means), codes.clusters)
    if units < 2:
        raise NotApplicable("too-few-samples", f"A variance over images needs 2 independent images, not {units}.")
    squares = (means - means.mean(axis=0)) ** 2 * (len(means) / (len(means) - 1))
    found = [mean(column, codes.clusters) for column in squares.T]
    variances = np.array([each.value for each in found])
    errors = np.array([each.standard_error for each in found])
    reach = float(special.stdtrit(units - 1, 1 - (1 - LEVEL) / 2 / len(found))) * errors
    return Estimate(
        value=float((variances > options.threshold).sum()),
        interval=Interval(
            low=float((variances - reach > options.threshold).sum()),
            high=float((variances + reach > options.threshold).sum()),
            level=LEVEL,
            method=(
                f"units whose variance is surely, or possibly, above {options.threshold:g}: simultaneous intervals of "
                f"{len(found)} variances over {units} independent images (Bonferroni)"
            ),
        ),
        n_reference=len(means),
        parameters={"latent_units": len(found)},
        details={"largest_variance": float(variances.max()), "smallest_variance": float(variances.min())},
        series=(_sorted(variances),),
    )


def latent_mutual_information(
    codes: Posteriors, *, options: LatentInformationOptions, rng: np.random.Generator
) -> Estimate:
    """Mean over images x of E ln q(z | x) / q(z), z drawn from q(z | x) and q(z) the mixture over these images.

    The interval is that of a mean over images; there is none where it would reach the most that n images can show.
    That q(z) is estimated from the same images adds nothing to first order: the derivative of the information by q(z)
    is the integral of q(z), less 1.
    """
    count = len(codes.means)
    rows = some_places(count, options.images, rng)
    if len(rows) < 2:
        raise NotApplicable("too-few-samples", f"Information about which image it is needs 2 images, not {count}.")
    means, log_variances = codes.means[rows], codes.log_variances[rows]
    ratios = [log_ratio_to_mixture(draw[rows], means, log_variances) for draw in codes.draws[: options.draws]]
    clusters, most = None if codes.clusters is None else codes.clusters[rows], math.log(len(rows))
    found = _below(most, averaged(np.mean(ratios, axis=0), clusters, bounds=(None, most)))
    near = found.value >= NEAR_THE_MOST * most
    return replace(
        found,
        n_reference=len(rows),
        parameters={"latent_units": means.shape[1], "images": len(rows)},
        details={**found.details, "largest_possible": most},
        note=f"Among {len(rows):,} images no more than ln {len(rows):,} = {most:.2f} nats can be found"
        + ("; this is near it, and the information may be far greater." if near else "."),
    )


def _below(most: float, found: Estimate) -> Estimate:
    """Without an interval that would tell of nothing but the most that there can be."""
    if found.interval is None or found.interval.high < most:
        return found
    return replace(
        found,
        interval=None,
        reason_without="An interval would reach the most that so many images can show: more images would find more.",
    )


def _sorted(variances: Floats) -> Series:
    return Series(
        name="variance_by_unit",
        title="Variance of the posterior mean, units in falling order",
        x_label="unit",
        y_label="variance over images",
        x=tuple(float(rank) for rank in range(1, len(variances) + 1)),
        y=tuple(np.sort(variances)[::-1].tolist()),
    )
