"""Random numbers, threads and new networks that leave the process as it was."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import torch
from torch import nn

from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BITS = 2**63
Made = TypeVar("Made", bound=nn.Module)


def torch_generator(seed: int, *names: str) -> torch.Generator:
    """Torch's stream of random numbers for a seed and a purpose; on the CPU, so that every device sees the same."""
    return torch.Generator().manual_seed(int(generator(seed, *names).integers(BITS)))


@contextmanager
def one_thread() -> Iterator[None]:
    """One thread while training: sums of several differ in their last bits, and small layers gain nothing."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def without_draws(make: Callable[[], Made]) -> Made:
    """A module whose tensors are all zero, but for variances and scales of normalisations, which are one.

    Torch's own first weights come from its global random numbers, which are not ours to move.
    """
    with torch.device("meta"):
        made = make()
    for module in made.modules():  # not to_empty: that imports half a second of torch's compiler
        for name, parameter in module.named_parameters(recurse=False):
            setattr(module, name, nn.Parameter(torch.zeros(parameter.shape)))
        for name, buffer in module.named_buffers(recurse=False):
            setattr(module, name, torch.zeros(buffer.shape, dtype=buffer.dtype))
    with torch.no_grad():
        for layer in made.modules():
            if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                layer.weight.fill_(1)
                if layer.running_var is not None:
                    layer.running_var.fill_(1)
    return made


def draw_normal(module: nn.Module, draws: torch.Generator, deviation: float) -> None:
    """Weights of convolutions and full layers from N(0, deviation²), scales of normalisations from N(1, deviation²).

    Biases stay 0: section 3 of Radford et al. 2016 with a deviation of 0.02.
    """
    with torch.no_grad():
        for layer in module.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
                layer.weight.normal_(0, deviation, generator=draws)
            elif isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d):
                layer.weight.normal_(1, deviation, generator=draws)
