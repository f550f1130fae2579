"""Differences between groups: intervals, a calibrated test, and a verdict on whole intervals."""

import time

import numpy as np
import pytest
from count_tables import ADVERSARIAL, admissions, codes, compas, said, table, values, weighted
from scipy.stats import chi2_contingency

from genaudit.audits.disparities import KINDS, disparities
from genaudit.audits.table_options import DIFFERENCES, DisparitiesOptions
from genaudit.stats.seeds import generator
from genaudit.values.findings import Verdict

FPR = "false_positive_rate_difference"


def audit(of, **options):
    given = {"permutations": 999, "bootstraps": 200} | options
    return disparities(of, options=DisparitiesOptions(**given), rng=generator(0, "disparities"))


def primary(outcome):
    return next(one for one in outcome.findings if one.verdict is not Verdict.DESCRIBED)


def test_what_may_be_primary_is_what_is_compared():
    assert sorted(DIFFERENCES) == sorted(f"{kind}_difference" for kind in KINDS)


def test_the_false_positive_rates_of_compas_differ_and_the_test_is_of_that_rate():
    """aequitas 1.1.0 tests FP / (TP + FP) in its place: p = 0.0504, "not significant"."""
    found = values(audit(compas(), permutations=9999), FPR)
    assert found[""].value == pytest.approx(0.4484680 - 0.2345430, abs=1e-6)
    assert found[""].details["p_value"] == 1 / 10_000
    assert chi2_contingency([[805, 990], [349, 1139]], correction=False).pvalue == pytest.approx(2.1e-37, rel=0.05)
    of_flagged = values(audit(compas(), permutations=9999), "positive_predictive_value_difference")[""]
    assert of_flagged.details["p_value"] == pytest.approx(0.0504, abs=0.01)


def test_each_pair_has_newcombes_interval_and_names_both_groups():
    found = values(audit(table([(24, 56, 10, 10), (32, 48, 10, 10)])), FPR)["g=A − B"]
    assert found.value == pytest.approx(0.1)
    three = values(audit(table([(5, 5, 9, 9)] * 3, "ABC")), FPR)
    assert set(three) == {"", "g=A − B", "g=A − C", "g=B − C"}


def test_equalised_odds_is_the_larger_of_both_differences():
    found = values(audit(table([(50, 50, 30, 70), (80, 20, 20, 80)])), "equalized_odds_difference")
    assert found[""].value == pytest.approx(0.3)
    assert set(found) == {""}


def test_a_group_without_negatives_is_left_out_and_listed():
    """fairlearn reports an equalised odds difference of 0.5 for it, out of nothing."""
    outcome = audit(table([(0, 0, 40, 60), (50, 50, 45, 55), (45, 55, 42, 58)], "ABC"))
    assert codes(outcome, "equalized_odds_difference") == {("equalized_odds_difference", "g=A"): "no_negatives"}
    assert values(outcome, "equalized_odds_difference")[""].value == pytest.approx(0.05)


def test_two_groups_of_which_one_cannot_be_compared_leave_no_comparison():
    outcome = audit(table([(0, 0, 40, 60), (50, 50, 45, 55)]))
    assert codes(outcome)[FPR, ""] == "missing_group"
    assert not values(outcome, FPR)


def test_people_without_a_group_are_no_group_to_compare_with():
    outcome = audit(ADVERSARIAL["people without a group"])
    assert codes(outcome)["accuracy_difference", "g=(missing)"] == "missing_group"


@pytest.mark.parametrize(
    ("cells", "verdict"),
    [
        ([(6000, 4000, 100, 100), (6010, 3990, 100, 100)], Verdict.PASS),
        ([(600, 400, 100, 100), (400, 600, 100, 100)], Verdict.FAIL),
        ([(60, 40, 100, 100), (57, 43, 100, 100)], Verdict.INCONCLUSIVE),
    ],
)
def test_a_verdict_is_on_the_whole_interval(cells, verdict):
    found = primary(audit(table(cells), primary=FPR, tolerance=0.05, tolerance_source="the data officer"))
    assert found.verdict is verdict
    assert "At most 0.05 is tolerated, set by the data officer: " in found.rule


