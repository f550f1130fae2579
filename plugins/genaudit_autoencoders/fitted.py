"""Deterministic autoencoders that draw codes from a distribution fitted to those of the training images."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits

from genaudit.stats.seeds import generator
from genaudit_adversarial.kept import refuse_labels
from genaudit_adversarial.streams import torch_generator, without_draws
from genaudit_autoencoders.blocks import Decoder, Encoder, draw_uniform
from genaudit_autoencoders.descent import Batch, Course, Data, data_of, descend
from genaudit_autoencoders.keeping import Autoencoder
from genaudit_autoencoders.priors import Priors

if TYPE_CHECKING:
    import numpy as np

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_autoencoders.options import AutoencoderOptions, DenoisingOptions, PcaOptions, SparseOptions


WARM_UP = 500
"""Steps in which the cost of active units grows from 0: at once it would silence every unit for ever."""


class CodedImages(nn.Module):
    """Encoder, decoder and the distributions of codes."""

    def __init__(self, size: int, encoder: nn.Module, decoder: nn.Module, *, rectified: bool = False) -> None:
        super().__init__()
        self.encoder, self.decoder, self.priors = encoder, decoder, Priors(size)
        self.rectified = rectified
        """Whether negative units are cut off at 0."""

    def codes(self, images: Tensor) -> Tensor:
        """``(n, size)``."""
        return self.cut(self.encoder(images))

    def cut(self, codes: Tensor) -> Tensor:
        """Codes that the decoder knows."""
        return codes.relu() if self.rectified else codes

    def pictures(self, codes: Tensor) -> Tensor:
        """Images in [0, 1]."""
        logits: Tensor = self.decoder(codes)
        return logits.sigmoid()


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """What makes one of them another than the plain one."""

    name: str
    network: Callable[[int], CodedImages]
    """From the length of the code, without drawing a random number."""
    loss: Callable[[CodedImages, Batch], Tensor]


def cross_entropy(logits: Tensor, images: Tensor) -> Tensor:
    """Mean over images of the cross-entropy of their grey levels taken as probabilities, in nats.

    Squared errors of a sigmoid have no gradient where it is saturated: such a network may stay black for ever.
    """
    return binary_cross_entropy_with_logits(logits, images, reduction="sum") / len(images)


def convolutional(size: int, *, rectified: bool = False) -> CodedImages:
    """Convolutions on either side of the code."""
    return CodedImages(size, Encoder(size), Decoder(size), rectified=rectified)


def build_plain(options: AutoencoderOptions, device: torch.device) -> FittedAutoencoder:
    """The plain autoencoder with untrained weights."""

    def loss(network: CodedImages, batch: Batch) -> Tensor:
        return cross_entropy(network.decoder(network.codes(batch.images)), batch.images)

    return FittedAutoencoder(options, Recipe(name="autoencoder", network=convolutional, loss=loss), device)


def build_denoising(options: DenoisingOptions, device: torch.device) -> FittedAutoencoder:
    """The denoising autoencoder with untrained weights: it sees noise and is compared with the image without."""

    def loss(network: CodedImages, batch: Batch) -> Tensor:
        noisy = (batch.images + options.noise * batch.normal(tuple(batch.images.shape))).clamp(0, 1)
        return cross_entropy(network.decoder(network.codes(noisy)), batch.images)

    return FittedAutoencoder(options, Recipe(name="denoising autoencoder", network=convolutional, loss=loss), device)


def build_sparse(options: SparseOptions, device: torch.device) -> FittedAutoencoder:
    """The sparse autoencoder with untrained weights: active units of its code cost."""

    def loss(network: CodedImages, batch: Batch) -> Tensor:
        codes = network.codes(batch.images)
        weight = options.sparsity * (min(1.0, batch.step / WARM_UP) if batch.step else 1.0)
        return cross_entropy(network.decoder(codes), batch.images) + weight * codes.sum() / len(codes)

    def network(size: int) -> CodedImages:
        return convolutional(size, rectified=True)

    return FittedAutoencoder(options, Recipe(name="sparse autoencoder", network=network, loss=loss), device)


class FittedAutoencoder(Autoencoder[Any, CodedImages]):
    """An autoencoder as a sampler: codes from a fitted distribution, decoded.

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1].

    Args:
        options: Length of the code, distribution of codes, length of the training.
        recipe: Network and loss.
        device: Where it computes.
    """

    def __init__(self, options: AutoencoderOptions | PcaOptions, recipe: Recipe, device: torch.device) -> None:
        self._recipe = recipe
        super().__init__(options, self._first_network(options.latent_dim, 0), device)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(latent_dim,)``, and one more number for a mixture."""
        return (self._kept.exact.priors.latents(self._options.prior),)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images of standard normals ``(n, d)``, which are mapped to codes first; differentiable in ``z``.

        Raises:
            ValueError: Labels are given: the model is not conditional.
        """
        refuse_labels(labels, f"the {self._recipe.name}")
        network = self._kept.exact
        return self._pictures(
            lambda part: network.pictures(network.cut(network.priors.codes(part, self._options.prior))), z
        )

    def codes(self, images: Tensor) -> Tensor:
        """Codes ``(n, latent_dim)``, float64. There is no posterior: a code has no spread."""
        return self._kept.exact.codes(self._kept.wide(images))

    def reconstruct(self, images: Tensor) -> Tensor:
        """The decoded code of each image."""
        network = self._kept.exact
        return self._pictures(lambda part: network.pictures(network.codes(part)), images)

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train from new weights for ``budget`` steps (None: the option ``steps``), then fit priors to its codes.

        Raises:
            ValueError: The budget is below 1, or the images have another shape.
        """
        options: AutoencoderOptions = self._options if budget is None else replace(self._options, steps=budget)
        splits = (data_of(training, self._recipe.name), data_of(validation, self._recipe.name))
        network = self._first_network(options.latent_dim, seed).to(self._device)
        draws = torch_generator(seed, self._recipe.name, "training")
        descend(
            network,
            lambda batch: self._recipe.loss(network, batch),
            splits,
            course(options),
            draws=draws,
            progress=progress,
        )
        fit_priors(network, splits[0], generator(seed, self._recipe.name, "codes"), self._device)
        self._kept.take(network)

    def _first_network(self, size: int, seed: int) -> CodedImages:
        network = without_draws(lambda: self._recipe.network(size))
        draw_uniform(network, torch_generator(seed, self._recipe.name, "weights"))
        return network


def course(options: AutoencoderOptions) -> Course:
    """The training that options ask for."""
    return Course(steps=options.steps, batch_size=options.batch_size, learning_rate=options.learning_rate)


def fit_priors(network: CodedImages, data: Data, rng: np.random.Generator, device: torch.device) -> None:
    """Fit both distributions to the codes of the training images."""
    with torch.no_grad():
        parts = [network.codes(part.to(device).float() / 255) for part in torch.split(data.levels, 500)]
    network.priors.fit(torch.cat(parts), rng)
