"""Nearest neighbours between samples and reference, once for every k that a metric asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.probes.context import Observed
from genaudit.stats.neighbours import neighbour_hits

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
    return Observed(value=neighbour_hits(features.reference[:n], features.generated[:n], ks), items=n)
