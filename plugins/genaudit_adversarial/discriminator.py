"""The discriminator of the DCGAN guidelines for images of 16x16 pixels."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - torch's own usage

from genaudit_adversarial.streams import draw_normal, without_draws

SLOPE = 0.2
"""Of leaky rectifiers, for negative values."""


class ConvolutionalDiscriminator(nn.Module):
    """Strided convolutions with leaky rectifiers to one logit: real above 0 (Radford et al. 2016).

    Batch normalisation always uses the batch itself: a discriminator is never evaluated alone.

    Args:
        width: Channels of the first convolution; the second has twice as many.
        classes: Number of classes whose label is read as further planes of the image; 0 for none.
    """

    def __init__(self, width: int, classes: int = 0) -> None:
        super().__init__()
        self.classes = classes
        self.layers = nn.Sequential(
            nn.Conv2d(3 + classes, width, 4, stride=2, padding=1),
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width, track_running_stats=False),
            nn.LeakyReLU(SLOPE),
            nn.Conv2d(2 * width, 1, 4),
        )

    def forward(self, images: Tensor, labels: Tensor | None = None) -> Tensor:
        """Logits ``(n,)`` of images ``(n, 3, 16, 16)`` in [-1, 1]."""
        if labels is not None:
            planes = F.one_hot(labels, self.classes).to(images)[:, :, None, None]
            images = torch.cat([images, planes.expand(-1, -1, *images.shape[2:])], dim=1)
        logits: Tensor = self.layers(images)
        return logits.flatten()


def initialised_discriminator(width: int, draws: torch.Generator, classes: int = 0) -> ConvolutionalDiscriminator:
    """A discriminator with the first weights of the guidelines: N(0, 0.02²)."""
    network = without_draws(lambda: ConvolutionalDiscriminator(width, classes))
    draw_normal(network, draws, 0.02)
    return network
