"""The annotator that learns reads attributes it was taught, the same from the same labels, and nothing before."""

import numpy as np
import pytest
import torch

from genaudit.annotators import probe
from genaudit.annotators.options import ProbeOptions
from genaudit.datasets.colored_digits import ORANGE_SHARE, ColoredDigits
from genaudit.engine.teaching import balanced_attributes, balanced_rows
from genaudit.extractors import digits as digits_extractor
from genaudit.plugin.components import LearningAnnotator
from genaudit.plugin.options import NoOptions

DATA = ColoredDigits()


@pytest.fixture(scope="module")
def outputs():
    extractor = digits_extractor.build(NoOptions(), torch.device("cpu"))
    found = {}
    for name, count in (("train", 2000), ("evaluation", 2000)):
        images = torch.from_numpy(DATA.split(name).images[:count])
        found[name] = {"features": extractor.extract(images)["features"].numpy()}
    return found


def learned(outputs, attribute, levels, **options):
    annotator = probe.build(ProbeOptions(**options))
    annotator.learn(outputs["train"], DATA.split("train").labels[attribute][:2000], levels=levels)
    return annotator


@pytest.mark.parametrize(("attribute", "levels", "least"), [("digit", 10, 0.96), ("colour", 2, 0.99)])
def test_it_reads_labelled_images_that_it_has_not_seen(outputs, attribute, levels, least):
    read = learned(outputs, attribute, levels).annotate(np.zeros((2000, 1)), outputs["evaluation"])
    assert read.sum(axis=1) == pytest.approx(1)
    assert np.mean(read.argmax(axis=1) == DATA.split("evaluation").labels[attribute]) > least


def test_it_learns_the_same_from_the_same(outputs):
    one, other = (learned(outputs, "digit", 10).annotate(np.zeros((2000, 1)), outputs["evaluation"]) for _ in range(2))
    assert np.array_equal(one, other)


def test_wrong_labels_make_it_worse(outputs):
    annotator = probe.build(ProbeOptions())
    labels = DATA.split("train").labels["colour"][:2000].copy()
    labels[::3] = 1 - labels[::3]
    annotator.learn(outputs["train"], labels, levels=2)
    wrong = annotator.annotate(np.zeros((2000, 1)), outputs["evaluation"]).max(axis=1).mean()
    right = learned(outputs, "colour", 2).annotate(np.zeros((2000, 1)), outputs["evaluation"]).max(axis=1).mean()
    assert wrong < right - 0.1  # a third of the labels contradict the rest: it is less sure


def test_a_level_without_training_images_is_never_read(outputs):
    annotator = probe.build(ProbeOptions())
    annotator.learn(outputs["train"], DATA.split("train").labels["colour"][:2000], levels=3)
    assert annotator.annotate(np.zeros((2000, 1)), outputs["evaluation"])[:, 2].max() == 0


def test_it_says_nothing_before_it_has_learned(outputs):
    annotator = probe.build(ProbeOptions())
    assert isinstance(annotator, LearningAnnotator)
    with pytest.raises(RuntimeError, match="before it has learned"):
        annotator.annotate(np.zeros((2000, 1)), outputs["evaluation"])


@pytest.mark.parametrize("options", [{"penalty": 0.0}, {"iterations": 0}])
def test_options_outside_their_range_are_refused(options):
    with pytest.raises(ValueError, match="penalty > 0"):
        ProbeOptions(**options)


def test_taught_with_equal_combinations_it_takes_colour_less_as_evidence_for_the_digit():
    """The same held-out digit in orange and in blue: how much more an orange one is said to be an orange digit."""
    extractor = digits_extractor.build(NoOptions(), torch.device("cpu"))

    def features(images):
        return {"features": extractor.extract(torch.from_numpy(images))["features"].numpy()}

    train = DATA.split("train")
    blue, orange = (one.images for one in DATA.translation_pairs("holdout", "blue", "orange"))
    outputs, seen = features(train.images), [features(orange), features(blue)]
    evidence = []
    for rows in (np.arange(len(train.images)), balanced_rows([train.labels["digit"], train.labels["colour"]])):
        annotator = probe.build(ProbeOptions())
        annotator.learn({"features": outputs["features"][rows]}, train.labels["digit"][rows], levels=10)
        read = [annotator.annotate(orange, one) for one in seen]
        evidence.append(np.mean((read[0] - read[1]) @ np.sign(np.array(ORANGE_SHARE) - 0.5)))
    assert evidence[0] > 0
    assert abs(evidence[1]) < 0.5 * evidence[0]


def test_an_attribute_beside_the_pairs_is_not_taught_as_evidence_for_them():
    """Strokes are linked with digits (40 to 69 % heavy): taught equally often, half of each digit are."""
    labels = DATA.split("train").labels
    names = balanced_attributes([("digit", "colour")], ["stroke"])
    rows = balanced_rows([labels[name] for name in names])
    heavy = [labels["stroke"][rows][labels["digit"][rows] == digit].mean() for digit in range(10)]
    assert names == ["digit", "colour", "stroke"]
    assert heavy == [0.5] * 10


def test_of_a_large_training_split_as_many_of_each_combination_are_taught_as_are_allowed():
    """10 of one level and 990 of the other: 100 rows are 50 of each, and no image of the rest is read."""
    labels = np.repeat([0, 1], [10, 990])
    rows = balanced_rows([labels], most=100)
    assert np.bincount(labels[rows]).tolist() == [50, 50]
    assert len(np.unique(rows)) == 60
    assert np.bincount(labels[balanced_rows([labels])]).tolist() == [990, 990]
