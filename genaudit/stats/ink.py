"""How much of an image is drawn on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

HEAVY = 0.295
"""Share from which the strokes of a digit of ``colored-digits`` are called heavy: half of its training images are."""


def ink_share(light: ArrayLike) -> NDArray[np.float64]:
    """Light of the mean pixel over that of the brightest, in [0, 1]; 0 for an image without any light.

    The brightness and the colour of the whole image cancel.

    Args:
        light: ``(n, h, w)``, not negative, in any unit.

    >>> ink_share([[[0, 8], [4, 4]], [[0, 0], [0, 0]]]).tolist()
    [0.5, 0.0]
    """
    values = np.asarray(light, dtype=np.float64)
    flat = values.reshape(len(values), -1)
    brightest = flat.max(axis=1)
    share: NDArray[np.float64] = np.divide(flat.mean(axis=1), brightest, out=np.zeros(len(flat)), where=brightest > 0)
    return share
