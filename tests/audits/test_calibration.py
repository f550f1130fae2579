"""What a score means in each group: shares by score, their distance from probabilities, differences at equal score."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from count_tables import codes, compas, said, values
from sklearn.calibration import calibration_curve

from genaudit.audits.calibration import calibration
from genaudit.audits.costs import costs
from genaudit.audits.table_options import CalibrationOptions, CostsOptions
from genaudit.errors import NotApplicable
from genaudit.stats.calibration import pooled_difference
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.seeds import generator
from genaudit.tables.coding import code_tables
from genaudit.tables.columns import TableColumns
from genaudit.tables.data_frames import FrameSource


def audit(of, **options):
    return calibration(of, options=CalibrationOptions(**options), rng=None)


def tabled(frame, score="s", threshold=0.5, **more):
    given = TableColumns(**{"group": ("g",), "truth": "y", "score": score, "threshold": threshold, **more})
    return code_tables(FrameSource(frame=frame).read(given, lambda _: None), given).tables[0]


def drawn(sizes, bend, seed=0):
    """People whose truth is drawn with a probability that a score says, or says wrongly."""
    rng = generator(seed, "scores")
    parts = []
    for group, n in sizes.items():
        score = rng.beta(2, 2, n)
        truth = rng.random(n) < bend.get(group, lambda s: s)(score)
        parts.append(pd.DataFrame({"g": group, "s": score, "y": truth.astype(int)}))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def people():
    return drawn({"A": 3000, "B": 2000}, {"B": lambda s: 0.8 * s})


def test_shares_and_mean_scores_of_bins_are_scikit_learns(people):
    outcome = audit(tabled(people), min_count=1)
    for group in "AB":
        own = people[people["g"] == group]
        shares, means = calibration_curve(own["y"], own["s"], n_bins=10)
        found = [one for name, one in values(outcome, "positive_share_at_score").items() if f"g={group}" in name]
        assert [one.value for one in found] == pytest.approx(shares)
        # sums of scores keep 12 digits
        assert [one.details["mean_score"] for one in found] == pytest.approx(means, rel=1e-10)


def test_each_share_has_its_wilson_interval_and_is_said_of_1000_people():
    frame = pd.DataFrame({"g": ["A"] * 100 + ["B"] * 50, "s": [0.2] * 60 + [0.7] * 40 + [0.2] * 30 + [0.9] * 20})
    frame["y"] = [1] * 15 + [0] * 45 + [1] * 30 + [0] * 10 + [1] * 6 + [0] * 24 + [1] * 18 + [0] * 2
    outcome = audit(tabled(frame))
    found = values(outcome, "positive_share_at_score")
    assert {name: one.value for name, one in found.items()} == {
        "g=A, s=0.2": 0.25, "g=A, s=0.7": 0.75, "g=B, s=0.2": 0.2, "g=B, s=0.9": 0.9,
    }  # fmt: skip
    wilson = wilson_interval(30, 40)
    assert (found["g=A, s=0.7"].interval.low, found["g=A, s=0.7"].interval.high) == (wilson.low, wilson.high)
    text = said(outcome)
    assert "With s = 0.7: among 1,000 people of g=A, about 750 (95 % interval 598 to 858) have y = 1." in text
    assert codes(outcome) == {("positive_share_at_score", "g=A, s=0.9"): "empty_cell",
                              ("positive_share_at_score", "g=B, s=0.7"): "empty_cell"}  # fmt: skip


def test_the_numbers_of_a_group_by_hand():
    frame = pd.DataFrame({"g": ["A"] * 100 + ["B"] * 100, "s": [0.2, 0.7] * 50 + [0.1, 0.2] * 50})
    frame.loc[:99, "y"] = np.where(frame["s"][:100] == 0.2, np.arange(100) < 40, np.arange(100) < 60)
    frame.loc[100:, "y"] = np.arange(100) < 10
    outcome = audit(tabled(frame.astype({"y": int})))
    gap = values(outcome, "calibration_in_the_large")["g=A"]
    assert gap.value == pytest.approx(0.45 - 0.5)
    error = values(outcome, "expected_calibration_error")["g=A"]
    assert error.value == pytest.approx(0.5 * abs(0.2 - 0.4) + 0.5 * abs(0.7 - 0.6))
    assert error.details["under_perfect_calibration"] < 0.06 < error.value < 0.16
    assert error.interval is None
    difference = values(outcome, "difference_at_equal_score")["g=A − g=B"]
    assert difference.value == pytest.approx(0.4 - 0.1)  # 0.2 is the one score that both have
    assert difference.interval.low == pytest.approx(pooled_difference([[[20, 30], [5, 45]]])[1].low)
    assert difference.n_reference == 100


def test_a_group_whose_scores_say_too_much_is_found_and_the_other_is_not(people):
    outcome = audit(tabled(people))
    errors = values(outcome, "expected_calibration_error")
    assert errors["g=A"].details["p_value"] > 0.05
    assert errors["g=B"].details["p_value"] < 1e-6
    gap = values(outcome, "calibration_in_the_large")
    assert gap["g=A"].interval.low < 0 < gap["g=A"].interval.high
    assert gap["g=B"].interval.low > 0.05
    assert values(outcome, "difference_at_equal_score")["g=A − g=B"].interval.low > 0.05
    text = said(outcome)
    assert "In g=B the mean score is 0.5" in text
    assert "more than chance makes" in text.partition("In g=B")[2]
    assert "no more than chance can make" in text.partition("In g=B")[0]


def test_the_order_of_rows_and_equal_rows_put_into_counts_change_nothing(people):
    shuffled = people.sample(frac=1, random_state=4)
    assert audit(tabled(shuffled)) == audit(tabled(people))
    rounded = people.round({"s": 2})
    counted = rounded.groupby(["g", "s", "y"], as_index=False).size().rename(columns={"size": "n"})
    assert audit(tabled(counted, weight="n", weight_kind="count")) == audit(tabled(rounded))


def test_equal_survey_weights_change_no_value_and_no_interval(people):
    weighted = audit(tabled(people.assign(w=0.25), weight="w", weight_kind="survey"))
    plain = audit(tabled(people))
    for name in ("positive_share_at_score", "calibration_in_the_large", "difference_at_equal_score"):
        for group, one in values(plain, name).items():
            other = values(weighted, name)[group]
            assert (other.value, other.interval.low) == pytest.approx((one.value, one.interval.low))
    spread = people.assign(w=np.where(np.arange(len(people)) % 2, 0.1, 1.9))
    wide = values(audit(tabled(spread, weight="w", weight_kind="survey")), "calibration_in_the_large")["g=A"]
    assert wide.interval.width > 1.2 * values(plain, "calibration_in_the_large")["g=A"].interval.width


def test_scores_that_are_no_probabilities_are_compared_at_equal_score_alone(people):
    ranked = people.assign(s=np.ceil(people["s"] * 10))
    outcome = audit(tabled(ranked, threshold=5))
    assert codes(outcome)["calibration_in_the_large", ""] == "no_probability"
    assert codes(outcome)["expected_calibration_error", ""] == "no_probability"
    assert values(outcome, "difference_at_equal_score")["g=A − g=B"].interval.low > 0.05
    assert "The scores of s are no probabilities" in said(outcome)
    assert "With s = 7: among 1,000 people of g=A" in said(outcome)
    declared = audit(tabled(people, score_kind="rank"))
    assert "were declared to be no probabilities" in said(declared)


def test_groups_without_a_common_score_cannot_be_compared():
    frame = pd.DataFrame({"g": list("A" * 40 + "B" * 40), "s": [1, 2] * 20 + [3, 4] * 20, "y": [0, 0, 1, 1] * 20})
    outcome = audit(tabled(frame, threshold=2))
    assert codes(outcome)["difference_at_equal_score", "g=A − g=B"] == "empty_cell"


def test_small_bins_and_small_groups_are_not_estimable_and_listed():
    frame = drawn({"A": 300, "B": 5}, {})
    outcome = audit(tabled(frame))
    assert codes(outcome)["calibration_in_the_large", "g=B"] == "below_min_n"
    assert codes(outcome)["difference_at_equal_score", "g=B"] == "below_min_n"
    assert {code for (name, group), code in codes(outcome).items() if name == "positive_share_at_score"
            and "g=B" in group} <= {"below_min_n", "empty_cell"}  # fmt: skip


def test_of_many_groups_the_highest_and_the_lowest_share_at_a_score_are_said():
    frame = drawn(dict.fromkeys("ABCDEF", 400), {"C": lambda s: 0.9 + 0 * s, "E": lambda s: 0 * s})
    text = said(audit(tabled(frame)))
    line = text.partition("With s from 0.5 to 0.6: ")[2].partition("With s")[0]
    assert "1,000 people of g=C" in line
    assert "of g=E about 0 " in line
    assert "g=A" not in line


def test_people_without_a_group_are_neither_the_highest_nor_the_lowest():
    frame = drawn(dict.fromkeys("ABCDEF", 400), {"C": lambda s: 0.9 + 0 * s, "E": lambda s: 0 * s})
    line = said(audit(tabled(frame.replace({"g": {"C": None}})))).partition("With s from 0.5 to 0.6: ")[2]
    assert "(missing)" not in line.partition("With s")[0]


def test_without_a_score_or_a_truth_it_is_not_assessed(people):
    with pytest.raises(NotApplicable, match="was not made from a score"):
        audit(compas())
    with pytest.raises(NotApplicable, match="no column of what was the case"):
        audit(tabled(people, truth=""))


def test_weighted_scores_without_squared_weights_are_refused(people):
    table = tabled(people.assign(w=0.5), weight="w", weight_kind="survey")
    with pytest.raises(ValueError, match="need the squared weights"):
        replace(table, scores=replace(table.scores, weight_squares=None))


def test_costs_say_of_each_group_whether_its_scores_were_seen_calibrated(people):
    outcome = costs(tabled(people), options=CostsOptions(fp=1.0, fn=1.0), rng=None)
    assert "Of s a departure beyond chance was seen in g=B (p = " in said(outcome)
    assert "), none in g=A: see what a score means in each group." in said(outcome)
    ranked = costs(tabled(people, score_kind="rank"), options=CostsOptions(fp=1.0, fn=1.0), rng=None)
    assert "The scores of s are no probabilities" in said(ranked)
    assert "departure" not in said(costs(compas(), options=CostsOptions(fp=1.0, fn=1.0), rng=None))


def test_the_people_of_each_group_in_the_reject_band_are_counted(people):
    options = CostsOptions(fp=1.0, fn=2.0, third=0.3)
    outcome = costs(tabled(people, cuts=(0.15, 0.7)), options=options, rng=None)
    own = people["s"][people["g"] == "B"]
    inside = int(((own >= 0.15) & (own < 0.7)).sum())  # [d / c_FN, 1 - d / c_FP]
    found = values(outcome, "cheapest_action_share")
    assert found["g=B, third action"].value == inside / len(own)
    wilson = wilson_interval(inside, len(own))
    assert (found["g=B, third action"].interval.low, found["g=B, third action"].interval.high) == (
        wilson.low, wilson.high
    )  # fmt: skip
    assert sum(one.value for name, one in found.items() if "g=B" in name) == pytest.approx(1)
    assert "Of 1,000 people of g=B, each with the action that is cheapest at their score: no for" in said(outcome)
    assert not values(costs(tabled(people), options=options, rng=None), "cheapest_action_share")
    few = costs(tabled(people.iloc[:3003], cuts=(0.15, 0.7)), options=options, rng=None)
    assert codes(few)["cheapest_action_share", "g=B, third action"] == "below_min_n"
