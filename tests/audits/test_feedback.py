"""The urn of what is looked at because of what was found."""

import pytest
from count_tables import ADVERSARIAL, admissions, compas, said, table, values

from genaudit.audits.feedback import feedback
from genaudit.audits.table_options import FeedbackOptions
from genaudit.errors import NotApplicable


def audit(of, **options):
    return feedback(of, options=FeedbackOptions(**options), rng=None)


def test_with_equal_chances_the_start_decides():
    found = values(audit(compas(), discovery={"Black": 0.3, "White": 0.3}), "feedback_limit_share")
    limit = found["race=Black against White, discoveries alone"]
    assert limit.value == pytest.approx(2174 / 3028)
    assert limit.interval.low < limit.value < limit.interval.high
    assert found["race=Black against White, counted less where more is looked"].value == 0.5


def test_with_unequal_chances_one_group_gets_everything():
    outcome = audit(compas())
    found = values(outcome, "feedback_limit_share")
    assert found["race=Black against White, discoveries alone"].value == 1
    corrected = found["race=Black against White, counted less where more is looked"].value
    assert corrected == pytest.approx(0.5143398 / (0.5143398 + 0.3936430), abs=1e-6)
    assert "goes to 1 in the end, however small the difference" in said(outcome)
    assert "An illustration of a mechanism and no forecast" in said(outcome)


def test_chances_within_noise_of_each_other_say_that_the_end_may_be_the_other_one():
    near = table([(30, 20, 10, 40), (28, 20, 12, 40)])
    assert (
        "goes to 0 in the end, however small the difference of the chances; this one lies within noise (-0.155 to "
        "0.116), and with the other sign the share would go to 1."
    ) in said(audit(near))
    declared = said(audit(near, discovery={"A": 0.5, "B": 0.52}))
    assert "within noise" not in declared
    assert "within noise" not in said(audit(compas()))


def test_the_path_begins_at_the_start():
    (series,) = audit(compas()).series
    assert series.y[0] == pytest.approx(2174 / 3028)
    assert list(series.y) == sorted(series.y)


def test_without_a_truth_chances_must_be_declared():
    with pytest.raises(NotApplicable, match="no chances of a discovery"):
        audit(admissions())
    assert audit(admissions(), discovery={"man": 0.1, "woman": 0.2}).values


@pytest.mark.parametrize("name", ["one group", "nobody at all", "nobody flagged", "all of one class"])
def test_without_two_groups_that_can_be_found_in_there_is_nothing_to_show(name):
    with pytest.raises(NotApplicable, match="Fewer than two groups"):
        audit(ADVERSARIAL[name])
