"""The second-order variance by brute force and by simulation; intervals at, near and far from equality."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from genaudit.stats.discrepancy_interval import discrepancy_interval
from genaudit.stats.kernels import PolynomialKernel, polynomial_mmd
from genaudit.stats.seeds import generator


def found(seed, n=60, d=4, shift=0.0):
    rng = generator(seed, "discrepancy")
    return polynomial_mmd(rng.normal(size=(n, d)) + shift, rng.normal(size=(n, d)))


def test_the_second_order_variance_agrees_with_sums_over_all_pairs():
    rng = generator(0, "pairs")
    x, y = rng.normal(size=(7, 3)) + 0.4, rng.normal(size=(9, 3))
    kernel = PolynomialKernel()

    def within(rows):
        k, n = kernel(rows, rows), len(rows)
        np.fill_diagonal(k, np.nan)
        rows_of, mean = np.nansum(k, axis=1) / (n - 1), np.nanmean(k)
        return np.nansum((k - rows_of[:, None] - rows_of + mean) ** 2) / (n * (n - 3))

    k = kernel(x, y)
    between = ((k - k.mean(axis=1)[:, None] - k.mean(axis=0) + k.mean()) ** 2).sum() / (6 * 8)
    expected = 2 * within(x) / (7 * 6) + 2 * within(y) / (9 * 8) + 4 * between / (7 * 9)
    assert polynomial_mmd(x, y).second_order_variance == pytest.approx(expected, rel=1e-10)


def test_under_equality_it_is_the_variance_of_the_estimate():
    many = [found(seed) for seed in range(600)]
    ratio = np.mean([one.second_order_variance for one in many]) / np.var([one.value for one in many])
    # the variance of 600 skewed values is known to about 10 %; that of row means is twice as large
    assert ratio == pytest.approx(1.0, abs=0.25)
    assert np.mean([one.standard_error**2 for one in many]) / np.var([one.value for one in many]) > 1.6


@pytest.mark.parametrize(("shift", "truth"), [(0.0, 0.0), (0.5, None)])
def test_most_intervals_hold_the_discrepancy_and_all_hold_the_estimate(shift, truth):
    many = [found(seed, shift=shift) for seed in range(200)]
    if truth is None:  # unbiased
        truth = np.mean([found(1000 + seed, shift=shift).value for seed in range(600)])
    intervals = [discrepancy_interval(one) for one in many]
    assert all(one.low <= each.value <= one.high for one, each in zip(intervals, many, strict=True))
    assert 180 <= sum(one.low <= truth <= one.high for one in intervals) <= 199


def test_far_from_equality_it_is_nearly_the_interval_of_row_means():
    far = found(0, n=2000, shift=1.0)
    interval = discrepancy_interval(far)
    assert (interval.high - far.value) / far.standard_error == pytest.approx(1.96, rel=0.1)
    assert (far.value - interval.low) / far.standard_error == pytest.approx(1.96, rel=0.1)


def test_rows_in_clusters_keep_the_interval_of_row_means():
    rng = generator(0, "clusters")
    one = polynomial_mmd(rng.normal(size=(40, 3)), rng.normal(size=(40, 3)), np.repeat(np.arange(20), 2))
    assert one.second_order_variance is None
    assert discrepancy_interval(one).method.startswith("t interval, 19 degrees of freedom")


@pytest.mark.parametrize("seed", range(5))
def test_the_interval_of_a_set_against_itself_is_no_wider_than_that_of_another_set(seed):
    # its V-statistic is 0 but for rounding, by which nothing may be divided
    rng = generator(seed, "itself")
    rows, others = rng.normal(size=(60, 8)), rng.normal(size=(60, 8))
    itself, another = polynomial_mmd(rows, rows), polynomial_mmd(rows, others)
    found = discrepancy_interval(itself)
    assert found.low <= itself.value <= found.high
    assert found.width < 1.5 * discrepancy_interval(another).width


def test_the_interval_has_no_jump_where_its_lower_bound_crosses_0():
    one = found(3, shift=0.2)
    lows = [
        discrepancy_interval(replace(one, value=value, biased=one.biased + value - one.value)).low
        for value in np.linspace(0.0, 1.5, 400)
    ]
    assert min(lows) < 0 < max(lows)
    assert np.abs(np.diff(lows)).max() < 0.02


@pytest.mark.parametrize("noise", [1.0, 0.3, 0.1, 0.01])
def test_the_interval_of_a_set_and_its_noisy_copy_holds_the_value(noise):
    rng = generator(0, "copies")
    far_apart = np.repeat([[0.0], [50.0]], 40, axis=0) + rng.standard_normal((80, 8))
    one = polynomial_mmd(far_apart + noise * rng.standard_normal(far_apart.shape), far_apart)
    assert discrepancy_interval(one).low <= one.value <= discrepancy_interval(one).high
