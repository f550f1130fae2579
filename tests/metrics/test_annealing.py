"""Golden case G34 of the log-likelihood and of its gaps, their notes, and what they make of worse models."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from evidence import EVIDENCE, weights
from scipy import stats

from genaudit.metrics.annealing import amortization_gap, approximation_gap, log_likelihood
from genaudit.metrics.latent_options import AnnealingOptions, RefinementOptions
from genaudit.stats.annealing import annealed
from genaudit.stats.seeds import generator
from genaudit.values.observations import AnnealedWeights, RefinedPosteriors

GAP = 0.6173605223
"""KL from N(0, 1) to the posterior N(1/3, 1/3)."""
EXACT, PRIOR = (1 / 3, 1 / 3), (0.0, 1.0)
BOTH = (log_likelihood, approximation_gap)


def joint(z, shift=0.0):
    return stats.norm.logpdf(1, z + shift) + stats.norm.logpdf(0, z + shift) + stats.norm.logpdf(z)


def drawn(q, images, draws=64, shift=0.0):
    """Log-weights of draws from q = (mean, variance), of the same noise for every q."""
    mean, deviation = q[0], math.sqrt(q[1])
    z = mean + deviation * generator(0, "draws").standard_normal((images, draws))
    return joint(z, shift) - stats.norm.logpdf(z, mean, deviation)


def chains(q, images, count=4, temperatures=10, shift=0.0):
    """Log-weights of chains from q to the posterior; with a shift the decoder is off by so much."""
    mean, deviation = q[0], math.sqrt(q[1])

    def target(points):
        z = mean + deviation * points
        slopes = (1 - 3 * z - 2 * shift) * deviation
        return joint(z, shift)[:, 0] + math.log(deviation), slopes

    rngs = [generator(0, "chain", image, chain) for image in range(images) for chain in range(count)]
    return annealed(target, 1, rngs, temperatures).log_weights.reshape(images, count)


def seen(table, q=PRIOR, best=EXACT, temperatures=10, **changes):
    """What probes would have observed with these chains."""
    table = np.asarray(table, dtype=float)
    n = len(table)
    posteriors = RefinedPosteriors(
        amortised=weights(drawn(q, n), **changes),
        refined=weights(drawn(best, n), **changes),
        means=np.zeros((n, 1)),
        log_variances=np.zeros((n, 1)),
    )
    found = AnnealedWeights(
        chains={temperatures: weights(table, **changes)}, accepted={temperatures: np.full(table.shape, 0.9)}
    )
    return found, posteriors


def call(metric, observed, images=1000, **options):
    chosen = AnnealingOptions(**({"images": images, "temperatures": 10} | options))
    if metric is amortization_gap:
        return metric(observed[1], options=RefinementOptions(images=images), rng=generator(0))
    return metric(*observed, options=chosen, rng=generator(0))


@pytest.mark.parametrize("temperatures", [1, 3, 10])
def test_g34_from_the_exact_posterior_every_chain_is_the_evidence(temperatures):
    observed = seen(chains(EXACT, 5, temperatures=temperatures), temperatures=temperatures)
    found = call(log_likelihood, observed, temperatures=temperatures)
    assert found.value == pytest.approx(EVIDENCE, abs=1e-9)
    assert found.details["chain_sd"] == pytest.approx(0, abs=1e-9)
    assert found.details["effective_chains"] == pytest.approx(4)
    assert call(approximation_gap, observed, temperatures=temperatures).value == pytest.approx(0, abs=1e-9)


def test_g34_the_gaps_are_the_divergences():
    observed = seen(chains(PRIOR, 400), q=PRIOR, best=PRIOR)
    likelihood, approximation = (call(metric, observed) for metric in BOTH)
    # the mean of 4 chains is low by 0.005
    assert abs(likelihood.value - EVIDENCE) < 4 * likelihood.details["chain_error"] + 0.01
    assert likelihood.details["chain_error"] < 0.01
    assert approximation.value == pytest.approx(GAP, abs=0.05)  # 64 draws of 400 images: a standard error of 0.01
    assert approximation.interval.low < GAP < approximation.interval.high
    amortisation = call(amortization_gap, seen(chains(EXACT, 400), q=PRIOR, best=EXACT))
    assert amortisation.value == pytest.approx(GAP, abs=0.05)
    assert amortisation.interval.low < GAP < amortisation.interval.high
    assert call(amortization_gap, observed).value == 0


def test_both_gaps_add_up_to_what_the_bound_loses():
    observed = seen(chains((0.2, 0.5), 50), q=(-0.5, 0.8), best=(0.2, 0.5))
    likelihood, approximation, amortisation = (call(metric, observed) for metric in (*BOTH, amortization_gap))
    assert approximation.value + amortisation.value == pytest.approx(likelihood.value - likelihood.details["elbo"])
    assert amortisation.details["elbo"] == pytest.approx(likelihood.details["elbo"])
    assert amortisation.details["refined_elbo"] == pytest.approx(likelihood.value - approximation.value)


def test_a_worse_decoder_has_a_lower_likelihood_and_a_worse_encoder_loses_more():
    good = call(log_likelihood, seen(chains(EXACT, 50)))
    worse = call(log_likelihood, seen(chains(EXACT, 50, shift=2.0)))
    assert worse.value < good.value - 0.2
    gaps = [call(amortization_gap, seen(chains(EXACT, 50), q=(mean, 1 / 3))).value for mean in (0.4, 1.0, 3.0)]
    assert gaps == sorted(gaps)
    assert gaps[-1] > gaps[0] + 5
    narrow = call(approximation_gap, seen(chains((1 / 3, 0.02), 50), best=(1 / 3, 0.02)))
    assert narrow.value > 0.3  # a Gaussian that is too sure says less


def test_order_of_images_and_chains_does_not_matter():
    table = chains(PRIOR, 30)
    for metric in BOTH:
        turned = seen(table[:, ::-1])
        assert call(metric, turned).value == pytest.approx(call(metric, seen(table)).value, rel=1e-12)
    found, posteriors = seen(table)
    backwards = AnnealedWeights(chains={10: weights(table[::-1])}, accepted=found.accepted)
    assert call(log_likelihood, (backwards, posteriors)).value == pytest.approx(
        call(log_likelihood, (found, posteriors)).value, rel=1e-12
    )


def test_a_metric_takes_its_own_images_chains_and_temperatures_whatever_another_asked_for():
    table, other = chains(PRIOR, 30, count=6), chains(PRIOR, 30, count=6, temperatures=3)
    found, posteriors = seen(table)
    many = AnnealedWeights(
        chains={10: found.chains[10], 3: weights(other)}, accepted={10: found.accepted[10], 3: found.accepted[10]}
    )
    for metric in BOTH:
        asked = call(metric, (many, posteriors), images=20, chains=2)
        assert asked.value == pytest.approx(call(metric, seen(table[:20, :2])).value, rel=1e-12)
        assert asked.n_reference == 20
        assert call(metric, (many, posteriors), temperatures=3).value != asked.value
    assert call(amortization_gap, (many, posteriors), images=20).n_reference == 20


def test_the_uncertainty_of_the_chains_stands_beside_the_interval_over_images():
    images = generator(0, "images").normal(0, 5, (40, 1))
    found = call(log_likelihood, seen(images + generator(0, "chains").normal(0, 0.5, (40, 4))))
    assert found.details["chain_sd"] == pytest.approx(0.5, rel=0.2)
    # 0.5 of each of 4 chains of each of 40 images, which differ by 5
    assert found.details["chain_error"] == pytest.approx(0.5 / math.sqrt(160), rel=0.25)
    assert found.details["standard_error"] == pytest.approx(5 / math.sqrt(40), rel=0.3)
    assert -0.06 < found.details["jackknife_bias"] < -0.01  # (e^0.25 - 1) / 8 = 0.036
    assert found.details["accepted"] == pytest.approx(0.9)


def test_one_temperature_has_no_trajectories_to_count():
    assert "accepted" not in call(log_likelihood, seen(chains(EXACT, 5), temperatures=1), temperatures=1).details


def test_bits_per_dimension_stand_beside_the_nats_of_a_density_of_grey_levels():
    found, posteriors = seen(chains(EXACT, 5))
    likelihood = call(log_likelihood, (found, posteriors))
    assert likelihood.details["bits_per_dim"] == pytest.approx(-likelihood.value / (2 * math.log(2)) + 8)
    other = replace(found, chains={10: replace(found.chains[10], data_space="a line of numbers")})
    assert "bits_per_dim" not in call(log_likelihood, (other, posteriors)).details


def test_chains_that_lie_apart_are_told_of():
    apart = seen(generator(0, "apart").normal(-20, 5, (30, 4)))
    note = call(log_likelihood, apart).note
    own = (
        "Of 30 images, whose own evidence lower bound is -3.3: compare it with that, and not with bounds of more "
        "images."
    )
    assert note.startswith(f"{own} A lower bound; do not read it as the log-likelihood: of 4 chains of an image")
    assert "of 4 chains of an image the weights of only 1.5 count, on average." in note
    assert call(approximation_gap, apart).note.startswith("The true gap may be far larger: of 4 chains")
    near = seen(chains(EXACT, 30))
    assert call(log_likelihood, near).note == own
    assert call(approximation_gap, near).note == call(amortization_gap, near).note == ""


def test_numbers_given_a_label_say_so_and_are_never_compared_with_others():
    told = seen(chains(EXACT, 5), given="digit")
    for metric in (*BOTH, amortization_gap):
        found = call(metric, told)
        assert found.note.endswith(
            "The model was told the true digit of each image: bounds are those of log p(x | digit)."
        )
        assert found.parameters["given"] == "digit"
    plain = call(amortization_gap, seen(chains(EXACT, 5)))
    assert plain.parameters == {"likelihood": "gaussian", "data_space": "continuous_dequantised"}


@pytest.mark.parametrize(("sources", "shown"), [(31, False), (32, True)])
def test_what_an_encoder_loses_has_an_interval_from_32_independent_images_on(sources, shown):
    clusters = np.repeat(np.arange(sources), 2)
    found = call(amortization_gap, seen(np.zeros((2 * sources, 4)), clusters=clusters))
    assert (found.interval is not None) is shown
    assert found.value == pytest.approx(GAP, abs=0.15)  # 64 draws of each
    assert found.reason_without == (
        ""
        if shown
        else "Of 31 independent images an interval would be too low too often where an encoder is far off for few "
        "images. From 32 on there is one: --set amortization_gap.images=32."
    )


def test_an_encoder_that_is_far_off_for_few_images_is_told_of_by_the_upper_end():
    off = np.where(np.arange(40) % 20 == 0, 6.0, 0.1)[:, None]
    posteriors = seen(np.zeros((40, 4)), q=EXACT)[1]
    posteriors = replace(posteriors, amortised=weights(posteriors.refined.log_weights - off))
    found = call(amortization_gap, (None, posteriors))
    assert found.value == pytest.approx(0.05 * 6.0 + 0.95 * 0.1)
    assert found.interval.high - found.value > 2 * (found.value - found.interval.low)


def test_images_of_one_source_widen_the_interval():
    table = np.repeat(generator(0, "images").normal(0, 5, (30, 1)) + np.zeros((30, 4)), 4, axis=0)
    plain = call(log_likelihood, seen(table)).interval
    assert call(log_likelihood, seen(table, clusters=np.repeat(np.arange(30), 4))).interval.width > 1.8 * plain.width


@pytest.mark.parametrize(("option", "bad"), [("images", 1), ("chains", 1), ("temperatures", 0)])
def test_an_option_out_of_range_is_refused(option, bad):
    with pytest.raises(ValueError, match=f"{option} is {bad}; allowed is"):
        AnnealingOptions(**{option: bad})
