"""The bound of a probabilistic PCA whose log-likelihood is known (golden case G34), and its units."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from genaudit.errors import NotApplicable
from genaudit.metrics.likelihood import bits_per_dim, elbo, elbo_kl, elbo_reconstruction
from genaudit.plugin.options import NoOptions
from genaudit.stats.gaussian import kl_to_standard_normal
from genaudit.stats.seeds import generator
from genaudit.values.observations import EvidenceBounds


def call(metric, bounds):
    return metric(bounds, options=NoOptions(), rng=generator(0))


def bounds(log_likelihood, kl, data_space="continuous_dequantised", dimensions=768, clusters=None):
    return EvidenceBounds(
        log_likelihood=np.asarray(log_likelihood, dtype=float),
        kl=np.asarray(kl, dtype=float),
        likelihood="continuous-bernoulli",
        data_space=data_space,
        dimensions=dimensions,
        draws=4,
        clusters=clusters,
    )


def test_g34_bound_of_probabilistic_pca():
    # W = (1, 1)', variance 1, x = (1, 0), q = N(m, v): E log p(x | z) in closed form
    def parts(m, v):
        expected = -math.log(2 * math.pi) - ((1 - m) ** 2 + m**2 + 2 * v) / 2
        return expected, kl_to_standard_normal([[m]], [[math.log(v)]])[0]

    evidence = stats.multivariate_normal([0, 0], [[2, 1], [1, 2]]).logpdf([1, 0])
    assert evidence == pytest.approx(-2.7205165441, abs=1e-9)
    prior, exact = (call(elbo, bounds(*zip(parts(m, v), strict=True))) for m, v in ((0, 1), (1 / 3, 1 / 3)))
    assert prior.value == pytest.approx(-3.3378770664, abs=1e-9)
    assert exact.value == pytest.approx(evidence, abs=1e-9)
    assert prior.reason_without == "One independent item shows no spread."


def test_bound_is_the_sum_of_its_parts():
    given = bounds([2200, 2210, 2190], [30, 25, 26])
    whole, parts = call(elbo, given), (call(elbo_reconstruction, given), call(elbo_kl, given))
    assert whole.value == pytest.approx(parts[0].value - parts[1].value)
    assert whole.n_reference == 3
    assert whole.parameters == {
        "likelihood": "continuous-bernoulli",
        "data_space": "continuous_dequantised",
        "draws": 4,
    }


def test_a_bound_given_a_label_says_so_and_is_never_compared_with_one_without():
    told = replace(bounds([2200, 2210], [30, 25]), given="digit")
    for metric in (elbo, elbo_reconstruction, elbo_kl, bits_per_dim):
        found = call(metric, told)
        assert "The model was told the true digit of each image: bounds are those of log p(x | digit)." in found.note
        assert found.parameters["given"] == "digit"  # parameters are part of the protocol
        assert found.value == call(metric, replace(told, given="")).value


def test_bits_per_dimension_of_the_recipe_table():
    found = call(bits_per_dim, bounds([2233.5, 2233.5 + 10, 2233.5 - 10], [37.7] * 3))
    assert found.value == pytest.approx(-2195.8 / (768 * math.log(2)) + 8)
    assert found.value == pytest.approx(3.88, abs=0.005)
    assert found.interval.low < found.value < found.interval.high
    assert found.details["elbo"] == pytest.approx(2195.8)


def test_discrete_likelihoods_have_no_8_bits_to_add():
    found = call(bits_per_dim, bounds([-1000, -1000], [0, 0], "discrete", 784))
    assert found.value == pytest.approx(1.8401722460, abs=1e-9)


def test_grey_levels_as_probabilities_have_no_bits():
    soft = bounds([-170, -180], [14, 14], "soft")
    with pytest.raises(NotApplicable, match="not a density") as raised:
        call(bits_per_dim, soft)
    assert raised.value.reason_code == "not-a-density"
    assert "continuous-bernoulli" in raised.value.hint
    assert "no log-density" in call(elbo, soft).note


def test_images_of_one_source_widen_the_interval():
    values = np.repeat(generator(0, "nats").normal(2200, 30, 50), 5)
    ids = np.repeat(np.arange(50), 5)
    given = bounds(values, np.full(250, 20.0))
    assert call(elbo, replace(given, clusters=ids)).interval.width > 2 * call(elbo, given).interval.width


def test_order_does_not_matter_and_a_worse_fit_is_lower():
    values = generator(0, "nats").normal(2200, 30, 50)
    given = bounds(values, np.full(50, 20.0))
    assert call(elbo, bounds(values[::-1], given.kl)).value == pytest.approx(call(elbo, given).value, rel=1e-13)
    assert call(elbo, bounds(values - 5, given.kl)).value < call(elbo, given).value
    assert call(bits_per_dim, bounds(values - 5, given.kl)).value > call(bits_per_dim, given).value


def test_a_likelihood_that_is_not_finite_is_named():
    with pytest.raises(ValueError, match="item 1 of 3 is not finite"):
        call(elbo, bounds([1, -np.inf, 2], [0, 0, 0]))
