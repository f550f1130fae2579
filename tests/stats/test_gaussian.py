"""Golden case G38 and numerical integration."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import integrate, stats

from genaudit.stats.gaussian import bits_per_dimension, kl_to_standard_normal


def test_g38_divergence_and_bits():
    assert kl_to_standard_normal([[1, 2]], [[0, math.log(4)]])[0] == pytest.approx(3.3068528194, abs=1e-9)
    assert bits_per_dimension(-1000, 784) == pytest.approx(1.8401722460, abs=1e-9)


def test_a_model_without_knowledge_of_images_takes_8_bits():
    assert bits_per_dimension(0.0, 768, levels=256) == pytest.approx(8)
    assert bits_per_dimension(-768 * math.log(256), 768) == pytest.approx(8)


def test_the_recipe_table_of_a_continuous_bernoulli_model():
    assert bits_per_dimension(2195.8, 768, levels=256) == pytest.approx(3.88, abs=0.005)


@pytest.mark.parametrize(("mean", "log_variance"), [(0.0, 0.0), (1.5, -2.0), (-0.3, 1.0)])
def test_divergence_agrees_with_integration(mean, log_variance):
    q = stats.norm(mean, math.exp(log_variance / 2))
    expected = integrate.quad(lambda z: q.pdf(z) * (q.logpdf(z) - stats.norm.logpdf(z)), -30, 30, limit=200)[0]
    assert kl_to_standard_normal([[mean]], [[log_variance]])[0] == pytest.approx(expected, abs=1e-9)


def test_divergence_near_the_prior_keeps_its_digits():
    # v = 1e-9: the divergence is v² / 4, which exp(v) - 1 - v would lose
    assert kl_to_standard_normal([[0.0]], [[1e-5]])[0] == pytest.approx(1e-10 / 4, rel=1e-4)
    assert kl_to_standard_normal(np.zeros((1, 3)), np.zeros((1, 3)))[0] == 0


def test_a_divergence_that_is_not_finite_is_refused():
    with pytest.raises(ValueError, match="row 1 is not finite"):
        kl_to_standard_normal([[0.0], [0.0]], [[0.0], [1e6]])
