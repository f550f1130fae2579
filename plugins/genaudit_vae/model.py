"""The VAE behind genaudit's capabilities.

Evaluation runs in float64, so that batch size, threads and instruction set do not change an image or a number;
training runs in float32.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import torch

from genaudit_vae.likelihoods import DISTRIBUTIONS
from genaudit_vae.network import Network, check_state, initialised
from genaudit_vae.training import torch_generator, trained

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_vae.options import VaeOptions


def build(options: VaeOptions, device: torch.device) -> VariationalAutoencoder:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return VariationalAutoencoder(options, device)


class VariationalAutoencoder:
    """A VAE with a standard normal prior and a diagonal Gaussian posterior (Kingma and Welling 2014).

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1].

    Args:
        options: Likelihood, size of the code, recipe.
        device: Where it computes.
    """

    def __init__(self, options: VaeOptions, device: torch.device) -> None:
        self._options = options
        self._device = torch.device(device)
        self._distribution = DISTRIBUTIONS[options.likelihood]
        draws = torch_generator(0, "weights")
        self._take(initialised(options.code_size, has_scale=self._distribution.has_scale, draws=draws))

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
        if labels is not None:
            raise ValueError("the VAE takes no labels: it is not class-conditional")
        return self._distribution.mean(self._exact.decode(self._wide(z))).float()

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the posterior, float64 ``(n, d)``."""
        return self._exact.encode(self._wide(images))

    def reconstruct(self, images: Tensor) -> Tensor:
        """The decoded posterior mean of each image."""
        mean, _ = self.encode(images)
        return self.decode(mean)

    def log_likelihood(self, images: Tensor, z: Tensor) -> Tensor:
        """``log p(x | z)`` of each image, float64 ``(n,)`` nats, summed over pixels and channels; differentiable in z.

        With ``data_space`` ``continuous_dequantised`` images are ``(255 x + u) / 256``. For the Bernoulli it is the
        cross-entropy of the grey levels taken as probabilities, which is no density.
        """
        output = self._exact.decode(self._wide(z))
        nats = self._distribution.log_density(self._wide(images), output, self._exact.log_scale)
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
        self._take(trained(options, training, validation, seed=seed, progress=progress, device=self._device))

    def state(self) -> Mapping[str, Tensor]:
        """All weights by name, float32."""
        return {name: tensor.detach() for name, tensor in self._network.state_dict().items()}

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take weights over.

        Raises:
            ValueError: A tensor is missing, unknown or of another shape; the message names it.
        """
        check_state(self._network, state)
        self._network.load_state_dict(dict(state))
        self._take(self._network)

    def _take(self, network: Network) -> None:
        self._network = network.to(self._device)
        self._exact = copy.deepcopy(self._network).double().requires_grad_(requires_grad=False)

    def _wide(self, tensor: Tensor) -> Tensor:
        return tensor.to(self._device, torch.float64)
