"""A model whose evidence is known: z of N(0, 1), x of N((z, z), I), observed at (1, 0)."""

import numpy as np

from genaudit.values.observations import LogWeights

EVIDENCE = -2.7205165441
"""log p(x), the density at (1, 0) of a normal of covariance ((2, 1), (1, 2))."""


def weights(table, clusters=None, given=""):
    return LogWeights(
        log_weights=np.asarray(table, dtype=float),
        likelihood="gaussian",
        data_space="continuous_dequantised",
        dimensions=2,
        clusters=clusters,
        given=given,
    )
