"""Encoder and decoder: two strided convolutions and two full layers each."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

WIDTH = 16
"""Channels of the first convolution; the second has twice as many."""
HIDDEN = 128
"""Units of the full layers."""
FIRST_SCALE = 0.1
"""Scale of Gaussian and Laplace before training, near where it ends: from 1 the way there takes a thousand steps."""


class Network(nn.Module):
    """Weights of a VAE for images ``(3, 16, 16)``; built without drawing a random number (see ``initialised``)."""

    def __init__(self, code_size: int, *, has_scale: bool) -> None:
        super().__init__()
        flat = 2 * WIDTH * 4 * 4
        self.encoder = nn.Sequential(
            nn.Conv2d(3, WIDTH, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Conv2d(WIDTH, 2 * WIDTH, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(flat, HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, 2 * code_size),
        )
        self.decoder = nn.Sequential(
            nn.Linear(code_size, HIDDEN),
            nn.ReLU(),
            nn.Linear(HIDDEN, flat),
            nn.ReLU(),
            nn.Unflatten(1, (2 * WIDTH, 4, 4)),
            nn.ConvTranspose2d(2 * WIDTH, WIDTH, 4, stride=2, padding=1),
            nn.ReLU(),
            nn.ConvTranspose2d(WIDTH, 3, 4, stride=2, padding=1),
        )
        self.log_scale = nn.Parameter(torch.zeros(())) if has_scale else None

    def encode(self, images: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of the code, each ``(n, code_size)``."""
        mean, log_variance = self.encoder(images).chunk(2, dim=1)
        return mean, log_variance

    def decode(self, z: Tensor) -> Tensor:
        """The pixel distribution's parameter ``(n, 3, 16, 16)``, a real number."""
        output: Tensor = self.decoder(z)
        return output


def initialised(code_size: int, *, has_scale: bool, draws: torch.Generator) -> Network:
    """A network with uniform weights within ``1 / sqrt(k)``, k the inputs of a unit as torch counts them."""
    with torch.device("meta"):
        network = Network(code_size, has_scale=has_scale)
    # not to_empty: that imports half a second of torch's compiler
    network.load_state_dict(
        {name: torch.empty(tensor.shape) for name, tensor in network.state_dict().items()}, assign=True
    )
    with torch.no_grad():
        for layer in network.modules():
            if isinstance(layer, nn.Conv2d | nn.ConvTranspose2d | nn.Linear):
                bound = 1 / math.sqrt(layer.weight[0].numel())
                layer.weight.uniform_(-bound, bound, generator=draws)
                if layer.bias is not None:
                    layer.bias.uniform_(-bound, bound, generator=draws)
        if network.log_scale is not None:
            network.log_scale.fill_(math.log(FIRST_SCALE))
    return network
