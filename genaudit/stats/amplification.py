"""Bias amplification from count tables: whether what goes together in training goes together more often afterwards."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
LARGEST_TOTAL = 3_000_000_000
"""Items in a table beyond which products of two counts leave 64 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cooccurrence:
    """How often tasks and attributes occur, alone and together, among ``total`` items.

    Tasks need not exclude one another: of a photograph with three labelled objects, three tasks are true.
    """

    together: Integers
    """``(T, A)``."""
    tasks: Integers
    """``(T,)``."""
    attributes: Integers
    """``(A,)``."""
    total: int


def exclusive(counts: ArrayLike) -> Cooccurrence:
    """Of a table ``(T, A)`` in which every item has one level of each.

    Raises:
        ValueError: Counts that are no whole numbers of at least 0, or more than 3e9 items.

    >>> exclusive([[30, 10], [10, 30]]).tasks.tolist()
    [40, 40]
    """
    table = _whole(counts)
    return Cooccurrence(together=table, tasks=table.sum(axis=1), attributes=table.sum(axis=0), total=int(table.sum()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Amplification:
    """A mean over pairs of a task and an attribute, with what the signs of a mean hide."""

    value: float
    """Above 0 where associations of the training data are stronger afterwards."""
    mean_absolute: float
    """Mean of the absolute changes of the pairs that count: large where large changes cancel."""
    variance: float
    """Variance of the signed changes."""
    changes: Floats
    """``(T, A)`` signed changes, NaN where a pair does not count."""
    never: tuple[int, ...] = ()
    """Rows that do not occur on one side: their change is 0 / 0, and they are left out."""

    @property
    def pairs(self) -> int:
        """How many pairs count."""
        return int(np.isfinite(self.changes).sum())


def mals(train: ArrayLike, predicted: ArrayLike) -> Amplification:
    """The amplification of Zhao et al. (2017, section 3), "Men also like shopping".

    ``b(o, g) = c(o, g) / Σ_g' c(o, g')``; the mean over objects o of the sum of ``b_predicted - b_train`` over the
    groups g with ``b_train > 1 / |G|``. A pair that is exactly even has no direction and does not count, its object
    does. An object that one side never shows is 0 / 0: it is left out and named.

    The measure compares with ``1 / |G|`` and not with the group's share of all items, so that it takes a step towards
    that share for an amplification; it does not tell a change of the task given the attribute from the reverse.

    Args:
        train: ``(objects, groups)`` counts; compared with 1 / |G| in whole numbers.
        predicted: ``(objects, groups)`` counts or shares.

    Raises:
        ValueError: Shapes that do not fit, one group, negative counts, or no object that both sides show.

    >>> round(mals([[300, 600]], [[7, 36]]).value, 7)  # cooking: a third men in training, 7 of 43 predicted
    0.1705426
    """
    before, after = _whole(train), np.asarray(predicted, dtype=np.float64)
    _check_pair(before, after)
    seen = (before.sum(axis=1) > 0) & (after.sum(axis=1) > 0)
    if not seen.any():
        raise ValueError("no object occurs both in training and afterwards")
    above = (before * before.shape[1] > before.sum(axis=1, keepdims=True)) & seen[:, None]
    change = np.where(above, _rows(after) - _rows(before), np.nan)
    never = tuple(int(row) for row in np.flatnonzero(~seen))
    return _summary(change, divisor=int(seen.sum()), never=never)


def directions(train: Cooccurrence) -> Integers:
    """``(T, A)``: 1 where a pair occurs more often in training than if independent, -1 where less often, 0 if as often.

    ``sign(n n_at - n_a n_t)`` in whole numbers. In floating point, ``P(a, t) - P(a) P(t)`` of exactly independent
    counts is often not 0, and its sign is that of rounding.

    >>> directions(Cooccurrence(together=np.array([[3]]), tasks=np.array([9]), attributes=np.array([5]), total=15))
    array([[0]])
    """
    expected = train.tasks[:, None] * train.attributes[None, :]
    return np.sign(train.total * train.together - expected)


def attribute_to_task(train: Cooccurrence, truth: Cooccurrence, predicted: ArrayLike) -> Amplification:
    """The influence of the attribute on the prediction of the task: A → T (Wang and Russakovsky 2021).

    Mean over pairs of ``y (P(T̂ = t | A = a) - P(T = t | A = a))``, y from ``directions`` of the training data, both
    shares among the tested items. The paper writes ``y Δ + (1 - y)(-Δ)`` with y in {0, 1}, by which ties count as
    negative; here, as in its program, a tie has no direction and adds 0.

    Args:
        train: Of the training data.
        truth: Of the tested items.
        predicted: ``(T, A)`` tested items that are predicted t and truly are a.

    Raises:
        ValueError: Shapes that do not fit, negative counts, or no tested item.

    >>> train = exclusive([[30, 10], [10, 30]])
    >>> attribute_to_task(train, train, [[0, 10], [40, 30]]).value
    -0.375
    """
    after = np.asarray(predicted, dtype=np.float64)
    _check_pair(train.together, after)
    _check_pair(train.together, truth.together.astype(np.float64))
    counts = np.broadcast_to(truth.attributes[None, :], after.shape).astype(np.float64)
    known = counts > 0
    if not known.any():
        raise ValueError("no attribute occurs among the tested items")
    change = np.divide(after - truth.together, counts, out=np.full(after.shape, np.nan), where=known)
    return _summary(directions(train) * change, divisor=int(known.sum()), never=())


def _summary(changes: Floats, *, divisor: int, never: tuple[int, ...]) -> Amplification:
    counted = changes[np.isfinite(changes)]
    return Amplification(
        value=float(counted.sum() / divisor),
        mean_absolute=float(np.abs(counted).mean()) if len(counted) else 0.0,
        variance=float(counted.var()) if len(counted) else 0.0,
        changes=changes,
        never=never,
    )


def _rows(table: ArrayLike) -> Floats:
    counts = np.asarray(table, dtype=np.float64)
    sums = counts.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(counts, sums, out=np.full(counts.shape, np.nan), where=sums > 0)
    return shares


def _whole(counts: ArrayLike) -> Integers:
    table = np.asarray(counts)
    if table.ndim != 2 or table.size == 0 or not (table >= 0).all() or not (table == np.floor(table)).all():
        raise ValueError(f"a table of whole numbers of at least 0 is needed, not an array of shape {table.shape}")
    if table.sum() > LARGEST_TOTAL:
        raise ValueError(f"a table of at most {LARGEST_TOTAL:,} items can be compared in whole numbers")
    return table.astype(np.int64)


def _check_pair(before: Integers, after: Floats) -> None:
    if before.shape != after.shape or after.ndim != 2 or not np.isfinite(after).all() or (after < 0).any():
        raise ValueError(f"two tables of the same shape are compared, not {before.shape} and {after.shape}")
