"""The mixture density network behind genaudit's capabilities."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from genaudit_adversarial.kept import Keeper, refuse_labels
from genaudit_adversarial.streams import one_thread, torch_generator, without_draws
from genaudit_mdn.network import QUANTILES, MixtureDensity

if TYPE_CHECKING:
    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_mdn.options import MdnOptions

FIRST_WIDTH = 0.2
"""Deviation of every component before training, whose means are spread over [0, 1]."""
EPOCH = 20
"""Steps between two looks at the validation data."""


def build(options: MdnOptions, device: torch.device) -> MixtureDensityNetwork:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return MixtureDensityNetwork(options, _first_network(options, 0), device)


class MixtureDensityNetwork(Keeper["MdnOptions", MixtureDensity]):
    """p(x) from quantiles of the data, p(t | x) from a network (Bishop 1994)."""

    @property
    def latent_shape(self) -> tuple[int, ...]:
        """``(3,)``: one number for x, one for the component, one within it."""
        return (3,)

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Points float32 ``(n, 2)`` of latents ``(n, 3)``.

        Raises:
            ValueError: Labels are given: the model is not conditional on classes.
        """
        refuse_labels(labels, "the mixture density network")
        return self._kept.exact.points(self._kept.wide(z)).float()

    def log_density(self, points: Tensor) -> Tensor:
        """Log p(t | x) of points ``(n, 2)``, float64 ``(n,)`` nats."""
        x, t = self._kept.wide(points).unbind(dim=1)
        return self._kept.exact.log_density(x, t)

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train from new weights for ``budget`` steps (None: the option ``steps``); losses are -log p(t | x), nats.

        Raises:
            ValueError: The budget is below 1, or these are no points of the plane.
        """
        options = self._options if budget is None else replace(self._options, steps=budget)
        points, held_out = (_points(split).to(self._device) for split in (training, validation))
        network = _first_network(options, seed).to(self._device)
        shares = torch.linspace(0, 1, QUANTILES, dtype=torch.float64, device=self._device)
        network.quantiles.copy_(torch.quantile(points[:, 0].double(), shares))
        draws = torch_generator(seed, "mdn", "training")
        optimiser = torch.optim.Adam(network.parameters(), lr=options.learning_rate)
        schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, 2 * (1 - step / options.steps)))
        with one_thread():
            for step in range(1, options.steps + 1):
                rows = torch.randint(len(points), (options.batch_size,), generator=draws)
                loss = -network.log_density(*points[rows].unbind(dim=1)).mean()
                optimiser.zero_grad()
                torch.autograd.backward(loss)
                optimiser.step()
                schedule.step()
                progress.step(step, options.steps, float(loss.detach()))
                if step % EPOCH == 0 or step == options.steps:
                    with torch.no_grad():
                        progress.epoch(step, -float(network.log_density(*held_out.unbind(dim=1)).mean()))
        self._kept.take(network)


def _first_network(options: MdnOptions, seed: int) -> MixtureDensity:
    """Small weights, and components that begin at different places."""
    network = without_draws(lambda: MixtureDensity(options.components, options.hidden))
    draws = torch_generator(seed, "mdn", "weights")
    linear = [layer for layer in network.layers if isinstance(layer, nn.Linear)]
    with torch.no_grad():
        for layer in linear:
            bound = math.sqrt(1 / layer.in_features)
            layer.weight.uniform_(-bound, bound, generator=draws)
            layer.bias.uniform_(-bound, bound, generator=draws)
        _, means, widths = linear[-1].bias.chunk(3)
        means.copy_(torch.linspace(0, 1, len(means) + 2)[1:-1])
        widths.fill_(math.log(FIRST_WIDTH))
    return network


def _points(split: LabelledImages) -> Tensor:
    if split.images.ndim != 2 or split.images.shape[1] != 2 or not len(split.images):
        raise ValueError(f"the mixture density network is trained on points (n, 2), not on {split.images.shape}")
    return torch.from_numpy(split.images).float()
