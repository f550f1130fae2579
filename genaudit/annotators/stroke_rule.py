"""How heavy the strokes of an image are, from the share of its light: a rule that learnt nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.ink import HEAVY, ink_share

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from genaudit.plugin.options import NoOptions


def build(options: NoOptions) -> StrokeRule:  # noqa: ARG001 - every target of an annotator takes options
    """The annotator."""
    return StrokeRule()


class StrokeRule:
    """Heavy where the mean pixel has at least ``HEAVY`` of the light of the brightest one, light where less.

    >>> faint, full = np.zeros((2, 3, 16, 16), np.uint8)
    >>> faint[:, 8, 8], full[:] = 200, 200
    >>> StrokeRule().annotate(np.stack([faint, full]), {}).tolist()
    [[1.0, 0.0], [0.0, 1.0]]
    """

    def annotate(self, images: NDArray[np.uint8], outputs: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:  # noqa: ARG002 - the contract's signature
        """``(n, 2)``: probabilities of light and heavy, 0 or 1. A black image is light."""
        heavy = (ink_share(images.sum(axis=1, dtype=np.int64)) >= HEAVY).astype(np.float64)
        return np.stack([1 - heavy, heavy], axis=1)
