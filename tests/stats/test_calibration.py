"""Whether scores are the shares that they say: against enumeration, formulas by hand, and what chance makes."""

import numpy as np
import pytest
from scipy.stats import binom

from genaudit.stats.calibration import (
    expected_calibration_error,
    mean_distance,
    mean_gap_interval,
    pooled_difference,
)
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.seeds import generator


@pytest.mark.parametrize(("n", "p"), [(1, 0.02), (3, 1 / 3), (7, 0.3), (40, 0.05), (1000, 0.71), (5, 0.0), (5, 1.0)])
def test_the_mean_distance_is_that_of_every_binomial_enumerated(n, p):
    k = np.arange(n + 1)
    # relative: the enumeration adds a thousand terms
    assert mean_distance([n], [p])[0] == pytest.approx(np.abs(k - n * p) @ binom.pmf(k, n, p), rel=1e-9, abs=1e-12)


def test_the_error_is_the_weighted_mean_of_distances():
    found = expected_calibration_error([30, 0, 10], [6, 0, 9], [0.3, 0.5, 0.8])
    assert found.value == pytest.approx(0.75 * abs(0.3 - 0.2) + 0.25 * abs(0.8 - 0.9))
    weighted = expected_calibration_error([30, 0, 10], [6, 0, 9], [0.3, 0.5, 0.8], weights=[1, 0, 1])
    assert weighted.value == pytest.approx(0.1)


def test_mean_and_spread_under_perfect_calibration_are_those_of_draws():
    n, score = np.array([20, 50, 5]), np.array([0.1, 0.5, 0.9])
    found = expected_calibration_error(n, n * score, score)
    assert found.value == pytest.approx(0.0, abs=1e-12)
    draws = generator(0, "mean distances").binomial(n, score, size=(200_000, 3))
    errors = np.abs(draws / n - score) @ (n / n.sum())
    # 200,000 draws: four standard errors are below 1 % of either
    assert found.floor == pytest.approx(errors.mean(), rel=0.01)
    assert found.spread == pytest.approx(errors.std(), rel=0.01)
    assert (errors < found.upper(0.95)).mean() == pytest.approx(0.95, abs=0.01)  # the gamma is an approximation


def test_a_certain_score_that_errs_is_beyond_chance_and_one_that_does_not_is_not():
    assert expected_calibration_error([10, 10], [0, 10], [0.0, 1.0]).p_value == 1.0
    wrong = expected_calibration_error([10, 10], [1, 10], [0.0, 1.0])
    assert (wrong.floor, wrong.p_value) == (0.0, 0.0)
    assert wrong.upper() == 0.0


@pytest.mark.parametrize(
    ("people", "positives", "scores"), [([0], [0], [0.5]), ([3], [4], [0.5]), ([3], [1], [1.5]), ([3], [-1], [0.5])]
)
def test_an_error_of_nobody_or_of_no_probabilities_is_refused(people, positives, scores):
    with pytest.raises(ValueError, match="needs people, positives among them, and scores in"):
        expected_calibration_error(people, positives, scores)


def test_scores_that_tell_nothing_have_the_interval_of_the_share_alone():
    share = wilson_interval(30, 100)
    found = mean_gap_interval(0.3, 0.5, 0.3 * 0.7, 100, 0.95)  # a constant score: only the truth varies
    assert (found.low, found.high) == pytest.approx((0.5 - share.high, 0.5 - share.low))


def test_where_nobody_is_positive_the_scores_still_vary():
    nobody, half = mean_gap_interval(0.0, 0.1, 0.001, 40, 0.95), 1.959964 * np.sqrt(0.001 / 40)
    assert nobody.low == pytest.approx(0.1 - np.hypot(wilson_interval(0, 40).high, half))
    assert nobody.high == pytest.approx(0.1 + half)
    constant = mean_gap_interval(1.0, 0.5, 0.0, 40, 0.95)
    assert (constant.low, constant.high) == pytest.approx((-0.5, 0.5 - wilson_interval(40, 40).low))


def test_one_stratum_has_the_plain_difference_and_close_to_its_plain_error():
    value, interval = pooled_difference([[[30, 70], [20, 80]]])
    assert value == pytest.approx(0.1)
    half = 1.959964 * np.sqrt(0.3 * 0.7 / 100 + 0.2 * 0.8 / 100)
    # Sato's variance of one stratum differs from the plain one by terms of order 1 / n
    assert interval.high - value == pytest.approx(half, rel=0.02)


def test_the_pooled_difference_is_mantel_and_haenszels_by_hand():
    tables = [[[8, 2], [3, 17]], [[5, 25], [1, 9]]]
    w1, w2 = 10 * 20 / 30, 30 * 10 / 40
    value, interval = pooled_difference(tables)
    assert value == pytest.approx((w1 * (0.8 - 0.15) + w2 * (5 / 30 - 0.1)) / (w1 + w2))
    swapped, other = pooled_difference(np.array(tables)[:, ::-1])
    assert (swapped, other.low, other.high) == pytest.approx((-value, -interval.high, -interval.low))


def test_strata_without_both_groups_say_nothing_and_what_does_not_vary_has_no_interval():
    assert pooled_difference([[[3, 4], [0, 0]]]) is None
    alone = pooled_difference([[[8, 2], [3, 17]], [[5, 5], [0, 0]]])
    assert alone == pooled_difference([[[8, 2], [3, 17]]])
    assert pooled_difference([[[0, 9], [0, 7]]]) == (0.0, None)
