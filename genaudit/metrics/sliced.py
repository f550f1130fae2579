"""The sliced Wasserstein distance with the scale of MIND."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.stats.intervals import t_interval
from genaudit.stats.sliced import random_directions, sliced_distance
from genaudit.stats.units import some_places
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from genaudit.metrics.options import SlicedOptions
    from genaudit.values.observations import FeaturePair, Floats, Integers


def mind(features: FeaturePair, *, options: SlicedOptions, rng: np.random.Generator) -> Estimate:
    """``3 d`` times the mean over random directions of the squared transport distance of projections."""
    size = min(len(features.generated), len(features.reference))
    if size < 2:
        raise NotApplicable("too-few-samples", f"Transport between sets needs 2 items on each side, not {size}.")
    x, x_clusters = _some(features.generated, features.generated_clusters, size, rng)
    y, y_clusters = _some(features.reference, features.reference_clusters, size, rng)
    dimension = x.shape[1]
    directions = random_directions(options.projections, dimension, rng)
    found = sliced_distance(x, y, directions, x_clusters, y_clusters, rng=rng, blocks=options.blocks)
    value = 3 * dimension * found.value
    details = {"projection_error": 3 * dimension * found.direction_error}
    if found.standard_error is None:
        return Estimate(
            value=value,
            reason_without="A jackknife needs at least 3 independent items on both sides.",
            details=details,
            n_generated=size,
            n_reference=size,
        )
    # the directions are drawn, the items are drawn: both errors count, and they are independent
    error = 3 * dimension * float(np.hypot(found.standard_error, found.direction_error))
    how = f"jackknife over {found.blocks} blocks of both sides, widened by the choice of directions"
    return Estimate(
        value=value,
        interval=t_interval(value, error, found.blocks - 1, how=how, bounds=(0.0, None)),
        n_generated=size,
        n_reference=size,
        details={**details, "standard_error": error},
        left_out=tuple(3 * dimension * without for without in found.left_out),
    )


def _some(
    rows: Floats, clusters: Integers | None, size: int, rng: np.random.Generator
) -> tuple[Floats, Integers | None]:
    """As many rows as the smaller side has, drawn at random."""
    chosen = some_places(len(rows), size, rng)
    return rows[chosen], None if clusters is None else clusters[chosen]
