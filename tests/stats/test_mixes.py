"""Golden cases G15 to G17, every declared level counted, and tests of fit against independent implementations."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from genaudit.stats.mixes import discrepancies, discrepancy_bounds, goodness_of_fit, noise_floor, null_means
from genaudit.stats.seeds import generator
from genaudit.values.results import Interval

EVEN = [0.5, 0.5]


@pytest.mark.parametrize(
    ("mix", "l2", "l1", "kl", "tv"),
    [((0.9, 0.1), 0.5656854, 0.8, 0.3680642, 0.4), ((0.8, 0.2), 0.4242641, 0.6, 0.1927448, 0.3)],
)
def test_g15_discrepancies_from_an_even_mix(mix, l2, l1, kl, tv):
    expected = {"l1": l1, "l2": l2, "tv": tv, "kl": kl}
    assert discrepancies(mix, EVEN) == pytest.approx(expected, abs=1e-7)


def test_g16_a_level_that_was_never_generated_counts():
    """A tool that looks only at the levels that occur finds 0.5 and 0.5 here."""
    expected = {"l1": 1.0, "l2": 0.7071068, "tv": 0.5, "kl": 0.6931472}
    assert discrepancies([1.0, 0.0], EVEN) == pytest.approx(expected, abs=1e-7)


def test_g17_a_balanced_model_shows_an_imbalance_by_chance():
    """|share - 1/2| of 4, 8, 50 and 100 images of a model without any bias: a score without this floor blames it."""
    expected = [0.1875, 0.13671875, 0.0561376, 0.0397946]
    assert [noise_floor(n, 0.5) for n in (4, 8, 50, 100)] == pytest.approx(expected, abs=1e-7)


@pytest.mark.parametrize(("n", "p"), [(1, 0.3), (7, 0.05), (20, 0.8), (100, 1 / 3), (5, 1.0)])
def test_the_noise_floor_is_the_sum_over_all_counts(n, p):
    counts = np.arange(n + 1)
    expected = (np.abs(counts / n - p) * stats.binom.pmf(counts, n, p)).sum()
    assert noise_floor(n, p) == pytest.approx(expected, abs=1e-12)


def test_null_means_of_two_levels_are_the_noise_floor():
    # 2,000 draws: the mean of |X/n - p| is known to 1.7 %, three standard errors 5 %
    assert null_means(EVEN, 50, generator(0, "null"))["tv"] == pytest.approx(0.0561376, rel=0.05)


def test_a_mix_is_farther_from_a_reference_that_it_was_moved_away_from():
    near, far = (discrepancies([0.5 + step, 0.3 - step, 0.2], [0.5, 0.3, 0.2]) for step in (0.05, 0.1))
    assert all(far[name] > near[name] > 0 for name in near)


def test_levels_in_another_order_are_as_far():
    p, q = np.array([0.5, 0.3, 0.2]), np.array([0.2, 0.2, 0.6])
    assert discrepancies(p, q) == pytest.approx(discrepancies(p[::-1], q[::-1]))


def test_a_level_that_the_reference_lacks_has_no_divergence_but_distances():
    assert set(discrepancies([0.5, 0.5], [1.0, 0.0])) == {"l1", "l2", "tv"}


def test_bounds_hold_every_mix_within_the_intervals():
    q, rng = np.array([0.5, 0.3, 0.2]), generator(0, "bounds")
    ends = [(0.35, 0.45), (0.28, 0.4), (0.2, 0.3)]
    intervals = [Interval(low=low, high=high, level=0.95, method="") for low, high in ends]
    bounds = discrepancy_bounds(intervals, q)
    for _ in range(200):
        p = np.array([rng.uniform(*end) for end in ends[:2]])
        mix = np.append(p, 1 - p.sum())
        if ends[2][0] <= mix[2] <= ends[2][1]:
            for name, value in discrepancies(mix, q).items():
                assert bounds[name][0] - 1e-12 <= value <= bounds[name][1] + 1e-12
    assert bounds["l1"][0] == pytest.approx(0.05)  # only the first interval leaves its reference's share out


def test_the_exact_test_of_two_levels_is_the_binomial_one():
    for count in range(13):
        expected = stats.binomtest(count, 12, 0.3).pvalue
        assert goodness_of_fit([count, 12 - count], [0.3, 0.7])[0] == pytest.approx(expected, abs=1e-12)


def test_three_levels_are_tested_exactly_and_many_images_by_chi_squared():
    p_value, test = goodness_of_fit([9, 0, 0], [0.5, 0.25, 0.25])
    # only this table and the two with all nine of another level are no more probable: .5^9 + 2 · .25^9
    assert (p_value, test) == (pytest.approx(0.5**9 + 2 * 0.25**9 + _others(), abs=1e-12), "exact multinomial test")
    p_value, test = goodness_of_fit([5200, 4800], EVEN)
    assert test == "exact multinomial test"
    p_value, test = goodness_of_fit([3400, 3300, 3300], [1 / 3] * 3)
    assert p_value == pytest.approx(stats.chisquare([3400, 3300, 3300]).pvalue)
    assert test == "Pearson's chi-squared test"


def _others():
    """Probability of further tables of nine items that are no more probable than (9, 0, 0), by enumeration."""
    q, seen = [0.5, 0.25, 0.25], 0.5**9
    total = 0.0
    for i in range(10):
        for j in range(10 - i):
            table = [i, j, 9 - i - j]
            p = stats.multinomial.pmf(table, 9, q)
            if p <= seen * (1 + 1e-9) and table not in ([9, 0, 0], [0, 9, 0], [0, 0, 9]):
                total += p
    return total


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (lambda: discrepancies([0.5, 0.6], EVEN), "add up to 1"),
        (lambda: discrepancies([1.0], [1.0]), "at least 2"),
        (lambda: discrepancies([0.5, 0.5], [0.2, 0.3, 0.5]), "same levels"),
        (lambda: noise_floor(0, 0.5), "at least 1"),
        (lambda: goodness_of_fit([0, 0], EVEN), "sum above 0"),
        (lambda: goodness_of_fit([3000, 3000, 1], [0.5, 0.4999, 0.0001]), "expected count"),
    ],
)
def test_what_is_no_mix_is_refused(call, why):
    with pytest.raises(ValueError, match=why):
        call()
