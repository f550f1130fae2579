"""The interval of a difference of paired shares: the published example, its symmetry, its coverage."""

import numpy as np
import pytest

from genaudit.stats.paired_shares import paired_difference_interval
from genaudit.stats.seeds import generator


def test_the_published_example_comes_out():
    """Fagerland, Lydersen and Laake 2014, table 6: 1 and 7 of 21 pairs disagree."""
    found = paired_difference_interval(1, 7, 21)
    assert (found.low, found.high) == pytest.approx((-0.508, -0.013), abs=5e-4)


def test_the_two_looks_may_change_places():
    one, other = paired_difference_interval(12, 3, 80), paired_difference_interval(3, 12, 80)
    assert (one.low, one.high) == pytest.approx((-other.high, -other.low))


def test_no_disagreement_is_not_certainty_and_the_value_lies_within():
    found = paired_difference_interval(0, 0, 30)
    assert found.low < 0 < found.high
    edge = paired_difference_interval(10, 0, 10)
    assert edge.low < 1 <= edge.high == 1.0


@pytest.mark.parametrize(("first", "second"), [(0.02, 0.02), (0.08, 0.02), (0.004, 0.03)])
def test_it_holds_the_difference_as_often_as_it_says(first, second):
    """1,000 draws of 200 pairs; it may hold too often where hardly anything disagrees, never too seldom."""
    rng = generator(0, "paired")
    draws = rng.multinomial(200, [first, second, 1 - first - second], size=1000)
    found = [paired_difference_interval(int(a), int(b), 200) for a, b, _ in draws]
    held = np.mean([one.low <= first - second <= one.high for one in found])
    assert held >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / 1000)


@pytest.mark.parametrize(("first", "second", "n"), [(1, 1, 0), (-1, 0, 5), (4, 4, 5)])
def test_counts_that_cannot_be_are_refused(first, second, n):
    with pytest.raises(ValueError, match="cannot disagree"):
        paired_difference_interval(first, second, n)
