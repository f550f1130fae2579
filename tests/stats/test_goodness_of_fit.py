"""Counts against declared shares."""

import itertools

import numpy as np
import pytest
from scipy import stats

from genaudit.stats.goodness_of_fit import fit


def enumerated(counts, shares):
    n = sum(counts)
    found = stats.multinomial.pmf(counts, n, shares)
    ways = (way for way in itertools.product(range(n + 1), repeat=len(counts)) if sum(way) == n)
    probabilities = [stats.multinomial.pmf(way, n, shares) for way in ways]
    return sum(p for p in probabilities if p <= found * (1 + 1e-9))


@pytest.mark.parametrize(
    ("counts", "shares"),
    [([7, 1, 2], [0.5, 0.3, 0.2]), ([0, 9, 1], [0.2, 0.5, 0.3]), ([3, 2, 4, 1], [0.25] * 4), ([6, 2], [0.5, 0.5])],
)
def test_the_exact_test_is_the_sum_over_all_tables_that_are_no_more_probable(counts, shares):
    found = fit(counts, shares)
    assert found.method == "exact multinomial test"
    assert found.p_value == pytest.approx(enumerated(counts, shares), rel=1e-9)


def test_two_categories_are_a_binomial_test():
    assert fit([31, 69], [0.4, 0.6]).p_value == pytest.approx(stats.binomtest(31, 100, 0.4).pvalue, rel=1e-9)


def test_many_people_are_tested_by_chi_square():
    counts, shares = np.array([4000, 3100, 2900, 100]), np.array([0.4, 0.3, 0.29, 0.01])
    known = stats.chisquare(counts, counts.sum() * shares)
    found = fit(counts, shares)
    assert (found.statistic, found.p_value) == pytest.approx((known.statistic, known.pvalue))
    assert found.method == "Pearson's chi-square test"


def test_somebody_whom_the_population_does_not_have_is_impossible():
    assert fit([5, 1], [1.0, 0.0]).impossible
    assert fit([5, 0], [1.0, 0.0]).p_value == 1.0


def test_a_worse_fit_has_a_smaller_p_value():
    values = [fit([50 + shift, 50 - shift], [0.5, 0.5]).p_value for shift in (0, 5, 10, 20)]
    assert values == sorted(values, reverse=True)


@pytest.mark.parametrize(
    ("counts", "shares"), [([0, 0], [0.5, 0.5]), ([1, 2], [0.5, 0.6]), ([1], [0.5, 0.5]), ([-1, 2], [0.5, 0.5])]
)
def test_what_cannot_be_compared_is_refused(counts, shares):
    with pytest.raises(ValueError, match="shares"):
        fit(counts, shares)
