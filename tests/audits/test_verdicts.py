"""Verdicts on whole intervals."""

import pytest

from genaudit.audits.verdicts import judge
from genaudit.values.findings import Verdict
from genaudit.values.results import Interval


def interval(low, high):
    return Interval(low=low, high=high, level=0.95, method="test")


@pytest.mark.parametrize(
    ("value", "low", "high", "verdict", "said"),
    [
        (0.02, 0.0, 0.05, Verdict.PASS, "the whole interval is tolerated"),
        (0.1, 0.06, 0.2, Verdict.FAIL, "no part of the interval is tolerated"),
        (0.1, 0.05, 0.2, Verdict.INCONCLUSIVE, "n = 1,000 people instead of 1,000 would decide"),
        (0.05, 0.01, 0.2, Verdict.INCONCLUSIVE, "lies on the tolerance"),
    ],
)
def test_a_verdict_needs_the_whole_interval(value, low, high, verdict, said):
    found, why = judge(value, interval(low, high), 0.05, 1000)
    assert found is verdict
    assert said in why


def test_without_an_interval_nothing_is_judged():
    assert judge(0.2, None, 0.05, 1000)[0] is Verdict.INCONCLUSIVE
