"""How all of them make images."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from genaudit_adversarial.kept import Keeper, Network, Options

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

PART = 64
"""Images computed at once: what more of them need no longer fits into the processor's cache."""


class Autoencoder(Keeper[Options, Network]):
    """A kept network that makes images, a part of them at a time."""

    def _pictures(self, make: Callable[..., Tensor], *rows: Tensor) -> Tensor:
        """Float32 images in [0, 1] that a function of float64 rows makes."""
        wide = [self._kept.wide(each) if each.is_floating_point() else each.to(self._device) for each in rows]
        parts = zip(*(torch.split(each, PART) for each in wide), strict=True)
        return torch.cat([make(*part) for part in parts]).clamp(0, 1).float()
