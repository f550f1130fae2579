"""How many bins of the feature space a generator fills more or less often than the data do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.stats.bins import clustered_share_variance, compare_bins, k_means, nearest_centre
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from genaudit.metrics.options import BinOptions
    from genaudit.values.observations import FeaturePair

FEW = 5
"""Reference items a bin on average, below which a test of two shares is too coarse."""
NO_INTERVAL = (
    "A count of rejected tests has no sampling interval; between two samples of one distribution as many are rejected "
    "as the details expect by chance."
)


def ndb(features: FeaturePair, *, options: BinOptions, rng: np.random.Generator) -> Estimate:
    """Number of bins whose shares of generated and of reference items differ, one test a bin."""
    x, y, bins = features.generated, features.reference, options.bins
    different_rows = len(np.unique(y, axis=0)) if len(y) >= bins else len(y)
    if different_rows < bins or not len(x):
        raise NotApplicable(
            "too-few-samples",
            f"{bins} bins need as many different items; there are {different_rows}, and {len(x)} generated.",
            "Compare more items, or --set ndb.bins=10.",
        )
    centres = k_means(y, bins, rng=rng)
    of_reference = nearest_centre(y, centres)
    counts = np.bincount(nearest_centre(x, centres), minlength=bins)
    known = np.bincount(of_reference, minlength=bins)
    found = compare_bins(counts, known)
    details = {
        "expected_by_chance": options.alpha * bins,
        "share_of_bins": found.different(options.alpha) / bins,
        "jensen_shannon_divergence": found.divergence,
        "empty_bins": float((counts == 0).sum()),
    }
    if features.reference_clusters is not None:
        variance = clustered_share_variance(of_reference, bins, features.reference_clusters)
        details["with_clusters"] = float(compare_bins(counts, known, variance).different(options.alpha))
    return Estimate(
        value=float(found.different(options.alpha)),
        reason_without=NO_INTERVAL,
        n_generated=len(x),
        n_reference=len(y),
        details=details,
        note=f"{len(y):,} reference items are fewer than {FEW} a bin: single tests are coarse; set fewer ndb.bins."
        if len(y) < FEW * bins
        else "",
    )
