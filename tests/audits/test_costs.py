"""Costs of a decision: windows without any declared cost, and what declared costs mean for each group."""

import pytest
from count_tables import ADVERSARIAL, admissions, codes, compas, said, table, values, weighted

from genaudit.audits.costs import costs
from genaudit.audits.table_options import CostsOptions
from genaudit.stats.proportions import wilson_interval


def audit(of, **options):
    return costs(of, options=CostsOptions(**options), rng=None)


def test_the_window_of_compas():
    outcome = audit(compas())
    low, high = values(outcome, "break_even_low"), values(outcome, "break_even_high")
    assert (high["race=Black"].value, high["race=White"].value) == pytest.approx((1369 / 805, 505 / 349))
    assert (low["race=Black"].value, low["race=White"].value) == pytest.approx((532 / 990, 461 / 1139))
    assert high["race=Black"].interval.low < 1369 / 805 < high["race=Black"].interval.high
    assert "only if a wrong flag costs less than 1.70 times a miss (1.56 to 1.86), and cheaper" in said(outcome)
    assert "1.45 times a miss" in said(outcome)


@pytest.mark.parametrize("ratio", [0.3, 0.54, 1.0, 1.69, 1.72, 3.0])
def test_inside_the_window_and_only_there_the_decision_is_cheaper_than_both_constants(ratio):
    outcome = audit(compas(), fp=ratio, fn=1.0)
    found = {group.partition(", ")[2]: one.value for group, one in values(outcome, "expected_cost").items()
             if group.startswith("race=Black")}  # fmt: skip
    inside = 532 / 990 < ratio < 1369 / 805
    assert (found["as decided"] < min(found["never yes"], found["always yes"])) == inside
    near = "too near to an edge to tell" if ratio in {0.54, 1.69, 1.72} else "inside" if inside else "outside"
    assert f"which is {near}" in said(outcome).partition("race=White")[0]


def test_without_declared_costs_the_rest_is_not_assessed():
    outcome = audit(compas())
    assert codes(outcome) == {
        ("expected_cost", ""): "not_declared",
        ("optimal_threshold", ""): "not_declared",
        ("normalized_expected_cost", ""): "not_declared",
    }


def test_the_cost_per_person_is_split_by_what_it_is_for_and_by_who_pays_it():
    payers = {"fp": "the person flagged", "fn": "the public", "tn": "the public"}
    outcome = audit(compas(), fp=1.0, fn=1.5, tn=0.1, who_pays=payers)
    found = values(outcome, "expected_cost")["race=Black, as decided"]
    assert found.value == pytest.approx((805 + 1.5 * 532 + 0.1 * 990) / 3696)
    assert sum(found.details.values()) == pytest.approx(found.value)
    assert found.details["of_wrong_flags"] == pytest.approx(805 / 3696)
    assert found.interval.low < found.value < found.interval.high
    borne = {group: one.value for group, one in values(outcome, "cost_borne").items() if "Black" in group}
    assert borne == pytest.approx(
        {"race=Black, paid by the person flagged": 805 / 3696, "race=Black, paid by the public": 897 / 3696}
    )
    text = said(outcome)
    assert "A wrong flag costs 1, paid by the person flagged. A miss costs 1.5, paid by the public. Rightly" in text
    assert "Borne by the person flagged: 0.218 (0.205 to 0.231); by the public: 0.243 (" in text
    assert "who pays was not declared" in said(audit(compas(), fp=1.0, fn=1.5))


def test_what_nobody_is_named_for_stands_last():
    half_named = audit(compas(), fp=1.0, fn=1.5, who_pays={"fp": "the defendant"})
    assert list(values(half_named, "cost_borne"))[-1] == "race=White, paid by (not declared)"
    assert "Borne by the defendant: 0.142 (0.129 to 0.157); by (not declared): 0.282 (" in said(half_named)
    assert values(audit(compas(), fp=1.0, fn=1.5), "cost_borne") == {}


def test_every_cell_of_the_table_of_actions_and_truths_is_listed_with_who_pays():
    actions = {"ask a judge": (0.3, 0.35), "wait": (0.0, 2.0)}
    payers = {"fn": "the public", "ask a judge": "the court", "wait/yes": "the victim", "third": "the office"}
    outcome = audit(compas(), fp=1.0, fn=1.5, third=0.4, actions=actions, who_pays=payers)
    found = values(outcome, "action_cost")
    listed = {(one.parameters["action"], one.parameters["truth"]): (one.value, one.parameters["who_pays"])
              for one in found.values()}  # fmt: skip
    no, yes = "reoffended ≠ yes", "reoffended = yes"
    assert listed == {
        ("flagged ≠ yes", no): (0.0, ""), ("flagged ≠ yes", yes): (1.5, "the public"),
        ("flagged = yes", no): (1.0, ""), ("flagged = yes", yes): (0.0, ""),
        ("third action", no): (0.4, "the office"), ("third action", yes): (0.4, "the office"),
        ("ask a judge", no): (0.3, "the court"), ("ask a judge", yes): (0.35, "the court"),
        ("wait", no): (0.0, ""), ("wait", yes): (2.0, "the victim"),
    }  # fmt: skip
    assert found[f"wait, {yes}"].reason_without == "Declared; paid by the victim."
    text = said(outcome)
    assert "The action 'ask a judge' costs 0.3 with reoffended ≠ yes and with reoffended = yes 0.35, paid by" in text
    assert "with reoffended = yes 2, paid by the victim." in text


