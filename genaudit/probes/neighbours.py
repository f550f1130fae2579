"""Nearest neighbours between samples and reference, once for every k that a metric asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.probes.context import Observed
from genaudit.stats import neighbours as nearest
from genaudit.stats.seeds import generator
from genaudit.values.observations import Neighbours, RealHalves

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from genaudit.probes.context import ProbeContext
    from genaudit.values.observations import FeaturePair, Floats

LEAST_IN_HALF = 50
"""Fewer tell little: the share of one half among the other is then known to a tenth at best."""


def neighbours(context: ProbeContext, features: FeaturePair) -> Observed:
    """Hits for equally many generated and reference items: as many as the smaller set has, chosen at random.

    Precision, recall, density and coverage change with both set sizes; at equal sizes they mean what the literature
    means by them. Neighbours are looked for among items of other sources.
    """
    n = min(len(features.generated), len(features.reference))
    real = chosen_rows(context.seed, "neighbour-reference", len(features.reference), n)
    made = chosen_rows(context.seed, "neighbour-generated", len(features.generated), n)
    clusters = [
        None if each is None else each[rows]
        for each, rows in ((features.reference_clusters, real), (features.generated_clusters, made))
    ]
    most = min(nearest.others_of_each(n, each) for each in clusters)
    ks = [k for k in context.demanded("neighbours", "k", default=3) if k <= most]
    if not ks:
        return Observed(value=Neighbours(hits={}), items=n)
    found = nearest.neighbours(
        features.reference[real],
        features.generated[made],
        ks,
        rng=generator(context.seed, "neighbour-blocks"),
        real_clusters=clusters[0],
        generated_clusters=clusters[1],
    )
    halves = real_halves(features.reference[real], clusters[0], ks, generator(context.seed, "neighbour-real-halves"))
    return Observed(value=replace(found, real_halves=halves), items=n)


def real_halves(
    real: Floats, clusters: NDArray[np.int64] | None, ks: Sequence[int], rng: np.random.Generator
) -> RealHalves | None:
    """What real items score against other real ones: half of the sources, at random, against the other half.

    Args:
        real: ``(n, d)`` features.
        clusters: ``(n,)`` source of each item, all of which stays in one half; None if items are independent.
        ks: Which k.
        rng: Draws the halves.

    Returns:
        The shares by k; None if a half would have fewer than ``LEAST_IN_HALF`` items, or no k fits into it.
    """
    sources = np.arange(len(real)) if clusters is None else clusters
    order = rng.permutation(np.unique(sources))
    first = np.isin(sources, order[: len(order) // 2])
    n = int(min(first.sum(), (~first).sum()))
    if n < LEAST_IN_HALF:
        return None
    sides = [np.sort(rng.permutation(np.flatnonzero(side))[:n]) for side in (first, ~first)]
    groups = [None if clusters is None else clusters[side] for side in sides]
    fitting = [k for k in ks if k <= min(nearest.others_of_each(n, each) for each in groups)]
    if not fitting:
        return None
    found = nearest.neighbours(
        real[sides[0]], real[sides[1]], fitting, rng=rng, real_clusters=groups[0], generated_clusters=groups[1]
    )
    shares = {k: float((hits.inside_real.mean() + hits.inside_generated.mean()) / 2) for k, hits in found.hits.items()}
    return RealHalves(items=n, shares=shares)


def chosen_rows(seed: int, name: str, count: int, n: int) -> NDArray[np.int64]:
    """Numbers of ``n`` of ``count`` rows in ascending order: all, or a random choice, because sets may be sorted."""
    if n >= count:
        return np.arange(count)
    return np.sort(generator(seed, name).permutation(count)[:n])
