"""Intervals of differences and ratios of shares agree with statsmodels and with the paper."""

import numpy as np
import pytest
from statsmodels.stats.proportion import confint_proportions_2indep

from genaudit.stats import share_differences as differences
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.seeds import generator


def pair(seed):
    rng = generator(seed, "two shares")
    n, m = rng.integers(2, 200, 2)
    return (int(rng.integers(0, n + 1)), int(n)), (int(rng.integers(0, m + 1)), int(m))


@pytest.mark.parametrize("seed", range(60))
def test_newcombes_interval_agrees_with_statsmodels(seed):
    first, second = pair(seed)
    found = differences.newcombe_interval(first, second)
    known = confint_proportions_2indep(*first, *second, method="newcomb", compare="diff")
    assert (found.low, found.high) == pytest.approx(known, abs=1e-9)


def test_newcombes_own_example():
    found = differences.newcombe_interval((56, 70), (48, 80))
    assert (found.low, found.high) == pytest.approx((0.05243, 0.33387), abs=1e-5)


def test_many_wilson_limits_are_those_of_each():
    counts, totals = np.array([0, 3, 20, 81]), np.array([20, 3, 40, 263])
    low, high = differences.wilson_limits(counts, totals, 0.9)
    each = [wilson_interval(c, n, 0.9) for c, n in zip(counts, totals, strict=True)]
    assert low == pytest.approx([one.low for one in each], abs=1e-15)
    assert high == pytest.approx([one.high for one in each], abs=1e-15)


@pytest.mark.parametrize("seed", range(30))
def test_the_ratio_interval_is_near_that_of_the_score_test(seed):
    rng = generator(seed, "ratio")
    n, m = rng.integers(60, 400, 2)
    first, second = (int(n * rng.uniform(0.1, 0.9)), int(n)), (int(m * rng.uniform(0.1, 0.9)), int(m))
    found = differences.ratio_interval(first, second)
    known = confint_proportions_2indep(*first, *second, method="score", compare="ratio")
    # two good intervals of the same thing differ by a small part of their width at these sizes
    assert np.log([found.low, found.high]) == pytest.approx(np.log(known), abs=0.12 * np.log(known[1] / known[0]))


def test_the_ratio_of_a_share_to_itself_has_an_interval_symmetric_in_the_logarithm():
    found = differences.ratio_interval((30, 100), (30, 100))
    assert found.low * found.high == pytest.approx(1)


def test_the_ratio_continues_where_its_formula_is_nought_over_nought():
    """u2 = 2 p2 makes the published expression 0 / 0; neighbours on both sides give the same."""
    lows = [differences.ratio_interval((30, 100), (x, 12.0)).low for x in np.linspace(2.0, 4.0, 401)]
    assert np.abs(np.diff(lows)).max() < 0.02
    assert all(np.diff(lows) < 0)


def test_a_ratio_to_nobody_has_no_upper_bound():
    assert differences.ratio_interval((5, 10), (0, 10)) is None
    assert differences.ratio_interval((0, 10), (5, 10)).low == 0


def test_the_largest_of_two_is_newcombes_interval_of_their_distance():
    known = differences.newcombe_interval((56, 70), (48, 80))
    found = differences.largest_difference_interval([(48, 80), (56, 70)])
    assert (found.low, found.high) == pytest.approx((known.low, known.high))


def test_under_equality_the_largest_difference_may_be_nought():
    """A percentile interval of the bootstrapped largest difference was above 0 in 40 of 40 runs (fairlearn)."""
    rng = generator(0, "equal shares")
    held = [
        differences.largest_difference_interval([(x, 100) for x in rng.binomial(100, 0.3, 4)]).low == 0
        for _ in range(400)
    ]
    assert np.mean(held) > 0.93


@pytest.mark.parametrize("groups", [2, 5, 20, 21, 60])
def test_the_interval_holds_the_observed_distance(groups):
    rng = generator(groups, "many shares")
    shares = [(float(x), 50.0) for x in rng.binomial(50, rng.uniform(0.1, 0.9, groups))]
    found = differences.largest_difference_interval(shares)
    values = [x / n for x, n in shares]
    assert found.low <= max(values) - min(values) <= found.high


def test_shares_of_nobody_are_refused():
    with pytest.raises(ValueError, match="total above 0"):
        differences.newcombe_interval((0, 0), (1, 2))
    with pytest.raises(ValueError, match="at least 2 shares"):
        differences.largest_difference_interval([(1, 2)])
