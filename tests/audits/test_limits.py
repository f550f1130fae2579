"""The closing sentences."""

import pytest
from count_tables import ADVERSARIAL, admissions, compas, said, weighted

from genaudit.audits.limits import limits
from genaudit.plugin.options import NoOptions


def text(of):
    return said(limits(of, options=NoOptions(), rng=None))


def test_they_name_who_wrote_the_truth_down_and_what_no_number_settles():
    found = text(compas())
    assert "What counts as reoffended = yes was written down by somebody" in found
    assert "Accurate predictions do not make an action sound" in found
    assert "dignity" in found
    assert "Correcting the composition of a sample does not correct its labels." in found


def test_they_follow_the_table():
    assert "written down" not in text(admissions())
    assert "Kish" in text(weighted(compas()))


@pytest.mark.parametrize("word", ["fair", "unbiased", "compliant", "certified", "bias-free"])
def test_words_that_promise_what_no_audit_can_are_not_used(word):
    assert all(word not in text(of).lower() for of in ADVERSARIAL.values())
