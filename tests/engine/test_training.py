"""What a generator is trained on."""

import numpy as np
import tiny

from genaudit.engine.training import training_images


def test_a_sampler_is_trained_on_a_split_as_it_is():
    found = training_images(tiny.TinyVae(tiny.TinyOptions()), tiny.TinyDataset(), "train")
    assert found.digest == tiny.TinyDataset().split("train").digest


def test_a_translator_is_trained_on_every_image_in_both_domains_row_by_row():
    found = training_images(tiny.TinyTranslator(), tiny.TinyDataset(), "train")
    assert np.bincount(found.labels["domain"]).tolist() == [60, 60]
    warm, cold = found.images[:60], found.images[60:]
    assert np.array_equal(warm[:, 0], cold[:, 2])
    assert np.array_equal(found.clusters[:60], found.clusters[60:])


def test_a_recipe_that_writes_into_its_images_leaves_those_of_the_data_as_they_are():
    data = tiny.TinyDataset()
    split = data.split("train")
    data.split = lambda _: split  # as a data set that reads its files once
    before = split.images.copy(), {name: levels.copy() for name, levels in split.labels.items()}
    given = training_images(tiny.TinyVae(tiny.TinyOptions()), data, "train")
    given.images[:] = 0
    for levels in given.labels.values():
        levels[:] = 0
    assert np.array_equal(split.images, before[0])
    assert all(np.array_equal(split.labels[name], levels) for name, levels in before[1].items())
