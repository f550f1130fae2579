"""Posteriors are what the encoder says, and draws from them do not depend on the batch."""

import math
from dataclasses import replace

import numpy as np
import pytest
from tiny_context import tiny_context

from genaudit.metrics.latent_options import LatentInformationOptions
from genaudit.probes import posterior
from genaudit.stats.gaussian import kl_to_standard_normal


def test_posteriors_hold_what_the_encoder_says_and_draws_from_it_at_any_batch_size():
    context = tiny_context(demands={"posteriors": (LatentInformationOptions(draws=200),)})
    found = posterior.posteriors(context).value
    again = posterior.posteriors(replace(context, batch_size=7)).value
    assert found.draws.shape == (200, 30, 5)
    assert np.allclose(found.draws, again.draws, rtol=1e-12)
    assert np.allclose(found.means, again.means, rtol=1e-12)
    standard = (found.draws - found.means) / np.exp(found.log_variances / 2)
    assert abs(standard.mean()) < 4 / math.sqrt(standard.size)
    assert standard.std() == pytest.approx(1, abs=4 / math.sqrt(2 * standard.size))
    assert (kl_to_standard_normal(found.means, found.log_variances) > 0).all()
