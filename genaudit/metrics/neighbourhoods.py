"""Fidelity and diversity from nearest-neighbour balls."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged
from genaudit.stats.intervals import jackknife_error, t_interval
from genaudit.stats.neighbours import expected_coverage
from genaudit.stats.proportions import wilson_interval
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    import numpy as np

    from genaudit.metrics.options import DensityCoverageOptions, PrecisionRecallOptions
    from genaudit.values.observations import Floats, NeighbourHits, Neighbours
    from genaudit.values.results import Interval

GIVEN = "given the reference set"


def precision(neighbours: Neighbours, *, options: PrecisionRecallOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Share of generated items inside some real item's ball."""
    hits = _hits(neighbours, options.k)
    inside, n = int(hits.inside_real.sum()), len(hits.inside_real)
    interval = wilson_interval(inside, n)
    return Estimate(
        value=inside / n,
        interval=_said(interval, f"{interval.method}, {GIVEN}"),
        n_generated=n,
        n_reference=len(hits.covered),
        terms=tuple(hits.inside_real.astype(float).tolist()),
    )


def recall(neighbours: Neighbours, *, options: PrecisionRecallOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Share of real items inside some generated item's ball."""
    hits = _hits(neighbours, options.k)
    return _share_of_real(hits, hits.inside_generated, hits.recall_without_block, {})


def density(neighbours: Neighbours, *, options: DensityCoverageOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean number of real balls around a generated item, over k."""
    hits = _hits(neighbours, options.k)
    found = averaged(hits.real_balls / hits.k, bounds=(0.0, None))
    interval, reason = found.interval, found.reason_without
    if not hits.real_balls.any():
        # none of n is inside a ball: how many more might be, each counted as what a perfect model's item adds
        interval, reason = wilson_interval(0, len(hits.real_balls)), ""
        interval = _said(interval, f"{interval.method} inside a ball, where an item adds 1 on average if all is well")
    return Estimate(
        value=found.value,
        interval=interval and _said(interval, f"{interval.method}, {GIVEN}"),
        reason_without=reason,
        n_generated=len(hits.real_balls),
        n_reference=len(hits.covered),
        details={**found.details, "expected_of_a_perfect_model": 1.0},
        terms=found.terms,
        note="Above 1: generated items crowd where real ones are dense." if found.value > 1 else "",
    )


def coverage(neighbours: Neighbours, *, options: DensityCoverageOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Share of real items whose ball holds a generated item."""
    hits = _hits(neighbours, options.k)
    expected = expected_coverage(len(hits.covered), len(hits.real_balls), hits.k)
    return _share_of_real(hits, hits.covered, hits.coverage_without_block, {"expected_of_a_perfect_model": expected})


def _hits(neighbours: Neighbours, k: int) -> NeighbourHits:
    if k not in neighbours.hits:
        raise NotApplicable(
            "too-few-samples",
            f"No balls reach to the {k}-th nearest other item: there are too few items, or it was not asked for.",
            "Compare more items, or set a smaller k.",
        )
    return neighbours.hits[k]


def _share_of_real(
    hits: NeighbourHits,
    inside: np.ndarray[tuple[int, ...], np.dtype[np.bool_]],
    without: Floats,
    details: dict[str, float],
) -> Estimate:
    value, n = float(inside.mean()), len(inside)
    if len(without) < 3:
        reason = "Too few generated items to leave blocks of them out."
        return Estimate(
            value=value, reason_without=reason, details=details, n_generated=len(hits.real_balls), n_reference=n
        )
    error = jackknife_error(without)
    if error > 0:
        how = f"jackknife over {len(without)} blocks of generated items, {GIVEN}"
        interval = t_interval(value, error, len(without) - 1, how=how, bounds=(0.0, 1.0))
    else:
        # no block matters, so that the generated items tell nothing of their spread: what is left is that of the real
        interval = wilson_interval(int(inside.sum()), n)
        interval = _said(interval, f"{interval.method} over real items; leaving out generated blocks changes nothing")
    return Estimate(
        value=value,
        interval=interval,
        n_generated=len(hits.real_balls),
        n_reference=n,
        details={**details, "standard_error": error},
    )


def _said(interval: Interval, method: str) -> Interval:
    return replace(interval, method=method)
