"""Weights as they are trained and stored, the exact copy that is evaluated, and the models that keep both."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Generic, TypeVar

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

Network = TypeVar("Network", bound=nn.Module)
Options = TypeVar("Options")


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


class Keeper(Generic[Options, Network]):
    """A model behind ``Trainable`` whose weights are those of one network.

    Args:
        options: Of the model.
        network: With its first weights.
        device: Where it computes.
    """

    def __init__(self, options: Options, network: Network, device: torch.device) -> None:
        self._options, self._device = options, torch.device(device)
        self._kept: KeptNetwork[Network] = KeptNetwork(network, self._device)

    def state(self) -> Mapping[str, Tensor]:
        """All weights by name, float32; a network that only served the training is not among them."""
        return self._kept.state()

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take weights over.

        Raises:
            ValueError: A tensor is missing, unknown or of another shape; the message names it.
        """
        self._kept.load(state)


def refuse_labels(labels: Tensor | None, model: str) -> None:
    """Nothing, if there are no labels.

    Raises:
        ValueError: There are some: the model, which the message names, is not conditional.
    """
    if labels is not None:
        raise ValueError(f"{model} takes no labels: it is not class-conditional")


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
