"""Mapping and synthesis of a style-based generator (Karras et al. 2019) for images of 16x16 pixels."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own usage

from genaudit_adversarial.streams import draw_normal, without_draws

if TYPE_CHECKING:
    from collections.abc import Sequence

SLOPE = 0.2
"""Of leaky rectifiers, for negative values."""
START = 4
"""Pixels a side of the learnt constant."""
CHANNELS = (64, 64, 32, 32, 16, 16)
"""Of the constant and of each layer's output."""
ENLARGED = (False, True, False, True, False)
"""Whether a layer first doubles its input's sides."""
EPSILON = 1e-8


class EqualConvolution(nn.Conv2d):
    """A convolution whose weights start from N(0, 1) and are scaled where they are used (Karras et al. 2018, 4.1).

    So Adam moves every layer at the same speed, whatever the number of its inputs.
    """

    gain = 2.0

    def forward(self, x: Tensor) -> Tensor:
        """The convolution with weights scaled to a second moment of ``gain / inputs``."""
        return F.conv2d(x, self.weight * _scale(self.weight, self.gain), self.bias, padding=self.padding)


class EqualLinear(nn.Linear):
    """A full layer of the same kind.

    Args:
        inputs: Length of its input.
        outputs: Length of its output.
        gain: 2 before a rectifier, else 1.
    """

    def __init__(self, inputs: int, outputs: int, gain: float) -> None:
        super().__init__(inputs, outputs)
        self.gain = gain

    def forward(self, x: Tensor) -> Tensor:
        """The product with weights scaled to a second moment of ``gain / inputs``."""
        return F.linear(x, self.weight * _scale(self.weight, self.gain), self.bias)


class StyledLayer(nn.Module):
    """Convolution 3x3, noise, leaky rectifier, then adaptive instance normalisation (equation 1)."""

    def __init__(self, inputs: int, outputs: int, style_dim: int, *, enlarged: bool) -> None:
        super().__init__()
        self.enlarged = enlarged
        self.convolution = EqualConvolution(inputs, outputs, 3, padding=1)
        self.noise_strength = nn.Parameter(torch.zeros(outputs, 1, 1))
        self.style = EqualLinear(style_dim, 2 * outputs, gain=1.0)

    def forward(self, x: Tensor, style: Tensor, noise: Tensor | None) -> Tensor:
        """Activations ``(n, outputs, s, s)`` for styles ``(n, d)`` and noise ``(n, 1, s, s)``."""
        if self.enlarged:
            x = F.interpolate(x, scale_factor=2, mode="nearest")
        x = self.convolution(x)
        if noise is not None:
            x = x + self.noise_strength * noise
        x = F.leaky_relu(x, SLOPE)
        x = F.group_norm(x, x.shape[1], eps=EPSILON)  # one channel a group: instance_norm and std_mean are slower
        scale, shift = self.style(style)[:, :, None, None].chunk(2, dim=1)
        return torch.addcmul(shift, x, 1 + scale)


class StyleGenerator(nn.Module):
    """The mapping from latents to styles and the synthesis from one style a layer to images.

    Args:
        latent_dim: Length of a latent.
        style_dim: Length of a style.
        mapping_layers: Full layers of the mapping.
    """

    mean_style: Tensor

    def __init__(self, latent_dim: int, style_dim: int, mapping_layers: int) -> None:
        super().__init__()
        sizes = [latent_dim] + [style_dim] * mapping_layers
        full = [
            layer
            for inputs, outputs in pairwise(sizes)
            for layer in (EqualLinear(inputs, outputs, gain=2.0), nn.LeakyReLU(SLOPE))
        ]
        self.latent_dim = latent_dim
        self.mapping = nn.Sequential(*full)
        self.constant = nn.Parameter(torch.zeros(CHANNELS[0], START, START))
        self.layers = nn.ModuleList(
            StyledLayer(inputs, outputs, style_dim, enlarged=enlarged)
            for inputs, outputs, enlarged in zip(CHANNELS, CHANNELS[1:], ENLARGED, strict=False)
        )
        self.colour = EqualConvolution(CHANNELS[-1], 3, 1)
        self.colour.gain = 1.0
        self.register_buffer("mean_style", torch.zeros(style_dim))

    def styles(self, z: Tensor) -> Tensor:
        """Styles ``(n, style_dim)`` of latents ``(n, latent_dim)``, whose length does not matter."""
        mapped: Tensor = self.mapping(z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + EPSILON))
        return mapped

    def images(self, styles: Tensor, noise: Sequence[Tensor] | None) -> Tensor:
        """Images ``(n, 3, 16, 16)`` in [-1, 1] for styles ``(n, layers, style_dim)``."""
        x = self.constant.expand(len(styles), -1, -1, -1)
        for number, layer in enumerate(self.layers):
            x = layer(x, styles[:, number], None if noise is None else noise[number])
        return torch.tanh(self.colour(x))


def noise_shapes() -> tuple[tuple[int, ...], ...]:
    """Shape of the noise that each layer reads.

    >>> noise_shapes()
    ((1, 4, 4), (1, 8, 8), (1, 8, 8), (1, 16, 16), (1, 16, 16))
    """
    sides = [START * 2 ** sum(ENLARGED[: number + 1]) for number in range(len(ENLARGED))]
    return tuple((1, side, side) for side in sides)


def initialised(latent_dim: int, style_dim: int, mapping_layers: int, draws: torch.Generator) -> StyleGenerator:
    """A generator with weights and constant from N(0, 1), biases 0 and noise of strength 0."""
    network = without_draws(lambda: StyleGenerator(latent_dim, style_dim, mapping_layers))
    draw_normal(network, draws, 1.0)
    with torch.no_grad():
        network.constant.normal_(generator=draws)
    return network


def _scale(weight: Tensor, gain: float) -> float:
    return math.sqrt(gain / weight[0].numel())
