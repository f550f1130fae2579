"""Points of the plane as a picture, for people: where a model puts them, and where the data are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.probes.context import Pictures

if TYPE_CHECKING:
    from numpy.typing import NDArray


SIDE = 192
"""Pixels of the picture."""
MARGIN = 0.15
"""Left free around the data, as a share of their extent."""
INK = {"real": (200, 200, 200), "generated": (240, 140, 30)}


def plotted(name: str, points: NDArray[Any], data: NDArray[Any], caption: str) -> dict[str, Pictures]:
    """A picture of points ``(n, 2)`` within the frame of the data.

    Args:
        name: ``real`` or ``generated``.
        points: That are shown.
        data: ``(m, 2)``, whose extent and a margin around it are the frame, the same for every model.
        caption: What is said of them; how many lie outside of the frame is added.
    """
    low, high = data.min(axis=0), data.max(axis=0)
    room = MARGIN * np.where(high > low, high - low, 1.0)
    place = (points - low + room) / (high - low + 2 * room) * (SIDE - 2)
    inside = ((place >= 0) & (place < SIDE - 1)).all(axis=1)
    picture = np.zeros((1, 3, SIDE, SIDE), dtype=np.uint8)
    column, row = place[inside].astype(np.int64).T
    for down in (0, 1):
        for right in (0, 1):  # a point is two pixels wide and high; the second axis points up
            picture[0, :, SIDE - 2 - row + down, column + right] = INK[name]
    outside = int((~inside).sum())
    said = f"{caption} Beyond the frame: {outside:,}." if outside else caption
    return {name: Pictures(images=picture, columns=1, caption=said)}
