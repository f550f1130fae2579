"""Three verdicts on whole intervals, and what would decide the third."""

from __future__ import annotations

import pytest

from genaudit.stats.joint_correction import StandardError
from genaudit.stats.tolerance import judge, needed
from genaudit.values.findings import Verdict
from genaudit.values.results import Interval


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (-0.04, 0.05, Verdict.PASS),
        (0.051, 0.2, Verdict.FAIL),
        (-0.2, -0.06, Verdict.FAIL),
        (0.04, 0.06, Verdict.INCONCLUSIVE),
        (-0.2, 0.2, Verdict.INCONCLUSIVE),
    ],
)
def test_only_a_whole_interval_decides(low, high, expected):
    assert judge(Interval(low=low, high=high, level=0.95, method=""), -0.05, 0.05) is expected


def test_as_many_images_as_are_needed_put_the_edge_2_8_errors_away():
    n = needed(0.06, -0.05, 0.05, StandardError(sampling=0.01, reading=0.0), 1000).items
    error = 0.01 * (1000 / n) ** 0.5
    assert 0.01 / error == pytest.approx(1.95996 + 0.84162, rel=1e-3)


def test_where_labels_are_missing_more_images_do_not_decide():
    found = needed(0.06, -0.05, 0.05, StandardError(sampling=0.01, reading=0.02), 1000)
    assert found.items == 0
    assert "label more images" in found.sentence()


def test_a_value_on_the_edge_is_never_decided():
    assert needed(0.05, -0.05, 0.05, StandardError(sampling=0.01, reading=0.0), 1000) is None