def test_an_undecided_verdict_says_about_how_many_people_would_decide():
    few = primary(audit(table([(60, 40, 9, 9), (57, 43, 9, 9)]), primary=FPR, tolerance=0.05))
    assert few.rule.endswith("people of whom the truth is no instead of 200 would decide.")
    number = int(few.rule.partition("about n = ")[2].partition(" ")[0].replace(",", ""))
    scale = number / 200
    cells = [(60 * scale, 40 * scale, 99, 99), (57 * scale, 43 * scale, 99, 99)]
    more = primary(audit(table(np.round(cells)), primary=FPR, tolerance=0.05))
    assert more.verdict is Verdict.PASS or more.interval.high == pytest.approx(0.05, abs=0.002)


def test_a_rate_that_is_the_same_everywhere_is_not_said_to_lie_between_a_group_and_itself():
    outcome = audit(table(((90, 10, 0, 50), (180, 5, 0, 70))))
    assert "True positive rate (equal opportunity): largest difference 0.000 (" in said(outcome)
    assert "), 1.000 in every group; p = 1 by" in said(outcome)
    assert values(outcome, "equal_opportunity_difference")[""].note == ""


def test_nothing_is_judged_without_a_tolerance():
    outcome = audit(compas(), primary=FPR)
    assert {finding.verdict for finding in outcome.findings} == {Verdict.DESCRIBED}


def test_the_primary_is_not_adjusted_and_all_others_are():
    outcome = audit(compas(), primary=FPR)
    adjusted = {v.name for v in outcome.values if "p_adjusted" in v.estimate.details}
    tested = {v.name for v in outcome.values if "p_value" in v.estimate.details}
    assert tested - adjusted == {FPR}
    assert len(tested) == len(KINDS)


def test_the_smallest_over_the_largest_has_an_interval_that_may_hold_one():
    equal = values(audit(table([(70, 30, 70, 30)] * 4, "ABCD")), "demographic_parity_ratio")[""]
    assert (equal.value, equal.interval.high) == (1, 1)
    apart = values(audit(compas()), "demographic_parity_ratio")
    assert apart[""].value == pytest.approx((854 / 2454) / (2174 / 3696))
    assert apart["race=Black / White"].value == pytest.approx(1 / apart[""].value)


def test_a_ratio_of_nothing_to_nothing_is_undefined():
    assert codes(audit(ADVERSARIAL["nobody flagged"]))["demographic_parity_ratio", ""] == "empty_cell"


def test_a_pair_whose_second_rate_is_nought_has_no_ratio_and_is_listed():
    outcome = audit(table([(50, 50, 50, 50), (100, 0, 100, 0)]))
    assert codes(outcome)["false_positive_rate_ratio", "g=A / B"] == "empty_cell"
    assert "g=A / B" not in values(outcome, "false_positive_rate_ratio")


def test_a_tolerance_for_what_cannot_be_compared_is_undecided_and_not_kept():
    found = primary(audit(admissions(), primary=FPR, tolerance=0.1))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "there is nothing to judge" in found.rule


def test_who_was_left_out_of_a_verdict_is_named_in_it():
    of = table([(6000, 4000, 100, 100), (6010, 3990, 100, 100), (1, 2, 1, 1)], "ABC")
    found = primary(audit(of, primary=FPR, tolerance=0.05))
    assert found.statement.endswith("Not compared: g=C.")


def test_a_group_whose_rate_nobody_knows_keeps_a_tolerance_from_being_kept():
    """Nine of nine people of C are wrongly flagged: too few to estimate is no evidence that they are treated alike."""
    of = table([(6000, 4000, 100, 100), (6010, 3990, 100, 100), (0, 9, 100, 100)], "ABC")
    found = primary(audit(of, primary=FPR, tolerance=0.05))
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.rule.endswith("the groups that could be compared keep it, and nobody knows whether g=C would.")


def test_a_group_whose_rate_nobody_knows_saves_nobody_from_a_broken_tolerance():
    of = table([(600, 400, 100, 100), (400, 600, 100, 100), (0, 9, 100, 100)], "ABC")
    assert primary(audit(of, primary=FPR, tolerance=0.05)).verdict is Verdict.FAIL


