"""A generator that is told to make, of random latents, images that were drawn at random.

What it is paired with says nothing about a latent, so the best answer to all of them is the mean image: mode collapse
by construction, which every number about diversity must notice.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import nn

from genaudit_adversarial.kept import Keeper, refuse_labels
from genaudit_adversarial.playing import as_items
from genaudit_adversarial.streams import one_thread, torch_generator
from genaudit_dcgan.network import Generator, initialised

if TYPE_CHECKING:
    from torch import Tensor

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_gans.options import RandomPairingOptions


def build(options: RandomPairingOptions, device: torch.device) -> RandomPairing:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return RandomPairing(options, device)


class RandomPairing(Keeper["RandomPairingOptions", Generator]):
    """The generator of the DCGAN, trained with squared error.

    Args:
        options: Sizes and recipe.
        device: Where it computes.
    """

    def __init__(self, options: RandomPairingOptions, device: torch.device) -> None:
        super().__init__(options, _first(options, 0), device)

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(latent_dim,)``."""
        return (self._options.latent_dim,)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Images float32 ``(n, 3, 16, 16)`` in [0, 1] of latents ``(n, d)``; differentiable in ``z``.

        Raises:
            ValueError: Labels are given.
        """
        refuse_labels(labels, "random pairing")
        images: Tensor = self._kept.exact(self._kept.wide(z))
        return ((images + 1) / 2).float()

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train from new weights for ``budget`` steps (None: the option ``steps``); losses are mean squared errors.

        Raises:
            ValueError: The budget is below 1, or the images have another shape.
        """
        own = self._options if budget is None else replace(self._options, steps=budget)
        images, held_out = (as_items(split, "random pairing").values for split in (training, validation))
        network, draws = _first(own, seed).to(self._device), torch_generator(seed, "random-pairing", "training")
        optimiser = torch.optim.Adam(network.parameters(), lr=own.learning_rate)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, 2 * (1 - step / own.steps)))
        with one_thread():
            for step in range(1, own.steps + 1):
                rows = torch.randint(len(images), (own.batch_size,), generator=draws)
                z = torch.randn(own.batch_size, own.latent_dim, generator=draws).to(self._device)
                loss = (network(z) - images[rows].to(self._device)).square().mean()
                optimiser.zero_grad()
                torch.autograd.backward(loss)
                optimiser.step()
                schedule.step()
                progress.step(step, own.steps, float(loss.detach()))
            progress.epoch(own.steps, self._error(network.eval(), held_out, draws))
        self._kept.take(network)

    def _error(self, network: nn.Module, images: Tensor, draws: torch.Generator) -> float:
        with torch.no_grad():
            z = torch.randn(len(images), self._options.latent_dim, generator=draws).to(self._device)
            return float((network(z) - images.to(self._device)).square().mean())


def _first(options: RandomPairingOptions, seed: int) -> Generator:
    return initialised(options.latent_dim, options.width, torch_generator(seed, "random-pairing", "weights"))
