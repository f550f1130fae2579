"""How a model with an encoder uses its codes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.errors import NotApplicable
from genaudit.stats.intervals import LEVEL, mean
from genaudit.values.results import Estimate, Interval, Series

if TYPE_CHECKING:
    from genaudit.metrics.options import ActiveUnitsOptions
    from genaudit.values.observations import Floats, PosteriorMeans


def active_units(codes: PosteriorMeans, *, options: ActiveUnitsOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Number of latent units whose posterior mean has a variance above the threshold over held-out images.

    The interval counts units whose variance is surely above, and those whose variance may be: every unit has a normal
    interval of its variance, all together at the stated level (Bonferroni).
    """
    means = codes.means
    units = len(means) if codes.clusters is None else len(np.unique(codes.clusters))
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


def _sorted(variances: Floats) -> Series:
    return Series(
        name="variance_by_unit",
        title="Variance of the posterior mean, units in falling order",
        x_label="unit",
        y_label="variance over images",
        x=tuple(float(rank) for rank in range(1, len(variances) + 1)),
        y=tuple(np.sort(variances)[::-1].tolist()),
    )
