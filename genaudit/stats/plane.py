"""Mixtures of round Gaussians in the plane whose modes are known: the ring of 8 and the grid of 25."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneMixture:
    """Equally likely modes of one width.

    >>> RING.distances([[2.0, 0.0]]).argmin(), len(GRID.names)
    (np.int64(0), 25)
    """

    names: tuple[str, ...]
    """Of the modes."""
    centres: tuple[tuple[float, float], ...]
    deviation: float
    """Standard deviation of a mode in every direction."""

    def drawn(self, count: int, rng: np.random.Generator) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
        """Independent points ``(count, 2)`` and the mode of each."""
        modes = rng.integers(len(self.names), size=count)
        points = np.asarray(self.centres)[modes] + self.deviation * rng.standard_normal((count, 2))
        return points.astype(np.float32), modes.astype(np.int64)

    def distances(self, points: ArrayLike) -> NDArray[np.float64]:
        """Distance of points ``(n, 2)`` to every centre, ``(n, modes)``, in standard deviations."""
        rows = np.asarray(points, dtype=np.float64)
        offsets = rows[:, None, :] - np.asarray(self.centres)[None]
        return np.asarray(np.sqrt((offsets**2).sum(axis=2)) / self.deviation, dtype=np.float64)


RING = PlaneMixture(
    names=tuple(str(45 * number) for number in range(8)),
    centres=tuple(
        (float(2 * np.cos(np.pi * number / 4)), float(2 * np.sin(np.pi * number / 4))) for number in range(8)
    ),
    deviation=0.02,
)
"""Around a circle of radius 2, named by their angle in degrees (Metz et al. 2017, section 3.1)."""
GRID = PlaneMixture(
    names=tuple(f"{column}{row + 1}" for row in range(5) for column in "abcde"),
    centres=tuple((2.0 * column - 4, 2.0 * row - 4) for row in range(5) for column in range(5)),
    deviation=0.05,
)
"""Two units apart, named as on a chessboard (Lin et al. 2018)."""
