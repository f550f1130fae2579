"""The identity that ties prevalence, predictive value and error rates, on the table at hand."""

import pytest
from count_tables import ADVERSARIAL, admissions, codes, compas, said, table, values

from genaudit.audits.impossibility import impossibility
from genaudit.audits.table_options import ImpossibilityOptions


def audit(of, **options):
    return impossibility(of, options=ImpossibilityOptions(**options), rng=None)


def test_the_counterfactuals_of_compas():
    outcome = audit(compas())
    name = "race=Black at the prevalence of White"
    assert values(outcome, "forced_fpr")[name].value == pytest.approx(0.2749084, abs=1e-6)
    assert values(outcome, "forced_ppv")[name].value == pytest.approx(0.5103970, abs=1e-6)
    odds = (1901 / 1795) / (966 / 1488)
    assert values(outcome, "forced_fpr_ratio")["race=Black / White"].value == pytest.approx(odds)


def test_the_identity_holds_to_rounding_in_the_table():
    text = said(audit(compas()))
    assert float(text.partition("largest deviation ")[2].partition(")")[0]) < 1e-12
    assert "would have to be 1.63 times that in race=White" in text


def test_equal_prevalences_rule_nothing_out():
    text = said(audit(table([(30, 20, 10, 40), (60, 40, 50, 50)])))
    assert "g=A and g=B have the same prevalence: all rates can be equal at once." in text


def test_prevalences_within_noise_of_each_other_are_not_said_to_rule_anything_out():
    """50 of 100 and 52 of 100 say nothing of which is higher."""
    near = said(audit(table([(30, 20, 10, 40), (28, 20, 12, 40)])))
    assert "0.500 in g=A and 0.520 in g=B, within noise of each other (-0.155 to 0.116)." in near
    assert near.endswith("This table does not show that any equality has to be given up.")
    assert said(audit(compas())).endswith("Whoever asks for one equality gives up another.")


def test_nobody_wrongly_flagged_rules_nothing_out():
    assert "nothing is ruled out" in said(audit(table([(50, 0, 20, 30), (80, 0, 10, 10)])))


def test_a_group_without_a_right_flag_is_left_out_with_its_reason():
    outcome = audit(table([(50, 20, 20, 0), (50, 20, 10, 20), (60, 20, 10, 20)], "ABC"))
    assert codes(outcome) == {("forced_fpr", "g=A"): "empty_cell"}


def test_a_rate_above_one_is_said_to_be_out_of_reach():
    outcome = audit(table([(900, 95, 1, 4), (10, 10, 40, 140)]), min_count=5)
    found = values(outcome, "forced_fpr")["g=A at the prevalence of B"]
    assert found.value > 1
    assert "no decision has" in found.note


def test_without_a_truth_nothing_is_said():
    assert set(codes(audit(admissions())).values()) == {"no_truth"}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_every_table_says_something(name):
    outcome = audit(ADVERSARIAL[name])
    assert outcome.values or outcome.unavailable
