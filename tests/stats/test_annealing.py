"""Annealed importance sampling finds integrals that are known, whatever a chain depends on."""

from __future__ import annotations

import math

import numpy as np
import pytest

from genaudit.stats.annealing import QUARTER, annealed
from genaudit.stats.seeds import generator


def streams(count, name="chains"):
    return [generator(0, name, number) for number in range(count)]


def gaussian(centre, precision, log_integral=0.0):
    """The logarithm of a normal density times a constant, and its gradient."""
    centre, precision = np.asarray(centre, dtype=float), np.asarray(precision, dtype=float)
    constant = 0.5 * (np.linalg.slogdet(precision)[1] - len(centre) * math.log(2 * math.pi)) + log_integral

    def target(points):
        off = points - centre
        slopes = -off @ precision
        return constant + 0.5 * (off * slopes).sum(axis=1), slopes

    return target


STANDARD = gaussian([0, 0], np.eye(2), -7.0)
CORRELATED = gaussian([0.5, -0.5], [[4.0, 3.0], [3.0, 4.0]], math.log(3))


@pytest.mark.parametrize("temperatures", [1, 2, 30])
def test_every_weight_of_a_multiple_of_the_start_is_the_integral(temperatures):
    found = annealed(STANDARD, 2, streams(20), temperatures)
    assert found.log_weights == pytest.approx(np.full(20, -7.0), rel=1e-12)


@pytest.mark.parametrize("temperatures", [3, 12])
def test_the_mean_of_the_weights_is_the_integral_for_any_number_of_temperatures(temperatures):
    weights = np.exp(annealed(CORRELATED, 2, streams(4000), temperatures).log_weights)
    error = weights.std() / math.sqrt(len(weights))
    assert abs(weights.mean() - 3) < 4 * error
    assert error < 0.06  # so that the line above says something


def test_more_temperatures_bring_chains_together():
    spread = [annealed(CORRELATED, 2, streams(500), count).log_weights.std() for count in (1, 4, 16, 64)]
    assert spread == sorted(spread, reverse=True)
    assert spread[-1] < 0.25 * spread[0]


def test_steps_become_as_short_as_a_narrow_target_needs_them():
    narrow = gaussian([0.02, 0.0], np.diag([1e4, 1.0]))  # a hundred times narrower than the start in one direction
    found = annealed(narrow, 2, streams(300), 60)
    assert found.accepted.mean() > 0.6  # a step of QUARTER would overshoot thirty-fold
    weights = np.exp(found.log_weights)
    assert abs(weights.mean() - 1) < 4 * weights.std() / math.sqrt(len(weights))
    assert pytest.approx(math.pi / 10) == QUARTER


def test_a_chain_depends_on_its_own_random_numbers_alone():
    whole = annealed(CORRELATED, 2, streams(10), 8).log_weights
    assert annealed(CORRELATED, 2, streams(10)[7:], 8).log_weights == pytest.approx(whole[7:], rel=1e-12)
    assert not np.isclose(annealed(CORRELATED, 2, streams(10, "others"), 8).log_weights, whole).any()


def test_no_trajectory_ends_where_the_target_is_no_number():
    def bounded(points):
        nats, slopes = STANDARD(points)
        return np.where(np.abs(points).max(axis=1) > 4.5, np.nan, nats), slopes

    found = annealed(bounded, 2, streams(500), 10)
    # 1e-5 of the start lies beyond: none of these chains began there
    assert found.log_weights == pytest.approx(np.full(500, -7.0), rel=1e-12)


def test_no_temperature_is_refused():
    with pytest.raises(ValueError, match="at least 1, not 0"):
        annealed(STANDARD, 2, streams(1), 0)
