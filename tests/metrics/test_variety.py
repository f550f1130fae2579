"""Bins, birthday support, distances within classes, and what a classifier learns."""

from __future__ import annotations

import numpy as np
import pytest

from genaudit.errors import NotApplicable
from genaudit.metrics.bins import ndb
from genaudit.metrics.birthday import birthday_support
from genaudit.metrics.classification import classification_accuracy_score
from genaudit.metrics.intra_class import intra_class_fid
from genaudit.metrics.options import BinOptions, BirthdayOptions, ClassifierOptions, IntraClassOptions
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit.stats.seeds import generator
from genaudit.values.observations import ClassPair, FeaturePair, SplitFeatures

MIDDLES = 4 * np.eye(5)[:3]


def items(name, count=600, classes=3, noise=1.0):
    """Features around the middle of each item's class, and the classes."""
    rng = generator(0, name)
    labels = rng.integers(classes, size=count)
    return MIDDLES[labels] + noise * rng.standard_normal((count, 5)), labels


def read(labels):
    return np.eye(3)[labels]


def pair(x, y, clusters=None):
    return FeaturePair(generated=x, reference=y, reference_clusters=clusters)


def bins(x, y, clusters=None, **options):
    return ndb(pair(x, y, clusters), options=BinOptions(**{"bins": 20} | options), rng=generator(0, "bins"))


def birthday(x, y, clusters=None, **options):
    return birthday_support(pair(x, y, clusters), options=BirthdayOptions(**options), rng=generator(0, "b"))


def test_items_that_are_sorted_support_as_many_as_in_any_order():
    """Ten places, one after the other: the first hundred items would know one of them."""
    places = np.repeat(10.0 * np.arange(10), 100)[:, None]
    x, y = items("x", 1000)[0] + places, items("y", 1000)[0] + places
    every, some = birthday(x, y, threshold=1.5), birthday(x, y, threshold=1.5, items=200)
    assert some.n_generated == 200
    assert some.interval.low < every.value < some.interval.high


def within(x, x_labels, y, y_labels, **options):
    classes = ClassPair(generated=read(x_labels), reference=read(y_labels), classes=("a", "b", "c"))
    return intra_class_fid(pair(x, y), classes, options=IntraClassOptions(**options), rng=generator(0, "c"))


def score(x, x_labels, truth=None, reference=None, **options):
    y, y_labels = reference or items("reference")
    classes = ClassPair(
        generated=read(x_labels),
        reference=read(y_labels),
        classes=("a", "b", "c"),
        reference_labels=y_labels if truth is None else truth,
    )
    training, labels = items("training")
    return classification_accuracy_score(
        pair(x, y),
        classes,
        SplitFeatures(features=training, labels=labels),
        options=ClassifierOptions(**options),
        rng=generator(0, "s"),
    )


def test_equal_sets_differ_in_few_bins_and_dropped_modes_in_many():
    x, y = items("x", 1000)[0], items("y", 1000)[0]
    assert bins(x, y).value <= 4  # one of 20 by chance, and bins fitted to the reference
    dropped = bins(x[x[:, 0] < 2], y)
    assert dropped.value >= 10
    assert dropped.details["jensen_shannon_divergence"] > bins(x, y).details["jensen_shannon_divergence"]
    assert dropped.details["expected_by_chance"] == 1
    assert "no sampling interval" in dropped.reason_without


def test_bins_do_not_depend_on_the_order_of_generated_items():
    x, y = items("x")[0], items("y")[0]
    assert bins(x[::-1], y) == bins(x, y)


