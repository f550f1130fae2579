"""The VAE behind genaudit's capabilities.

Evaluation runs in float64, so that batch size, threads and instruction set do not change an image or a number;
training runs in float32.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit_adversarial.kept import Keeper, refuse_labels
from genaudit_vae.likelihoods import DISTRIBUTIONS
from genaudit_vae.network import Network
from genaudit_vae.training import first_network, trained

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_vae.likelihoods import PixelDistribution
    from genaudit_vae.options import VaeOptions


def build(options: VaeOptions, device: torch.device) -> VariationalAutoencoder:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return VariationalAutoencoder(options, first_network(options, 0), device)


class VariationalAutoencoder(Keeper["VaeOptions", Network]):
    """A VAE with a standard normal prior and a diagonal Gaussian posterior (Kingma and Welling 2014).

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1].
    """

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(code size,)``."""
        return (self._options.code_size,)

    @property
    def likelihood(self) -> str:
        """Name of the distribution of pixels."""
        return self._options.likelihood

    @property
    def data_space(self) -> str:
        """``soft`` for the Bernoulli, ``continuous_dequantised`` for densities."""
        return self._distribution.data_space

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Means of the pixel distributions for codes ``(n, d)``; differentiable in ``z``.

        Raises:
            ValueError: Labels are given: the model is not conditional.
        """
        refuse_labels(labels, "the VAE")
        return self._distribution.mean(self._kept.exact.decode(self._kept.wide(z))).float()

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the posterior, float64 ``(n, d)``."""
        return self._kept.exact.encode(self._kept.wide(images))

    def reconstruct(self, images: Tensor) -> Tensor:
        """The decoded posterior mean of each image."""
        mean, _ = self.encode(images)
        return self.decode(mean)

    def log_likelihood(self, images: Tensor, z: Tensor) -> Tensor:
        """``log p(x | z)`` of each image, float64 ``(n,)`` nats, summed over pixels and channels; differentiable in z.

        With ``data_space`` ``continuous_dequantised`` images are ``(255 x + u) / 256``. For the Bernoulli it is the
        cross-entropy of the grey levels taken as probabilities, which is no density.
        """
        output = self._kept.exact.decode(self._kept.wide(z))
        nats = self._distribution.log_density(self._kept.wide(images), output, self._kept.exact.log_scale)
        return nats.flatten(1).sum(1)

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
        self._kept.take(trained(options, training, validation, seed=seed, progress=progress, device=self._device))

    @property
    def _distribution(self) -> PixelDistribution:
        return DISTRIBUTIONS[self._options.likelihood]
