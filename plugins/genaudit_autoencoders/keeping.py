"""What all of them do with their weights and images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

import torch
from torch import Tensor, nn

from genaudit_adversarial.kept import KeptNetwork

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Network = TypeVar("Network", bound=nn.Module)
PART = 64
"""Images computed at once: what more of them need no longer fits into the processor's cache."""


class Keeper(Generic[Network]):
    """A network, evaluated in float64 and stored in float32, that is not conditional.

    Args:
        options: Of the model.
        network: With its first weights.
        device: Where it computes.
    """

    def __init__(self, options: Any, network: Network, device: torch.device) -> None:  # noqa: ANN401 - each model's own
        self._options, self._device = options, torch.device(device)
        self._kept: KeptNetwork[Network] = KeptNetwork(network, self._device)

    def state(self) -> Mapping[str, Tensor]:
        """All weights by name, float32."""
        return self._kept.state()

    def load_state(self, state: Mapping[str, Tensor]) -> None:
        """Take weights over.

        Raises:
            ValueError: A tensor is missing, unknown or of another shape; the message names it.
        """
        self._kept.load(state)

    def _pictures(self, make: Callable[..., Tensor], *rows: Tensor) -> Tensor:
        """Float32 images in [0, 1] that a function of float64 rows makes, a part at a time."""
        wide = [self._kept.wide(each) if each.is_floating_point() else each.to(self._device) for each in rows]
        parts = zip(*(torch.split(each, PART) for each in wide), strict=True)
        return torch.cat([make(*part) for part in parts]).clamp(0, 1).float()


def refuse_labels(labels: Tensor | None, name: str) -> None:
    """Nothing, if there are no labels.

    Raises:
        ValueError: There are some: the model is not conditional.
    """
    if labels is not None:
        raise ValueError(f"the {name} takes no labels: it is not class-conditional")
