"""Chains and refined posteriors are those of the model: exact where its likelihood is, and nobody's elsewhere."""

import numpy as np
import pytest
import tiny
import torch
from scipy.stats import ortho_group
from sklearn.datasets import load_digits
from tiny_context import tiny_context

from genaudit.errors import NotApplicable, PluginError
from genaudit.metrics import annealing as metrics
from genaudit.metrics.latent_options import AnnealingOptions, RefinementOptions
from genaudit.plugin.components import LabelledImages
from genaudit.probes import annealing
from genaudit.probes.importance import chosen_images
from genaudit.probes.randomness import moved_since, random_states
from genaudit.stats.seeds import generator
from genaudit.testing.doubles.ppca import Ppca, fitted

CPU = torch.device("cpu")
FEW = AnnealingOptions(images=6, chains=2, temperatures=4)


def fit(components=3):
    images = tiny_context().dataset.split("train").images
    return fitted((images.reshape(len(images), -1) + 0.5) / 256, components)


def ppca(of=Ppca, components=3):
    """Probabilistic PCA of images of the tiny world, with its exact posterior unless a subclass changes it."""
    return of(fit(components), tiny.SHAPE, CPU)


def observed(model, options=FEW, **changes):
    demands = {"annealed_weights": (options,), "refined_posteriors": (options,)}
    context = tiny_context(generator=model, demands=demands, **changes)
    posteriors = annealing.refined_posteriors(context).value
    return annealing.annealed_weights(context, posteriors).value, posteriors


def values(model, options=FEW, **changes):
    """Log-likelihood and both gaps."""
    chains, posteriors = observed(model, options, **changes)
    rng = generator(0)
    return (
        metrics.log_likelihood(chains, posteriors, options=options, rng=rng),
        metrics.approximation_gap(chains, posteriors, options=options, rng=rng),
        metrics.amortization_gap(posteriors, options=RefinementOptions(images=options.images), rng=rng),
    )


def evidence(model, images):
    """What every image has for certain, as the model reads it."""
    return model.log_evidence(chosen_images(tiny_context(generator=model), images).batch().images).numpy()


@pytest.mark.parametrize("temperatures", [1, 5])
def test_of_an_exact_posterior_every_chain_is_the_evidence_and_both_gaps_are_nil(temperatures):
    model, options = ppca(), AnnealingOptions(images=20, chains=2, temperatures=temperatures)
    chains, posteriors = observed(model, options)
    exact = evidence(model, 20)[:, None]
    # codes reach the model rounded to float32, and descent wanders where slopes are rounding: 0.02 nats of 73
    for found in (chains.chains[temperatures], posteriors.amortised, posteriors.refined):
        assert np.abs(found.log_weights - exact).max() < 0.05
    likelihood, approximation, amortisation = values(model, options)
    assert likelihood.value == pytest.approx(exact.mean(), abs=1e-3)
    assert approximation.value == pytest.approx(0, abs=1e-3)
    assert amortisation.value == pytest.approx(0, abs=1e-3)


class Digits:
    """Real digits of 8 × 8 pixels."""

    def split(self, name):
        return LabelledImages(images=(load_digits().images[:, None] * 15).astype(np.uint8))


class Rotated(Ppca):
    """The same density of images with codes that are turned, so that their posterior is correlated.

    The encoder gives the best diagonal Gaussian: the posterior's mean, and the diagonal of its precision.
    """

    turn = torch.from_numpy(ortho_group.rvs(8, random_state=np.random.RandomState(3)))

    @property
    def precision(self):
        return self.turn.T @ torch.diag(self._scale / self._noise) @ self.turn

    def encode(self, images):
        mean = super().encode(images)[0] @ self.turn
        return mean, -self.precision.diagonal().log().expand_as(mean)

    def _linear(self, z):
        return super()._linear(z.double() @ self.turn.T)


