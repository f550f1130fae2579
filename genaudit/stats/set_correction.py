"""Shares of combinations of any number of attributes from what an imperfect reader of each saw."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from genaudit.stats.correction import WEAKEST
from genaudit.stats.joint_correction import Reader, StandardError, reading_variance, smoothed, spread_of

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]
MOST_CELLS = 1_000
"""Combinations of levels beyond which the nearest distribution is not looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetShares:
    """Shares of every combination of levels, with the readers' errors taken out."""

    shares: Floats
    """``(K1, …, Kd)``, a distribution."""
    counts: Floats
    """``(K1, …, Kd)`` items as read."""
    readers: tuple[Reader, ...]
    """One an axis."""

    def standard_error(self, gradient: ArrayLike) -> StandardError:
        """Of a smooth function of the shares, by the delta method, from its gradient ``(K1, …, Kd)``.

        As ``JointShares.standard_error``: with ``R = (A_1 ⊗ … ⊗ A_d) P``, ``dP`` is the sum of the inverse of all
        applied to dR and, for each reader, of ``-A_k⁻¹ dA_k`` applied along its axis.
        """
        g = np.asarray(gradient, dtype=np.float64)
        turned = [np.asarray(np.linalg.inv(reader.matrix).T, dtype=np.float64) for reader in self.readers]
        by_read = _along_all(turned, g)
        p = smoothed(self.counts, float(self.counts.sum()))
        sampling = spread_of(p.ravel(), by_read.ravel()) / self.counts.sum()
        reading = []
        for axis, reader in enumerate(self.readers):
            others = [each for each in range(g.ndim) if each != axis]
            slopes = np.tensordot(_along(turned[axis], g, axis), self.shares, axes=(others, others))
            reading.append(reading_variance(reader, slopes))
        return StandardError(sampling=math.sqrt(sampling), reading=math.sqrt(math.fsum(reading)))


def set_shares(counts: ArrayLike, readers: Sequence[Reader]) -> SetShares:
    """Shares of combinations of levels among items, given what a reader of each attribute saw and how it errs.

    The readers err independently of one another given the truth. Where taking their errors out leaves [0, 1], the
    distribution whose reading is nearest in squares is taken.

    Args:
        counts: ``(K1, …, Kd)`` items as read.
        readers: One an axis.

    Raises:
        ValueError: Shapes that do not fit, no items, a reader too weak to be inverted, or more than ``MOST_CELLS``.

    >>> from genaudit.stats.joint_correction import reader_of, taken_at_its_word
    >>> blurred = reader_of([[98300, 1700], [5300, 94700]])
    >>> set_shares([[[390, 610]]], [taken_at_its_word(1), taken_at_its_word(1), blurred]).shares.round(7).tolist()
    [[[0.3623656, 0.6376344]]]
    """
    seen = np.asarray(counts, dtype=np.float64)
    if seen.shape != tuple(len(reader.matrix) for reader in readers) or not np.isfinite(seen).all() or (seen < 0).any():
        raise ValueError(f"counts of one axis a reader are needed, not of shape {seen.shape}")
    if not seen.sum() > 0:
        raise ValueError("no items were read")
    if seen.size > MOST_CELLS:
        raise ValueError(f"there are {seen.size:,} combinations of levels, and at most {MOST_CELLS:,} are corrected")
    weakest = min(reader.weakest for reader in readers)
    if weakest < WEAKEST:
        raise ValueError(
            f"a reader separates its levels too weakly to be corrected for: {weakest:.3f} of a possible 1, at least "
            f"{WEAKEST} is needed"
        )
    read = seen / seen.sum()
    plain = _along_all([np.asarray(np.linalg.inv(reader.matrix), dtype=np.float64) for reader in readers], read)
    shares = plain if (plain >= 0).all() else _nearest(read, readers)
    return SetShares(shares=shares, counts=seen, readers=tuple(readers))


def _along(matrix: Floats, values: Floats, axis: int) -> Floats:
    """A matrix applied along one axis."""
    return np.asarray(np.moveaxis(np.tensordot(matrix, values, axes=(1, axis)), 0, axis), dtype=np.float64)


def _along_all(matrices: Sequence[Floats], values: Floats) -> Floats:
    """One matrix applied along each axis."""
    for axis, matrix in enumerate(matrices):
        values = _along(matrix, values, axis)
    return values


def _nearest(read: Floats, readers: Sequence[Reader]) -> Floats:
    heavy = 1e6  # a weight on the sum being 1 that rounding cannot tell from a constraint
    both: Floats = np.ones((1, 1))
    for reader in readers:
        both = np.asarray(np.kron(both, reader.matrix), dtype=np.float64)
    system = np.vstack([both, np.full(read.size, heavy)])
    solution = optimize.nnls(system, np.append(read.ravel(), heavy))[0]
    return np.asarray((solution / solution.sum()).reshape(read.shape), dtype=np.float64)
