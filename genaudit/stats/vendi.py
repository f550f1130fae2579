"""The Vendi score: the effective number of different items, from the spectrum of their similarities."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.stats.moments import finite_rows
from genaudit.stats.units import influence_error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    Floats = NDArray[np.float64]

ROUNDING = 1e-12
"""Eigenvalues below this share of the largest are rounding and count as 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Vendi:
    """An effective number of items, and how far it may be off."""

    value: float
    """From 1 (all alike) to the smaller of the number of items and the dimension."""
    standard_error: float
    """From influence functions, given that items are drawn independently."""
    units: int
    influences: NDArray[np.float64]
    """``(n,)``: what each row adds to the deviation of ``value`` from its expectation, to first order."""


def vendi_of_spectrum(eigenvalues: ArrayLike, q: float = 1.0) -> float:
    """The exponential of the Rényi entropy of order q of eigenvalues that sum to 1 (Friedman and Dieng 2023, eq. 3).

    ``(Σ λ^q)^(1 / (1 - q))``; ``exp(-Σ λ ln λ)`` for q = 1 and ``1 / max λ`` for infinite q (Pasarkar and Dieng 2024).

    Args:
        eigenvalues: Of the matrix of similarities over the number of items, or shares of labels.
        q: The order, above 0: a small one counts rare items, a large one the common.

    Raises:
        ValueError: An order that is not above 0, or eigenvalues that are negative or do not sum to 1.

    >>> round(vendi_of_spectrum([0.5, 0.25, 0.25], q=1), 10)
    2.8284271247
    """
    given = np.asarray(eigenvalues, dtype=np.float64)
    if not q > 0:
        raise ValueError(f"the order is above 0 or infinite, not {q}")
    if not (np.isfinite(given).all() and abs(float(given.sum()) - 1) < 1e-6 and given.min(initial=0.0) > -1e-9):
        raise ValueError("eigenvalues are not negative and sum to 1; divide similarities by the number of items")
    spectrum = given[given > ROUNDING * given.max()]
    if math.isinf(q):
        return 1 / float(spectrum.max())
    if q == 1:
        return math.exp(-float(spectrum @ np.log(spectrum)))
    return float((spectrum**q).sum() ** (1 / (1 - q)))


def vendi_of_similarities(similarities: ArrayLike, q: float = 1.0) -> float:
    """The Vendi score of a positive semi-definite matrix of similarities ``(n, n)`` with ones on its diagonal.

    Raises:
        ValueError: Not square and symmetric, or entries on the diagonal that are not 1.

    >>> round(vendi_of_similarities([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]]), 10)
    2.1573004834
    """
    k = np.asarray(similarities, dtype=np.float64)
    if k.ndim != 2 or k.shape[0] != k.shape[1] or not np.allclose(k, k.T) or not np.allclose(np.diag(k), 1):
        raise ValueError(f"similarities are a symmetric matrix with ones on its diagonal, not an array {k.shape}")
    return vendi_of_spectrum(np.clip(np.linalg.eigvalsh(k / len(k)), 0.0, None), q)


def vendi_of_features(rows: ArrayLike, q: float = 1.0, clusters: ArrayLike | None = None) -> Vendi:
    """The Vendi score of features ``(n, d)`` under the cosine similarity, with its standard error.

    ``X Xᵀ / n`` and ``Xᵀ X / n`` have the same eigenvalues but for zeros, so the d × d matrix of the normalised rows
    is enough (the dual form). A row's influence is the derivative of the score along ``x xᵀ - S``.

    Args:
        rows: ``(n, d)``, none of them zero.
        q: The order.
        clusters: ``(n,)`` identifier of the source item; None for independent rows.

    Raises:
        ValueError: Fewer than two rows, a row of length 0, or rows that are not finite.

    >>> round(vendi_of_features([[1, 0], [1, 0], [0, 1], [0.6, 0.8]]).value, 10)
    1.9106560009
    """
    x = finite_rows(rows)
    lengths = np.linalg.norm(x, axis=1)
    if len(x) < 2 or not lengths.all():
        zero = f"; row {int(np.flatnonzero(lengths == 0)[0])} has length 0" if not lengths.all() else ""
        raise ValueError(f"a similarity of directions needs at least 2 rows with a length, of {len(x)}{zero}")
    x = x / lengths[:, None]
    spectrum, vectors = np.linalg.eigh(x.T @ x / len(x))
    kept = spectrum > ROUNDING * spectrum.max()
    spectrum, along = spectrum[kept], (x @ vectors[:, kept]) ** 2
    value = vendi_of_spectrum(spectrum / spectrum.sum(), q)
    influences = _influences(spectrum, along, value, q) / len(x)
    error, units = influence_error(influences, clusters)
    return Vendi(value=value, standard_error=error, units=units, influences=influences)


def _influences(spectrum: Floats, along: Floats, value: float, q: float) -> Floats:
    """What each item adds to the score's deviation, ``(n,)``; ``along`` holds squared coordinates on eigenvectors."""
    if math.isinf(q):
        return np.asarray(-(along[:, -1] - spectrum[-1]) / spectrum[-1] ** 2, dtype=np.float64)
    if q == 1:
        return np.asarray(value * (-along @ np.log(spectrum) - math.log(value)), dtype=np.float64)
    total = float((spectrum**q).sum())
    return np.asarray(value * q / (1 - q) * (along @ spectrum ** (q - 1) - total) / total, dtype=np.float64)
