"""Variational autoencoders with a weighted KL term, and with a class that they are asked for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot, softplus

from genaudit_adversarial.kept import refuse_labels
from genaudit_adversarial.streams import torch_generator, without_draws
from genaudit_autoencoders.blocks import Decoder, Encoder, draw_uniform
from genaudit_autoencoders.descent import Batch, Course, data_of, descend
from genaudit_autoencoders.fitted import cross_entropy
from genaudit_autoencoders.keeping import Autoencoder

if TYPE_CHECKING:
    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_autoencoders.options import BetaVaeOptions, CvaeOptions

WARM_UP = 200
"""Steps in which the weight of the KL term grows from 0: without it the code may stay unused."""
CLASSES = tuple("0123456789")
"""What the conditional model is asked for."""
ATTRIBUTE = "digit"
"""The label of training images that says which it is."""


class PosteriorNetwork(nn.Module):
    """Encoder to mean and log-variance, decoder to logits; both may see a class."""

    def __init__(self, size: int, classes: int = 0) -> None:
        super().__init__()
        self.encoder, self.decoder = Encoder(2 * size, classes), Decoder(size, classes)

    def posterior(self, images: Tensor, classes: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Mean and log-variance ``(n, size)``."""
        mean, log_variance = self.encoder(images, classes).chunk(2, dim=1)
        return mean, log_variance

    def negative_bound(self, batch: Batch, beta: float, classes: Tensor | None = None) -> Tensor:
        """Cross-entropy plus the weighted KL divergence, nats an image, with one draw each."""
        mean, log_variance = self.posterior(batch.images, classes)
        z = mean + batch.normal(tuple(mean.shape)) * torch.exp(log_variance / 2)
        kl = 0.5 * (mean**2 + torch.expm1(log_variance) - log_variance).sum() / len(mean)
        weight = beta * min(1.0, batch.step / WARM_UP) if batch.step else beta
        return cross_entropy(self.decoder(z, classes), batch.images) + weight * kl


def build_beta(options: BetaVaeOptions, device: torch.device) -> BetaVae:
    """The beta-VAE with untrained weights."""
    return BetaVae(options, first_network(options.latent_dim, 0, "beta-vae"), device)


def build_conditional(options: CvaeOptions, device: torch.device) -> ConditionalVae:
    """The conditional VAE with untrained weights."""
    return ConditionalVae(options, first_network(options.latent_dim, 0, "cvae", len(CLASSES)), device)


def first_network(size: int, seed: int, name: str, classes: int = 0) -> PosteriorNetwork:
    """A network with its first weights."""
    network = without_draws(lambda: PosteriorNetwork(size, classes))
    draw_uniform(network, torch_generator(seed, name, "weights"))
    return network


class BetaVae(Autoencoder["BetaVaeOptions", PosteriorNetwork]):
    """A VAE with a Bernoulli likelihood of grey levels and a weighted KL term (Higgins et al. 2017).

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1].
    """

    likelihood = "bernoulli"
    data_space = "soft"

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(latent_dim,)``."""
        return (self._options.latent_dim,)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Means of the pixel distributions for codes ``(n, d)``; differentiable in ``z``.

        Raises:
            ValueError: Labels are given: the model is not conditional.
        """
        refuse_labels(labels, "the beta-VAE")
        return self._pictures(lambda part: self._kept.exact.decoder(part).sigmoid(), z)

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the posterior, float64 ``(n, d)``."""
        return self._kept.exact.posterior(self._kept.wide(images))

    def reconstruct(self, images: Tensor) -> Tensor:
        """The decoded posterior mean of each image."""
        return self.decode(self.encode(images)[0])

    def log_likelihood(self, images: Tensor, z: Tensor) -> Tensor:
        """Cross-entropy of grey levels taken as probabilities, float64 ``(n,)`` nats, negative; no density.

        Whatever beta is, this is the likelihood itself: the bound that is made from it is the true one.
        """
        return _soft_nats(self._kept.wide(images), self._kept.exact.decoder(self._kept.wide(z)))

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train from new weights for ``budget`` steps (None: the option ``steps``); labels are not used.

        Raises:
            ValueError: The budget is below 1, or the images have another shape.
        """
        options = self._options if budget is None else replace(self._options, steps=budget)
        splits = (data_of(training, "beta-VAE"), data_of(validation, "beta-VAE"))
        network = first_network(options.latent_dim, seed, "beta-vae").to(self._device)
        descend(
            network,
            lambda batch: network.negative_bound(batch, options.beta),
            splits,
            _course(options),
            draws=torch_generator(seed, "beta-vae", "training"),
            progress=progress,
        )
        self._kept.take(network)


class ConditionalVae(Autoencoder["CvaeOptions", PosteriorNetwork]):
    """A VAE whose encoder and decoder know the class (Sohn et al. 2015).

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1]. It cannot answer without a class for every
    image: its posterior is q(z | x, y) and its likelihood p(x | z, y).
    """

    classes = CLASSES
    likelihood = "bernoulli"
    data_space = "soft"

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(latent_dim,)``."""
        return (self._options.latent_dim,)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Means of the pixel distributions for codes ``(n, d)`` and classes ``(n,)``; differentiable in ``z``.

        Raises:
            ValueError: There are no labels.
        """
        known = _needed(labels)
        return self._pictures(lambda part, of: self._kept.exact.decoder(part, _hot(of)).sigmoid(), z, known)

    def encode(self, images: Tensor, labels: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the posterior, float64 ``(n, d)``, for images and their classes ``(n,)``.

        Raises:
            ValueError: There are no labels.
        """
        hot = self._kept.wide(_hot(_needed(labels)))
        return self._kept.exact.posterior(self._kept.wide(images), hot)

    def reconstruct(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """The decoded posterior mean of each image, of the same class.

        Raises:
            ValueError: There are no labels.
        """
        return self.decode(self.encode(images, labels)[0], labels)

    def log_likelihood(self, images: Tensor, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Cross-entropy of grey levels taken as probabilities, float64 ``(n,)`` nats, negative; no density.

        Raises:
            ValueError: There are no labels.
        """
        hot = self._kept.wide(_hot(_needed(labels)))
        return _soft_nats(self._kept.wide(images), self._kept.exact.decoder(self._kept.wide(z), hot))

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train from new weights for ``budget`` steps (None: the option ``steps``) on images and their digits.

        Raises:
            ValueError: The budget is below 1, or the images have another shape or no label ``digit``.
        """
        options = self._options if budget is None else replace(self._options, steps=budget)
        splits = (data_of(training, "conditional VAE", ATTRIBUTE), data_of(validation, "conditional VAE", ATTRIBUTE))
        network = first_network(options.latent_dim, seed, "cvae", len(CLASSES)).to(self._device)

        def loss(batch: Batch) -> Tensor:
            return network.negative_bound(batch, 1.0, None if batch.labels is None else _hot(batch.labels))

        draws = torch_generator(seed, "cvae", "training")
        descend(network, loss, splits, _course(options), draws=draws, progress=progress)
        self._kept.take(network)


def _hot(labels: Tensor) -> Tensor:
    return one_hot(labels, len(CLASSES))


def _needed(labels: Tensor | None) -> Tensor:
    if labels is None:
        raise ValueError("the conditional VAE needs a label for every image: an index into its classes")
    return labels


def _soft_nats(images: Tensor, logits: Tensor) -> Tensor:
    nats: Tensor = (images * logits - softplus(logits)).flatten(1).sum(1)
    return nats


def _course(options: BetaVaeOptions | CvaeOptions) -> Course:
    return Course(steps=options.steps, batch_size=options.batch_size, learning_rate=options.learning_rate)