def test_of_a_correlated_posterior_the_gap_is_that_of_its_precision():
    data = {"dataset": Digits(), "image_shape": (1, 8, 8), "batch_size": 256}
    rows = (Digits().split("train").images.reshape(-1, 64) + 0.5) / 256
    model = Rotated(fitted(rows, 8), (1, 8, 8), CPU)
    likelihood, approximation, amortisation = values(model, AnnealingOptions(images=60), **data)
    # KL from the best diagonal Gaussian to a normal of precision L: (Σ ln Lᵢᵢ - ln det L) / 2
    gap = float(0.5 * (model.precision.diagonal().log().sum() - torch.logdet(model.precision)))
    assert gap > 0.4  # so that it shows
    images = chosen_images(tiny_context(generator=model, **data), 60).batch().images
    assert likelihood.value == pytest.approx(float(model.log_evidence(images).mean()), abs=0.05)
    assert likelihood.details["chain_error"] < 0.025
    assert approximation.interval.low < gap < approximation.interval.high
    assert approximation.value == pytest.approx(gap, abs=0.06)
    assert amortisation.value == pytest.approx(0, abs=0.02)  # noise of the descent


class Shifted(Ppca):
    """Codes that are off by as much in every direction."""

    shift = 0.2

    def encode(self, images):
        mean, log_variance = super().encode(images)
        return mean + self.shift, log_variance


def test_the_gap_of_a_shifted_encoder_is_the_divergence_of_the_shift():
    model = ppca(Shifted)
    likelihood, approximation, amortisation = values(model, AnnealingOptions(images=24, chains=2, temperatures=10))
    gap = float(0.5 * (model.shift**2 * model._scale / model._noise).sum())
    assert gap > 1
    assert amortisation.value == pytest.approx(gap, rel=0.05)  # 64 draws of each of 24 images
    assert approximation.value == pytest.approx(0, abs=0.02)  # descent finds the posterior but for a hundredth
    assert likelihood.value == pytest.approx(evidence(model, 24).mean(), abs=0.02)


class Blurred(Ppca):
    """A decoder that makes every second pixel lighter by a twentieth of the grey scale."""

    def _linear(self, z):
        return super()._linear(z) + 0.05 * (torch.arange(48) % 2)


def test_a_worse_decoder_has_a_lower_likelihood():
    worse = values(ppca(Blurred))[0].value
    assert worse < values(ppca())[0].value - 0.05
    assert values(ppca(components=1))[0].value < worse


def test_chains_are_of_as_many_images_as_a_metric_of_chains_wants():
    demands = {"annealed_weights": (FEW,), "refined_posteriors": (FEW, RefinementOptions(images=20))}
    context = tiny_context(generator=ppca(), demands=demands)
    posteriors = annealing.refined_posteriors(context).value
    assert len(posteriors.means) == 20
    found = annealing.annealed_weights(context, posteriors).value.chains[4].log_weights
    assert found.shape == (6, 2)
    alone = observed(ppca())[0].chains[4].log_weights
    assert (found == alone).all()


@pytest.mark.parametrize("batch_size", [1, 7, 256])
def test_nothing_depends_on_the_batch_or_on_who_else_asks(batch_size):
    model = tiny.TinyVae(tiny.TinyOptions())
    chains, posteriors = observed(model, AnnealingOptions(images=20, chains=3, temperatures=4))
    fewer = AnnealingOptions(images=5, chains=2, temperatures=4)
    again, refined = observed(model, fewer, batch_size=batch_size)
    assert refined.means == pytest.approx(posteriors.means[:5], rel=1e-9)
    assert refined.amortised.log_weights == pytest.approx(posteriors.amortised.log_weights[:5], rel=1e-9)
    assert again.chains[4].log_weights == pytest.approx(chains.chains[4].log_weights[:5, :2], rel=1e-9)
    assert (again.chains[4].clusters == chains.chains[4].clusters[:5]).all()


def test_every_number_of_temperatures_that_is_asked_for_has_its_own_chains():
    many = AnnealingOptions(images=3, chains=2, temperatures=9)
    context = tiny_context(demands={"annealed_weights": (FEW, many), "refined_posteriors": (FEW, many)})
    found = annealing.annealed_weights(context, annealing.refined_posteriors(context).value).value
    assert sorted(found.chains) == [4, 9]
    assert found.chains[9].log_weights.shape == (6, 2)  # as many images as who wants the most
    alone = observed(context.generator)[0]
    assert found.chains[4].log_weights == pytest.approx(alone.chains[4].log_weights, rel=1e-12)


