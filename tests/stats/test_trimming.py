"""Trimmed means leave out what the published programs leave out, and their intervals hold."""

import numpy as np
import pytest
from scipy import integrate, stats

from genaudit.stats.intervals import mean
from genaudit.stats.seeds import generator
from genaudit.stats.trimming import trimmed_mean


def test_values_outside_the_percentiles_are_left_out_and_those_on_them_are_kept():
    # 0 to 100: the first percentile is 1 and the 99th is 99
    assert trimmed_mean(np.r_[0:101] ** 1.0, 0.01).value == pytest.approx(50)
    values = np.r_[np.arange(100.0), 1e6]
    assert trimmed_mean(values, 0.01).value == pytest.approx(np.arange(1.0, 100).mean())


def test_without_trimming_it_is_the_mean_with_its_error():
    values = generator(0, "values").standard_normal(50)
    ours, plain = trimmed_mean(values, 0.0), mean(values)
    assert ours.value == pytest.approx(plain.value, abs=1e-15)
    assert ours.standard_error == pytest.approx(plain.standard_error, rel=1e-12)


def test_order_does_not_matter_and_scale_carries_over():
    values = generator(1, "values").exponential(size=200)
    found, turned = trimmed_mean(values, 0.05), trimmed_mean(-3 * values[::-1], 0.05)
    assert turned.value == pytest.approx(-3 * found.value)
    assert turned.standard_error == pytest.approx(3 * found.standard_error)


def test_the_interval_holds_the_trimmed_mean_of_a_skewed_population():
    low, high = stats.expon.ppf([0.01, 0.99])
    population = integrate.quad(lambda x: x * np.exp(-x), low, high)[0] / 0.98
    intervals = [
        trimmed_mean(generator(seed, "coverage").exponential(size=400), 0.01).interval() for seed in range(100)
    ]
    # of 100 intervals of 95 %, fewer than 88 hold once in four hundred times
    assert sum(one.low <= population <= one.high for one in intervals) >= 88


@pytest.mark.parametrize("wrong", [([1.0], 0.1), ([1.0, np.nan], 0.1), ([1.0, 2.0], 0.5)])
def test_what_has_no_trimmed_mean_is_refused(wrong):
    with pytest.raises(ValueError, match="trimmed mean needs"):
        trimmed_mean(*wrong)
