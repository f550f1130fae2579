"""Labels that somebody assigned take the place of a reading for generated images, and of none other."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
from tiny_context import tiny_context

from genaudit.errors import NotApplicable
from genaudit.plugin.components import GivenLabels
from genaudit.probes.attributes import attribute_counts
from genaudit.probes.generation import generate
from genaudit.probes.grouping import group_codes
from genaudit.probes.reference import read_reference

CODES = np.arange(50) % 5 // 4  # 40 warm, 10 cold


@pytest.fixture(scope="module")
def observed():
    reader = {spec.name: spec for spec in tiny.SPECS}["light-reader"]
    assigned = GivenLabels(codes=CODES, annotator="labels 0123", method="two people", confusion=np.eye(2, dtype=int))
    context = tiny_context(annotators={"light": (reader, tiny.LightAnnotator())}, given={"tone": assigned})
    return context, generate(context).value, read_reference(context).value


def test_shares_count_the_labels(observed):
    context, generated, reference = observed
    (table,) = attribute_counts(context, generated, reference).value
    assert table.generated.sum(axis=0).tolist() == [40, 10]
    assert (table.a.annotator, table.a.method) == ("labels 0123", "two people")
    assert table.a.confusion.tolist() == [[1, 0], [0, 1]]


def test_groups_are_the_labels_and_those_of_the_reference_its_own(observed):
    context, generated, reference = observed
    (codes,) = group_codes(context, generated, reference).value
    assert (codes.generated == CODES).all()
    assert (codes.reference == reference.labels["tone"]).all()


def test_a_reference_without_labels_has_no_groups(observed):
    context, generated, reference = observed
    with pytest.raises(NotApplicable, match="the reference is not labelled"):
        group_codes(context, generated, replace(reference, labels={}))
