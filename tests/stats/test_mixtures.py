"""How likely draws are under their own Gaussian and under all of them."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from genaudit.stats import mixtures
from genaudit.stats.mixtures import log_ratio_to_mixture
from genaudit.stats.seeds import generator


def world(count=60, units=3):
    rng = generator(0, "mixture")
    means, log_variances = 5 + rng.normal(size=(count, units)), rng.normal(-1, 1, size=(count, units))
    return means + rng.normal(size=(count, units)) * np.exp(log_variances / 2), means, log_variances


def test_it_agrees_with_densities_written_out():
    z, means, log_variances = world()
    density = np.prod(stats.norm.pdf(z[:, None], means, np.exp(log_variances / 2)), axis=2)
    expected = np.log(np.diag(density) / density.mean(axis=1))
    assert log_ratio_to_mixture(z, means, log_variances) == pytest.approx(expected, rel=1e-10)


def test_tiles_and_order_change_nothing(monkeypatch):
    z, means, log_variances = world()
    whole = log_ratio_to_mixture(z, means, log_variances)
    assert log_ratio_to_mixture(z[::-1], means[::-1], log_variances[::-1])[::-1] == pytest.approx(whole, abs=1e-12)
    monkeypatch.setattr(mixtures, "TILE", 7 * 60)
    assert log_ratio_to_mixture(z, means, log_variances) == pytest.approx(whole, abs=1e-12)


def test_equal_gaussians_tell_nothing_and_narrow_ones_apart_tell_ln_n_and_no_more():
    same = np.zeros((4, 2))
    assert log_ratio_to_mixture(generator(0, "z").normal(size=(4, 2)), same, same) == pytest.approx(0, abs=1e-12)
    far = 1e3 * np.arange(4.0)[:, None]
    assert log_ratio_to_mixture(far, far, np.full((4, 1), -30.0)) == pytest.approx(math.log(4), abs=1e-12)


def test_two_images_with_the_same_narrow_code_are_one():
    # variances of 1e-13 far from 0: terms of 1e19 that differ by 1
    means = np.array([[1e3], [1e3], [-1e3]])
    found = log_ratio_to_mixture(means, means, np.full((3, 1), -30.0))
    assert found == pytest.approx([math.log(3 / 2)] * 2 + [math.log(3)], abs=1e-12)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (([[0.0]], [[0.0]], [[0.0, 1.0]]), "one shape"),
        (([0.0], [0.0], [0.0]), "one shape"),
        ((np.empty((0, 2)),) * 3, "one shape"),
        (([[math.nan]], [[0.0]], [[0.0]]), "finite"),
    ],
)
def test_what_is_no_set_of_gaussians_is_refused(given, said):
    with pytest.raises(ValueError, match=said):
        log_ratio_to_mixture(*given)
