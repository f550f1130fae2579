"""How much two attributes tell of one another: what a guess gains, and the largest ratio of two groups' chances."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


def leakage(joint: ArrayLike) -> float:
    """Accuracy of the best guess of the attribute from the task: ``λ = Σ_t max_a P(a, t)``.

    For attributes of a few levels this is what an attacker (Wang et al. 2019, "Balanced datasets are not enough")
    learns in the limit, without training one.

    Args:
        joint: ``(T, A)`` shares or counts.

    Raises:
        ValueError: Negative shares, or none.

    >>> leakage([[0.4, 0.1], [0.2, 0.3]])
    0.7
    """
    return float(_shares(joint).max(axis=1).sum())


def guessed(joint: ArrayLike, guesses: ArrayLike) -> float:
    """Accuracy of given guesses ``(T,)``: unlike ``leakage``, not biased upwards where they come from other items.

    >>> guessed([[0.4, 0.1], [0.2, 0.3]], [0, 0])
    0.6000000000000001
    """
    shares, chosen = _shares(joint), np.asarray(guesses)
    return float(shares[np.arange(len(shares)), chosen].sum())


@dataclass(frozen=True, slots=True, kw_only=True)
class DifferentialFairness:
    """The largest log ratio of the chances of two groups of any outcome."""

    epsilon: float
    """0 if all groups have the same chances."""
    outcome: int
    more: int
    """The group with the largest chance of it."""
    less: int


def differential_fairness(joint: ArrayLike) -> DifferentialFairness:
    """``ε = max |ln P(y | i) / P(y | j)|`` over outcomes y and groups i, j (Foulds et al. 2020).

    Nothing is added to the counts: a chance of 0 beside one above 0 is infinite, and is refused.

    Args:
        joint: ``(outcomes, groups)`` shares or counts.

    Raises:
        ValueError: Fewer than two groups, a group without items, or an outcome that one group never has and another
            has.

    >>> round(differential_fairness([[30, 10], [10, 30]]).epsilon, 7)  # ln 3
    1.0986123
    """
    shares = _shares(joint)
    groups = shares.sum(axis=0)
    if shares.shape[1] < 2 or not (groups > 0).all():
        raise ValueError("at least two groups with items are compared")
    chances = shares[shares.sum(axis=1) > 0] / groups
    if not (chances > 0).all():
        raise ValueError("one group never has an outcome that another has, and the ratio is infinite")
    names = np.flatnonzero(shares.sum(axis=1) > 0)
    logs = np.log(chances)
    spread = logs.max(axis=1) - logs.min(axis=1)
    row = int(spread.argmax())
    return DifferentialFairness(
        epsilon=float(spread[row]),
        outcome=int(names[row]),
        more=int(logs[row].argmax()),
        less=int(logs[row].argmin()),
    )


def _shares(joint: ArrayLike) -> Floats:
    table = np.asarray(joint, dtype=np.float64)
    total = float(table.sum()) if table.ndim == 2 else 0.0
    if not (math.isfinite(total) and total > 0) or (table < 0).any():
        raise ValueError(f"shares (T, A) of at least one item are needed, not an array of shape {table.shape}")
    return table / total
