"""Codes beside the prior: exact where they are Gaussian, a bound elsewhere, and worse where codes leave the prior."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import integrate, stats
from tiny_context import tiny_context

from genaudit.errors import NotApplicable
from genaudit.metrics.aggregate_posterior import aggregate_posterior_gap, total_correlation
from genaudit.metrics.latent_options import AggregateOptions
from genaudit.probes import posterior
from genaudit.probes.aggregate import aggregate_posterior
from genaudit.stats.seeds import generator
from genaudit.values.observations import Posteriors


def observed(means, variance, clusters=None, images=10_000, seed=0):
    means = np.asarray(means, dtype=float)
    draws = means + generator(seed, "draws").standard_normal(means.shape) * math.sqrt(variance)
    found = Posteriors(
        means=means,
        log_variances=np.full(means.shape, math.log(variance)),
        draws=draws[None],
        clusters=clusters,
    )
    context = tiny_context(demands={"aggregate_posterior": (AggregateOptions(images=images),)})
    return aggregate_posterior(context, found).value


def gap(codes):
    return aggregate_posterior_gap(codes, options=AggregateOptions(), rng=generator(0))


def correlation(codes):
    return total_correlation(codes, options=AggregateOptions(), rng=generator(0))


def drawn(count, units, seed=0):
    return generator(seed, "means").standard_normal((count, units))


def test_both_are_exact_for_codes_that_are_gaussian_together():
    # z of N(m, A Aᵀ + v I): half of tr S + |m|² - d - ln det S, and half of Σ ln S_uu - ln det S
    shape, variance, mean = np.array([[1.2, 0.0], [0.9, 0.5]]), 0.1, np.array([0.5, -0.3])
    codes = observed(drawn(3000, 2) @ shape.T + mean, variance)
    covariance = shape @ shape.T + variance * np.eye(2)
    determinant = math.log(np.linalg.det(covariance))
    exact = 0.5 * (np.trace(covariance) + mean @ mean - 2 - determinant)
    together = 0.5 * (np.log(np.diag(covariance)).sum() - determinant)
    assert gap(codes).interval.low < exact < gap(codes).interval.high
    assert correlation(codes).interval.low < together < correlation(codes).interval.high
    assert gap(codes).interval.width < 0.2
    assert gap(codes).n_reference == 3000
    assert gap(codes).parameters == {"latent_units": 2, "images": 3000}


def test_codes_that_are_the_prior_are_no_distance_from_it_however_much_they_tell():
    # 8 units of ln 10 nats each: of 1,000 posteriors the mixture would say 18.4 - 6.9 = 11.5 nats
    codes = observed(drawn(1000, 8) * math.sqrt(0.99), 0.01)
    assert gap(codes).value == pytest.approx(0, abs=0.1)
    assert correlation(codes).value == pytest.approx(0, abs=0.1)
    assert gap(codes).details["upper_bound"] > 10


def test_the_bounds_hold_two_modes_between_them():
    # of two modes at ±2: the integral of q ln (q / p)
    means = 2.0 * generator(0, "modes").choice([-1, 1], size=(2000, 1))
    codes = observed(means, 0.25)

    def integrand(z):
        q = 0.5 * (stats.norm.pdf(z, -2, 0.5) + stats.norm.pdf(z, 2, 0.5))
        return q * math.log(q / stats.norm.pdf(z))

    exact = integrate.quad(integrand, -6, 6)[0]
    found = gap(codes)
    assert found.interval.low < exact < found.details["upper_bound"] + 0.1
    assert found.value == pytest.approx(exact, abs=0.1)


def test_the_gap_is_that_of_single_units_and_the_total_correlation():
    codes = observed(drawn(500, 3) @ np.array([[1, 0.5, 0], [0, 1, 0], [0, 0, 2]]), 0.2)
    assert gap(codes).value == pytest.approx(gap(codes).details["units_alone"] + correlation(codes).value, rel=1e-12)
    assert gap(codes).details["upper_bound"] == pytest.approx(
        correlation(codes).details["upper_bound"] + gap(codes).details["units_alone"], rel=1e-12
    )


def test_the_upper_bound_is_the_mean_divergence_less_the_information():
    codes = observed(drawn(300, 2), 0.3)
    expected = codes.divergences.mean() - codes.above_mixture.mean()
    assert gap(codes).details["upper_bound"] == pytest.approx(expected, rel=1e-12)


def test_codes_that_leave_the_prior_are_farther_and_units_that_repeat_another_are_less_independent():
    means = drawn(500, 2)
    values = [gap(observed(means + shift, 0.1)).value for shift in (0, 1, 2)]
    assert values == sorted(values)
    assert values[2] - values[0] == pytest.approx(4, abs=0.5)  # half of 2 · 2²
    mixed = [np.stack([means[:, 0], share * means[:, 0] + means[:, 1]], axis=1) for share in (0, 1, 3)]
    assert (found := [correlation(observed(one, 0.1)).value for one in mixed]) == sorted(found)
    assert found[0] == pytest.approx(0, abs=0.05)


def test_turning_codes_changes_their_total_correlation_and_not_the_gap():
    means = drawn(800, 2) * [2, 0.3]
    half = np.array([[1, -1], [1, 1]]) / math.sqrt(2)
    codes = observed(means, 0.1)
    turned = replace(codes, **vars_of(observed_as(means @ half.T, (codes_draws(means, 0.1)) @ half.T, 0.1)))
    assert gap(turned).value == pytest.approx(gap(codes).value, abs=1e-9)
    assert correlation(turned).value > correlation(codes).value + 0.5


def codes_draws(means, variance):
    return means + generator(0, "draws").standard_normal(means.shape) * math.sqrt(variance)


def observed_as(means, draws, variance):
    found = Posteriors(means=means, log_variances=np.full(means.shape, math.log(variance)), draws=draws[None])
    context = tiny_context(demands={"aggregate_posterior": (AggregateOptions(images=10_000),)})
    return aggregate_posterior(context, found).value


def vars_of(codes):
    return {name: getattr(codes, name) for name in ("joint", "units", "prior", "divergences", "above_mixture")}


def test_renders_of_one_source_are_judged_by_other_sources_and_widen_the_interval():
    means, clusters = drawn(60, 2).repeat(10, axis=0), np.repeat(np.arange(60), 10)
    known, unknown = observed(means, 0.001, clusters), observed(means, 0.001)
    assert gap(unknown).value > gap(known).value + 1  # nine others at each code's side say nothing of the population
    assert gap(known).interval.width > 1.5 * gap(replace(known, clusters=None)).interval.width


def test_the_intervals_hold_the_gaussian_value_in_at_least_90_of_100_repetitions():
    held = np.zeros(2)
    for seed in range(100):
        codes = observed(drawn(300, 2, seed) @ np.array([[1.0, 0.6], [0, 0.8]]) * 1.5, 0.25, seed=seed)
        shape = np.array([[1.0, 0.6], [0, 0.8]]) * 1.5
        covariance = shape.T @ shape + 0.25 * np.eye(2)
        determinant = math.log(np.linalg.det(covariance))
        exact = (
            0.5 * (np.trace(covariance) - 2 - determinant),
            0.5 * (np.log(np.diag(covariance)).sum() - determinant),
        )
        for number, found in enumerate((gap(codes), correlation(codes))):
            held[number] += found.interval.low <= exact[number] <= found.interval.high
    assert (held >= 90).all()


def test_images_are_chosen_at_random_and_the_number_stands_in_the_definition():
    codes = observed(drawn(300, 2), 0.1, images=100)
    assert gap(codes).n_reference == 100
    assert gap(codes).parameters["images"] == 100


def test_a_run_gives_the_same_at_any_batch_size():
    context = tiny_context()
    values = [
        gap(aggregate_posterior(each, posterior.posteriors(each).value).value).value
        for each in (context, replace(context, batch_size=7))
    ]
    assert values[0] == pytest.approx(values[1], rel=1e-9)


def test_one_source_and_codes_without_a_density_are_no_number():
    with pytest.raises(NotApplicable, match="judged by those of other images"):
        observed(np.zeros((4, 2)), 1, clusters=np.zeros(4, dtype=int))
    line = drawn(50, 1) * np.ones(2)
    with pytest.raises(NotApplicable, match="fewer dimensions"):
        observed_as(line, line, 1e-40)


def test_fewer_than_two_images_are_refused():
    with pytest.raises(ValueError, match="images is 1"):
        AggregateOptions(images=1)
