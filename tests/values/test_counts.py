"""The table that every audit of decisions sees."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.values.counts import CountTable


def table(counts: object, groups: tuple[str, ...] = ("a", "b"), strata: tuple[str, ...] = ("",)) -> CountTable:
    return CountTable(
        group="group",
        groups=groups,
        truth="truth",
        decision="decision",
        strata=strata,
        counts=np.array(counts, dtype=np.float64),
    )


def test_confusion_is_the_sum_over_strata() -> None:
    halves = [[[[1, 2], [3, 4]], [[5, 6], [7, 8]]], [[[10, 20], [30, 40]], [[0, 0], [0, 1]]]]
    both = table(halves, strata=("x", "y"))
    assert both.confusion.tolist() == [[[11, 22], [33, 44]], [[5, 6], [7, 9]]]
    assert both.total == 137


@pytest.mark.parametrize(
    ("counts", "groups", "said"),
    [
        ([[[[1, 2], [3, 4]]]], ("a", "b"), r"counts of shape \(1, 2, 2, 2\) are needed"),
        ([[[[1, 2], [3, 4]], [[1, 1], [1, 1]]]], ("a", "a"), "may not repeat"),
        ([[[[1, -2], [3, 4]], [[1, 1], [1, 1]]]], ("a", "b"), "not negative"),
        ([[[[1, np.nan], [3, 4]], [[1, 1], [1, 1]]]], ("a", "b"), "finite"),
    ],
)
def test_counts_that_do_not_fit_are_refused(counts: object, groups: tuple[str, ...], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        table(counts, groups)


def test_squares_of_weights_have_the_shape_of_the_counts() -> None:
    ones = np.ones((1, 2, 2, 2))
    named = {"group": "g", "groups": ("a", "b"), "truth": "t", "decision": "d", "counts": ones, "weighted": True}
    assert CountTable(**named, squares=ones).squares is ones
    for wrong in (ones[0], -ones, ones * np.nan):
        with pytest.raises(ValueError, match="squares of shape"):
            CountTable(**named, squares=wrong)


def test_a_table_without_a_truth_says_so_and_holds_nobody_of_whom_it_is_known() -> None:
    admitted = np.array([[[[1493.0, 1198], [0, 0]], [[1278, 557], [0, 0]]]])
    without = CountTable(group="sex", groups=("m", "f"), truth="", decision="admitted", counts=admitted)
    assert not without.has_truth
    assert table(np.ones((1, 2, 2, 2))).has_truth
    with pytest.raises(ValueError, match="without a truth"):
        CountTable(group="sex", groups=("m", "f"), truth="", decision="admitted", counts=np.ones((1, 2, 2, 2)))