def test_another_seed_gives_other_chains():
    one, other = (observed(tiny.TinyVae(tiny.TinyOptions()), seed=seed)[0].chains[4].log_weights for seed in (0, 1))
    assert not np.isclose(one, other).any()


class Learnable(Ppca):
    """Its loadings are a parameter, as those of a network are that nobody froze."""

    def __init__(self, *given):
        super().__init__(*given)
        self._loadings = torch.nn.Parameter(self._loadings)

    def encode(self, images):
        return tuple(each.detach() for each in super().encode(images))


def test_the_model_collects_no_gradients_and_global_random_numbers_stay():
    model, before = ppca(Learnable), random_states()
    observed(model)
    assert model._loadings.grad is None
    assert not moved_since(before)


class Scribbler(Ppca):
    """Writes into what it is given."""

    def log_likelihood(self, images, z):
        found = super().log_likelihood(images, z * 1)
        images.zero_()
        z.zero_()
        return found


def test_a_model_that_writes_into_its_arguments_changes_nothing():
    assert values(ppca(Scribbler)) == values(ppca())


class Soft(Ppca):
    likelihood, data_space = "bernoulli", "soft"

    def encode(self, images):
        raise AssertionError("it is not asked")


def test_a_likelihood_that_is_no_density_is_refused_before_the_model_is_asked():
    with pytest.raises(NotApplicable, match="'bernoulli' on soft grey levels") as caught:
        observed(ppca(Soft))
    assert caught.value.reason_code == "not-a-density"


class Frozen(Ppca):
    def log_likelihood(self, images, z):
        with torch.no_grad():
            return super().log_likelihood(images, z)


class InNumpy(Ppca):
    def log_likelihood(self, images, z):
        return super().log_likelihood(images, torch.from_numpy(z.numpy().copy()))


class Heedless(Learnable):
    """Numbers that depend on its parameters alone."""

    def log_likelihood(self, images, z):
        return super().log_likelihood(images, torch.zeros_like(z))


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (Frozen, "it returns numbers without one"),
        (InNumpy, "Can't call numpy"),
        (Heedless, "do not depend on z"),
    ],
)
def test_a_likelihood_without_a_gradient_is_unavailable_and_says_why(kind, why):
    with pytest.raises(NotApplicable, match=why) as caught:
        observed(ppca(kind))
    assert caught.value.reason_code == "needs-gradient"
    assert "no_grad" in caught.value.hint


class Broken(Ppca):
    def log_likelihood(self, images, z):
        return super().log_likelihood(images, z) * torch.inf


class Wide(Ppca):
    def log_likelihood(self, images, z):
        return super().log_likelihood(images, z)[:, None]


class Cliff(Ppca):
    """Finite without gradients; a slope that is none."""

    def log_likelihood(self, images, z):
        return super().log_likelihood(images, z) + ((z - z).abs().sqrt()).sum(1)


@pytest.mark.parametrize("kind", [Broken, Wide, Cliff])
def test_a_likelihood_that_breaks_its_contract_is_named(kind):
    with pytest.raises(PluginError, match="broke its contract in 'log_likelihood'"):
        observed(ppca(kind))


class Told(Ppca):
    """Each class has a likelihood of its own."""

    classes = ("dark", "bright")

    def encode(self, images, labels):
        return super().encode(images)

    def log_likelihood(self, images, z, labels):
        return super().log_likelihood(images, z) + 1000.0 * labels

    def decode(self, z, labels):
        return super().decode(z)


def test_a_conditional_model_is_told_the_true_class_of_every_code():
    chains, posteriors = observed(ppca(Told))
    truth = tiny_context().split("holdout").labels["light"][generator(0, "importance-images").permutation(30)[:6]]
    assert chains.chains[4].given == posteriors.refined.given == "light"
    assert ((chains.chains[4].log_weights > 900) == (truth == 1)[:, None]).all()
    assert chains.chains[4].log_weights.mean() == pytest.approx(evidence(ppca(), 6).mean() + 1000 * truth.mean(), abs=1)
