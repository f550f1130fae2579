"""The interval of a difference, from two intervals."""

import numpy as np
import pytest

from genaudit.stats.differences import difference_interval
from genaudit.stats.intervals import normal_interval
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.seeds import generator
from genaudit.values.results import Interval


def test_normal_intervals_give_the_normal_interval_of_the_difference():
    first, second = normal_interval(5.0, 0.3, how="test"), normal_interval(2.0, 0.4, how="test")
    found = difference_interval(5.0, first, 2.0, second)
    expected = normal_interval(3.0, 0.5, how="test")  # 0.3, 0.4, 0.5: a right triangle
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_intervals_give_newcombes_interval():
    found = difference_interval(56 / 70, wilson_interval(56, 70), 48 / 80, wilson_interval(48, 80))
    assert (found.low, found.high) == pytest.approx((0.05243, 0.33387), abs=1e-5)  # Newcombe 1998


def test_swapping_the_two_mirrors_the_interval():
    first, second = wilson_interval(3, 40), wilson_interval(12, 50)
    found = difference_interval(3 / 40, first, 12 / 50, second)
    mirrored = difference_interval(12 / 50, second, 3 / 40, first)
    assert (found.low, found.high) == pytest.approx((-mirrored.high, -mirrored.low), abs=1e-12)


def test_the_interval_covers_the_true_difference_of_two_shares():
    rng = generator(0, "difference coverage")
    ones, others = rng.binomial(60, 0.1, size=2_000), rng.binomial(80, 0.3, size=2_000)
    inside = [
        (found := difference_interval(a / 60, wilson_interval(a, 60), b / 80, wilson_interval(b, 80))).low
        <= -0.2
        <= found.high
        for a, b in zip(ones, others, strict=True)
    ]
    assert 0.935 <= np.mean(inside) <= 0.975  # three standard errors of 2,000 draws around 95 to 96 %


@pytest.mark.parametrize(
    ("base", "said"),
    [
        (Interval(low=0.0, high=1.0, level=0.9, method=""), "one level, not 0.95 and 0.9"),
        (Interval(low=0.6, high=1.0, level=0.95, method=""), "must contain its value"),
    ],
)
def test_intervals_that_do_not_fit_are_refused(base, said):
    with pytest.raises(ValueError, match=said):
        difference_interval(0.5, Interval(low=0.4, high=0.6, level=0.95, method=""), 0.5, base)
