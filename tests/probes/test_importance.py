"""Weights of draws from the posterior are those of the model, whatever the batch and whoever else asks."""

import math

import numpy as np
import pytest
import torch
from tiny import SHAPE
from tiny_context import tiny_context

from genaudit.errors import NotApplicable, PluginError
from genaudit.metrics.latent_options import ImportanceOptions
from genaudit.probes import importance, posterior
from genaudit.stats.seeds import generator
from genaudit.testing.doubles.ppca import Ppca, fitted

CPU = torch.device("cpu")


def ppca():
    """Probabilistic PCA of images of the tiny world, with its exact posterior."""
    images = tiny_context().dataset.split("train").images
    return Ppca(fitted((images.reshape(len(images), -1) + 0.5) / 256, 3), SHAPE, CPU)


def asked(model, *options, **changes):
    context = tiny_context(generator=model, demands={"log_weights": options}, **changes)
    return importance.log_weights(context).value


def test_every_weight_of_an_exact_posterior_is_the_evidence_of_its_image():
    found = asked(ppca(), ImportanceOptions(k=20, images=30))
    assert found.log_weights.shape == (30, 20)
    # codes reach the model rounded to float32: 1e-5 nats of 73
    assert np.ptp(found.log_weights, axis=1).max() < 1e-4
    assert (found.likelihood, found.data_space, found.dimensions) == ("gaussian", "continuous_dequantised", 48)


def test_weights_are_of_all_images_in_random_order_with_their_sources():
    split = tiny_context().split("holdout")
    model = ppca()
    found = asked(model, ImportanceOptions(k=2, images=1000))
    assert sorted(found.clusters) == sorted(split.clusters)
    assert (found.clusters != split.clusters).any()
    middle = model.log_evidence((torch.from_numpy(split.images).double() + 0.5) / 256).numpy()
    rows = generator(0, "importance-images").permutation(len(split.images))
    # noise within a level moves the evidence of an image by what its 48 pixels move
    assert np.abs(found.log_weights[:, 0] - middle[rows]).max() < 3
    assert np.corrcoef(found.log_weights[:, 0], middle[rows])[0, 1] > 0.99


@pytest.mark.parametrize("batch_size", [1, 7, 256])
def test_a_draw_depends_on_its_image_and_number_alone(batch_size):
    whole = asked(tiny_context().generator, ImportanceOptions(k=40, images=30))
    part = asked(tiny_context().generator, ImportanceOptions(k=3, images=11), batch_size=batch_size)
    assert part.log_weights == pytest.approx(whole.log_weights[:11, :3], rel=1e-12)
    assert (part.clusters == whole.clusters[:11]).all()


def test_as_many_are_drawn_as_the_metric_asks_for_that_asks_for_most():
    found = asked(tiny_context().generator, ImportanceOptions(k=3, images=20), ImportanceOptions(k=9, images=10))
    assert found.log_weights.shape == (20, 9)


def test_the_mean_of_the_logarithms_is_the_evidence_lower_bound():
    found = asked(tiny_context().generator, ImportanceOptions(k=400, images=30))
    bounds = posterior.evidence_bounds(tiny_context()).value
    rows = generator(0, "importance-images").permutation(30)
    difference = found.log_weights.mean(axis=1) - (bounds.log_likelihood - bounds.kl)[rows]
    error = found.log_weights.std(axis=1) * math.sqrt(1 / 400 + 1)  # the other has a single draw
    assert abs(difference.mean()) < 4 * math.sqrt((error**2).sum()) / 30


def test_another_seed_draws_others():
    one, other = (asked(tiny_context().generator, ImportanceOptions(k=2), seed=seed) for seed in (0, 1))
    assert not np.isclose(one.log_weights, other.log_weights).any()


class Soft(Ppca):
    likelihood, data_space = "bernoulli", "soft"

    def encode(self, images):
        raise AssertionError("it is not asked")


def test_a_likelihood_that_is_no_density_is_refused_before_the_model_is_asked():
    model = ppca()
    model.__class__ = Soft
    with pytest.raises(NotApplicable, match="'bernoulli' on soft grey levels is not a density of images") as caught:
        asked(model)
    assert caught.value.reason_code == "not-a-density"
    assert "continuous-bernoulli" in caught.value.hint


class Broken(Ppca):
    def log_likelihood(self, images, z):
        return super().log_likelihood(images, z) * torch.inf


def test_a_likelihood_that_breaks_its_contract_is_named():
    model = ppca()
    model.__class__ = Broken
    with pytest.raises(PluginError, match="broke its contract in 'log_likelihood'"):
        asked(model)


def test_a_conditional_model_is_told_the_true_class_of_every_image_and_draw():
    class Told(Ppca):
        classes = ("dark", "bright")

        def encode(self, images, labels):
            mean = labels.double()[:, None].expand(-1, 3)
            return mean, torch.zeros_like(mean)

        def log_likelihood(self, images, z, labels):
            return 1000.0 * labels.double()

        def decode(self, z, labels):
            return super().decode(z)

    model = ppca()
    model.__class__ = Told
    found = asked(model, ImportanceOptions(k=3, images=30))
    truth = tiny_context().split("holdout").labels["light"][generator(0, "importance-images").permutation(30)]
    assert found.given == "light"
    assert ((found.log_weights > 900) == (truth == 1)[:, None]).all()
