"""A class-conditional generator is asked for classes that depend on seed and item number alone."""

from dataclasses import replace

import numpy as np
import pytest
import tiny
import torch
from tiny_context import tiny_context

from genaudit.errors import NotApplicable, PluginError
from genaudit.probes import generation, pairs, paths, posterior, reconstruction
from genaudit.probes.conditioning import asked_labels, class_shares
from genaudit.values.observations import FeaturePair


class Lamp:
    """Dark or bright as it is asked; it cannot do without labels."""

    latent_shape = (2,)
    classes = ("dark", "bright")

    def decode(self, z, labels):
        assert labels.dtype == torch.int64
        level = torch.where(labels == 1, 0.8, 0.2)[:, None, None, None]
        return (level + 0.01 * z.mean()).expand(len(z), *tiny.SHAPE)

    def encode(self, images):
        return images.flatten(1)[:, :2].double(), torch.zeros(len(images), 2, dtype=torch.float64)


class Unknown(Lamp):
    classes = ("off", "on")


class Told(Lamp):
    """Whose codes, likelihoods and reconstructions are the class and nothing else; it cannot do without labels."""

    likelihood, data_space = "a test", "soft"

    def encode(self, images, labels):
        assert labels.dtype == torch.int64
        mean = labels.double()[:, None].expand(-1, 2)
        return mean, torch.zeros_like(mean)

    def log_likelihood(self, images, z, labels):
        return -labels.double()

    def reconstruct(self, images, labels):
        return self.decode(torch.zeros(len(images), 2), labels)


class ToldUnknown(Told):
    classes = ("off", "on")


class Album:
    """A drawn set with labels."""

    classes = ("dark", "bright")
    digest = "0" * 64

    def __init__(self, labels):
        self._labels = np.asarray(labels)

    def drawn(self, start, count):
        return np.full((count, *tiny.SHAPE), 200, dtype=np.uint8)

    def labels(self, start, count):
        return self._labels[start : start + count]


def test_every_sample_is_asked_for_a_class_and_shows_it():
    context = tiny_context(generator=Lamp())
    readings = generation.generate(context).value
    bright = readings.first_images.mean(axis=(1, 2, 3)) > 128
    assert (readings.labels["light"] == bright).all()
    assert 0 < bright.sum() < 50


def test_classes_do_not_depend_on_batches_and_a_longer_run_starts_alike():
    context = tiny_context(generator=Lamp())
    whole = asked_labels(context, "latents", 0, 80)
    parts = [asked_labels(context, "latents", start, 16) for start in range(0, 80, 16)]
    assert (whole == np.concatenate(parts)).all()


def test_classes_are_asked_for_as_often_as_the_reference_has_them():
    context = tiny_context(generator=Lamp())
    reference = context.dataset.split("evaluation").labels["light"].mean()
    assert class_shares(context)[1] == reference
    asked = asked_labels(context, "latents", 0, 20_000)
    assert abs(asked.mean() - reference) < 4 * 0.5 / 20_000**0.5  # four standard errors of a share


def test_classes_that_the_data_do_not_have_are_asked_for_equally_often():
    context = tiny_context(generator=Unknown())
    assert class_shares(context).tolist() == [0.5, 0.5]
    observed = generation.generate(context)
    assert observed.pictures["generated"].caption.endswith(
        "Each was asked for a class that was drawn with equal shares."
    )


def test_a_generator_without_classes_is_asked_without_labels():
    assert asked_labels(tiny_context(), "latents", 0, 5) is None


def test_what_was_asked_for_stands_beside_what_is_read():
    context = tiny_context(generator=Lamp())
    found = pairs.asked_classes(context, generation.generate(context).value).value
    assert found.classes == found.read_classes == ("dark", "bright")
    assert (found.read.argmax(axis=1) == found.asked).all()


def test_a_walk_stays_within_one_class():
    observed = paths.latent_paths(tiny_context(generator=Lamp()))
    strips = observed.pictures["interpolations"].images.reshape(4, 9, -1).mean(axis=2)
    assert (np.ptp(strips, axis=1) < 20).all()  # the two classes are 150 levels apart