def test_a_combination_of_which_there_is_nobody_keeps_no_tolerance_from_being_kept():
    of = table([(6000, 4000, 100, 100), (6010, 3990, 100, 100), (0, 0, 0, 0)], "ABC")
    assert primary(audit(of, primary=FPR, tolerance=0.05)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("nameless", "verdict"),
    [
        ((600, 400, 100, 100), Verdict.PASS),  # as often misjudged as the others
        ((10, 2, 1, 1), Verdict.PASS),  # few, of whom nothing is shown
        ((5, 40, 100, 100), Verdict.INCONCLUSIVE),  # 40 of 45 flagged in error: perhaps one group, whose name was lost
    ],
)
def test_people_without_a_group_keep_a_tolerance_open_only_if_as_one_group_they_would_break_it(nameless, verdict):
    of = table([(6000, 4000, 100, 100), (6010, 3990, 100, 100), nameless], ("A", "B", "(missing)"))
    found = primary(audit(of, primary=FPR, tolerance=0.05))
    assert found.verdict is verdict
    assert found.statement.endswith("Not compared: g=(missing).")
    assert found.rule.endswith("if the people without one were a group of their own.") == (verdict is not Verdict.PASS)


def test_weighted_tables_have_intervals_of_effective_people_and_no_permutation():
    found = values(audit(weighted(compas(), 2.0)), FPR)[""]
    plain = values(audit(compas()), FPR)[""]
    assert (found.interval.low, found.interval.high) == pytest.approx((plain.interval.low, plain.interval.high))
    assert "p_value" not in found.details
    assert "sums of weights cannot be permuted" in said(audit(weighted(compas(), 2.0)))


def test_without_a_truth_selection_rates_alone_are_compared():
    outcome = audit(admissions())
    assert {v.name for v in outcome.values} == {"demographic_parity_difference", "demographic_parity_ratio"}


def test_the_same_seed_gives_the_same_numbers_and_the_order_of_groups_only_signs():
    assert audit(compas()) == audit(compas())
    swapped = table([(1139, 349, 461, 505), (990, 805, 532, 1369)], ("White", "Black"), group="race")
    assert values(audit(swapped), FPR)[""].value == values(audit(compas()), FPR)[""].value
    assert values(audit(swapped), FPR)["race=White − Black"].value < 0


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_every_table_is_compared_or_the_reason_is_given(name):
    outcome = audit(ADVERSARIAL[name])
    for kind in KINDS:
        given = values(outcome, f"{kind}_difference").get("")
        assert (given is None) == ((f"{kind}_difference", "") in codes(outcome)), kind
        assert given is None or given.interval or given.reason_without


def test_the_full_numbers_of_permutations_and_bootstraps_take_less_than_a_second():
    began = time.process_time()
    audit(table(np.full((4, 4), 62_500), "ABCD"), permutations=9999, bootstraps=2000)
    assert time.process_time() - began < 1


def test_two_thousand_groups_are_compared_with_the_largest():
    rng = generator(1, "groups")
    of = table(rng.integers(5, 40, (2_000, 4)), [str(i) for i in range(2_000)])
    outcome = audit(of)
    pairs = [group for group in values(outcome, "demographic_parity_difference") if group]
    largest = of.groups[int(of.confusion.sum(axis=(1, 2)).argmax())]
    assert len(pairs) == 1_999
    assert all(group.endswith(f"− {largest}") for group in pairs)


def test_a_table_of_billions_of_people_keeps_its_intervals_and_says_why_nothing_was_tested():
    """numpy permutes the labels of fewer than 10⁹ people; what it cannot do must not take the differences along."""
    outcome = audit(table([(10**9, 10**9, 10**9, 3 * 10**9), (2 * 10**9, 10**9, 10**9, 10**9)]))
    found = values(outcome, FPR)[""]
    assert found.value == pytest.approx(2 / 3 - 1 / 2)
    assert found.interval is not None
    assert "p_value" not in found.details
    assert "not tested, because labels of more than 999,999,999 people cannot be permuted" in said(outcome)


def test_an_interval_without_nought_beside_a_test_that_finds_nothing_is_explained():
    """Large A and B surely differ; a group of twelve makes a difference as large as theirs likely by chance."""
    of = table([(600, 400, 9, 9), (470, 530, 9, 9), (6, 6, 9, 9)], "ABC")
    outcome = audit(of)
    found = values(outcome, FPR)[""]
    assert found.interval.low > 0.05
    assert found.details["p_value"] > 0.05
    explained = (
        "small groups lie far apart by chance; the interval weighs each pair by its own people, and leaves 0 out."
    )
    assert explained in next(one.statement for one in outcome.findings if one.value == found.value)
    assert explained not in said(audit(compas()))
