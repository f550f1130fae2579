"""The accuracy of a class-conditional generator is a count, and is told by class."""

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.conditional import conditional_accuracy
from genaudit.plugin.options import NoOptions
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.seeds import generator
from genaudit.values.observations import AskedClasses

NAMES = ("cat", "dog", "bird")


def found(asked, read, read_classes=NAMES):
    pair = AskedClasses(
        asked=np.array(asked), classes=NAMES, read=np.eye(3)[read], read_classes=read_classes
    )  # fmt: skip
    return conditional_accuracy(pair, options=NoOptions(), rng=generator(0, "metric"))


def test_three_of_four_are_right_and_each_class_has_its_share():
    whole, cats, dogs = found([0, 0, 1, 1], [0, 2, 1, 1])
    assert (whole.value, cats.value, dogs.value) == (0.75, 0.5, 1.0)
    assert whole.interval == wilson_interval(3, 4)
    assert [one.group for one in (whole, cats, dogs)] == ["", "class=cat", "class=dog"]
    assert (whole.n_generated, cats.n_generated) == (4, 2)


def test_the_commonest_mistake_is_named():
    whole, *_ = found([0, 0, 0, 1], [2, 2, 1, 1])
    assert whole.note == "Most often cat is read as bird: 2 times."
    assert found([0, 1], [0, 1])[0].note == ""


def test_the_order_of_items_does_not_matter():
    assert found([0, 1, 2, 2], [0, 0, 2, 1])[0].value == found([2, 2, 1, 0], [1, 2, 0, 0])[0].value


def test_ignoring_the_labels_is_worse_than_heeding_them():
    asked = generator(0, "asked").integers(3, size=300)
    anything = generator(0, "anything").integers(3, size=300)
    heeded, ignored = found(asked, asked)[0], found(asked, anything)[0]
    assert heeded.value == 1
    assert ignored.interval.high < 0.5  # a third by chance; 300 items leave a standard error of 0.03
    assert ignored.interval.low < 1 / 3 < ignored.interval.high


def test_classes_that_the_extractor_does_not_read_are_a_reason():
    with pytest.raises(NotApplicable, match="The generator's classes are cat, dog, bird, and the extractor reads a, b"):
        found([0], [0], read_classes=("a", "b"))