def test_codes_of_data_are_decoded_as_their_true_class():
    context = tiny_context(generator=Lamp(), samples=20)
    reference = type("Readings", (), {"outputs": {"features": np.zeros((2, 12))}, "clusters": None, "strata": None})
    found = posterior.aggregate_posterior_features(context, reference).value
    assert isinstance(found, FeaturePair)
    assert len(found.generated) == 20
    with pytest.raises(NotApplicable, match="conditional on the classes off, on, and the data are not labelled"):
        posterior.aggregate_posterior_features(tiny_context(generator=Unknown()), reference)


def test_methods_that_take_labels_are_told_the_true_class_of_every_image():
    context = tiny_context(generator=Told())
    truth = context.split("holdout").labels["light"]
    assert (posterior.posteriors(context).value.means == truth[:, None]).all()
    bounds = posterior.evidence_bounds(context).value
    assert (bounds.log_likelihood == -truth).all()
    assert bounds.given == "light"
    made = reconstruction.reconstruct(context)
    assert ((made.value.images.mean(axis=(1, 2, 3)) > 128) == truth).all()
    assert made.pictures["reconstructions"].caption.endswith("The model was told the true light of each.")


@pytest.mark.parametrize("ask", [posterior.posteriors, posterior.evidence_bounds, reconstruction.reconstruct])
def test_without_true_classes_there_is_no_answer_and_the_reason_is_said(ask):
    with pytest.raises(NotApplicable, match="the data are not labelled with them") as caught:
        ask(tiny_context(generator=ToldUnknown()))
    assert caught.value.reason_code == "needs-labels"


def test_a_conditional_model_whose_encoder_takes_no_labels_is_asked_as_before():
    context = tiny_context(generator=Unknown())
    images = context.split("holdout").images
    assert (posterior.posteriors(context).value.means == images.reshape(len(images), -1)[:, :2] / np.float32(255)).all()


def test_a_drawn_set_brings_its_own_labels():
    labels = np.arange(50) % 2
    readings = generation.generate(tiny_context(generator=Album(labels))).value
    assert (readings.labels["light"] == labels).all()


@pytest.mark.parametrize("labels", [np.zeros(49, dtype=int), np.full(50, 2), np.zeros(50)])
def test_labels_that_are_no_classes_are_the_plugins_error(labels):
    with pytest.raises(PluginError, match="broke its contract in 'labels'"):
        generation.generate(tiny_context(generator=Album(labels)))


class Turned(Told):
    """Counts its classes in another order than the data set."""

    classes = ("bright", "dark")

    def decode(self, z, labels):
        return super().decode(z, 1 - labels)


def test_a_model_may_count_the_classes_in_another_order_than_the_data():
    """Every label that crosses the boundary is turned: what is asked, told and read agrees as in one order."""
    one, other = (tiny_context(generator=found) for found in (Told(), Turned()))
    readings = generation.generate(other).value
    bright = readings.first_images.mean(axis=(1, 2, 3)) > 128
    assert (readings.labels["light"] == bright).all()  # in the data set's numbers
    assert class_shares(other).tolist() == class_shares(one)[::-1].tolist()
    told = posterior.posteriors(other).value
    assert (told.means[:, 0] == 1 - other.dataset.split("holdout").labels["light"]).all()  # in the model's numbers
    asked = pairs.asked_classes(other, readings).value
    assert asked.classes == asked.read_classes == ("dark", "bright")
    assert (asked.asked == asked.read.argmax(axis=1)).all()


def test_an_extractor_may_count_the_classes_in_another_order_than_the_data():
    context = tiny_context()
    turned = replace(context, extractor_spec=replace(context.extractor_spec, classes=("bright", "dark")))
    labels = context.dataset.split("evaluation").labels
    assert (pairs.class_labels(turned, labels) == 1 - pairs.class_labels(context, labels)).all()


def test_classes_that_the_data_do_not_have_are_no_attribute_of_that_name():
    context = tiny_context(generator=Unknown())
    spec = replace(context.dataset_spec, attributes={"class": ("a", "b", "c"), **context.dataset_spec.attributes})
    assert "class" not in generation.generate(replace(context, dataset_spec=spec)).value.labels
