"""Whether generated items are nearer to what was trained on than fresh data are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.stats import frechet
from genaudit.stats.bins import k_means, nearest_centre
from genaudit.stats.copying import data_copying
from genaudit.stats.intervals import mean, normal_interval, t_interval
from genaudit.stats.medians import median_error
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.units import some_places
from genaudit.values.results import Estimate, Interval

if TYPE_CHECKING:
    from genaudit.metrics.options import DataCopyingOptions, MemorisationDistanceOptions
    from genaudit.plugin.options import NoOptions
    from genaudit.values.observations import FeaturePair, Floats, NearestTraining, SplitFeatures

GIVEN = "given the training set"
COPY = 1e-9
"""A distance below this share of the typical one is that of a copy: the same image, but for rounding."""
COPIED = (
    "{:.3g} % of the generated items coincide with a training item in these features, of held-out items {:.3g} %: "
    "copies, which a median does not see where they are less than half."
)
NEARER = (
    "Generated items have a memorisation distance of {:.2g}, held-out items, which nobody copied, one of {:.2g}: the "
    "generated ones lie nearer to the training set than fresh data do."
)
FAR_NEARER = 0.5
"""Share of the distance of held-out items below which that of generated items is no matter of the features alone."""
NOT_DIVIDED = "The memorisation distance is not below {:g}, so nothing is divided."
DIVIDED = (
    "Held-out items, which nobody copied, have a memorisation distance below {:g} too ({:.2g}): that the Fréchet "
    "distance was divided is no sign of copying."
)
ROWS = 512
"""Rows whose products with all training items are held at once."""
MOST = 2_000
"""Generated items whose cosine distance is taken, drawn of more by the seed: their mean is sharp long before."""
EPSILON = 1e-14
"""Added to the memorisation distance in the published program, so that a copy of everything divides."""


def authenticity(nearest: NearestTraining, *, options: NoOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Share of generated items further from their nearest training item than that one is from the next."""
    authentic = nearest.generated > nearest.generated_around
    count, n = int(authentic.sum()), len(authentic)
    interval = wilson_interval(count, n)
    return Estimate(
        value=count / n,
        interval=Interval(
            low=interval.low, high=interval.high, level=interval.level, method=f"{interval.method}, {GIVEN}"
        ),
        n_generated=n,
        n_reference=nearest.training_items,
        terms=tuple(authentic.astype(float).tolist()),
        details={
            "held_out": float((nearest.held_out > nearest.held_out_around).mean()),
            "siblings_counted": float((nearest.generated > nearest.generated_around_siblings).mean()),
        },
    )


def memorization_ct(
    nearest: NearestTraining,
    training: SplitFeatures,
    held_out: SplitFeatures,
    features: FeaturePair,
    *,
    options: DataCopyingOptions,
    rng: np.random.Generator,
) -> Estimate:
    """The data-copying statistic over cells of the training set."""
    n, m = len(nearest.generated), len(nearest.held_out)
    if len(training.features) < options.cells or min(n, m) < options.smallest:
        raise NotApplicable(
            "too-few-samples",
            f"{options.cells} cells with {options.smallest} items each cannot be had from {len(training.features)} "
            f"training, {m} held-out and {n} generated items.",
            "Use more items, or fewer memorization_ct.cells.",
        )
    try:
        centres = k_means(training.features, options.cells, rng=rng)
    except ValueError as error:
        different = len(np.unique(training.features, axis=0))
        raise NotApplicable(
            "too-few-samples",
            f"{options.cells} cells need as many different training items; there are {different}.",
            "Use a training set that varies, or fewer memorization_ct.cells.",
        ) from error
    mine, theirs = (
        nearest_centre(nearest.looked_at(features.generated), centres),
        nearest_centre(held_out.features, centres),
    )
    try:
        found = data_copying(
            nearest.generated, nearest.held_out, mine, theirs, nearest.held_out_clusters, smallest=options.smallest
        )
    except ValueError as error:
        raise NotApplicable(
            "too-few-samples", f"No value: {error}.", "Use more items, or fewer memorization_ct.cells."
        ) from error
    how = f"placements of both sides, {GIVEN} and the cells"
    outside = options.cells - found.cells
    return Estimate(
        value=found.value,
        interval=normal_interval(found.value, found.standard_error, how=how),
        n_generated=n,
        n_reference=nearest.training_items,
        parameters={"held_out_items": m},
        details={"nearer_than_held_out": found.nearer, "standard_error": found.standard_error},
        note=f"{outside} of {options.cells} cells hold too few items of a side and do not count." if outside else "",
    )


