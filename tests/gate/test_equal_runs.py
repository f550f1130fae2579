"""Equal numbers stay equal, though a baseline keeps fewer digits of them than a run has."""

import pytest
from gate_records import number, run

from genaudit.gate.baseline import updated
from genaudit.gate.settings import gate_settings
from genaudit.gate.verdicts import PairedError, gate
from genaudit.values.findings import Verdict

NOTHING = gate_settings({"default": {"rel": 0.0}})
"""Any real worsening fails."""


def judged(before, after, **changes):
    return gate(updated(None, [run(before)], "first", settings=NOTHING)[0], [after], NOTHING, **changes).verdict


@pytest.mark.parametrize("value", [1 / 3, 1_000 / 7])
@pytest.mark.parametrize("differing", [0.0, 1e-13, -1e-13])
def test_digits_that_a_baseline_does_not_keep_are_no_worsening(value, differing):
    before, again = number("fid", value), number("fid", value * (1 + differing))
    assert judged(before, run(again)) is Verdict.PASS
    equal = {"fid": PairedError(standard_error=0.0, degrees_of_freedom=None, method="the same items")}
    assert judged(before, run(again, weights="o" * 64), paired=equal) is Verdict.PASS


def test_a_run_of_the_same_weights_that_differs_by_more_than_rounding_may_fail():
    assert judged(number("fid", 5.0, 0.001), run(number("fid", 5.5, 0.001))) is Verdict.FAIL
