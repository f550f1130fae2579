"""The composition of a table against a declared population."""

import pytest
from count_tables import ADVERSARIAL, codes, compas, said, table, values, weighted
from scipy import stats

from genaudit.audits.sampling import check_population, sampling
from genaudit.audits.table_options import SamplingOptions
from genaudit.errors import BadOption, NotApplicable


def audit(of, population, **options):
    return sampling(of, options=SamplingOptions(population=population, **options), rng=None)


def test_arrests_reweighted_to_the_population_are_worth_fewer_people():
    """Share .13 of the population, .428 of the arrested: weights .304 and 1.52, Kish 733.8 of 1,000."""
    outcome = audit(table([(428, 0, 0, 0), (572, 0, 0, 0)]), {"A": 0.13, "B": 0.87})
    weights = values(outcome, "sampling_weight")
    assert (weights["g=A"].value, weights["g=B"].value) == pytest.approx((0.304, 1.52), abs=2e-3)
    assert values(outcome, "effective_people_reweighted")[""].value == pytest.approx(733.817, abs=0.01)


def test_weights_reproduce_the_declared_shares():
    outcome = audit(compas(), {"Black": 0.13, "White": 0.87})
    shares, weights = values(outcome, "share_sampled"), values(outcome, "sampling_weight")
    assert shares["race=Black"].value * weights["race=Black"].value == pytest.approx(0.13)
    assert shares["race=Black"].interval.low < 3696 / 6150 < shares["race=Black"].interval.high


def test_the_test_is_exact_where_it_can_be_and_pearsons_elsewhere():
    few = audit(table([(9, 0, 0, 0), (21, 0, 0, 0)]), {"A": 0.5, "B": 0.5})
    exact = values(few, "representation_p_value")[""]
    assert exact.value == pytest.approx(stats.binomtest(9, 30, 0.5).pvalue)
    assert exact.parameters["test"] == "exact multinomial test"
    four = table([(4000, 0, 0, 0), (3000, 0, 0, 0), (2000, 0, 0, 0), (1000, 0, 0, 0)], "ABCD")
    many = values(audit(four, {"A": 0.41, "B": 0.3, "C": 0.2, "D": 0.09}), "representation_p_value")[""]
    known = stats.chisquare([4000, 3000, 2000, 1000], [4100, 3000, 2000, 900])
    assert many.value == pytest.approx(known.pvalue)


def test_a_chance_below_what_floating_point_holds_is_a_bound():
    outcome = audit(compas(), {"Black": 0.001, "White": 0.999})
    assert "p < 1e-300 (exact multinomial test)" in said(outcome)
    assert "upper bound" in values(outcome, "representation_p_value")[""].note
    impossible = audit(compas(), {"Black": 0, "White": 1})
    assert "somebody in the table is of a group that the population does not have" in said(impossible)


def test_a_worse_composition_has_a_smaller_p_value():
    found = [
        values(audit(table([(n, 0, 0, 0), (100 - n, 0, 0, 0)]), {"A": 0.5, "B": 0.5}), "representation_p_value")[""]
        for n in (50, 42, 30)
    ]
    assert [one.value for one in found] == sorted([one.value for one in found], reverse=True)


def test_the_sentence_on_labels_is_always_there():
    assert "Weights mend the composition and not the labels" in said(audit(compas(), {"Black": 0.6, "White": 0.4}))


def test_without_a_population_nothing_is_assessed_and_the_reason_is_given():
    with pytest.raises(NotApplicable, match="No population was declared"):
        audit(compas(), None)


@pytest.mark.parametrize(
    ("population", "match"),
    [({"Black": 0.5, "Whit": 0.5}, "Did you mean 'White'"), ({"Black": 1.0}, "no share of White")],
)
def test_a_population_of_other_groups_is_refused(population, match):
    with pytest.raises(BadOption, match=match):
        check_population(compas(), population)


def test_a_group_of_which_nobody_was_seen_has_no_weight():
    outcome = audit(ADVERSARIAL["an empty group"], {"A": 0.5, "B": 0.5})
    assert codes(outcome) == {("sampling_weight", "g=B"): "empty_cell"}
    assert not values(outcome, "effective_people_reweighted")
    assert values(outcome, "share_sampled")["g=B"].value == 0


def test_somebody_whom_the_population_does_not_have_is_said():
    found = values(audit(table([(5, 5, 5, 5), (1, 0, 0, 0)]), {"A": 1.0, "B": 0.0}), "representation_p_value")[""]
    assert found.value == 0
    assert "does not have" in found.note


def test_people_without_a_group_are_left_out_of_the_comparison():
    outcome = audit(ADVERSARIAL["people without a group"], {"A": 0.5, "B": 0.5})
    assert values(outcome, "share_sampled")["g=A"].value == 0.5
    assert "g=(missing)" not in values(outcome, "share_sampled")


def test_weights_are_worth_their_effective_people():
    plain = values(audit(compas(), {"Black": 0.6, "White": 0.4}), "representation_p_value")[""]
    scaled = values(audit(weighted(compas(), 5.0), {"Black": 0.6, "White": 0.4}), "representation_p_value")[""]
    assert scaled.value == pytest.approx(plain.value)
    assert not values(audit(weighted(compas(), kept=False), {"Black": 0.6, "White": 0.4}), "representation_p_value")


@pytest.mark.parametrize("name", ADVERSARIAL)
def test_every_table_is_compared_or_the_reason_is_given(name):
    of = ADVERSARIAL[name]
    groups = [group for group in of.groups if group != "(missing)"]
    if of.total:
        assert audit(of, {group: 1 / len(groups) for group in groups}).values
    else:
        with pytest.raises(NotApplicable, match="Nobody"):
            audit(of, {group: 1 / len(groups) for group in groups})
