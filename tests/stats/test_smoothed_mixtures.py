"""Densities of codes from those of other images: exact for a Gaussian, and a lower bound for all else."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from genaudit.stats.seeds import generator
from genaudit.stats.smoothed_mixtures import SPREADS, held_out_log_densities


def codes(means, variance, name="noise"):
    means = np.asarray(means, dtype=float)
    noise = generator(0, name).standard_normal(means.shape) * math.sqrt(variance)
    return means + noise, means, np.full(means.shape, math.log(variance))


def normal(count, units, name="means"):
    return generator(0, name).standard_normal((count, units))


def test_of_a_gaussian_the_density_is_found():
    turn = np.array([[1.0, 0.0, 0.0], [0.8, 0.6, 0.0], [0.0, 0.0, 2.0]])
    z, means, logs = codes(normal(4000, 3) @ turn.T + [3, 0, -2], 0.25)
    covariance = turn @ turn.T + 0.25 * np.eye(3)
    found = held_out_log_densities(z, means, logs, np.arange(4000) % 5)
    exact = stats.multivariate_normal([3, 0, -2], covariance).logpdf(z)
    # nine numbers are fitted to 3,200 codes, which costs 9 / 6,400 nats, and noise in one code more
    assert found.joint.mean() == pytest.approx(exact.mean(), abs=0.01)
    assert np.abs(found.joint - exact).max() < 1
    single = stats.norm.logpdf(z, [3, 0, -2], np.sqrt(np.diag(covariance)))
    assert found.units.mean(axis=0) == pytest.approx(single.mean(axis=0), abs=0.01)


def test_of_ten_far_posteriors_the_mixture_is_found():
    centres = 20.0 * np.arange(10)[:, None] * np.ones(2)
    z, means, logs = codes(np.repeat(centres, 100, axis=0), 1.0)
    found = held_out_log_densities(z, means, logs, np.arange(1000) % 5)
    exact = -math.log(10) - 1 - math.log(2 * math.pi)  # ten normals that do not meet: ln 10 above the entropy of one
    assert found.joint.mean() == pytest.approx(exact, abs=0.1)  # the mean of |z|² / 2 over 1,000 codes is within 0.03
    assert found.units.mean() == pytest.approx(-math.log(10) - 0.5 - 0.5 * math.log(2 * math.pi), abs=0.1)


def test_it_is_never_above_the_true_density_on_average():
    for seed in range(5):
        rng = generator(seed, "bimodal")
        means = 3 * rng.choice([-1.0, 1.0], size=(500, 4)) + rng.normal(size=(500, 4))
        z, means, logs = codes(means, 0.01, f"noise {seed}")

        def log_density(x):
            return np.log(0.5 * stats.norm.pdf(x, -3, math.sqrt(1.01)) + 0.5 * stats.norm.pdf(x, 3, math.sqrt(1.01)))

        found, exact = held_out_log_densities(z, means, logs, np.arange(500) % 5), log_density(z)
        assert exact.sum(axis=1).mean() - 1 < found.joint.mean() < exact.sum(axis=1).mean()
        assert exact.mean() - 0.1 < found.units.mean() < exact.mean()


def test_codes_of_one_fold_never_speak_for_one_another():
    # twins a hundredth apart would find each other likely; a fold keeps them apart
    z, means, logs = codes(normal(100, 2).repeat(2, axis=0), 1e-4)
    apart = held_out_log_densities(z, means, logs, np.arange(200) // 2 % 5)
    together = held_out_log_densities(z, means, logs, np.arange(200) % 2)
    assert together.joint.mean() > apart.joint.mean() + 1


def test_order_of_codes_and_names_of_folds_do_not_matter():
    z, means, logs = codes(normal(200, 3), 0.1)
    folds = np.arange(200) % 4
    found = held_out_log_densities(z, means, logs, folds)
    turned = held_out_log_densities(z[::-1], means[::-1], logs[::-1], 9 - folds[::-1])
    assert turned.joint[::-1] == pytest.approx(found.joint, abs=1e-10)
    assert turned.units[::-1] == pytest.approx(found.units, abs=1e-10)


def test_turning_and_shifting_the_space_does_not_change_the_joint_density():
    z, means, logs = codes(normal(300, 3) * [1, 2, 0.5], 0.1)
    turn = stats.special_ortho_group(3, seed=1).rvs()
    folds = np.arange(300) % 5
    found = held_out_log_densities(z, means, logs, folds)
    again = held_out_log_densities(z @ turn.T + 4, means @ turn.T + 4, logs, folds)
    assert again.joint == pytest.approx(found.joint, abs=1e-9)
    assert abs(again.units.sum(axis=1).mean() - found.units.sum(axis=1).mean()) > 0.1


def test_posteriors_without_width_still_have_the_density_of_their_means():
    z = normal(2000, 2)
    found = held_out_log_densities(z, z, np.full(z.shape, -60.0), np.arange(2000) % 5)
    exact = stats.norm.logpdf(z).sum(axis=1).mean()
    assert exact - 0.02 < found.joint.mean() < exact


def test_codes_on_a_line_of_the_plane_without_noise_have_no_density():
    line = normal(50, 1) * np.ones(2)
    with pytest.raises(ValueError, match="fewer dimensions than they have units"):
        held_out_log_densities(line, line, np.full(line.shape, -90.0), np.arange(50) % 2)


@pytest.mark.parametrize(
    ("z", "folds", "why"),
    [
        (np.zeros((4, 2)), [0, 0, 0, 0], "2 folds"),
        (np.zeros((3, 2)), [0, 1, 0], "one shape"),
        (np.full((4, 2), math.nan), [0, 1, 0, 1], "finite"),
    ],
)
def test_what_has_no_held_out_density_is_refused(z, folds, why):
    with pytest.raises(ValueError, match=why):
        held_out_log_densities(z, np.zeros((4, 2)), np.zeros((4, 2)), folds)


def test_kernels_range_from_one_gaussian_to_the_posteriors_themselves():
    assert SPREADS[0] == 1
    assert SPREADS[-1] == 0
