"""Golden case G34 of the importance-weighted bound, its order and its notes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from evidence import EVIDENCE, weights
from scipy import stats

from genaudit.metrics.importance import iwae, variational_gap
from genaudit.metrics.latent_options import ImportanceOptions
from genaudit.stats.seeds import generator


def call(metric, weights, **options):
    return metric(weights, options=ImportanceOptions(**options), rng=generator(0))


def of_the_model(mean, variance, images, draws, name="draws", shift=0.0):
    """Log-weights of x = (1, 0) with z of N(mean, variance); with a shift the decoder is off by so much."""
    z = mean + math.sqrt(variance) * generator(0, name).standard_normal((images, draws))
    likelihood = stats.norm.logpdf(1, z + shift) + stats.norm.logpdf(0, z + shift)
    return likelihood + stats.norm.logpdf(z) - stats.norm.logpdf(z, mean, math.sqrt(variance))


@pytest.mark.parametrize("k", [1, 2, 64])
def test_g34_with_the_exact_posterior_every_weight_is_the_evidence_for_any_k(k):
    exact = weights(of_the_model(1 / 3, 1 / 3, 3, 64))
    found = call(iwae, exact, k=k)
    assert found.value == pytest.approx(EVIDENCE, abs=1e-9)
    assert np.ptp(found.terms) < 1e-12
    assert found.details["effective_draws"] == pytest.approx(k)
    assert call(variational_gap, exact, k=k).value == pytest.approx(0, abs=1e-12)


def test_weights_that_differ_by_rounding_alone_have_no_gap_and_no_interval_beside_zero():
    """1e-6 nats on 1,000 is the rounding of codes in float32; 1e-2 is none, and has the gap of half its variance."""
    noise = generator(0, "rounding").standard_normal((200, 64))
    exact = call(variational_gap, weights(-1000 + 1e-6 * noise), images=200)
    assert (exact.value, exact.interval) == (0.0, None)
    apart = call(variational_gap, weights(-1000 + 1e-2 * noise), images=200)
    # half of the mean empirical variance; third moments are 1e-8 of it
    assert apart.value == pytest.approx(1e-4 * noise.var(axis=1).mean() / 2, rel=1e-3)


def test_g34_one_draw_is_the_evidence_lower_bound_and_more_draws_come_nearer_to_the_evidence():
    prior = weights(of_the_model(0, 1, 20_000, 64))
    found = [call(iwae, prior, k=k, images=20_000) for k in (1, 2, 4, 16, 64)]
    bound = found[0]
    assert abs(bound.value + 3.3378770664) < 4 * bound.details["standard_error"]  # its standard error is 0.007
    values = [one.value for one in found]
    assert values == sorted(values)
    assert values[-1] < EVIDENCE  # by 0.003, two standard errors
    assert values[-1] == pytest.approx(EVIDENCE, abs=0.02)
    gap = call(variational_gap, prior, k=64, images=20_000)
    assert gap.value == pytest.approx(0.6173605223, abs=0.02)
    assert gap.value == pytest.approx(found[-1].value - found[-1].details["elbo"], rel=1e-9)
    assert gap.interval.low > 0.5


def test_a_worse_decoder_and_a_worse_encoder_are_lower():
    good = call(iwae, weights(of_the_model(0, 1, 500, 16)))
    assert call(iwae, weights(of_the_model(0, 1, 500, 16, shift=-2.0))).value < good.value - 0.2
    apart = weights(of_the_model(3, 0.1, 500, 16))
    assert call(iwae, apart).value < good.value
    assert call(variational_gap, apart).value > call(variational_gap, weights(of_the_model(0, 1, 500, 16))).value


def test_order_of_draws_and_of_images_does_not_matter():
    table = of_the_model(0, 1, 50, 16)
    for metric in (iwae, variational_gap):
        assert call(metric, weights(table[::-1, ::-1])).value == pytest.approx(call(metric, weights(table)).value)


def test_a_metric_takes_its_own_number_of_draws_and_images_whatever_another_asked_for():
    table = of_the_model(0, 1, 50, 32)
    found = call(iwae, weights(table), k=4, images=20)
    assert found == call(iwae, weights(table[:20, :4]), k=4, images=20)
    assert found.n_reference == 20


def test_bits_per_dimension_stand_beside_the_nats_of_a_density_of_grey_levels():
    found = call(iwae, weights(of_the_model(0, 1, 50, 16)))
    assert found.details["bits_per_dim"] == pytest.approx(-found.value / (2 * math.log(2)) + 8)
    other = call(iwae, replace(weights(of_the_model(0, 1, 50, 16)), data_space="a line of numbers"))
    assert "bits_per_dim" not in other.details


def test_few_draws_that_count_are_told_of():
    few = weights(generator(0, "weights").normal(-2000, 20, (30, 64)))
    note = call(iwae, few).note
    assert note.startswith("A bound; do not read it as the log-likelihood: of 64 draws")
    assert "of only 1.3 count, on average." in note
    assert call(variational_gap, few).note.startswith("The true gap may be far larger: of 64 draws")
    assert call(iwae, weights(of_the_model(0, 1, 30, 64))).note == ""


def test_a_bound_given_a_label_says_so_and_is_never_compared_with_one_without():
    told = call(iwae, weights(of_the_model(0, 1, 30, 64), given="digit"))
    assert told.note == "The model was told the true digit of each image: bounds are those of log p(x | digit)."
    assert told.parameters == {"likelihood": "gaussian", "data_space": "continuous_dequantised", "given": "digit"}


def test_images_of_one_source_widen_the_interval():
    table = np.repeat(of_the_model(0, 1, 30, 4), 4, axis=0)
    plain = call(iwae, weights(table)).interval
    assert call(iwae, weights(table, clusters=np.repeat(np.arange(30), 4))).interval.width > 1.8 * plain.width


@pytest.mark.parametrize(("option", "bad"), [("k", 0), ("images", 1)])
def test_an_option_out_of_range_is_refused(option, bad):
    with pytest.raises(ValueError, match=f"{option} is {bad}; allowed is"):
        ImportanceOptions(**{option: bad})
