"""Flattened pixels: the plainest features, for small images and for want of a network."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import Tensor

    from genaudit.plugin.options import NoOptions

MOST = 4096
"""Dimensions; a covariance of more takes minutes and says nothing that more images could not."""


def build(options: NoOptions, device: torch.device) -> Pixels:  # noqa: ARG001 - every extractor is called like this
    """The extractor; it has nothing to put on a device."""
    return Pixels()


@dataclass(frozen=True, slots=True)
class Pixels:
    """Levels in [0, 1], one feature a channel of a pixel.

    >>> import torch
    >>> Pixels().extract(torch.full((1, 3, 1, 1), 255, dtype=torch.uint8))["features"]
    tensor([[1., 1., 1.]], dtype=torch.float64)
    """

    @property
    def weights_digest(self) -> str:
        """SHA-256 of no weights."""
        return hashlib.sha256(b"").hexdigest()

    def extract(self, images: Tensor) -> Mapping[str, Tensor]:
        """``features`` ``(n, c · h · w)`` in float64 for levels ``(n, c, h, w)``.

        Raises:
            GenauditError: An image has more than ``MOST`` levels.
        """
        features = images.flatten(1)
        if features.shape[1] > MOST:
            raise GenauditError(
                f"Extractor 'pixels' reads images of at most {MOST:,} levels, and these have {features.shape[1]:,}.",
                "Make them smaller with --resize 32.",
            )
        return {"features": features.double() / 255}