def test_fewer_tests_reject_that_know_of_clusters():
    sources = items("sources", 100)[0]
    y = np.repeat(sources, 6, axis=0)
    found = bins(items("x", 1000)[0], y, np.arange(600) // 6)
    assert found.details["with_clusters"] < found.value


def test_few_reference_items_a_bin_are_said():
    assert bins(items("x")[0], items("y")[0]).note == ""
    assert bins(items("x")[0], items("y")[0], bins=200).note.startswith("600 reference items are fewer than 5 a bin")


def test_fewer_items_than_bins_are_said():
    with pytest.raises(NotApplicable, match="20 bins need as many"):
        bins(items("x")[0], items("y", 10)[0])
    with pytest.raises(NotApplicable, match="there are 1"):
        bins(items("x")[0], np.ones((50, 5)))


def test_a_generator_of_few_items_has_a_small_support():
    y = items("y")[0]
    rng = generator(0, "few")
    few = y[rng.integers(40, size=600)] + 1e-3
    found = birthday(few, y)
    assert found.value == pytest.approx(40, rel=0.15)
    assert found.interval.low < found.value < found.interval.high
    assert found.details["even_chance_sample"] == pytest.approx((2 * np.log(2) * 40) ** 0.5, abs=1.5)
    assert birthday(items("x")[0], y).value > 5 * found.value


def test_the_supports_of_equal_sets_agree_in_any_order():
    x, y = items("x")[0], items("y")[0]
    found = birthday(x, y)
    assert found.interval.low < found.details["reference"] < found.interval.high
    assert birthday(x[::-1], y).value == found.value


def test_renders_of_one_source_are_no_coincidence():
    y = np.repeat(items("y", 200)[0], 3, axis=0)
    aware = birthday(items("x")[0], y, np.arange(600) // 3)
    assert aware.details["threshold"] > 0.3
    with pytest.raises(NotApplicable, match="have a copy of another source"):
        birthday(items("x")[0], y)


def test_no_coincidence_is_a_bound():
    with pytest.raises(NotApplicable, match="support is larger than 59,900"):
        birthday(100 * items("x")[0], items("y")[0])


def test_each_class_has_its_distance_and_the_mean_comes_first():
    (x, x_labels), (y, y_labels) = items("x"), items("y")
    mean, *each = within(x, x_labels, y, y_labels)
    assert [one.group for one in each] == ["class=a", "class=b", "class=c"]
    expected = [frechet_distance_of_rows(x[x_labels == k], y[y_labels == k]) for k in range(3)]
    assert [one.value for one in each] == pytest.approx(expected, rel=1e-9)
    assert mean.value == pytest.approx(np.mean(expected), rel=1e-9)
    assert mean.interval.low < mean.value < mean.interval.high
    assert (mean.group, mean.note) == ("", "")


def test_shares_of_classes_do_not_count_and_noise_within_does():
    (x, x_labels), (y, y_labels) = items("x", 3000), items("y")
    kept = (x_labels != 0) | (np.arange(3000) % 4 == 0)
    assert within(x[kept], x_labels[kept], y, y_labels)[0].value < 0.3
    noisy = x + generator(0, "noise").standard_normal(x.shape)
    assert within(noisy, x_labels, y, y_labels)[0].value > 0.8


def test_a_class_with_too_few_items_is_named():
    (x, x_labels), (y, y_labels) = items("x"), items("y")
    few = (x_labels != 1) | (np.arange(600) < 20)
    found = within(x[few], x_labels[few], y, y_labels)
    assert [one.group for one in found] == ["", "class=a", "class=c", "class=b"]
    assert found[-1].reason.startswith(f"{int((x_labels[few] == 1).sum())} generated and ")
    assert found[0].note.startswith("Left out, with too few generated and reference items: b (")
    with pytest.raises(NotApplicable, match="No class has 500 items"):
        within(x, x_labels, y, y_labels, minimum=500)


def test_a_class_that_was_never_generated_is_listed_with_the_reason():
    (x, x_labels), (y, y_labels) = items("x"), items("y")
    kept = x_labels != 2
    absent = within(x[kept], x_labels[kept], y, y_labels)[-1]
    assert (absent.group, absent.reason_code) == ("class=c", "too-few-samples")
    assert absent.reason == "No generated item is read as this class."


def test_a_classifier_without_an_error_is_not_held_to_be_without_fail():
    found = score(*items("x", noise=0.01), reference=items("reference", noise=0.01))
    assert found.value == 1
    assert found.interval.low == pytest.approx(600 / (600 + 1.959964**2), abs=1e-9)  # Wilson's bound at 600 of 600
    assert found.interval.high == 1


def test_generated_items_like_real_ones_teach_as_well():
    found = score(*items("x"))
    assert found.value > 0.95
    assert found.value == pytest.approx(found.details["trained_on_real"], abs=0.02)
    assert found.interval.low < found.value < found.interval.high
    x, labels = items("x")
    assert score(x[::-1], labels[::-1]).value == pytest.approx(found.value, abs=0.005)  # the optimum, to rounding


def test_wrong_labels_and_dropped_classes_teach_badly():
    x, labels = items("x")
    assert score(x, generator(0, "any").integers(3, size=600)).value < 0.9
    dropped = score(x[labels != 2], labels[labels != 2])
    assert dropped.details["worst_class"] == 0
    assert dropped.value < 0.75


def test_unknown_truth_or_a_single_class_make_it_unavailable():
    x, labels = items("x")
    with pytest.raises(NotApplicable, match="one class"):
        score(x, 0 * labels)
    classes = ClassPair(generated=read(labels), reference=read(labels), classes=("a", "b", "c"))
    nothing = SplitFeatures(features=x)
    with pytest.raises(NotApplicable, match="not known"):
        classification_accuracy_score(pair(x, x), classes, nothing, options=ClassifierOptions(), rng=generator(0, "s"))
