"""Fidelity and diversity from nearest-neighbour balls."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged
from genaudit.stats import halvings
from genaudit.stats.neighbours import expected_coverage
from genaudit.stats.proportions import score_interval, wilson_interval
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    import numpy as np

    from genaudit.metrics.options import DensityCoverageOptions, PrecisionRecallOptions
    from genaudit.values.observations import Halved, NeighbourHits, Neighbours
    from genaudit.values.results import Interval

CLOSED = "closed"
GIVEN = "given the reference set"
CROWDED = "Above 1: generated items crowd where real ones are dense."
FLAT = (
    "Every hit lies on the boundary of a ball: items are copies of one another, as features that are constant are. "
    "Precision and recall count a boundary unless asked not to, density and coverage do not, so the former say 1 where "
    "the latter say 0."
)
SHARED_BALLS = 2 / 3
"""What is left, at all generated items, of the variance that real items share at half of them: balls that reach to the
k-th of twice as many items hold half as many real ones. 1/2 in the limit of many items; .41 to .67 in
simulations, of which the most is taken."""


def precision(neighbours: Neighbours, *, options: PrecisionRecallOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Share of generated items inside some real item's ball."""
    hits = _hits(neighbours, options.k)
    each = (hits.inside_real if options.boundary == CLOSED else hits.real_balls > 0).astype(float)
    inside, n = int(each.sum()), len(each)
    if hits.generated_units is None:
        found = Estimate(value=inside / n, interval=wilson_interval(inside, n), terms=tuple(each.tolist()))
    else:
        found = averaged(each, hits.generated_units, bounds=(0.0, 1.0))
    return replace(
        found,
        interval=found.interval and _said(found.interval, f"{found.interval.method}, {GIVEN}"),
        n_generated=n,
        n_reference=len(hits.covered),
        details={**found.details, **_of_real(neighbours, options.k)},
        note=_note(hits),
    )


def recall(neighbours: Neighbours, *, options: PrecisionRecallOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Share of real items inside some generated item's ball."""
    hits = _hits(neighbours, options.k)
    inside = hits.inside_generated if options.boundary == CLOSED else hits.strictly_inside_generated
    found = _share_of_real(hits, inside, hits.recall_of_halves, SHARED_BALLS)
    return replace(found, details={**_of_real(neighbours, options.k), **found.details})


def density(neighbours: Neighbours, *, options: DensityCoverageOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean number of real balls around a generated item, over k."""
    hits = _hits(neighbours, options.k)
    found = averaged(hits.real_balls / hits.k, hits.generated_units, bounds=(0.0, None))
    interval, reason = found.interval, found.reason_without
    if not hits.real_balls.any():
        # none of n is inside a ball: how many more might be, each counted as what a perfect model's item adds
        interval, reason = wilson_interval(0, _distinct(hits)), ""
        interval = _said(interval, f"{interval.method} inside a ball, where an item adds 1 on average if all is well")
    return Estimate(
        value=found.value,
        interval=interval and _said(interval, f"{interval.method}, {GIVEN}"),
        reason_without=reason,
        n_generated=len(hits.real_balls),
        n_reference=len(hits.covered),
        details={**found.details, "expected_of_a_perfect_model": 1.0},
        terms=found.terms,
        clusters=found.clusters,
        note=_note(hits, CROWDED if interval and interval.low > 1 else ""),
    )


def coverage(neighbours: Neighbours, *, options: DensityCoverageOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Share of real items whose ball holds a generated item."""
    hits = _hits(neighbours, options.k)
    expected = expected_coverage(len(hits.covered), len(hits.real_balls), hits.k)
    found = _share_of_real(hits, hits.covered, hits.coverage_of_halves, 1.0)
    return replace(found, details={"expected_of_a_perfect_model": expected, **found.details})


def _of_real(neighbours: Neighbours, k: int) -> dict[str, float]:
    """What one half of the real items scores against the other, which a perfect model would reach."""
    halves = neighbours.real_halves
    if halves is None or k not in halves.shares:
        return {}
    return {"expected_of_a_perfect_model": halves.shares[k], "items_of_each_real_half": float(halves.items)}


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
    by_halves: Halved | None,
    together: float,
) -> Estimate:
    value, n, m = float(inside.mean()), len(inside), len(hits.real_balls)
    if by_halves is None:
        reason = "Too few generated items to see the spread between halves of them."
        return Estimate(value=value, reason_without=reason, n_generated=m, n_reference=n, note=_note(hits))
    effect = halvings.design_effect(by_halves, n, together=together)
    if effect > 0:
        effect = halvings.not_below_chance(effect, _distinct(hits))
    error = math.sqrt(effect * value * (1 - value) / n)
    if error > 0:
        how = f"spread between disjoint halves of the generated items, {GIVEN}"
        interval = score_interval(value, error, how=how, degrees_of_freedom=halvings.FREEDOM)
    else:
        # no halving matters, so that the generated items tell nothing of their spread: what is left is that of the real
        interval = wilson_interval(int(inside.sum()), n)
        interval = _said(
            interval, f"{interval.method} over real items; taking half of the generated ones changes nothing"
        )
    return Estimate(
        value=value,
        interval=interval,
        n_generated=m,
        n_reference=n,
        details={"standard_error": error, "design_effect": effect},
        note=_note(hits),
    )


def _note(hits: NeighbourHits, *said: str) -> str:
    """What was said, which items count once, and that balls without an inside make the four metrics disagree."""
    notes = [*said]
    if hits.generated_units is not None:
        notes.append(
            f"Of {len(hits.generated_units):,} generated items {_distinct(hits):,} are distinct: exact copies, or "
            "items of one source, count once in the interval."
        )
    if hits.inside_real.any() and not hits.real_balls.any():
        notes.append(FLAT)
    return " ".join(filter(None, notes))


def _distinct(hits: NeighbourHits) -> int:
    return len(hits.real_balls) if hits.generated_units is None else len(set(hits.generated_units.tolist()))


def _said(interval: Interval, method: str) -> Interval:
    return replace(interval, method=method)
