"""FAIL only if the whole interval lies beyond the tolerance, PASS only if within, else INCONCLUSIVE."""

import numpy as np
import pytest
from statsmodels.stats.multitest import multipletests

from genaudit.gate.rule import ALPHA, Difference, combined_freedom, holm, judged, needed
from genaudit.gate.settings import Tolerance
from genaudit.gate.wording import change_sentence
from genaudit.stats.seeds import generator
from genaudit.values.findings import Verdict


def difference(worsening, error=0.1, freedom=None, **changes):
    return Difference(worsening=worsening, standard_error=error, degrees_of_freedom=freedom, method="", **changes)


def verdict(one, tolerance):
    return judged(one, tolerance, one.p_value(tolerance))


@pytest.mark.parametrize(
    ("worsening", "tolerance", "expected"),
    [
        (1.0, 0.5, Verdict.FAIL),
        (0.75, 0.5, Verdict.FAIL),
        (0.7, 0.5, Verdict.INCONCLUSIVE),
        (0.5, 0.5, Verdict.INCONCLUSIVE),
        (0.31, 0.5, Verdict.INCONCLUSIVE),
        (0.3, 0.5, Verdict.PASS),
        (-9.0, 0.5, Verdict.PASS),
    ],
)
def test_the_interval_decides(worsening, tolerance, expected):
    assert verdict(difference(worsening), tolerance) is expected


def test_with_no_tolerance_any_real_worsening_fails_and_nothing_else_does():
    assert verdict(difference(0.3), 0.0) is Verdict.FAIL
    assert verdict(difference(0.1), 0.0) is Verdict.INCONCLUSIVE
    assert verdict(difference(0.0, error=0.0), 0.0) is Verdict.PASS


def test_few_degrees_of_freedom_widen_the_interval():
    assert verdict(difference(0.5 + 0.25, freedom=None), 0.5) is Verdict.FAIL
    assert verdict(difference(0.5 + 0.25, freedom=4), 0.5) is Verdict.INCONCLUSIVE


def test_a_number_without_a_better_way_fails_by_moving_either_way_and_is_tested_on_both_sides():
    one, other = difference(0.25, either=True), difference(0.25)
    assert one.p_value(0.0) == pytest.approx(2 * other.p_value(0.0))


def test_holm_is_that_of_statsmodels():
    p_values = list(generator(0, "holm").random(12) ** 3)
    assert holm(p_values) == pytest.approx(list(multipletests(p_values, method="holm")[1]))
    assert holm([]) == []


def test_an_unchanged_model_hardly_ever_fails_with_twelve_metrics_and_no_tolerance():
    rng = generator(0, "unchanged")
    alarms = 0
    for _ in range(2_000):
        found = [difference(w) for w in 0.1 * rng.standard_normal(12)]
        adjusted = holm([one.p_value(0.0) for one in found])
        alarms += any(judged(one, 0.0, p) is Verdict.FAIL for one, p in zip(found, adjusted, strict=True))
    # 2,000 gates at 1 %: 20 expected, standard deviation 4.4
    assert alarms / 2_000 <= ALPHA + 3 * np.sqrt(ALPHA / 2_000)


def test_so_many_items_decide_four_times_out_of_five():
    tolerance, n, error = 0.1, 1_000, 0.2
    enough = needed(n, error, tolerance)
    shrunk = error * (n / enough) ** 0.5
    drawn = shrunk * generator(0, "power").standard_normal(4_000)
    passed = np.mean([verdict(difference(w, shrunk), tolerance) is Verdict.PASS for w in drawn])
    assert passed == pytest.approx(0.8, abs=0.02)  # 4,000 draws: standard error 0.006
    assert needed(n, 0.001, tolerance) == n
    assert needed(n, error, 0.0) == 0


def test_freedom_of_a_sum_lies_between_that_of_its_parts():
    assert combined_freedom([(1.0, 9.0), (2.0, 30.0)]) == pytest.approx(25 / (1 / 9 + 16 / 30) * 1.0)
    assert combined_freedom([(1.0, None)]) is None


def test_a_value_that_its_error_does_not_tell_from_zero_is_not_told_of_in_shares_of_itself():
    def said(baseline, worsening, error):
        moved = Difference(worsening=worsening, standard_error=error, degrees_of_freedom=None, method="")
        return change_sentence(
            "kid", moved, value=baseline + worsening, baseline=baseline, tolerance=Tolerance(rel=0.05),
            verdict=judged(moved, 0.05 * abs(baseline), 0.0), n=300, enough=0,
        )  # fmt: skip

    near_zero = said(-5e-7, 1.2e-6, 5e-6)
    assert near_zero.startswith("kid is 1.2e-06 worse (95 % interval 8.6e-06 better to 1.1e-05 worse)")
    assert near_zero.endswith("a value so near 0 asks for an absolute tolerance (abs).")
    assert said(0.5, 60.0, 1.0).startswith("kid is 12000 % worse")
    assert "abs" not in said(0.5, 0.02, 0.01)
