"""From x to the mixture of t, and how points are drawn from both."""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

QUANTILES = 257
"""Of x in the training data, evenly spaced; between them x is drawn evenly."""
NARROWEST = 1e-3
"""Least standard deviation of a component: one that sits on a single point would have endless density."""


class MixtureDensity(nn.Module):
    """Shares, means and deviations of t given x, and the quantiles of x."""

    quantiles: Tensor

    def __init__(self, components: int, hidden: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(1, hidden), nn.Tanh(), nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 3 * components)
        )
        self.register_buffer("quantiles", torch.zeros(QUANTILES))

    def mixture(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Log-shares, means and deviations ``(n, components)`` for x ``(n,)``."""
        logits, means, widths = self.layers(x[:, None]).chunk(3, dim=1)
        return logits.log_softmax(dim=1), means, NARROWEST + widths.exp()

    def log_density(self, x: Tensor, t: Tensor) -> Tensor:
        """Log p(t | x) in nats ``(n,)``: Bishop 1994, equation 29, with its normalising constant."""
        shares, means, widths = self.mixture(x)
        normal = -0.5 * ((t[:, None] - means) / widths) ** 2 - widths.log() - 0.5 * math.log(2 * math.pi)
        return (shares + normal).logsumexp(dim=1)

    def points(self, z: Tensor) -> Tensor:
        """Points ``(n, 2)`` of standard normals ``(n, 3)``: for x, for the component, and within it."""
        x = self._x(torch.special.ndtr(z[:, 0]))
        shares, means, widths = self.mixture(x)
        bounds = shares.exp().cumsum(dim=1)[:, :-1].contiguous()
        which = torch.searchsorted(bounds, torch.special.ndtr(z[:, 1:2]).contiguous())
        mean, width = (rows.gather(1, which)[:, 0] for rows in (means, widths))
        return torch.stack([x, mean + width * z[:, 2]], dim=1)

    def _x(self, share: Tensor) -> Tensor:
        """The x below which a share of the training data lies."""
        place = share * (QUANTILES - 1)
        left = place.floor().clamp(max=QUANTILES - 2).long()
        low, high = self.quantiles[left], self.quantiles[left + 1]
        return low + (place - left) * (high - low)
