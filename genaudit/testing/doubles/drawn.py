"""Doubles that give images which are there already."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.datasets.colored_digits import ORANGE_SHARE, ColoredDigits

if TYPE_CHECKING:
    import torch

    from genaudit.plugin.options import NoOptions
    from genaudit.plugin.specs import GeneratorSpec
    from genaudit.testing.doubles.options import DropperOptions, SkewerOptions


@dataclass(frozen=True)
class DrawnImages:
    """A ``DrawnSamples`` of an array."""

    images: NDArray[np.uint8]
    """``(n, 3, 16, 16)``."""

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the images."""
        return hashlib.sha256(self.images.tobytes()).hexdigest()

    def drawn(self, start: int, count: int) -> NDArray[np.uint8]:
        """Images ``start`` to ``start + count``."""
        return self.images[start : start + count]


def holdout(options: NoOptions, device: torch.device) -> DrawnImages:  # noqa: ARG001 - every generator is built like this
    """The holdout split."""
    return DrawnImages(ColoredDigits().split("holdout").images)


def copier(options: NoOptions, device: torch.device) -> DrawnImages:  # noqa: ARG001 - likewise
    """The training split."""
    return DrawnImages(ColoredDigits().split("train").images)


def dropper(options: DropperOptions, device: torch.device) -> DrawnImages:  # noqa: ARG001 - likewise
    """The holdout split without the dropped digits."""
    return DrawnImages(ColoredDigits().split("holdout").images[_kept(options)])


def settle_dropper(spec: GeneratorSpec, options: DropperOptions) -> GeneratorSpec:
    """The spec with as many items as are left."""
    return replace(spec, items=int(_kept(options).sum()))


def skewer(options: SkewerOptions, device: torch.device) -> DrawnImages:  # noqa: ARG001 - likewise
    """The holdout split in skewed colours; each digit has exactly ``round(p n)`` orange images of its n."""
    shares = tuple(map(options.skewed, ORANGE_SHARE))
    return DrawnImages(ColoredDigits().coloured("holdout", shares).images)


def _kept(options: DropperOptions) -> NDArray[np.bool_]:
    return ~np.isin(ColoredDigits().split("holdout").labels["digit"], options.dropped)