def nearest_neighbour_distance(
    nearest: NearestTraining,
    *,
    options: NoOptions,  # noqa: ARG001
    rng: np.random.Generator,
) -> Estimate:
    """Median distance of generated items to the training set over that of held-out items."""
    made, fresh = float(np.median(nearest.generated)), float(np.median(nearest.held_out))
    if not fresh > 0:
        raise NotApplicable(
            "held-out-in-training",
            "Half of the held-out items lie on training items, so that no distance is a fresh item's.",
            "Use a holdout that shares no item with the training split.",
        )
    copies, copies_held_out = (float((side <= COPY * fresh).mean()) for side in (nearest.generated, nearest.held_out))
    error = np.hypot(
        median_error(nearest.generated, rng=rng) / fresh,
        median_error(nearest.held_out, nearest.held_out_clusters, rng=rng) * made / fresh**2,
    )
    return Estimate(
        value=made / fresh,
        interval=normal_interval(
            made / fresh, float(error), how=f"bootstrap errors of both medians, {GIVEN}", bounds=(0.0, None)
        ),
        n_generated=len(nearest.generated),
        n_reference=nearest.training_items,
        parameters={"held_out_items": len(nearest.held_out)},
        details={
            "exact_copies": copies,
            "exact_copies_held_out": copies_held_out,
            "median_distance": made,
            "held_out_median": fresh,
        },
        note=COPIED.format(100 * copies, 100 * copies_held_out) if copies > copies_held_out else "",
    )


def mifid(
    features: FeaturePair,
    training: SplitFeatures,
    held_out: SplitFeatures,
    *,
    options: MemorisationDistanceOptions,
    rng: np.random.Generator,
) -> Estimate:
    """The Fréchet distance over the mean cosine distance of generated items to their nearest training item."""
    x, y = features.generated, features.reference
    if min(len(x), len(y)) < 3:
        raise NotApplicable("too-few-samples", f"A spread of distances needs 3 items, not {min(len(x), len(y))}.")
    distances = _cosine_distances(x[some_places(len(x), MOST, rng)], training.features)
    if len(distances) < 2 or not len(held_out.features):
        raise NotApplicable("zero-features", "All features are 0 and have no direction.")
    memorisation = mean(distances)
    near = memorisation.value < options.threshold
    divisor = memorisation.value + EPSILON if near else 1.0
    found = frechet.jackknife_frechet(
        x, y, features.generated_clusters, features.reference_clusters, rng=rng, blocks=options.blocks
    )
    value = found.value / divisor
    fresh = float(_cosine_distances(held_out.features, training.features).mean())
    relative = memorisation.standard_error / divisor if near else 0.0
    note = _of_division(memorisation.value, fresh, options.threshold) if near else NOT_DIVIDED.format(options.threshold)
    error = float(np.hypot(found.standard_error / divisor, value * relative))
    how = f"jackknife of the distance over {found.blocks} blocks, with the error of the divisor as if independent"
    return Estimate(
        value=value,
        interval=t_interval(value, error, found.blocks - 1, how=how, bounds=(0.0, None)),
        n_generated=len(x),
        n_reference=len(y),
        parameters={"training_items": len(training.features), "memorisation_items": len(distances)},
        details={
            "memorisation_distance": memorisation.value,
            "held_out_memorisation_distance": fresh,
            "frechet_distance": found.value,
        },
        note=note,
    )


def _of_division(made: float, fresh: float, threshold: float) -> str:
    """What a value that was divided says: of copying, or of features in which everything lies near."""
    if made < FAR_NEARER * fresh:
        return NEARER.format(made, fresh)
    return DIVIDED.format(threshold, fresh) if fresh < threshold else ""


def _cosine_distances(rows: Floats, among: Floats) -> Floats:
    """``min over among of 1 - |cos|`` for each row with a length; rows of zeros are left out, as published."""
    u, v = (side[side.any(axis=1)] for side in (rows, among))
    u, v = (side / np.linalg.norm(side, axis=1, keepdims=True) for side in (u, v))
    if not (len(u) and len(v)):
        return np.zeros(0)
    largest = [np.abs(u[i : i + ROWS] @ v.T).max(axis=1) for i in range(0, len(u), ROWS)]
    return np.asarray(np.maximum(1 - np.concatenate(largest), 0.0), dtype=np.float64)
