"""Quality and memorisation within groups, at one size for all, so that a small group is not called a worse one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics import distances, neighbourhoods
from genaudit.metrics.options import DensityCoverageOptions, KernelOptions, PrecisionRecallOptions
from genaudit.stats.joint_correction import design_effect
from genaudit.stats.neighbours import neighbours
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.share_differences import ratio_interval
from genaudit.values.observations import FeaturePair, Neighbours
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.metrics.options import GroupOptions
    from genaudit.values.observations import GroupCodes, Integers, NearestTraining, SplitFeatures

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
        made = nearest.looked_at(one.generated)
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
                details={"median_distance": float(np.median(nearest.generated[made == number]))},
            )


def memorization_ratio_by_group(
    nearest: NearestTraining,
    codes: tuple[GroupCodes, ...],
    held_out: SplitFeatures,
    *,
    options: GroupOptions,
    rng: np.random.Generator,
) -> Answers:
    """How many times as often as held-out items of a group its generated items lie too near to a training item."""
    name = "memorization_ratio_by_group"
    made_near = nearest.generated <= nearest.generated_around
    fresh_near = nearest.held_out <= nearest.held_out_around
    for one in codes:
        theirs = held_out.groups.get(one.attribute)
        if theirs is None:
            why = f"Nobody reads {one.attribute} from held-out items, and they are not labelled with it."
            yield Unavailable(component=name, group=one.attribute, reason_code="needs-labels", reason=why)
            continue
        rows = [
            (np.flatnonzero(nearest.looked_at(one.generated) == number), np.flatnonzero(theirs == number))
            for number in range(len(one.levels))
        ]
        enough = [pair for pair in rows if min(map(len, pair)) >= options.minimum]
        sizes = [
            min((len(side) for side in sides), default=0) for sides in (list(zip(*enough, strict=True)) or [(), ()])
        ]
        for level, (made, fresh) in zip(one.levels, rows, strict=True):
            group = f"{one.attribute}={level}"
            if min(len(made), len(fresh)) < options.minimum:
                yield _few(name, group, len(made), len(fresh), options, beside="held-out")
                continue
            chosen = _chosen(made, sizes[0], rng), _chosen(fresh, sizes[1], rng)
            clusters = None if nearest.held_out_clusters is None else nearest.held_out_clusters[chosen[1]]
            found = _ratio(made_near[chosen[0]], fresh_near[chosen[1]], clusters)
            if found is None:
                why = f"None of {sizes[1]} held-out items of this level lies too near: there is nothing to divide by."
                yield Unavailable(component=name, group=group, reason_code="empty_cell", reason=why)
                continue
            yield replace(found, group=group, n_reference=nearest.training_items)


def _ratio(made: NDArray[np.bool_], fresh: NDArray[np.bool_], clusters: Integers | None) -> Estimate | None:
    """A ratio of two shares, held-out items of one source counting as fewer; None if the second is 0."""
    p, q = float(made.mean()), float(fresh.mean())
    if not q:
        return None
    effective = len(fresh) / design_effect(fresh, clusters)
    interval = ratio_interval((int(made.sum()), len(made)), (q * effective, effective))
    return Estimate(
        value=p / q,
        interval=None if interval is None else replace(interval, method=f"{interval.method}, given the training set"),
        reason_without="" if interval else "The share of held-out items may be 0: the ratio has no upper bound.",
        n_generated=len(made),
        parameters={"items_of_each_group": len(made), "held_out_items_of_each_group": len(fresh)},
        details={"too_near": p, "too_near_held_out": q, "independent_held_out": effective},
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


def _few(
    name: str, group: str, made: int, real: int | None, options: GroupOptions, beside: str = "reference"
) -> Unavailable:
    beside = "" if real is None else f" and {real} {beside} items"
    return Unavailable(
        component=name,
        group=group,
        reason_code="below_min_n",
        reason=f"{made} generated{beside} are read as this level; at least {options.minimum} are needed.",
        hint=f"Compare more items, or set a smaller {name}.minimum.",
    )
