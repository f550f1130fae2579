"""Principal components, and the linear autoencoder that finds their subspace by descent."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from genaudit.stats.seeds import generator
from genaudit_adversarial.streams import without_draws
from genaudit_autoencoders.descent import Batch, data_of
from genaudit_autoencoders.fitted import CodedImages, FittedAutoencoder, Recipe, fit_priors

if TYPE_CHECKING:
    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_autoencoders.options import LinearOptions, PcaOptions

ENTRIES = 3 * 16 * 16


class LinearImages(CodedImages):
    """Two affine maps; images that leave [0, 1] are cut off where they are shown."""

    def __init__(self, size: int) -> None:
        encoder = nn.Sequential(nn.Flatten(), nn.Linear(ENTRIES, size))
        decoder = nn.Sequential(nn.Linear(size, ENTRIES), nn.Unflatten(1, (3, 16, 16)))
        super().__init__(size, encoder, decoder)

    def pictures(self, codes: Tensor) -> Tensor:
        """Images, not limited to [0, 1]."""
        images: Tensor = self.decoder(codes)
        return images


class ComponentImages(CodedImages):
    """A mean and orthonormal components, which both maps share."""

    mean: Tensor
    components: Tensor

    def __init__(self, size: int) -> None:
        super().__init__(size, nn.Identity(), nn.Identity())
        self.register_buffer("mean", torch.zeros(ENTRIES))
        self.register_buffer("components", torch.zeros(size, ENTRIES))

    def codes(self, images: Tensor) -> Tensor:
        """Weights of the components."""
        return (images.flatten(1) - self.mean) @ self.components.T

    def pictures(self, codes: Tensor) -> Tensor:
        """Mean and weighted components, not limited to [0, 1]."""
        return (self.mean + codes @ self.components).reshape(-1, 3, 16, 16)


def build_linear(options: LinearOptions, device: torch.device) -> FittedAutoencoder:
    """The linear autoencoder with untrained weights."""
    return FittedAutoencoder(
        options, Recipe(name="linear autoencoder", network=LinearImages, loss=squared_error), device
    )


def squared_error(network: CodedImages, batch: Batch) -> Tensor:
    """Mean over images of the summed squared error."""
    made = network.pictures(network.codes(batch.images))
    return ((made - batch.images) ** 2).sum() / len(made)


def build_pca(options: PcaOptions, device: torch.device) -> PrincipalComponents:
    """Principal components before they are computed."""
    return PrincipalComponents(options, device)


class PrincipalComponents(FittedAutoencoder):
    """Images in the span of their first principal components (Bishop 2006, section 12.1).

    Args:
        options: Number of components, distribution of weights.
        device: Where it computes.
    """

    def __init__(self, options: PcaOptions, device: torch.device) -> None:
        super().__init__(options, Recipe(name="pca", network=ComponentImages, loss=squared_error), device)

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Compute mean and components in float64, in one step, then fit the distributions of weights.

        Raises:
            ValueError: The budget is below 1, or the images have another shape.
        """
        if budget is not None and budget < 1:
            raise ValueError(f"budget is {budget}; allowed: a whole number from 1")
        data, held_out = (data_of(split, "pca") for split in (training, validation))
        rows = data.levels.double().flatten(1) / 255
        mean = rows.mean(dim=0)
        values, vectors = torch.linalg.eigh((rows - mean).T @ (rows - mean))
        network = without_draws(lambda: ComponentImages(self._options.latent_dim))
        network.mean.copy_(mean)
        network.components.copy_(_signed(vectors.flip(1).T[: self._options.latent_dim]))
        fit_priors(network, data, generator(seed, "pca", "codes"), torch.device("cpu"))
        left = float(values.flip(0)[self._options.latent_dim :].sum()) / len(rows)
        progress.step(1, 1, left)
        batch = Batch(images=held_out.levels.float() / 255, labels=None, step=0, draws=torch.Generator().manual_seed(0))
        progress.epoch(1, float(squared_error(network, batch)))
        self._kept.take(network)


def _signed(components: Tensor) -> Tensor:
    """Components whose largest entry is positive: the sign of an eigenvector is anybody's."""
    largest = components.gather(1, components.abs().argmax(dim=1, keepdim=True))
    return components * largest.sign()
