"""Doubles that look at nothing but the latent."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from genaudit.plugin.options import NoOptions

SHAPE = (3, 16, 16)


class Noise:
    """Independent pixels, uniform in [0, 1]: the latent's own distribution function."""

    latent_shape = SHAPE

    def __init__(self, options: NoOptions, device: torch.device) -> None:
        pass

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:  # noqa: ARG002 - a Sampler's signature
        """``Φ(z)`` for latents ``(n, 3, 16, 16)``."""
        import torch

        images: Tensor = torch.special.ndtr(z.double()).float()
        return images


class Constant:
    """The same grey image always."""

    latent_shape = (1,)

    def __init__(self, options: NoOptions, device: torch.device) -> None:
        pass

    def decode(self, z: Tensor, labels: Tensor | None = None) -> Tensor:  # noqa: ARG002 - likewise
        """0.5 everywhere, for latents ``(n, 1)``."""
        return (0 * z[:, :, None, None] + 0.5).expand(-1, *SHAPE)
