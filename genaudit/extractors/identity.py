"""Vectors as their own features: toy distributions, table rows, embeddings made elsewhere."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch
    from torch import Tensor

    from genaudit.plugin.options import NoOptions


def build(options: NoOptions, device: torch.device) -> Identity:  # noqa: ARG001 - every extractor is called like this
    """The extractor; it has nothing to put on a device."""
    return Identity()


@dataclass(frozen=True, slots=True)
class Identity:
    """Returns what it is given.

    >>> import torch
    >>> Identity().extract(torch.tensor([[1.0, 2.0]]))["features"]
    tensor([[1., 2.]], dtype=torch.float64)
    """

    @property
    def weights_digest(self) -> str:
        """SHA-256 of no weights."""
        return hashlib.sha256(b"").hexdigest()

    def extract(self, images: Tensor) -> Mapping[str, Tensor]:
        """``features`` in float64 for vectors ``(n, d)``.

        Raises:
            ValueError: The input is not two-dimensional.
        """
        if images.ndim != 2:
            raise ValueError(
                f"the identity extractor reads vectors (n, d), not an array of shape {tuple(images.shape)}; "
                "images need an extractor that makes features of them"
            )
        return {"features": images.double()}