def test_another_action_for_everybody_costs_what_the_prevalence_makes_of_it():
    outcome = audit(compas(), fp=1.0, fn=1.5, third=0.4, actions={"ask a judge": (0.3, 0.35)})
    found, pi = values(outcome, "expected_cost"), 1901 / 3696
    asked = found["race=Black, always ask a judge"]
    assert asked.value == pytest.approx(0.3 * (1 - pi) + 0.35 * pi)
    wilson = wilson_interval(1901, 3696)
    assert (asked.interval.low, asked.interval.high) == pytest.approx(
        (0.3 + 0.05 * wilson.low, 0.3 + 0.05 * wilson.high)
    )
    same = found["race=Black, always third action"]
    assert (same.value, same.interval) == (pytest.approx(0.4), None)
    assert same.reason_without.startswith("The same for everybody")
    assert "always third action 0.400, always ask a judge 0.326 (0.325 to 0.327)." in said(outcome)


def test_actions_alone_have_costs_though_nobody_said_what_an_error_costs():
    outcome = audit(compas(), actions={"help": (0.2, 0.1), "leave": (0.0, 1.0)})
    assert set(values(outcome, "expected_cost")) == {f"race={group}, always {action}" for group in ("Black", "White")
                                                     for action in ("help", "leave")}  # fmt: skip
    assert codes(outcome) == {("normalized_expected_cost", ""): "not_declared"}


def test_a_group_without_any_error_is_not_said_to_cost_nothing_for_certain():
    outcome = audit(table(((630, 0, 0, 270), (1139, 349, 461, 505))), fp=1.0, fn=2.0)
    nobody_paid = values(outcome, "expected_cost")["g=A, as decided"]
    limit = wilson_interval(0, 900).high
    assert nobody_paid.value == nobody_paid.interval.low == 0.0
    assert nobody_paid.interval.high == pytest.approx(limit * 5**0.5)  # of a wrong flag and of a miss at 2
    normalised = values(outcome, "normalized_expected_cost")["g=A"]
    # PC = 2·270 / (2·270 + 630); Wilson's upper limit of nothing among n is z² / (n + z²)
    at, squared = 540 / 1170, 1.959963985**2
    upper = ((at * squared / (270 + squared)) ** 2 + ((1 - at) * squared / (630 + squared)) ** 2) ** 0.5
    assert (normalised.interval.low, normalised.interval.high) == pytest.approx((0.0, upper))


def test_thresholds_hold_for_every_group_alike():
    outcome = audit(compas(), fp=10.0, fn=1.0, third=0.5)
    found = {group: one.value for group, one in values(outcome, "optimal_threshold").items()}
    expected = {"": 10 / 11, "no → third action": 0.5, "third action → yes": 0.95}
    assert found == pytest.approx(expected)


def test_a_third_action_that_never_pays_is_said_to():
    outcome = audit(compas(), fp=1.0, fn=1.0, third=0.6)
    assert "Never the cheapest: third action." in said(outcome)
    assert set(values(outcome, "optimal_threshold")) == {""}


def test_other_actions_have_their_own_thresholds_and_dominated_ones_are_named():
    actions = {"inbox": (0.0, 1.0), "junk": (10.0, 0.1), "delete": (100.0, 0.0), "burn": (200.0, 0.5)}
    outcome = audit(compas(), actions=actions)
    found = values(outcome, "optimal_threshold")
    assert found["inbox → junk"].value == pytest.approx(0.9174312, abs=1e-7)
    assert "Never the cheapest: burn." in said(outcome)


def test_further_actions_stand_beside_yes_and_no_if_these_have_costs():
    outcome = audit(compas(), fp=1.0, fn=1.5, actions={"ask a judge": (0.3, 0.35)})
    found = {group: one.value for group, one in values(outcome, "optimal_threshold").items()}
    assert found == pytest.approx({"": 0.4, "no → ask a judge": 0.3 / 1.45, "ask a judge → yes": 0.7 / 1.05})


def test_cost_curves_are_lines_from_the_false_positive_to_the_miss_rate():
    series = {one.name: one for one in audit(compas(), fp=1.0, fn=1.5).series}
    assert series["cost_curve/race=Black"].y == pytest.approx((0.4484680, 0.2798527), abs=1e-6)
    assert "cost_curve/constant" in series
    pi = 1901 / 3696
    assert series["cost_mark/race=Black"].x[0] == pytest.approx(pi * 1.5 / (pi * 1.5 + 1 - pi))


def test_a_group_in_which_no_wrong_flag_was_seen_has_no_upper_end():
    assert codes(audit(ADVERSARIAL["zero cells"]))["break_even_high", "g=B"] == "empty_cell"


def test_equal_weights_change_nothing():
    plain, scaled = audit(compas(), fp=1.0, fn=2.0), audit(weighted(compas(), 0.5), fp=1.0, fn=2.0)
    for one, other in zip(plain.values, scaled.values, strict=True):
        assert other.estimate.value == pytest.approx(one.estimate.value)
        assert (other.estimate.interval is None) == (one.estimate.interval is None)
        if one.estimate.interval:
            assert other.estimate.interval.high == pytest.approx(one.estimate.interval.high)


def test_without_a_truth_nothing_is_said():
    assert set(codes(audit(admissions())).values()) == {"no_truth"}


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_every_table_says_something(name):
    outcome = audit(ADVERSARIAL[name], fp=1.0, fn=2.0)
    assert outcome.values or outcome.unavailable


def test_a_useless_decision_has_an_empty_window():
    assert "No cost ratio does both." in said(audit(table([(20, 80, 80, 20), (50, 50, 50, 50)])))
