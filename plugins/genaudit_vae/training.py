"""Maximisation of the evidence lower bound."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch

from genaudit_adversarial.playing import checked_images
from genaudit_adversarial.streams import one_thread, torch_generator
from genaudit_vae.likelihoods import DISTRIBUTIONS
from genaudit_vae.network import Network, initialised

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_vae.options import VaeOptions

WARM_UP = 200
"""Steps in which the weight of the KL term grows from 0: without it the code may stay unused."""
GRADIENT_LIMIT = 200.0
"""Largest norm of a gradient, nats a unit; met in the first steps only."""


def trained(
    options: VaeOptions,
    training: LabelledImages,
    validation: LabelledImages,
    *,
    seed: int,
    progress: TrainingObserver,
    device: torch.device,
) -> Network:
    """A network trained from the start; on one machine and one version of torch the same bits every time.

    The losses that ``progress`` hears are negative evidence lower bounds in nats per image with the KL term at its
    full weight, also during the warm-up.

    Raises:
        ValueError: The images have another shape.
    """
    data = [torch.from_numpy(checked_images(split, "VAE")) for split in (training, validation)]
    draws = torch_generator(seed, "vae", "training")
    network = first_network(options, seed).to(device)
    optimiser = torch.optim.Adam(network.parameters(), lr=options.learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, 2 * (1 - step / options.steps)))
    with one_thread():
        for step, (rows, epoch_ends) in enumerate(_batches(len(data[0]), options, draws), start=1):
            reconstruction, kl = _bound(network, options, data[0][rows], draws, device)
            loss = options.beta * min(1.0, step / WARM_UP) * kl - reconstruction
            optimiser.zero_grad()
            torch.autograd.backward(loss)
            torch.nn.utils.clip_grad_norm_(network.parameters(), GRADIENT_LIMIT)
            optimiser.step()
            schedule.step()
            progress.step(step, options.steps, float(options.beta * kl.detach() - reconstruction.detach()))
            if epoch_ends or step == options.steps:
                progress.epoch(step, _validation_loss(network, options, data[1], seed, device))
    return network


def first_network(options: VaeOptions, seed: int) -> Network:
    """A network with its first weights."""
    draws = torch_generator(seed, "vae", "weights")
    return initialised(options.code_size, has_scale=DISTRIBUTIONS[options.likelihood].has_scale, draws=draws)


def _batches(count: int, options: VaeOptions, draws: torch.Generator) -> Iterator[tuple[Tensor, bool]]:
    """Rows of each step, every image once an epoch, and whether the epoch ends with it."""
    done = 0
    while done < options.steps:
        parts = torch.split(torch.randperm(count, generator=draws), options.batch_size)
        for number, rows in enumerate(parts[: options.steps - done], start=1):
            yield rows, number == len(parts)
        done += len(parts)


def _bound(
    network: Network, options: VaeOptions, levels: Tensor, draws: torch.Generator, device: torch.device
) -> tuple[Tensor, Tensor]:
    """Mean expected log-likelihood and mean KL divergence of a batch of 8-bit images, in nats, with one draw each."""
    distribution = DISTRIBUTIONS[options.likelihood]
    images = levels.float() / 255
    if distribution.data_space == "continuous_dequantised":
        images = (levels.float() + torch.rand(levels.shape, generator=draws)) / 256
    images = images.to(device)
    mean, log_variance = network.encode(images)
    noise = torch.randn(mean.shape, generator=draws).to(device)
    output = network.decode(mean + noise * torch.exp(log_variance / 2))
    nats = distribution.log_density(images, output, network.log_scale)
    kl = 0.5 * (mean**2 + torch.expm1(log_variance) - log_variance)
    return nats.sum() / len(images), kl.sum() / len(images)


def _validation_loss(network: Network, options: VaeOptions, levels: Tensor, seed: int, device: torch.device) -> float:
    """Negative bound of the validation images, with the same noise after every epoch."""
    draws = torch_generator(seed, "vae", "validation")
    total = 0.0
    with torch.no_grad():
        for part in torch.split(levels, 256):
            reconstruction, kl = _bound(network, options, part, draws, device)
            total += len(part) * float(options.beta * kl - reconstruction)
    if not math.isfinite(total):
        return total  # the core refuses it and says that training diverged
    return total / len(levels)
