"""Nearest neighbours between samples and reference, once for every k that a metric asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.probes.context import Observed
from genaudit.stats import neighbours as nearest
from genaudit.stats.seeds import generator
from genaudit.values.observations import Neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.probes.context import ProbeContext
    from genaudit.values.observations import FeaturePair


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
    return Observed(value=found, items=n)


def chosen_rows(seed: int, name: str, count: int, n: int) -> NDArray[np.int64]:
    """Numbers of ``n`` of ``count`` rows in ascending order: all, or a random choice, because sets may be sorted."""
    if n >= count:
        return np.arange(count)
    return np.sort(generator(seed, name).permutation(count)[:n])
