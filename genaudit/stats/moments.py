"""Mean and covariance in float64, in one pass over chunks, mergeable across shards and processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable

CHUNK = 1024
"""Rows whose products are summed at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moments:
    """Sample mean and sample covariance of rows."""

    count: int
    """Number of rows, at least 2."""
    mean: NDArray[np.float64]
    """``(d,)``."""
    covariance: NDArray[np.float64]
    """``(d, d)``, symmetric, divided by ``count - 1`` unless another divisor was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scatter:
    """Sums that add up: what a shard or a process keeps of its rows.

    Centred at its own mean, so that a large mean costs no digits (Chan, Golub and LeVeque 1983).
    """

    count: int
    mean: NDArray[np.float64]
    """``(d,)``; zero if there are no rows."""
    products: NDArray[np.float64]
    """``(d, d)``: sum over rows of the outer product of their deviation from the mean."""

    def plus(self, other: Scatter) -> Scatter:
        """The scatter of both sets of rows together."""
        count = self.count + other.count
        if other.count == 0 or self.count == 0:
            return self if other.count == 0 else other
        shift = other.mean - self.mean
        products = _outer(shift, self.count * other.count / count)
        products += self.products
        products += other.products
        return Scatter(count=count, mean=self.mean + shift * (other.count / count), products=products)

    def without(self, part: Scatter) -> Scatter:
        """The scatter of the rows that are left when ``part``, some of these rows, is taken away.

        Raises:
            ValueError: Nothing would be left.
        """
        count = self.count - part.count
        if count < 1:
            raise ValueError(f"cannot take {part.count} rows away from {self.count}")
        if part.count == 0:
            return self
        mean = self.mean + (self.mean - part.mean) * (part.count / count)
        shift = part.mean - mean
        products = self.products - part.products
        products -= _outer(shift, count * part.count / self.count)
        return Scatter(count=count, mean=mean, products=products)

    def moments(self, ddof: int = 1) -> Moments:
        """Mean and covariance with divisor ``count - ddof``.

        Raises:
            ValueError: Fewer than two rows, for which no covariance exists.
        """
        if self.count < 2:
            raise ValueError(f"a covariance needs at least 2 rows, not {self.count}")
        return Moments(count=self.count, mean=self.mean, covariance=self.products / (self.count - ddof))


def moments(rows: ArrayLike) -> Moments:
    """Mean and covariance (divisor n - 1) of rows ``(n, d)``, in float64.

    Raises:
        ValueError: Not two-dimensional, fewer than two rows, or a row that is not finite (its index is named).

    >>> moments([[0.0], [4.0]]).covariance
    array([[8.]])
    """
    return scatter(rows).moments()


def scatter(rows: ArrayLike) -> Scatter:
    """Sums of rows ``(n, d)`` from which moments are made; chunk by chunk, so it needs no second copy of the rows.

    Raises:
        ValueError: Not two-dimensional, or a row that is not finite (its index is named).
    """
    array = np.asarray(rows)
    if array.ndim != 2:
        raise ValueError(f"rows are a two-dimensional array (n, d), not one of shape {array.shape}")
    parts = (_chunk(array[first : first + CHUNK], first) for first in range(0, len(array), CHUNK))
    return together(parts, dimension=array.shape[1])


def together(parts: Iterable[Scatter], *, dimension: int) -> Scatter:
    """The scatter of all parts; of no rows if there are none."""
    total = Scatter(count=0, mean=np.zeros(dimension), products=np.zeros((dimension, dimension)))
    for part in parts:
        total = total.plus(part)
    return total


def finite_rows(rows: ArrayLike) -> NDArray[np.float64]:
    """Rows ``(n, d)`` as float64, refused if one of them is not finite.

    Raises:
        ValueError: Not two-dimensional, or a row that is not finite (its index is named).

    >>> finite_rows([[1.0], [float("nan")]])
    Traceback (most recent call last):
        ...
    ValueError: row 1 of 2 is not finite; 1 row in all is not
    """
    array = np.asarray(rows, dtype=np.float64)
    if array.ndim != 2:
        raise ValueError(f"rows are a two-dimensional array (n, d), not one of shape {array.shape}")
    bad = np.flatnonzero(~np.isfinite(array).all(axis=1))
    if len(bad):
        verb = "row in all is not" if len(bad) == 1 else "rows in all are not"
        raise ValueError(f"row {bad[0]} of {len(array)} is not finite; {len(bad)} {verb}")
    return array


def _chunk(rows: NDArray[np.generic], first: int) -> Scatter:
    block = rows.astype(np.float64)  # a copy: it is centred in place
    bad = np.flatnonzero(~np.isfinite(block).all(axis=1))
    if len(bad):
        raise ValueError(f"row {first + bad[0]} is not finite")
    mean = block.mean(axis=0)
    block -= mean
    # The mean is rounded; what is left of it in the block is taken out again, so that sums stay exact to last digits.
    rest = block.mean(axis=0)
    products = block.T @ block
    products -= _outer(rest, len(block))
    return Scatter(count=len(block), mean=mean + rest, products=products)


def _outer(shift: NDArray[np.float64], scale: float) -> NDArray[np.float64]:
    """``scale · shift shiftᵀ``; scaled last, so that it is symmetric to the last digit."""
    products = np.outer(shift, shift)
    products *= scale
    return products
