"""Features of the splits beside the reference, and the nearest training items."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from scipy.spatial.distance import cdist
from tiny_context import tiny_context

from genaudit.probes import generation, pairs, reference, training


@pytest.fixture
def context():
    return tiny_context()


@pytest.fixture
def observed(context):
    return (
        training.training_features(context).value,
        training.holdout_features(context).value,
        generation.generate(context).value,
    )


def test_a_split_has_the_features_labels_and_sources_of_its_images(context, observed):
    split = context.dataset.split("train")
    found, held_out, _ = observed
    expected = context.extractor.extract(torch.from_numpy(split.images))["features"].numpy()
    assert np.allclose(found.features, expected, rtol=1e-12)
    assert (found.labels == split.labels["light"]).all()  # the classes of the extractor
    assert (found.clusters == split.clusters).all()
    assert len(held_out.features) == tiny.SPLITS["holdout"]


def test_a_large_split_is_thinned_at_random_and_the_same_way_again(context, observed, monkeypatch):
    monkeypatch.setattr(training, "MOST_TRAINING", 20)
    found, again = (training.training_features(context).value for _ in range(2))
    assert (found.features == again.features).all()
    assert len(found.features) == len(found.labels) == len(found.clusters) == 20
    assert found.clusters.max() > 15  # not the first twenty, which come from the first ten sources
    where = cdist(found.features, observed[0].features).argmin(axis=1)
    assert (observed[0].labels[where] == found.labels).all()


def test_distances_are_those_of_every_pair(context, observed):
    found, held_out, generated = observed
    nearest = training.nearest_training(context, *observed).value
    rows = generated.outputs["features"]
    assert nearest.generated == pytest.approx(cdist(rows, found.features).min(axis=1), rel=1e-9)
    assert nearest.held_out == pytest.approx(cdist(held_out.features, found.features).min(axis=1), rel=1e-9)
    among = cdist(found.features, found.features)
    np.fill_diagonal(among, np.inf)
    which = cdist(rows, found.features).argmin(axis=1)
    assert nearest.generated_around_siblings == pytest.approx(among.min(axis=1)[which], rel=1e-9)
    among[found.clusters[:, None] == found.clusters] = np.inf
    assert nearest.generated_around == pytest.approx(among.min(axis=1)[which], rel=1e-9)
    assert nearest.training_items == 60


def test_only_the_first_generated_items_are_looked_at(context, observed, monkeypatch):
    whole = training.nearest_training(context, *observed).value
    monkeypatch.setattr(training, "MOST_GENERATED", 7)
    assert (training.nearest_training(context, *observed).value.generated == whole.generated[:7]).all()


class Drawn:
    """A set that was drawn before."""

    digest = ""

    def drawn(self, start, count):
        raise NotImplementedError


def test_of_a_set_that_was_drawn_before_a_random_part_is_looked_at(context, observed, monkeypatch):
    """Files lie sorted by class: the first of them would be a class and no sample."""
    whole = training.nearest_training(context, *observed).value
    drawn = replace(context, generator=Drawn())
    monkeypatch.setattr(training, "MOST_GENERATED", 7)
    monkeypatch.setattr(training, "MOST_HELD_OUT", 9)
    some = training.nearest_training(drawn, *observed).value
    assert len(some.places) == 7
    assert some.places.max() > 7
    assert (some.generated == whole.generated[some.places]).all()
    assert (some.looked_at(np.arange(100)) == some.places).all()
    held_out = training.holdout_features(drawn).value
    assert len(held_out.features) == 9
    assert not np.array_equal(held_out.features, observed[1].features[:9])
    assert np.array_equal(training.holdout_features(context).value.features, observed[1].features[:9])


def test_without_sources_every_item_is_its_own(context, observed):
    found, held_out, generated = observed
    nearest = training.nearest_training(context, replace(found, clusters=None), held_out, generated).value
    assert (nearest.generated_around == nearest.generated_around_siblings).all()


def test_generated_images_are_shown_above_the_nearest_training_images_of_other_sources(context, observed):
    found, _, generated = observed
    made = training.nearest_training(context, *observed)
    shown = made.pictures["nearest_training_images"]
    rows = shown.images.reshape(4, 12, *tiny.SHAPE)
    pixels, train = generated.first_images, context.dataset.split("train").images
    every = cdist(generated.outputs["features"], found.features)
    closest = np.argsort(every.min(axis=1), kind="stable")[:6]
    assert (rows[0, 6:] == pixels[closest]).all()
    for column, number in enumerate(closest, start=6):
        order = np.argsort(every[number], kind="stable")
        of_other_sources = order[np.sort(np.unique(found.clusters[order], return_index=True)[1])[:3]]
        assert (rows[1:, column] == train[of_other_sources]).all()
        assert (shown.labels[column].group, shown.labels[column].name) == (
            "closest to training images",
            f"no. {number}",
        )
        assert shown.labels[column].value == pytest.approx(every[number].min(), rel=1e-9)
    assert {label.group for label in shown.labels[:6]} == {"drawn by seed"}
    assert "drawn by seed 0 from the first 50" in shown.caption


def test_the_images_shown_are_those_of_a_thinned_training_split(context, observed, monkeypatch):
    monkeypatch.setattr(training, "MOST_TRAINING", 20)
    found = training.training_features(context).value
    shown = training.nearest_training(context, found, *observed[1:]).pictures["nearest_training_images"]
    below = shown.images[shown.columns : 2 * shown.columns]
    read = context.extractor.extract(torch.from_numpy(below))["features"].numpy()
    assert cdist(read, found.features).min(axis=1) == pytest.approx(0, abs=1e-9)  # each is one of the twenty


def test_without_a_training_split_the_nearest_reference_images_are_shown(context, observed):
    sets = replace(context, dataset_spec=replace(context.dataset_spec, splits={"evaluation": 40}))
    read = reference.read_reference(context).value
    shown = pairs.features(sets, observed[2], read).pictures["nearest_reference_images"]
    assert "of 40 reference images" in shown.caption
    assert "reference images" not in str(pairs.features(context, observed[2], read).pictures)
