"""Conditionals both ways round, burden, and predictive values at another prevalence."""

import numpy as np
import pytest
from count_tables import ADVERSARIAL, admissions, codes, compas, said, table, values, weighted

from genaudit.audits.base_rates import base_rates
from genaudit.audits.table_options import BaseRatesOptions


def audit(of, **options):
    return base_rates(of, options=BaseRatesOptions(**options), rng=None)


def test_both_conditionals_differ_by_the_ratio_of_their_margins():
    outcome = audit(compas())
    forward = values(outcome, "conditional_forward")["race=Black, flagged=yes"].value
    reverse = values(outcome, "conditional_reverse")["race=Black, flagged=yes"].value
    flagged, black = (805 + 1369 + 349 + 505) / 6150, 3696 / 6150
    assert forward / reverse == pytest.approx(flagged / black)
    assert "of 1,000 people with flagged = yes, about 718 have race=Black (95 % interval 702 to 734)." in said(outcome)


def test_drug_use_and_stops():
    """Use of .105 and .095 (NSDUH 2013), population share .13: P(black | drugs) is .1417."""
    outcome = audit(table([(116_350, 0, 13_650, 0), (787_350, 0, 82_650, 0)], ("black", "white"), truth="drugs"))
    reverse = values(outcome, "conditional_reverse")["g=black, drugs=yes"].value
    assert reverse == pytest.approx(0.1417445, abs=1e-7)
    assert values(outcome, "conditional_forward")["g=black, drugs=yes"].value == pytest.approx(0.105)


def test_stopping_at_random_burdens_more_people_and_finds_less_than_stopping_the_group_with_more_use():
    """Of 1,000 stops: 96.3 hits and 903.7 innocent at random, 105 and 895 if only black people are stopped."""
    at_random = audit(table([(0, 116_350, 0, 13_650), (0, 787_350, 0, 82_650)], ("black", "white")))
    assert values(at_random, "burden_share")["g=black"].value == pytest.approx(0.1287, abs=1e-4)
    burden = {group: one.value for group, one in values(at_random, "burden").items()}
    assert 0.13 * burden["g=black"] + 0.87 * burden["g=white"] == pytest.approx(0.9037)
    assert burden["g=black"] == pytest.approx(0.895)  # of those stopped, all of whom would then be black


def test_stopping_only_one_group_burdens_its_innocent():
    """P(drugs | black) = .09, stop only black people: 910 of 1,000 stopped are innocent."""
    outcome = audit(table([(0, 910, 0, 90), (9000, 0, 1000, 0)], ("black", "white"), truth="drugs", decision="stopped"))
    assert values(outcome, "burden")["g=black"].value == pytest.approx(0.91)
    assert values(outcome, "burden_share")["g=black"].value == 1
    assert "Of 1,000 people with g=black who have stopped = yes, about 910 have drugs ≠ yes" in said(outcome)
    assert codes(outcome, "burden") == {("burden", "g=white"): "no_predicted_positives"}


def test_whom_nobody_was_wrongly_flagged_among_has_no_composition():
    outcome = audit(table([(50, 0, 20, 30), (80, 0, 10, 10)]))
    assert codes(outcome, "burden_share")["burden_share", "g=A"] == "empty_cell"
    assert values(outcome, "burden")["g=A"].value == 0


def test_the_burden_of_compas_per_group_and_of_all_who_were_wrongly_flagged():
    found = audit(compas())
    burden = values(found, "burden")
    assert (burden["race=Black"].value, burden["race=White"].value) == pytest.approx((0.3702852, 0.4086651), abs=1e-6)
    assert values(found, "burden_share")["race=Black"].value == pytest.approx(805 / 1154)


def test_a_declared_prevalence_gives_predictive_values_there():
    everybody = table([(2681, 1282, 1216, 2035)], ("all",))
    found = values(audit(everybody, prevalence=0.362), "ppv_at_prevalence")["g=all"]
    assert found.value == pytest.approx(0.5233378, abs=1e-6)
    assert found.interval.low < found.value < found.interval.high
    here = values(audit(everybody, prevalence=3251 / 7214), "ppv_at_prevalence")["g=all"]
    assert here.value == pytest.approx(0.6135062, abs=1e-6)


def test_of_a_rare_truth_most_flags_are_wrong_and_said_so():
    outcome = audit(table([(9040, 960, 200, 800)], ("all",)), prevalence=0.01)
    assert "At 1 positive in 100, 92 of 100 flags in g=all would be wrong (92 to 93)" in said(outcome)


def test_each_group_may_have_a_prevalence_of_its_own_and_one_without_is_listed():
    each = audit(compas(), prevalence={"Black": 0.362, "White": 0.2})
    alone = {share: audit(compas(), prevalence=share) for share in (0.362, 0.2)}
    for group, share in (("race=Black", 0.362), ("race=White", 0.2)):
        for name in ("ppv_at_prevalence", "npv_at_prevalence"):
            assert values(each, name)[group] == values(alone[share], name)[group]
    marks = {one.name: one.x[0] for one in each.series if "deployment" in one.name}
    assert marks == {
        "prevalence_mark/deployment/race=Black": 0.362, "prevalence_mark/deployment/race=White": 0.2,
    }  # fmt: skip
    some = audit(compas(), prevalence={"White": 0.2})
    assert set(values(some, "ppv_at_prevalence")) == {"race=White"}
    assert codes(some)["ppv_at_prevalence", "race=Black"] == "not_declared"


def test_without_a_declared_prevalence_the_reason_is_given():
    assert codes(audit(compas()))["ppv_at_prevalence", ""] == "not_declared"


def test_curves_are_drawn_with_the_prevalences_here_and_there_marked():
    series = {one.name: one for one in audit(compas(), prevalence=0.2).series}
    curve = series["ppv_at_prevalence/race=Black"]
    assert (curve.x[0], curve.x[-1]) == pytest.approx((1e-4, 0.9))
    assert (np.diff(curve.y) > 0).all()
    assert (np.diff(series["npv_at_prevalence/race=Black"].y) < 0).all()
    assert series["prevalence_mark/race=Black"].x[0] == pytest.approx(0.5143398, abs=1e-7)
    assert series["prevalence_mark/deployment"].x == (0.2, 0.2)


def test_without_a_truth_only_the_conditionals_of_the_decision_are_given():
    outcome = audit(admissions())
    assert {value.name for value in outcome.values} == {"conditional_forward", "conditional_reverse"}
    assert set(codes(outcome).values()) == {"no_truth"}


def test_equal_weights_change_nothing():
    plain, scaled = audit(compas(), prevalence=0.3), audit(weighted(compas(), 4.0), prevalence=0.3)
    for one, other in zip(plain.values, scaled.values, strict=True):
        assert other.estimate.value == pytest.approx(one.estimate.value)
        assert other.estimate.interval.high == pytest.approx(one.estimate.interval.high)


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_every_table_says_something(name):
    outcome = audit(ADVERSARIAL[name], prevalence=0.1)
    assert outcome.values or outcome.unavailable
