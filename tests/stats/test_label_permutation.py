"""A permutation of labels drawn from counts is a permutation of people."""

import numpy as np
import pytest

from genaudit.stats.label_permutation import bootstrap_error, permutation_test
from genaudit.stats.rates import RATES
from genaudit.stats.seeds import generator


def rng(seed=0):
    return generator(seed, "permutations of the test")


def test_the_tea_table_has_its_exact_p_value():
    """Fisher's lady: 3 of 4 right in both kinds of cup, two-sided 34/70."""
    found = permutation_test([([3, 1], [4, 4])], 99_999, rng())
    assert found.p_value == pytest.approx(34 / 70, abs=0.006)  # four standard errors of 99,999 draws


def test_it_is_what_permuting_people_gives():
    counts, totals = np.array([12, 30, 9]), np.array([30, 50, 40])
    group = np.repeat(np.arange(3), totals)
    answer = np.concatenate([np.arange(n) < c for c, n in zip(counts, totals, strict=True)])
    draws = rng(1)
    shuffled = [np.bincount(draws.permutation(group), weights=answer) / totals for _ in range(4000)]
    ranges = np.ptp(shuffled, axis=1)
    found = permutation_test([(counts, totals)], 20_000, rng())
    assert found.under_equality == pytest.approx(ranges.mean(), rel=0.03)
    assert found.p_value == pytest.approx((ranges >= found.statistic - 1e-12).mean(), abs=0.005)


def test_two_kinds_of_share_are_permuted_apart_and_the_larger_difference_counts():
    first, second = ([10, 10], [50, 50]), ([10, 40], [50, 50])
    both = permutation_test([first, second], 999, rng())
    assert both.statistic == pytest.approx(0.6)
    assert both.p_value == pytest.approx(0.001)
    assert permutation_test([first, first], 999, rng()).p_value == 1.0


def test_a_larger_difference_has_a_smaller_p_value():
    values = [permutation_test([([30, 30 + more], [100, 100])], 4999, rng()).p_value for more in (0, 5, 12, 25)]
    assert values == sorted(values, reverse=True)


def test_weights_are_refused():
    with pytest.raises(ValueError, match="sums of weights cannot"):
        permutation_test([([1.5, 2], [4, 4])], 99, rng())


@pytest.mark.parametrize("wrong", [([1], [2]), ([3, 1], [2, 2]), ([0, 0], [0, 1])])
def test_groups_that_cannot_be_compared_are_refused(wrong):
    with pytest.raises(ValueError, match="at least two groups"):
        permutation_test([wrong], 99, rng())


def test_ten_thousand_groups_take_fewer_permutations():
    found = permutation_test([(np.full(10_000, 5), np.full(10_000, 20))], 9999, rng())
    assert found.permutations == 200


def test_the_bootstrap_error_of_two_groups_is_that_of_a_difference():
    confusion = np.array([[[300.0, 200], [0, 0]], [[400, 100], [0, 0]]])
    known = np.sqrt(0.4 * 0.6 / 500 + 0.2 * 0.8 / 500)
    found = bootstrap_error(confusion, [RATES["false_positive_rate"]], 4000, rng())
    assert found == pytest.approx(known, rel=0.05)  # 4,000 draws: the error of a standard error is 1.1 %
