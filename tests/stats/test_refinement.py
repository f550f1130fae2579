"""Descent finds the diagonal Gaussian that is known to be the best, and leaves the best alone."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.stats.refinement import DRAWS, refined
from genaudit.stats.seeds import generator

PRECISION = np.array([[4.0, 1.5], [1.5, 25.0]])
CENTRE = np.array([0.3, -0.6])


def target(z):
    slopes = -(z - CENTRE) @ PRECISION
    return 0.5 * ((z - CENTRE) * slopes).sum(axis=1), slopes


def streams(count):
    return [generator(0, "rows", number) for number in range(count)]


def test_the_best_has_the_mean_of_the_target_and_the_precision_of_its_diagonal():
    means, log_variances = refined(target, np.zeros((3, 2)), np.full((3, 2), -1.0), streams(3))
    # 150 steps leave a few hundredths of a standard deviation, which is 0.5 and 0.2
    assert means == pytest.approx(np.tile(CENTRE, (3, 1)), abs=0.02)
    assert np.exp(-log_variances) == pytest.approx(np.tile(np.diag(PRECISION), (3, 1)), rel=0.05)


@pytest.mark.parametrize("start", [-5.0, 0.0])
def test_a_first_guess_that_is_far_too_sure_or_unsure_is_left(start):
    means, log_variances = refined(target, np.zeros((1, 2)), np.full((1, 2), start), streams(1))
    assert np.exp(-log_variances[0]) == pytest.approx(np.diag(PRECISION), rel=0.07)
    assert means[0] == pytest.approx(CENTRE, abs=0.02)


def test_next_to_nothing_moves_at_the_exact_posterior():
    def exact(z):
        slopes = -(z - CENTRE) * [4.0, 25.0]
        return 0.5 * ((z - CENTRE) * slopes).sum(axis=1), slopes

    start = CENTRE[None], -np.log([[4.0, 25.0]])
    means, log_variances = refined(exact, *start, streams(1))
    # slopes of rounding: a thousandth of a standard deviation, which is 0.5 and 0.2
    assert means == pytest.approx(start[0], abs=2e-4)
    assert log_variances == pytest.approx(start[1], abs=1e-3)


def test_a_row_depends_on_its_own_random_numbers_alone():
    whole = refined(target, np.zeros((4, 2)), np.zeros((4, 2)), streams(4))
    part = refined(target, np.zeros((1, 2)), np.zeros((1, 2)), streams(4)[3:])
    assert part[0][0] == pytest.approx(whole[0][3], rel=1e-12)
    assert part[1][0] == pytest.approx(whole[1][3], rel=1e-12)


def test_draws_of_one_row_come_after_one_another():
    seen = []

    def asked(z):
        seen.append(z)
        return np.zeros(len(z)), np.zeros_like(z)

    refined(asked, np.array([[-100.0], [100.0]]), np.zeros((2, 1)), streams(2), steps=1)
    assert (np.sign(seen[0][:, 0]) == np.repeat([-1, 1], DRAWS)).all()
