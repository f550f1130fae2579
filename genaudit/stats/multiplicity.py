"""Many p-values at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def benjamini_hochberg(p_values: ArrayLike) -> NDArray[np.float64]:
    """Adjusted p-values ``(m,)``: those at most q are rejected with a false discovery rate of at most q.

    Benjamini and Hochberg 1995: ``min over j >= i of m p_(j) / j``. Valid for independent or positively dependent
    tests.

    Raises:
        ValueError: A p-value outside [0, 1].

    >>> benjamini_hochberg([0.01, 0.02, 0.5]).round(3).tolist()
    [0.03, 0.03, 0.5]
    """
    p = _checked(p_values)
    return _stepped_up(p, len(p) / np.arange(1, len(p) + 1))


def benjamini_yekutieli(p_values: ArrayLike) -> NDArray[np.float64]:
    """As Benjamini and Hochberg's, valid under any dependence (Benjamini and Yekutieli 2001).

    >>> benjamini_yekutieli([0.01, 0.02, 0.5]).round(3).tolist()
    [0.055, 0.055, 0.917]
    """
    p = _checked(p_values)
    ranks = np.arange(1, len(p) + 1)
    return _stepped_up(p, len(p) / ranks * float((1 / ranks).sum()))


def holm(p_values: ArrayLike) -> NDArray[np.float64]:
    """Adjusted p-values ``(m,)`` that keep the chance of any false rejection (Holm 1979).

    >>> holm([0.01, 0.02, 0.5]).round(3).tolist()
    [0.03, 0.04, 0.5]
    """
    p = _checked(p_values)
    order = np.argsort(p, kind="stable")
    stepped = np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1))
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def bonferroni(p_values: ArrayLike) -> NDArray[np.float64]:
    """Adjusted p-values ``(m,)``, ``min(m p, 1)``: as Holm's, and never smaller.

    >>> bonferroni([0.01, 0.02, 0.5]).round(3).tolist()
    [0.03, 0.06, 1.0]
    """
    p = _checked(p_values)
    return np.minimum(p * len(p), 1.0)


def _stepped_up(p: NDArray[np.float64], factors: NDArray[np.float64]) -> NDArray[np.float64]:
    order = np.argsort(p, kind="stable")
    stepped = np.minimum.accumulate((p[order] * factors)[::-1])[::-1]
    adjusted = np.empty_like(p)
    adjusted[order] = np.minimum(stepped, 1.0)
    return adjusted


def _checked(p_values: ArrayLike) -> NDArray[np.float64]:
    p = np.asarray(p_values, dtype=np.float64)
    if p.ndim != 1 or not ((p >= 0) & (p <= 1)).all():
        raise ValueError("p-values (m,) lie in [0, 1]")
    return p
