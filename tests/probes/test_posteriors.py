"""Posteriors are what the encoder says, and draws from them do not depend on the batch."""

import math
from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from tiny_context import tiny_context

from genaudit.metrics.latent_options import LatentInformationOptions
from genaudit.probes import generation, posterior, reconstruction
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


class Scribbler(tiny.TinyVae):
    """Answers as its parent does, and writes into everything that it is given, as ``x.mul_(2).sub_(1)`` does."""

    def decode(self, z, labels=None):
        return _scribbled(super().decode(z), z)

    def encode(self, images):
        return _scribbled(super().encode(images), images)

    def reconstruct(self, images):
        return _scribbled(super().reconstruct(images), images)

    def log_likelihood(self, images, z):
        return _scribbled(super().log_likelihood(images, z), images, z)


def _scribbled(answer, *given):
    for tensor in given:
        tensor.mul_(2).sub_(1)
    return answer


def test_a_model_that_writes_into_what_it_is_given_has_the_numbers_of_one_that_does_not():
    sound = tiny_context()
    scribbling = replace(sound, generator=Scribbler(tiny.TinyOptions()))
    bounds, again = (posterior.evidence_bounds(context).value for context in (sound, scribbling))
    assert np.array_equal(bounds.log_likelihood, again.log_likelihood)
    assert np.array_equal(bounds.kl, again.kl)
    made, remade = (reconstruction.reconstruct(context) for context in (sound, scribbling))
    assert np.array_equal(made.value.pairs.reconstructions, remade.value.pairs.reconstructions)
    z = generation.latents(sound, "latents", 0, 4)
    before = z.clone()
    generation.decoded(scribbling, z)
    assert torch.equal(z, before)
