"""Densities integrate to one, means are means, and nothing overflows."""

import math

import numpy as np
import pytest
import torch
from scipy import integrate, stats

from genaudit_vae.likelihoods import (
    DISTRIBUTIONS,
    bernoulli_log_probability,
    continuous_bernoulli_log_density,
    continuous_bernoulli_log_partition,
    continuous_bernoulli_mean,
    gaussian_log_density,
    laplace_log_density,
)

OUTPUTS = [-30.0, -3.0, -0.11, -0.0999, -1e-6, 0.0, 1e-9, 0.05, 0.0999, 0.11, 1.0, 12.0]


def of(value):
    return torch.tensor(value, dtype=torch.float64)


@pytest.mark.parametrize("output", OUTPUTS)
def test_continuous_bernoulli_integrates_to_one_and_has_the_stated_mean(output):
    def density(x):
        return float(continuous_bernoulli_log_density(of(x), of(output)).exp())

    assert integrate.quad(density, 0, 1, epsabs=1e-12)[0] == pytest.approx(1, abs=1e-10)  # error of the quadrature
    mean = integrate.quad(lambda x: x * density(x), 0, 1, epsabs=1e-12)[0]
    assert float(continuous_bernoulli_mean(of(output))) == pytest.approx(mean, abs=1e-10)


def test_continuous_bernoulli_agrees_with_torchs_own_at_its_parameters():
    output = torch.linspace(-6, 6, 25, dtype=torch.float64)
    theirs = torch.distributions.ContinuousBernoulli(logits=output)
    x = torch.full_like(output, 0.3)
    # theirs uses a second-order series for p within .499 to .501, which is 1e-9 off there
    assert torch.allclose(continuous_bernoulli_log_density(x, output), theirs.log_prob(x), rtol=0, atol=1e-8)
    assert torch.allclose(continuous_bernoulli_mean(output), theirs.mean, rtol=0, atol=1e-8)


def test_the_series_meets_the_closed_form_where_they_change_over():
    below, above = of(0.1 - 1e-15), of(0.1 + 1e-15)
    # the closed form loses a digit here: 1/o is 10, so its rounding is 10 times 1e-16
    for function in (continuous_bernoulli_log_partition, continuous_bernoulli_mean):
        assert float(function(below)) == pytest.approx(float(function(above)), abs=1e-14)


@pytest.mark.parametrize("output", OUTPUTS)
def test_the_mean_is_the_derivative_of_the_log_partition(output):
    o = of(output).requires_grad_()
    continuous_bernoulli_log_partition(o).backward()
    # autograd takes the same functions another way; a few roundings
    assert float(o.grad) == pytest.approx(float(continuous_bernoulli_mean(of(output))), abs=1e-12)


def test_a_fair_continuous_bernoulli_is_the_uniform_distribution():
    assert float(continuous_bernoulli_log_density(of(0.3), of(0.0))) == 0.0
    assert float(continuous_bernoulli_mean(of(0.0))) == 0.5


@pytest.mark.parametrize("output", [-1e4, -800.0, 800.0, 1e4])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_extreme_outputs_stay_finite_with_finite_gradients(output, dtype):
    for name, distribution in DISTRIBUTIONS.items():
        o = torch.tensor(output, dtype=dtype, requires_grad=True)
        scale = torch.zeros((), dtype=dtype) if distribution.has_scale else None
        value = distribution.log_density(torch.tensor(0.4, dtype=dtype), o, scale)
        (value + distribution.mean(o)).backward()
        assert math.isfinite(float(value.detach())), name
        assert math.isfinite(float(o.grad)), name


def test_bernoulli_of_black_or_white_is_the_log_probability():
    probability = torch.sigmoid(of(1.3))
    assert float(bernoulli_log_probability(of(1.0), of(1.3))) == pytest.approx(float(probability.log()), abs=1e-15)
    assert float(bernoulli_log_probability(of(0.0), of(1.3))) == pytest.approx(
        float((1 - probability).log()), abs=1e-15
    )


def test_g38_cross_entropy_of_grey_at_even_odds_is_ln_2_a_pixel():
    assert -float(bernoulli_log_probability(of(0.5), of(0.0))) == pytest.approx(math.log(2), abs=1e-15)


@pytest.mark.parametrize(
    ("density", "reference"), [(gaussian_log_density, stats.norm), (laplace_log_density, stats.laplace)]
)
def test_gaussian_and_laplace_carry_their_normalising_constants(density, reference):
    x, output, scale = np.linspace(0, 1, 7), 0.4, 0.06
    ours = density(torch.from_numpy(x), of(output), of(math.log(scale))).numpy()
    expected = reference(loc=1 / (1 + math.exp(-output)), scale=scale).logpdf(x)
    assert ours == pytest.approx(expected, abs=1e-12)  # a few float64 roundings of numbers up to 100


@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_means_are_levels_of_grey(name):
    means = DISTRIBUTIONS[name].mean(torch.arange(-400, 401, dtype=torch.float64) / 10)
    assert 0 <= float(means.min()) <= float(means.max()) <= 1
    assert bool((means.diff() >= 0).all())
    assert float(means[400]) == 0.5


def test_a_learnt_scale_is_asked_for():
    with pytest.raises(ValueError, match="needs a scale"):
        gaussian_log_density(of(0.5), of(0.0), None)
