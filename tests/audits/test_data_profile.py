"""The first thing to read: who is in the table."""

from dataclasses import replace

import pytest
from count_tables import ADVERSARIAL, admissions, compas, said, values, weighted

from genaudit.audits.data_profile import data_profile
from genaudit.plugin.options import NoOptions


def audit(of):
    return data_profile(of, options=NoOptions(), rng=None)


def test_it_says_who_and_from_where_with_the_tables_own_caveats():
    sourced = replace(compas(), source="ProPublica 2016", caveats=("A re-arrest is not a re-offence.",))
    text = said(audit(sourced))
    assert "6,150 people in 2 groups of race" in text
    assert "race=Black 60.1 %, race=White 39.9 %" in text
    assert "From: ProPublica 2016." in text
    assert "A re-arrest is not a re-offence." in text
    assert values(audit(sourced), "group_count")["race=White"].value == 2454


def test_strata_and_a_missing_truth_are_named():
    assert "6 strata of department; decision admitted = yes, without a truth." in said(audit(admissions()))


def test_weights_are_worth_their_effective_people():
    assert values(audit(weighted(compas(), 3.0)), "effective_people")[""].value == pytest.approx(6150)
    assert "not kept" in said(audit(weighted(compas(), kept=False)))


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a group of one", "Fewer than 30 people: g=B."),
        ("all of one class", "Nobody with y = yes: g=A, g=B."),
        ("people without a group", "20 people without g"),
        ("nobody at all", "holds 0 people"),
    ],
)
def test_gaps_are_named(name, text):
    assert text in said(audit(ADVERSARIAL[name]))
