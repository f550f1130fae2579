"""Nearest neighbours between samples and reference, once for every k that a metric asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.probes.context import Observed
from genaudit.stats import neighbours as nearest
from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    from genaudit.probes.context import ProbeContext
    from genaudit.values.observations import FeaturePair


def neighbours(context: ProbeContext, features: FeaturePair) -> Observed:
    """Hits for equally many generated and reference items: the first of each, as many as the smaller set has.

    Precision, recall, density and coverage change with both set sizes; at equal sizes they mean what the literature
    means by them.
    """
    n = min(len(features.generated), len(features.reference))
    ks = context.demanded("neighbours", "k", default=3)
    ks = tuple(k for k in ks if k < n)
    rng = generator(context.seed, "neighbour-blocks")
    return Observed(value=nearest.neighbours(features.reference[:n], features.generated[:n], ks, rng=rng), items=n)
