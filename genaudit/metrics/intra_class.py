"""The Fréchet distance within each class."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics.distances import NON_NEGATIVE
from genaudit.metrics.modes import check_named
from genaudit.stats import frechet
from genaudit.stats.intervals import normal_interval, t_interval
from genaudit.stats.units import independent_units
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from genaudit.metrics.options import IntraClassOptions
    from genaudit.values.observations import ClassPair, FeaturePair, Integers


def intra_class_fid(
    features: FeaturePair, classes: ClassPair, *, options: IntraClassOptions, rng: np.random.Generator
) -> list[Estimate | Unavailable]:
    """The mean over classes, then each class, with the reason if it has no distance; classes are what is read."""
    check_named(classes)
    made, real = classes.generated.argmax(axis=1), classes.reference.argmax(axis=1)
    found, left_out, missing = [], [], []
    for number, name in enumerate(classes.classes):
        mine, theirs = np.flatnonzero(made == number), np.flatnonzero(real == number)
        units = min(_units(mine, features.generated_clusters), _units(theirs, features.reference_clusters))
        if min(len(mine), len(theirs)) < options.minimum or units < 3:
            left_out.append(f"{name} ({len(mine)} and {len(theirs)})")
            missing.append(_too_few(f"class={name}", len(mine), len(theirs), options.minimum))
        else:
            found.append(_within(features, mine, theirs, f"class={name}", options, rng))
    if not found:
        raise NotApplicable(
            "too-few-samples",
            f"No class has {options.minimum} items and 3 sources on both sides; generated and reference items are: "
            f"{', '.join(left_out)}.",
            "Compare more items, or set a smaller intra_class_fid.minimum.",
        )
    return [_mean(found, left_out, len(classes.generated), len(classes.reference)), *found, *missing]


def _within(
    features: FeaturePair,
    mine: Integers,
    theirs: Integers,
    group: str,
    options: IntraClassOptions,
    rng: np.random.Generator,
) -> Estimate:
    clusters_x, clusters_y = features.generated_clusters, features.reference_clusters
    units = min(_units(mine, clusters_x), _units(theirs, clusters_y))
    found = frechet.jackknife_frechet(
        features.generated[mine],
        features.reference[theirs],
        None if clusters_x is None else clusters_x[mine],
        None if clusters_y is None else clusters_y[theirs],
        rng=rng,
        blocks=options.blocks,
    )
    how = f"jackknife over {found.blocks} blocks of both sides, centred on the plug-in value"
    return Estimate(
        value=found.value,
        interval=t_interval(found.value, found.standard_error, found.blocks - 1, how=how, bounds=NON_NEGATIVE),
        n_generated=len(mine),
        n_reference=len(theirs),
        group=group,
        details={
            "partly_debiased" if units < features.generated.shape[1] else "debiased": found.debiased,
            "standard_error": found.standard_error,
        },
    )


def _too_few(group: str, made: int, real: int, minimum: int) -> Unavailable:
    read = f"{made:,} generated and {real:,} reference items are read as this class, and {minimum} items and 3 sources"
    reason = f"{read} are needed on both sides." if made else "No generated item is read as this class."
    return Unavailable(
        component="intra_class_fid",
        group=group,
        reason_code="too-few-samples",
        reason=reason,
        hint="Compare more items, or set a smaller intra_class_fid.minimum." if made else "Compare more items.",
    )


def _mean(found: list[Estimate], left_out: list[str], n: int, m: int) -> Estimate:
    value = math.fsum(each.value for each in found) / len(found)
    error = math.hypot(*(each.details["standard_error"] for each in found)) / len(found)
    how = f"jackknife errors of {len(found)} classes, which share no item"
    return Estimate(
        value=value,
        interval=normal_interval(value, error, how=how, bounds=NON_NEGATIVE),
        n_generated=n,
        n_reference=m,
        details={
            **_mean_debiased(found),
            "largest": max(each.value for each in found),
            "classes": float(len(found)),
            "standard_error": error,
        },
        note=f"Left out, with too few generated and reference items: {', '.join(left_out)}." if left_out else "",
    )


def _mean_debiased(found: list[Estimate]) -> dict[str, float]:
    """Called debiased only if every class has as many items as features have dimensions."""
    name = "debiased" if all("debiased" in each.details for each in found) else "partly_debiased"
    values = [each.details.get("debiased", each.details.get("partly_debiased", math.nan)) for each in found]
    return {name: math.fsum(values) / len(found)}


def _units(rows: Integers, clusters: Integers | None) -> int:
    return independent_units(len(rows), None if clusters is None else clusters[rows])
