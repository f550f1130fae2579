"""Weights as they are trained and stored, and the exact copy that is evaluated."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Generic, TypeVar

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

Network = TypeVar("Network", bound=nn.Module)


class KeptNetwork(Generic[Network]):
    """A network in float32, and in float64 for evaluation: batch size and instruction set then change no image.

    Args:
        network: With its first weights.
        device: Where it computes.
    """

    def __init__(self, network: Network, device: torch.device) -> None:
        self._device = torch.device(device)
        self.take(network)

    @property
    def exact(self) -> Network:
        """The float64 copy, with statistics of training for its normalisations, without gradients of its weights."""
        return self._exact

    def take(self, network: Network) -> None:
        """Hold another network from now on."""
        self._stored = network.to(self._device)
        self._exact = copy.deepcopy(self._stored).double().eval().requires_grad_(requires_grad=False)

    def wide(self, tensor: Tensor) -> Tensor:
        """A tensor as the exact network reads it."""
        return tensor.to(self._device, torch.float64)

    def state(self) -> dict[str, Tensor]:
        """All weights by name, float32."""
        return {name: tensor.detach() for name, tensor in self._stored.state_dict().items()}

    def load(self, state: Mapping[str, Tensor]) -> None:
        """Take weights over.

        Raises:
            ValueError: A tensor is missing, unknown or of another shape; the message names it.
        """
        _check(self.state(), state)
        self._stored.load_state_dict(dict(state))
        self.take(self._stored)


def _check(expected: Mapping[str, Tensor], state: Mapping[str, Tensor]) -> None:
    for name, tensor in expected.items():
        shape = tuple(tensor.shape)
        if name not in state:
            raise ValueError(f"tensor '{name}' of shape {shape} is missing")
        if tuple(state[name].shape) != shape:
            raise ValueError(f"tensor '{name}' has shape {tuple(state[name].shape)}; expected {shape}")
    unknown = sorted(set(state) - set(expected))
    if unknown:
        raise ValueError(f"tensor '{unknown[0]}' of shape {tuple(state[unknown[0]].shape)} is not part of the model")
