"""Golden cases of the information in codes."""

from __future__ import annotations

import math

import numpy as np

from genaudit.metrics.codes import latent_mutual_information
from genaudit.metrics.latent_options import LatentInformationOptions
from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats.seeds import generator
from genaudit.values.observations import Posteriors


def _information(*means: float) -> float:
    """Of codes of N(mean, 1), one an image."""
    column = np.array(means)[:, None]
    draws = column + generator(0, "selftest-codes").standard_normal((1, *column.shape))
    codes = Posteriors(means=column, log_variances=np.zeros(column.shape), draws=draws)
    options = LatentInformationOptions()
    return latent_mutual_information(codes, options=options, rng=generator(0, "unused")).value


CODES = (
    GoldenCase(
        name="latent_mutual_information: two posteriors apart, two that are one, three apart",
        compute=lambda: (_information(-50, 50), _information(1, 1), _information(-50, 0, 50)),
        expected=(math.log(2), 0.0, math.log(3)),
    ),
)
