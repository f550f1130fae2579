"""Networks of full layers."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from torch import Tensor, nn

from genaudit_adversarial.streams import without_draws

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch

SLOPE = 0.2
"""Of leaky rectifiers, for negative values."""


class FullLayers(nn.Module):
    """Full layers with leaky rectifiers between.

    Args:
        sizes: Length of the input, of each hidden layer and of the output.
        end: What follows the last layer.
    """

    def __init__(self, sizes: Sequence[int], end: nn.Module) -> None:
        super().__init__()
        steps: list[nn.Module] = [nn.Flatten()]
        for inputs, outputs in pairwise(sizes):
            steps += [nn.Linear(inputs, outputs), nn.LeakyReLU(SLOPE)]
        self.layers = nn.Sequential(*steps[:-1], end)

    def forward(self, x: Tensor) -> Tensor:
        """Outputs of items of any shape, read as rows."""
        outputs: Tensor = self.layers(x)
        return outputs


class Judge(FullLayers):
    """A discriminator of full layers."""

    def __init__(self, sizes: Sequence[int]) -> None:
        super().__init__([*sizes, 1], nn.Flatten(0))

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:  # noqa: ARG002 - the game may have labels
        """Logits ``(n,)``: real above 0."""
        return super().forward(x)


def full_layers(sizes: Sequence[int], end: nn.Module, draws: torch.Generator) -> FullLayers:
    """Full layers with weights that keep second moments (He et al. 2015, equation 10) and biases 0."""
    return _drawn(without_draws(lambda: FullLayers(sizes, end)), draws)


def judge(sizes: Sequence[int], draws: torch.Generator) -> FullLayers:
    """A discriminator with such weights."""
    return _drawn(without_draws(lambda: Judge(sizes)), draws)


def _drawn(network: FullLayers, draws: torch.Generator) -> FullLayers:
    for layer in network.modules():
        if isinstance(layer, nn.Linear):
            nn.init.normal_(layer.weight, 0.0, (2 / layer.in_features) ** 0.5, generator=draws)
    return network
