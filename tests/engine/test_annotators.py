"""Who reads an attribute may be chosen, and a choice that does not fit is refused before anything is built."""

from dataclasses import replace

import numpy as np
import pytest

from genaudit.annotators import colour_rule
from genaudit.datasets import COLORED_DIGITS
from genaudit.engine.annotators import chosen_annotators, in_order_of_data, label_remarks
from genaudit.errors import GenauditError
from genaudit.plugin.components import GivenLabels
from genaudit.plugin.manager import load_plugins
from genaudit.plugin.options import NoOptions


@pytest.fixture(scope="module")
def catalog():
    return load_plugins()


def chosen(catalog, *choices, extractor="digits"):
    return chosen_annotators(COLORED_DIGITS, extractor, choices, catalog)


def test_the_data_set_names_its_own_readers(catalog):
    assert {attribute: found.spec.name for attribute, found in chosen(catalog).items()} == {
        "digit": "digit-classifier",
        "colour": "colour-rule",
        "stroke": "stroke-rule",
    }


def test_one_that_learns_takes_the_place_and_the_levels(catalog):
    found = chosen(catalog, "digit=probe")
    assert found["digit"].spec.name == "probe"
    assert found["digit"].spec.levels == COLORED_DIGITS.attributes["digit"]
    assert found["colour"].spec.name == "colour-rule"


def test_with_another_network_only_one_that_learns_reads_digits(catalog):
    assert set(chosen(catalog, extractor="pixels")) == {"colour", "stroke"}
    assert set(chosen(catalog, "digit=probe", extractor="pixels")) == {"digit", "colour", "stroke"}


def test_a_reader_may_count_the_levels_in_another_order_than_the_data(catalog):
    """Levels from files are sorted by name: blue before orange."""
    data = replace(COLORED_DIGITS, attributes={"colour": ("blue", "orange")}, annotators={})
    reader = chosen_annotators(data, "pixels", ["colour=colour-rule"], catalog)["colour"]
    orange = np.zeros((1, 3, 2, 2), np.uint8)
    orange[:, 0] = 200
    spec, turned = in_order_of_data(reader.spec, colour_rule.build(NoOptions()), data)
    assert spec.levels == ("blue", "orange")
    assert turned.annotate(orange, {}).tolist() == [[0.0, 1.0]]
    own = colour_rule.build(NoOptions())
    assert in_order_of_data(reader.spec, own, COLORED_DIGITS) == (reader.spec, own)


def test_labels_of_images_that_are_drawn_anew_are_taken_with_a_word_of_caution(catalog):
    labels = {"colour": GivenLabels(codes=np.zeros(3, int), annotator="labels 0123", method="two people")}
    (said,) = label_remarks(labels, catalog.generator("vae").spec, seed=7)
    assert "draws with seed 7" in said
    assert label_remarks(labels, catalog.generator("samples").spec, seed=7) == ()
    assert label_remarks({}, catalog.generator("vae").spec, seed=7) == ()


@pytest.mark.parametrize(
    ("choices", "why"),
    [
        (["digit"], "Cannot read the annotator 'digit'"),
        (["shape=probe"], "No attribute of data set 'colored-digits' 'shape'"),
        (["digit=nobody"], "nobody"),
        (["digit=colour-rule"], "reads colour .*, and not digit"),
        (["digit=probe", "digit=digit-classifier"], "Two annotators are named for digit"),
    ],
)
def test_a_choice_that_does_not_fit_is_refused(catalog, choices, why):
    with pytest.raises(GenauditError, match=why):
        chosen(catalog, *choices)
