"""Distances between the features of generated and of reference items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics.influences import of_items
from genaudit.metrics.kernel_notes import kernel_note
from genaudit.stats import frechet, kernels
from genaudit.stats.discrepancy_interval import FROM_ROWS, discrepancy_interval
from genaudit.stats.intervals import t_interval
from genaudit.stats.moments import scatter
from genaudit.stats.units import independent_units
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from genaudit.metrics.options import FrechetOptions, KernelOptions
    from genaudit.values.observations import FeaturePair, Floats

NON_NEGATIVE = (0.0, None)


def frechet_distance(features: FeaturePair, *, options: FrechetOptions, rng: np.random.Generator) -> Estimate:
    """The plug-in Fréchet distance, with the jackknife's debiased value beside it.

    The interval is centred on the plug-in value: it says how far another sample of these sizes may lie. The debiased
    value and its interval, in the details, are about the distance of the distributions themselves. With fewer items
    than dimensions they would not be: the value has another name then, and no interval.
    """
    x, y = features.generated, features.reference
    if min(len(x), len(y)) < 2:
        raise NotApplicable("too-few-samples", f"A covariance needs 2 items on each side, not {min(len(x), len(y))}.")
    reference = scatter(y).moments(options.ddof)
    bias = frechet.expected_bias(reference.covariance, len(x), len(y))
    units = _units(features)
    note = _small_sample_note(units, x.shape[1], bias, clustered=units < min(len(x), len(y)))
    if units < 3:
        return Estimate(
            value=frechet.frechet_distance(scatter(x).moments(options.ddof), reference),
            reason_without="A jackknife needs at least 3 independent items on both sides.",
            details={"bias_if_normal": bias},
            note=note,
            n_generated=len(x),
            n_reference=len(y),
        )
    found = frechet.jackknife_frechet(
        x,
        y,
        features.generated_clusters,
        features.reference_clusters,
        x_strata=features.generated_strata,
        y_strata=features.reference_strata,
        rng=rng,
        blocks=options.blocks,
        ddof=options.ddof,
    )
    how = f"jackknife over {found.blocks} blocks of both sides, centred on the plug-in value"
    return Estimate(
        value=found.value,
        interval=t_interval(found.value, found.standard_error, found.blocks - 1, how=how, bounds=NON_NEGATIVE),
        details={
            **_debiased(found, below_one_a_dimension=units < x.shape[1]),
            "bias_if_normal": bias,
            "standard_error": found.standard_error,
            "rank_generated": float(found.ranks[0]),
            "rank_reference": float(found.ranks[1]),
        },
        note=note,
        n_generated=len(x),
        n_reference=len(y),
        left_out=found.left_out,
    )


def kernel_distance(features: FeaturePair, *, options: KernelOptions, rng: np.random.Generator) -> Estimate:
    """The unbiased squared MMD under a polynomial kernel, of all items or as the mean over random subsets."""
    x, y = features.generated, features.reference
    units = _units(features)
    if units < 2:
        raise NotApplicable("too-few-samples", f"The distance needs 2 independent items on each side, not {units}.")
    kernel = kernels.PolynomialKernel(degree=options.degree, gamma=options.gamma, coef0=options.coef0)
    found = kernels.polynomial_mmd(
        x,
        y,
        features.generated_clusters,
        features.reference_clusters,
        x_strata=features.generated_strata,
        y_strata=features.reference_strata,
        kernel=kernel,
    )
    if options.subsets:
        return _mean_over_subsets(x, y, found, kernel, options, rng)
    interval = discrepancy_interval(found)
    return Estimate(
        value=found.value,
        interval=interval,
        n_generated=len(x),
        n_reference=len(y),
        details={"standard_error": found.standard_error, "every_pair": found.every_pair},
        note=kernel_note(found, interval, found.value, options.degree),
        influences=of_items(
            found.influences.x,
            features.generated_clusters,
            features.generated_strata,
            found.influences.y,
            features.reference_clusters,
            features.reference_strata,
        ),
    )


def _mean_over_subsets(
    x: Floats,
    y: Floats,
    every: kernels.Discrepancy,
    kernel: kernels.PolynomialKernel,
    options: KernelOptions,
    rng: np.random.Generator,
) -> Estimate:
    """The mean over random subsets, as published values have it; ``every`` is the statistic of all pairs."""
    size = min(options.subset_size, len(x), len(y))
    drawn = kernels.subset_mmd(x, y, subsets=options.subsets, subset_size=size, rng=rng, kernel=kernel)
    # given the data, subsets are independent draws around the statistic of every pair
    error = float(np.hypot(every.standard_error, drawn.standard_deviation / np.sqrt(max(options.subsets - 1, 1))))
    how = f"{FROM_ROWS}, widened by the choice of {options.subsets} subsets"
    interval = t_interval(drawn.value, error, every.units - 1, how=how)
    return Estimate(
        value=drawn.value,
        interval=interval,
        n_generated=len(x),
        n_reference=len(y),
        parameters={"subset_size_used": size},
        details={
            "standard_error": error,
            "subset_standard_deviation": drawn.standard_deviation,
            "full_sample": every.value,
        },
        note=kernel_note(every, interval, drawn.value, options.degree),
    )


def _debiased(found: frechet.JackknifedFrechet, *, below_one_a_dimension: bool) -> dict[str, float]:
    """The jackknife's value, which is the populations' only where the bias falls as 1 / n."""
    if below_one_a_dimension:
        return {"partly_debiased": found.debiased}
    interval = t_interval(found.debiased, found.standard_error, found.blocks - 1, how="jackknife, debiased")
    return {"debiased": found.debiased, "debiased_low": interval.low, "debiased_high": interval.high}


def _small_sample_note(units: int, dimension: int, bias: float, *, clustered: bool) -> str:
    """A warning below ten items a dimension, with the bias by the formula for normal features."""
    if units >= 10 * dimension:
        return ""
    several = " (items made from one source count once)" if clustered else ""
    few = units < dimension
    each = f"{dimension:,} dimensions, fewer than {1 if few else 10} each"
    # the formula is of first order, and it counts items made from one source as often as there are
    least = "at least" if clustered or few else "about"
    bias_said = f"much small-sample bias, {least} {bias:.2g} if features are normal"
    said = f"With {units:,} independent items{several} for {each}, the value holds {bias_said}"
    if few:
        return (
            f"{said}. It does not fall as 1 / n here, so that a jackknife takes off only part of it: compare only "
            "values of the same sizes, or read kid, which has no such bias."
        )
    return (
        f"{said}: read the debiased value, which is about infinitely many items, and compare only values of the same "
        "sizes."
    )


def _units(features: FeaturePair) -> int:
    """Independent items of the smaller side."""
    generated = independent_units(len(features.generated), features.generated_clusters)
    return min(generated, independent_units(len(features.reference), features.reference_clusters))
