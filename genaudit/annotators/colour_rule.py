"""The colour of an image, from the light in two channels: a rule that learnt nothing and so has no bias to add."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from genaudit.plugin.options import NoOptions


def build(options: NoOptions) -> ColourRule:  # noqa: ARG001 - every target of an annotator takes options
    """The annotator."""
    return ColourRule()


class ColourRule:
    """Orange where the red channel sums to more than the blue one, blue where to less.

    An image with as much red as blue, a black or a grey one, is neither: each colour gets 1/2, and whoever reads the
    largest probability takes the first level, orange.

    >>> red, black = np.zeros((2, 3, 16, 16), np.uint8)
    >>> red[0] = 255
    >>> ColourRule().annotate(np.stack([red, black]), {}).tolist()
    [[1.0, 0.0], [0.5, 0.5]]
    """

    def annotate(self, images: NDArray[np.uint8], outputs: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:  # noqa: ARG002 - the contract's signature
        """``(n, 2)``: probabilities of orange and blue, 0 or 1, or 1/2 each for a tie."""
        red, blue = (images[:, channel].sum(axis=(1, 2), dtype=np.int64) for channel in (0, 2))
        orange = (1 + np.sign(red - blue)) / 2
        return np.stack([orange, 1 - orange], axis=1)
