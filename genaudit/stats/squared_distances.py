"""Squared distances between all rows of two sets: products find the few pairs that matter, differences decide them.

``|u|² + |v|² - 2 u·v`` costs a tenth of ``Σ (u - v)²`` at 2,048 dimensions and loses digits: a copy is not at distance
0, and a point on a boundary may fall to either side. Here products only say which pairs are too far or too near to be
in doubt, with a bound on their error; every pair within that bound of a threshold is taken again as a sum of squared
differences. So every decision is that of the differences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterator

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

PAIRS = 256
"""Pairs whose differences are taken at once: what fits into a processor's cache."""


class SquaredDistances:
    """The pairs of rows ``x (n, d)`` and ``y (m, d)``, float64."""

    def __init__(self, x: Floats, y: Floats) -> None:
        self._x, self._y = x, y
        self._centre = x.mean(axis=0)  # far from the origin, products would lose all digits
        self._norms = tuple(self._norms_of(rows) for rows in (x, y))
        largest = sum(float(norms.max(initial=0.0)) for norms in self._norms)
        self.slack = 8 * (x.shape[1] + 8) * float(np.finfo(np.float64).eps) * largest
        """How far a distance by products may lie off: sums of d products, each rounded (Higham 2002, eq. 3.5)."""

    def tiles(self, tile: int, *, upper: bool = False) -> Iterator[tuple[slice, slice, Floats]]:
        """Runs of rows of x and of y with their distances by products, right to within ``slack`` and not below 0.

        With ``upper`` only those on and above the diagonal: of a set with itself the others say the same again.
        """
        for i in range(0, len(self._x), tile):
            rows = slice(i, min(i + tile, len(self._x)))
            doubled = (self._x[rows] - self._centre) * -2
            for j in range(i if upper else 0, len(self._y), tile):
                columns = slice(j, min(j + tile, len(self._y)))
                found = doubled @ (self._y[columns] - self._centre).T
                found += self._norms[0][rows, None]
                found += self._norms[1][columns]
                yield rows, columns, np.maximum(found, 0.0, out=found)

    def exact(self, i: Indices, j: Indices) -> Floats:
        """Sums of squared differences of the pairs ``x[i], y[j]``; the same for a pair wherever it is asked for.

        >>> SquaredDistances(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0]])).exact(np.array([0]), np.array([0]))
        array([25.])
        """
        found = np.empty(len(i))
        for first in range(0, len(i), PAIRS):
            part = slice(first, first + PAIRS)
            differences = self._x[i[part]] - self._y[j[part]]
            found[part] = np.einsum("ij,ij->i", differences, differences)
        return found

    def exact_row(self, i: int) -> Floats:
        """Sums of squared differences of one row of x and every row of y."""
        return self.exact(np.full(len(self._y), i), np.arange(len(self._y)))

    def _norms_of(self, rows: Floats) -> Floats:
        found = np.empty(len(rows))
        for first in range(0, len(rows), PAIRS):
            part = rows[first : first + PAIRS] - self._centre
            found[first : first + PAIRS] = np.einsum("ij,ij->i", part, part)
        return found
