"""How many different items a generator can make, from how often two of them coincide."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.errors import NotApplicable
from genaudit.stats.birthday import coincidences, even_chance_sample
from genaudit.stats.copying import nearest_among
from genaudit.stats.intervals import LEVEL
from genaudit.stats.units import some_places
from genaudit.values.results import Estimate, Interval

if TYPE_CHECKING:
    from genaudit.metrics.options import BirthdayOptions
    from genaudit.values.observations import FeaturePair, Floats, Integers

NONE_SEEN = 3.0
"""With 95 % confidence fewer coincidences are expected than this, if none was seen (the rule of three)."""


def birthday_support(features: FeaturePair, *, options: BirthdayOptions, rng: np.random.Generator) -> Estimate:
    """One over the share of pairs of generated items that count as the same."""
    made, real = (some_places(len(rows), options.items, rng) for rows in (features.generated, features.reference))
    x, y = features.generated[made], features.reference[real]
    x_clusters = None if features.generated_clusters is None else features.generated_clusters[made]
    y_clusters = np.arange(len(y)) if features.reference_clusters is None else features.reference_clusters[real]
    if min(len(x), len(np.unique(y_clusters))) < 3:
        raise NotApplicable("too-few-samples", f"Pairs need 3 independent items a side, not {len(x)} and {len(y)}.")
    threshold = options.threshold or _typical_distance(y, y_clusters)
    found, among_real = coincidences(x, threshold, x_clusters), coincidences(y, threshold, y_clusters)
    if not found.pairs:
        raise NotApplicable(
            "no-coincidence",
            f"No two of {len(x):,} generated items are the same within {threshold:.4g}: the support is larger than "
            f"{found.possible / NONE_SEEN:,.0f} with 95 % confidence.",
            "Look at more items: --set birthday_support.items=10000.",
        )
    details = {"reference": among_real.support} if among_real.pairs else {}
    return Estimate(
        value=found.support,
        interval=_around(found.support, found.relative_error),
        n_generated=len(x),
        n_reference=len(y),
        parameters={"threshold_used": threshold},
        details={
            **details,
            "even_chance_sample": float(even_chance_sample(max(round(found.support), 1))),
            "threshold": threshold,
            "pairs": float(found.pairs),
        },
    )


def _typical_distance(rows: Floats, clusters: Integers) -> float:
    distance = float(np.median(nearest_among(rows, rows, clusters, clusters)[0]))
    if not distance > 0:
        raise NotApplicable(
            "copies-in-reference",
            "Half of the reference items have a copy of another source, so that no distance tells two items apart.",
            "--set birthday_support.threshold=...",
        )
    return distance


def _around(support: float, relative_error: float) -> Interval:
    """Symmetric in the logarithm, because the support is one over what was estimated."""
    factor = math.exp(float(special.ndtri(0.5 + LEVEL / 2)) * relative_error)
    how = "normal interval of the logarithm; U-statistic standard error of the share of pairs, given the threshold"
    return Interval(low=support / factor, high=support * factor, level=LEVEL, method=how)
