"""Golden case G49 of the fairness notes (Newcombe 1998) and scipy as the oracle."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from genaudit.stats.proportions import largest_unseen_share, shares, wilson_interval


@pytest.mark.parametrize(
    ("count", "total", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_g49_wilson_intervals_of_newcombe(count, total, low, high):
    found = wilson_interval(count, total)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@given(total=st.integers(1, 10**6), share=st.floats(0, 1), level=st.sampled_from([0.8, 0.95, 0.999]))
def test_wilson_interval_agrees_with_scipy_and_holds_the_share(total, share, level):
    count = round(share * total)
    found = wilson_interval(count, total, level)
    expected = stats.binomtest(count, total).proportion_ci(level, "wilson")
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert 0 <= found.low <= count / total <= found.high <= 1


def test_the_ends_are_exact():
    assert wilson_interval(0, 3).low == 0.0
    assert wilson_interval(3, 3).high == 1.0


def test_shares_are_fractions_of_the_sum():
    found = shares([50, 30, 20, 0])
    assert [share for share, _ in found] == [0.5, 0.3, 0.2, 0.0]
    assert found[3][1].high == pytest.approx(0.03699, abs=1e-5)


def test_a_class_of_the_largest_unseen_share_is_missed_in_5_of_100_samples():
    assert (1 - largest_unseen_share(250)) ** 250 == pytest.approx(0.05)


@pytest.mark.parametrize(("count", "total"), [(1, 0), (-1, 5), (6, 5)])
def test_an_impossible_count_is_refused(count, total):
    with pytest.raises(ValueError, match="0 <= count <= total"):
        wilson_interval(count, total)
