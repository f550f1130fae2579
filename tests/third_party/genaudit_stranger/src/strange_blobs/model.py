"""A generator without weights: a function from a latent to a blob."""

import torch

SIZE = 16


class Blobs:
    """The capability ``Sampler``, and nothing else of genaudit."""

    def __init__(self, options, device):
        self._sharpness = options.sharpness
        self._axis = torch.linspace(-1, 1, SIZE, device=device)

    @property
    def latent_shape(self):
        """Two numbers of place, one of size, three of colour."""
        return (6,)

    def decode(self, z, labels=None):
        """``(n, 3, 16, 16)`` in [0, 1]; differentiable in ``z``."""
        place, width, colour = z[:, :2].tanh() * 0.5, 0.15 + 0.3 * z[:, 2].sigmoid(), z[:, 3:].sigmoid()
        across = (self._axis - place[:, :1]) ** 2
        down = (self._axis - place[:, 1:]) ** 2
        squared = (down[:, :, None] + across[:, None, :]) / width[:, None, None] ** 2
        blob = torch.exp(-(squared**self._sharpness) / 2)
        return colour[:, :, None, None] * blob[:, None]
