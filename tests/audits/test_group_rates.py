"""Rates of groups come from counts, and what is undefined is never a number."""

from dataclasses import replace

import numpy as np
import pytest
from count_tables import ADVERSARIAL, admissions, codes, compas, said, table, values, weighted

from genaudit.audits.group_rates import group_rates
from genaudit.audits.table_options import GroupRatesOptions
from genaudit.stats.rates import RATES


def audit(of, **options):
    return group_rates(of, options=GroupRatesOptions(**options), rng=None)


def test_the_rates_of_compas_are_those_of_its_counts():
    outcome = audit(compas())
    expected = {
        "false_positive_rate": (0.4484680, 0.2345430),
        "false_negative_rate": (0.2798527, 0.4772257),
        "positive_predictive_value": (0.6297148, 0.5913349),
        "negative_predictive_value": (0.6504599, 0.711875),
        "prevalence": (0.5143398, 0.3936430),
    }
    for name, both in expected.items():
        found = values(outcome, name)
        assert (found["race=Black"].value, found["race=White"].value) == pytest.approx(both, abs=1e-6), name
    assert not outcome.unavailable


def test_a_sentence_gives_natural_frequencies_with_their_interval():
    assert (
        "Of 1,000 people with race=Black and reoffended ≠ yes, about 448 have flagged = yes all the same "
        "(95 % interval 426 to 472)."
    ) in said(audit(compas()))


def test_the_rates_of_fairlearns_documentation_are_reproduced_from_counts():
    truth = np.array(list("011110101000111111"), int)
    flagged = np.array(list("001011100111100110"), int)
    group = np.array(list("bbabbcccaacabccbcc"))
    cells = np.zeros((3, 2, 2))
    np.add.at(cells, (["abc".index(g) for g in group], truth, flagged), 1)
    outcome = audit(table(cells, "abc"), min_count=1, warn_count=1)
    found = {name: [one.value for one in values(outcome, name).values()] for name in RATES}
    assert found["true_positive_rate"] == pytest.approx([0.5, 0.6, 0.4])
    assert found["false_positive_rate"] == pytest.approx([1, 0, 2 / 3])
    assert found["selection_rate"] == pytest.approx([0.75, 0.5, 0.5])


def test_a_group_without_negatives_has_no_false_positive_rate_and_no_true_negative_rate():
    """fairlearn gives 0.0 for both, and an equalised odds difference of 0.5 out of nothing."""
    outcome = audit(table([(0, 0, 40, 60), (50, 50, 50, 50)]))
    assert codes(outcome) == {
        ("false_positive_rate", "g=A"): "no_negatives",
        ("true_negative_rate", "g=A"): "no_negatives",
    }
    assert "g=A" not in values(outcome, "false_positive_rate")


@pytest.mark.parametrize(
    ("cells", "name", "code"),
    [
        ((50, 0, 50, 0), "positive_predictive_value", "no_predicted_positives"),
        ((0, 50, 0, 50), "negative_predictive_value", "no_predicted_negatives"),
        ((50, 50, 0, 0), "true_positive_rate", "no_positives"),
        ((0, 0, 0, 0), "selection_rate", "empty_cell"),
        ((4, 5, 40, 40), "false_positive_rate", "below_min_n"),
    ],
)
def test_what_is_undefined_says_why(cells, name, code):
    outcome = audit(table([cells, (50, 50, 50, 50)]))
    assert codes(outcome)[name, "g=A"] == code
    assert "rates of 1 group are undefined or not estimable: g=A" in said(outcome)


def test_nobody_of_a_small_group_is_not_nobody_for_sure():
    """A percentile bootstrap of 0 of 12 is [0, 0]."""
    found = values(audit(table([(12, 0, 30, 30), (50, 50, 50, 50)])), "false_positive_rate")["g=A"]
    assert (found.value, found.interval.low) == (0, 0)
    assert found.interval.high == pytest.approx(0.2425, abs=1e-4)
    assert "wider than" in found.note


def test_ten_to_twenty_nine_people_are_shown_with_a_warning():
    found = values(audit(table([(10, 19, 60, 60), (50, 50, 50, 50)])), "false_positive_rate")
    assert "Only 29 people." in found["g=A"].note
    assert "Only" not in found["g=B"].note


def test_a_table_without_a_truth_has_selection_rates_alone():
    outcome = audit(admissions())
    assert {value.name for value in outcome.values} == {"selection_rate"}
    assert set(codes(outcome).values()) == {"no_truth"}


def test_weights_that_are_all_equal_change_no_rate_and_no_interval():
    plain, scaled = audit(compas()), audit(weighted(compas(), 1 / 3))
    for one, other in zip(plain.values, scaled.values, strict=True):
        assert other.estimate.value == pytest.approx(one.estimate.value, rel=1e-12)
        assert other.estimate.interval.low == pytest.approx(one.estimate.interval.low, rel=1e-12)
        assert "Kish" in other.estimate.note


def test_weights_without_their_squares_have_no_intervals_and_say_why():
    for value in audit(weighted(compas(), kept=False)).values:
        assert value.estimate.interval is None
        assert "squares were not kept" in value.estimate.reason_without


def test_the_order_of_the_groups_changes_nothing():
    swapped = table([(1139, 349, 461, 505), (990, 805, 532, 1369)], ("White", "Black"), group="race")
    assert values(audit(swapped), "accuracy") == values(audit(compas()), "accuracy")


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_every_rate_of_every_table_is_a_number_or_has_a_reason(name):
    of = ADVERSARIAL[name]
    outcome = audit(of)
    assert len(outcome.values) + sum(1 for key in codes(outcome) if key[1]) == len(of.groups) * (
        11 if of.has_truth else 1
    )


def test_ten_thousand_groups_are_no_trouble():
    rng = np.random.Generator(np.random.Philox(key=1))
    of = table(rng.integers(0, 40, (10_000, 4)), [str(i) for i in range(10_000)])
    outcome = audit(of)
    assert len(outcome.values) + len(outcome.unavailable) == 110_000
    assert len(outcome.findings) == 1


def test_a_decision_made_from_a_score_is_said_as_the_score():
    scored = replace(compas(), decision="decile ≥ 5", positive_decision="")
    text = said(audit(scored))
    assert "Of 1,000 people with race=Black, about 588 have decile ≥ 5 (95 %" in text
    assert "race=Black and reoffended = yes, about 280 have decile < 5 all the same" in text
    assert "≥ 5 = yes" not in text
