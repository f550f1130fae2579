"""A metric: arrays in, an estimate out."""

import numpy as np

from genaudit.values.results import Estimate


def mean_gap(features, *, options, rng):
    """Distance of the two mean features."""
    gap = np.linalg.norm(features.generated.mean(axis=0) - features.reference.mean(axis=0))
    return Estimate(
        value=float(gap),
        reason_without="its sampling error was not worked out",
        n_generated=len(features.generated),
        n_reference=len(features.reference),
    )
