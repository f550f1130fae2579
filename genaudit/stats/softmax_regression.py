"""Multinomial logistic regression, fitted to the optimum: no random start, no early stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import optimize, special

from genaudit.stats.moments import finite_rows

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinearClassifier:
    """A linear map of standardised features to classes."""

    centre: Floats
    scale: Floats
    weights: Floats
    """``(d, k)``."""
    offsets: Floats
    """``(k,)``; minus infinity for a class that was never seen."""

    def read(self, rows: ArrayLike) -> NDArray[np.int64]:
        """The most probable class of each row ``(n, d)``.

        Raises:
            ValueError: Rows that are not finite.
        """
        return np.asarray(self._scores(rows).argmax(axis=1), dtype=np.int64)

    def probabilities(self, rows: ArrayLike) -> Floats:
        """Probability ``(n, k)`` of each class; 0 for one that was never seen.

        Raises:
            ValueError: Rows that are not finite.
        """
        return np.asarray(special.softmax(self._scores(rows), axis=1), dtype=np.float64)

    def _scores(self, rows: ArrayLike) -> Floats:
        scaled = (finite_rows(rows) - self.centre) / self.scale
        return np.asarray(scaled @ self.weights + self.offsets, dtype=np.float64)


def fit_softmax_regression(
    rows: ArrayLike, labels: ArrayLike, classes: int, *, penalty: float = 1.0, iterations: int = 300
) -> LinearClassifier:
    """The maximum of the log-likelihood less ``penalty / 2`` times the squared weights (Bishop 2006, section 4.3.4).

    Features are standardised first, so that the penalty means the same for each. The objective is convex: L-BFGS from
    zero finds the same optimum everywhere.

    Args:
        rows: ``(n, d)``.
        labels: ``(n,)`` from 0 to ``classes - 1``.
        classes: How many there are; one without rows is never read.
        penalty: Above 0, so that separable classes have an optimum.
        iterations: Of L-BFGS, at most.

    Raises:
        ValueError: Fewer than two classes among the labels, labels out of range, or rows that are not finite.

    >>> fit_softmax_regression([[0.0], [1.0], [4.0], [5.0]], [0, 0, 1, 1], 2).read([[0.5], [4.5]]).tolist()
    [0, 1]
    """
    x, y = finite_rows(rows), np.asarray(labels)
    if len(x) != len(y) or y.min(initial=0) < 0 or y.max(initial=-1) >= classes:
        raise ValueError(f"{len(x)} rows need as many labels from 0 to {classes - 1}, not {len(y)}")
    seen, target = np.unique(y, return_inverse=True)
    if len(seen) < 2:
        raise ValueError(f"a classifier needs rows of at least 2 classes, not of {len(seen)}")
    centre, scale = x.mean(axis=0), x.std(axis=0)
    scale = np.where(scale > 1e-12 * np.abs(x).max(axis=0), scale, 1.0)  # a constant feature says nothing
    fitted = _optimum((x - centre) / scale, np.eye(len(seen))[target], penalty, iterations)
    weights, offsets = np.zeros((x.shape[1], classes)), np.full(classes, -np.inf)
    weights[:, seen], offsets[seen] = fitted[:-1], fitted[-1]
    return LinearClassifier(centre=centre, scale=scale, weights=weights, offsets=offsets)


def _optimum(x: Floats, target: Floats, penalty: float, iterations: int) -> Floats:
    """``(d + 1, k)``: weights, and offsets in the last row."""
    shape = (x.shape[1] + 1, target.shape[1])

    def objective(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(shape)
        scores = x @ weights[:-1] + weights[-1]
        log_p = special.log_softmax(scores, axis=1)
        residual = np.exp(log_p) - target
        gradient = np.concatenate([x.T @ residual + penalty * weights[:-1], residual.sum(axis=0, keepdims=True)])
        value = penalty / 2 * float((weights[:-1] ** 2).sum()) - float((target * log_p).sum())
        return value / len(x), gradient.ravel() / len(x)

    found = optimize.minimize(
        objective, np.zeros(shape).ravel(), jac=True, method="L-BFGS-B", options={"maxiter": iterations}
    )
    return np.asarray(found.x, dtype=np.float64).reshape(shape)
