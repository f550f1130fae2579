"""Quality and memorisation within groups, at one size for all, so that a small group is not called a worse one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics import distances, neighbourhoods
from genaudit.metrics.options import DensityCoverageOptions, KernelOptions, PrecisionRecallOptions
from genaudit.stats.neighbours import neighbours
from genaudit.stats.proportions import wilson_interval
from genaudit.values.observations import FeaturePair, Neighbours
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from genaudit.metrics.options import GroupOptions
    from genaudit.values.observations import GroupCodes, Integers, NearestTraining

Answers = Iterator[Estimate | Unavailable]
Measure = Callable[[FeaturePair, np.random.Generator], Estimate]


def kid_by_group(
    features: FeaturePair, codes: tuple[GroupCodes, ...], *, options: GroupOptions, rng: np.random.Generator
) -> Answers:
    """The kernel distance within each group."""

    def measure(pair: FeaturePair, rng: np.random.Generator) -> Estimate:
        return distances.kernel_distance(pair, options=KernelOptions(), rng=rng)

    return _each("kid_by_group", features, codes, options, rng, measure)


def recall_by_group(
    features: FeaturePair, codes: tuple[GroupCodes, ...], *, options: GroupOptions, rng: np.random.Generator
) -> Answers:
    """Recall within each group."""

    def measure(pair: FeaturePair, rng: np.random.Generator) -> Estimate:
        chosen = PrecisionRecallOptions()
        return neighbourhoods.recall(_hits(pair, chosen.k, rng), options=chosen, rng=rng)

    return _each("recall_by_group", features, codes, options, rng, measure)


def coverage_by_group(
    features: FeaturePair, codes: tuple[GroupCodes, ...], *, options: GroupOptions, rng: np.random.Generator
) -> Answers:
    """Coverage within each group."""

    def measure(pair: FeaturePair, rng: np.random.Generator) -> Estimate:
        chosen = DensityCoverageOptions()
        return neighbourhoods.coverage(_hits(pair, chosen.k, rng), options=chosen, rng=rng)

    return _each("coverage_by_group", features, codes, options, rng, measure)


def authenticity_by_group(
    nearest: NearestTraining,
    codes: tuple[GroupCodes, ...],
    *,
    options: GroupOptions,
    rng: np.random.Generator,  # noqa: ARG001
) -> Answers:
    """Share of each group's items that lie no nearer to a training item than other training items do."""
    authentic = nearest.generated > nearest.generated_around
    for one in codes:
        made = one.generated[: len(authentic)]
        for number, level in enumerate(one.levels):
            group, mine = f"{one.attribute}={level}", authentic[made == number]
            if len(mine) < options.minimum:
                yield _few("authenticity_by_group", group, len(mine), None, options)
                continue
            interval = wilson_interval(int(mine.sum()), len(mine))
            yield Estimate(
                value=float(mine.mean()),
                interval=replace(interval, method=f"{interval.method}, given the training set"),
                n_generated=len(mine),
                n_reference=nearest.training_items,
                group=group,
                details={"median_distance": float(np.median(nearest.generated[: len(made)][made == number]))},
            )


def _each(
    name: str,
    features: FeaturePair,
    codes: tuple[GroupCodes, ...],
    options: GroupOptions,
    rng: np.random.Generator,
    measure: Measure,
) -> Answers:
    for one in codes:
        rows = [
            (level, np.flatnonzero(one.generated == number), np.flatnonzero(one.reference == number))
            for number, level in enumerate(one.levels)
        ]
        enough = [(made, real) for _, made, real in rows if min(len(made), len(real)) >= options.minimum]
        size = min((min(len(made), len(real)) for made, real in enough), default=0)
        for level, made, real in rows:
            group = f"{one.attribute}={level}"
            if min(len(made), len(real)) < options.minimum:
                yield _few(name, group, len(made), len(real), options)
                continue
            try:
                found = measure(_pair(features, _chosen(made, size, rng), _chosen(real, size, rng)), rng)
            except NotApplicable as why:
                yield Unavailable(
                    component=name, group=group, reason_code=why.reason_code, reason=why.reason, hint=why.hint
                )
                continue
            yield replace(found, group=group, parameters={**found.parameters, "items_of_each_group": size}, note="")


def _chosen(rows: Integers, size: int, rng: np.random.Generator) -> Integers:
    return np.sort(rng.permutation(rows)[:size])


def _pair(features: FeaturePair, made: Integers, real: Integers) -> FeaturePair:
    """The rows of one group; strata are left away, because shares within a group were not fixed."""
    return FeaturePair(
        generated=features.generated[made],
        reference=features.reference[real],
        generated_clusters=None if features.generated_clusters is None else features.generated_clusters[made],
        reference_clusters=None if features.reference_clusters is None else features.reference_clusters[real],
    )


def _hits(pair: FeaturePair, k: int, rng: np.random.Generator) -> Neighbours:
    try:
        return neighbours(
            pair.reference,
            pair.generated,
            [k],
            rng=rng,
            real_clusters=pair.reference_clusters,
            generated_clusters=pair.generated_clusters,
        )
    except ValueError as error:
        raise NotApplicable("too-few-samples", f"No balls: {error}.", "Compare more items.") from error


def _few(name: str, group: str, made: int, real: int | None, options: GroupOptions) -> Unavailable:
    beside = "" if real is None else f" and {real} reference items"
    return Unavailable(
        component=name,
        group=group,
        reason_code="below_min_n",
        reason=f"{made} generated{beside} are read as this level; at least {options.minimum} are needed.",
        hint=f"Compare more items, or set a smaller {name}.minimum.",
    )
