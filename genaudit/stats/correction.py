"""True shares from shares that an imperfect reader saw: Rogan and Gladen's correction for any number of classes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize

from genaudit.stats.intervals import LEVEL, normal_interval

if TYPE_CHECKING:
    from genaudit.values.results import Interval

WEAKEST = 0.2
"""Smallest eigenvalue of the reader's matrix, for two classes sensitivity + specificity - 1, that is inverted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectedShares:
    """Shares of k classes after the reader's errors are taken out."""

    shares: NDArray[np.float64]
    """``(k,)``, a distribution: the least-squares solution among distributions."""
    unconstrained: NDArray[np.float64]
    """``(k,)``: the plain inverse, which sums to 1 but may leave [0, 1]; equal to ``shares`` if it does not."""
    standard_errors: NDArray[np.float64]
    """``(k,)``, of the unconstrained shares: sampling of the items and of the confusion matrix."""
    condition: float
    """Condition number of the reader's matrix: how much it magnifies errors."""

    @property
    def constrained(self) -> bool:
        """Whether the plain inverse left [0, 1], so that the distribution nearest in fit was taken instead."""
        return bool(np.abs(self.shares - self.unconstrained).max() > 1e-9)

    def interval(self, index: int, level: float = LEVEL) -> Interval:
        """Interval of one class's share."""
        return normal_interval(
            float(self.shares[index]),
            float(self.standard_errors[index]),
            how="delta method over the items and over the measured confusion matrix",
            level=level,
            bounds=(0.0, 1.0),
        )


def corrected_shares(counts: ArrayLike, confusion: ArrayLike, *, smoothing: float = 0.5) -> CorrectedShares:
    """Shares of classes among items, given what a reader saw and how it errs (Rogan and Gladen 1978).

    With ``A_ij = P(read i | true j)`` the read shares are ``A p``, so ``p = A⁻¹ r``. Errors of r (multinomial) and of
    each column of A (multinomial in the measured items of that class) are carried through the inverse:
    ``V = A⁻¹ (V_r + Σ_j p_j² V_j) A⁻ᵀ``. Assumes that the reader errs on these items as on those it was measured on.

    Args:
        counts: ``(k,)`` items read as each class.
        confusion: ``(k, k)`` counts; rows are the truth, columns the reading.
        smoothing: Added to every count in the variances only, so that a class read 0 times is not said to be exact.

    Raises:
        ValueError: Shapes that do not fit, negative counts, a class that was never measured, no items, or a reader
            too weak to be inverted (an eigenvalue of A below 0.2; for two classes sensitivity + specificity - 1).

    >>> reader = [[98300, 1700], [5300, 94700]]  # sensitivity .947 for the second class, specificity .983
    >>> corrected_shares([390, 610], reader).shares.round(7)
    array([0.3623656, 0.6376344])
    """
    seen, table = np.asarray(counts, dtype=np.float64), np.asarray(confusion, dtype=np.float64)
    _check(seen, table)
    measured = table.sum(axis=1)
    reader = (table / measured[:, None]).T
    weakest = float(np.abs(np.linalg.eigvals(reader)).min())
    if weakest < WEAKEST:
        raise ValueError(
            f"the reader separates the classes too weakly to be corrected for: {weakest:.3f} of a possible 1, "
            f"at least {WEAKEST} is needed"
        )
    inverse = np.linalg.inv(reader)
    read = seen / seen.sum()
    plain = inverse @ read
    variance = _multinomial_covariance(seen, smoothing)
    for share, row in zip(np.clip(plain, 0.0, None), table, strict=True):
        variance = variance + share**2 * _multinomial_covariance(row, smoothing)
    errors = np.sqrt(np.clip(np.diag(inverse @ variance @ inverse.T), 0.0, None))
    return CorrectedShares(
        shares=plain if (plain >= 0).all() else _nearest_distribution(reader, read),
        unconstrained=plain,
        standard_errors=errors,
        condition=float(np.linalg.cond(reader)),
    )


def _check(counts: NDArray[np.float64], confusion: NDArray[np.float64]) -> None:
    if counts.ndim != 1 or confusion.shape != (len(counts), len(counts)):
        raise ValueError(f"k counts need a k x k confusion matrix, not shapes {counts.shape} and {confusion.shape}")
    if not (np.isfinite(counts).all() and np.isfinite(confusion).all()) or min(counts.min(), confusion.min()) < 0:
        raise ValueError("counts are finite and not negative")
    if counts.sum() == 0:
        raise ValueError("no items were read")
    unmeasured = np.flatnonzero(confusion.sum(axis=1) == 0)
    if len(unmeasured):
        raise ValueError(f"the reader was never measured on class {unmeasured[0]}")


def _multinomial_covariance(counts: NDArray[np.float64], smoothing: float) -> NDArray[np.float64]:
    """Covariance of the shares of multinomial counts."""
    smoothed = counts + smoothing
    p = smoothed / smoothed.sum()
    return np.asarray((np.diag(p) - np.outer(p, p)) / counts.sum(), dtype=np.float64)


def _nearest_distribution(reader: NDArray[np.float64], read: NDArray[np.float64]) -> NDArray[np.float64]:
    """The distribution whose reading is nearest, in squares, to what was read."""
    heavy = 1e6  # a weight on the sum being 1 that rounding cannot tell from a constraint
    system = np.vstack([reader, np.full(len(read), heavy)])
    solution = optimize.nnls(system, np.append(read, heavy))[0]
    return np.asarray(solution / solution.sum(), dtype=np.float64)
