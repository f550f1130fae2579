"""The maximum mean discrepancy under a Gaussian kernel, as CMMD defines it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics.influences import of_items
from genaudit.stats.intervals import t_interval
from genaudit.stats.kernels import GaussianKernel, polynomial_mmd
from genaudit.stats.units import independent_units, some_places
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from genaudit.metrics.options import GaussianDiscrepancyOptions
    from genaudit.values.observations import FeaturePair, Floats, Integers


def cmmd(features: FeaturePair, *, options: GaussianDiscrepancyOptions, rng: np.random.Generator) -> Estimate:
    """A thousand times the squared discrepancy of directions of features, the published (biased) statistic."""
    x, x_clusters = _some(features.generated, features.generated_clusters, options.items, rng)
    y, y_clusters = _some(features.reference, features.reference_clusters, options.items, rng)
    units = min(independent_units(len(x), x_clusters), independent_units(len(y), y_clusters))
    if units < 2:
        raise NotApplicable("too-few-samples", f"The discrepancy needs 2 independent items on each side, not {units}.")
    if options.normalise:
        x, y = _directions(x, "generated"), _directions(y, "reference")
    found = polynomial_mmd(x, y, x_clusters, y_clusters, kernel=GaussianKernel(sigma=options.sigma))
    value, error = options.scale * max(found.biased, 0.0), options.scale * found.standard_error
    return Estimate(
        value=value,
        interval=t_interval(
            value,
            error,
            found.units - 1,
            how="U-statistic standard error from row means, centred on the biased value",
            bounds=(0.0, None),
        ),
        n_generated=len(x),
        n_reference=len(y),
        details={"unbiased": options.scale * found.value, "standard_error": error},
        influences=of_items(
            options.scale * found.influences.x, x_clusters, None, options.scale * found.influences.y, y_clusters
        ),
    )


def _some(
    rows: Floats, clusters: Integers | None, most: int, rng: np.random.Generator
) -> tuple[Floats, Integers | None]:
    """Some rows, because the cost grows with the square of their number and the error hardly shrinks."""
    places = some_places(len(rows), most, rng)
    return rows[places], None if clusters is None else clusters[places]


def _directions(rows: Floats, side: str) -> Floats:
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    if not lengths.all():
        raise NotApplicable(
            "zero-features",
            f"Features of {side} item {int(np.flatnonzero(lengths == 0)[0])} are all 0 and have no direction.",
            "--set cmmd.normalise=false, with a sigma of the features' own scale.",
        )
    return np.asarray(rows / lengths, dtype=np.float64)
