"""Means over items: equal values show no spread, and are not held to be certain."""

import numpy as np
import pytest

from genaudit.metrics.averages import averaged

UNIT = (0.0, 1.0)


def wilson(n):
    """The far end of Wilson's 95 % interval of 0 in n."""
    return 1.959963985**2 / (n + 1.959963985**2)


def test_equal_values_at_an_end_of_the_range_are_counted_like_a_share():
    never, always = averaged(np.zeros(40), bounds=UNIT), averaged(np.ones(40), bounds=UNIT)
    assert (never.interval.low, never.interval.high) == (0, pytest.approx(wilson(40)))
    assert (always.interval.low, always.interval.high) == (pytest.approx(1 - wilson(40)), 1)
    assert "which all have the same value" in always.interval.method


def test_the_range_may_be_any_and_clusters_count_once():
    found = averaged(np.full(40, 3.0), np.arange(40) // 4, bounds=(-1.0, 3.0))
    assert found.interval.low == pytest.approx(3 - 4 * wilson(10))


@pytest.mark.parametrize("bounds", [(None, None), (0.0, None), UNIT])
def test_equal_values_elsewhere_have_no_interval(bounds):
    found = averaged(np.full(40, 0.1), bounds=bounds)
    assert found.interval is None
    assert found.reason_without == "All 40 independent items have the same value and show no spread."


def test_one_other_value_is_a_spread():
    found = averaged([0.0] * 39 + [1.0], bounds=UNIT)
    assert 0 < found.interval.low < found.value < found.interval.high
    assert found.interval.method.startswith("Wilson score interval at an effective number of 39")
