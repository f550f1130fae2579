"""Joint shares of two attributes from what two imperfect readers saw, and the error of any number made of them."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import optimize, special

from genaudit.stats.correction import WEAKEST
from genaudit.stats.intervals import LEVEL
from genaudit.stats.proportions import wilson_interval
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """How an attribute of k levels is read."""

    matrix: Floats
    """``(k, k)``: ``A_ij = P(read i | true j)``; columns sum to 1."""
    measured: Floats
    """``(k,)`` independent labelled items behind each column; infinite for a reader that is taken at its word."""

    @property
    def weakest(self) -> float:
        """The smallest eigenvalue: for two levels sensitivity + specificity - 1, for no information 0."""
        return float(np.abs(np.linalg.eigvals(self.matrix)).min())

    @property
    def condition(self) -> float:
        """How much the inverse magnifies errors."""
        return float(np.linalg.cond(self.matrix))

    def worse(self, level: int, by: float) -> Reader:
        """The same reader, right less often for one level; what it misses goes where its errors go."""
        if len(self.matrix) < 2:
            return self
        matrix = self.matrix.copy()
        others = np.delete(np.arange(len(matrix)), level)
        wrong = matrix[others, level]
        parts = wrong / wrong.sum() if wrong.sum() > 0 else np.full(len(others), 1 / len(others))
        moved = min(by, matrix[level, level])
        matrix[level, level] -= moved
        matrix[others, level] += moved * parts
        return replace(self, matrix=matrix)


def reader_of(confusion: ArrayLike, design_effect: float = 1.0) -> Reader:
    """The reader behind a confusion matrix.

    Args:
        confusion: ``(k, k)`` counts of items; rows are the truth, columns the reading.
        design_effect: How many times as many items were counted as there were independent ones.

    Raises:
        ValueError: Not square, negative, a level that was never measured, or a design effect below 1.

    >>> reader_of([[9, 1], [2, 8]]).matrix.tolist()
    [[0.9, 0.2], [0.1, 0.8]]
    """
    table = np.asarray(confusion, dtype=np.float64)
    if table.ndim != 2 or table.shape[0] != table.shape[1] or not np.isfinite(table).all() or (table < 0).any():
        raise ValueError(f"a confusion matrix holds k x k counts, not an array of shape {table.shape} or with gaps")
    if design_effect < 1:
        raise ValueError(f"a design effect is at least 1, not {design_effect}")
    measured = table.sum(axis=1)
    if not measured.all():
        raise ValueError(f"the reader was never measured on class {np.flatnonzero(measured == 0)[0]}")
    return Reader(matrix=(table / measured[:, None]).T, measured=measured / design_effect)


def taken_at_its_word(levels: int) -> Reader:
    """A reader without errors: what is computed with it is uncorrected."""
    return Reader(matrix=np.eye(levels), measured=np.full(levels, math.inf))


@dataclass(frozen=True, slots=True, kw_only=True)
class StandardError:
    """The two sources of error of a number made of corrected shares."""

    sampling: float
    """From the generated items that were drawn: more of them make it smaller."""
    reading: float
    """From the labelled items on which the readers were measured: only more of those make it smaller."""

    @property
    def total(self) -> float:
        """Both."""
        return math.hypot(self.sampling, self.reading)


@dataclass(frozen=True, slots=True, kw_only=True)
class JointShares:
    """Shares of every pair of levels, with the readers' errors taken out."""

    shares: Floats
    """``(T, A)``, a distribution."""
    unconstrained: Floats
    """``(T, A)``: the plain inverse, which sums to 1 but may leave [0, 1]; equal to ``shares`` if it does not."""
    counts: Floats
    """``(T, A)`` items as read."""
    t: Reader
    a: Reader

    @property
    def n(self) -> int:
        """Items that were read."""
        return int(self.counts.sum())

    @property
    def constrained(self) -> bool:
        """Whether the plain inverse left [0, 1], so that the distribution nearest in fit was taken instead."""
        return bool(np.abs(self.shares - self.unconstrained).max() > 1e-9)

    @property
    def condition(self) -> float:
        """Condition number of both readers together: the product of theirs."""
        return self.t.condition * self.a.condition

    @property
    def within(self) -> Floats:
        """``(T, A)``: ``P(a | t)``; NaN in a row whose share is 0."""
        return _within(self.shares)

    @property
    def margin(self) -> JointShares:
        """The second attribute alone, ``(1, A)``: corrected by its own reader, as if the first had not been read.

        Rogan and Gladen's share for two levels, exactly. The sums of ``shares`` over rows are the same unless a pair
        had to be brought to 0, which moves them a little.
        """
        if len(self.counts) == 1:
            return self
        return joint_shares(self.counts.sum(axis=0)[None], taken_at_its_word(1), self.a)

    @property
    def level_shares(self) -> Floats:
        """``(A,)``: shares of the levels of the second attribute in all items, from its margin."""
        return np.asarray(np.clip(self.margin.shares[0], 0.0, 1.0), dtype=np.float64)

    def interval_within(self, row: int, column: int, level: float = LEVEL) -> tuple[Interval, StandardError]:
        """The interval of ``P(a | t)``, and its errors.

        Raises:
            ValueError: The row has no share.
        """
        error = self.standard_error(self.gradient_within(row, column))
        count, n = float(self.counts[row, column]), float(self.counts[row].sum())
        plain = float(_within(self.unconstrained)[row, column])
        value = float(self.within[row, column])
        return share_interval(value, error, count=count, n=n, plain=plain, level=level), error

    def interval_of_level(self, column: int, level: float = LEVEL) -> tuple[Interval, StandardError]:
        """The interval of the share of a level of the second attribute in all items, and its errors."""
        margin = self.margin
        error = margin.standard_error(margin.gradient_of_level(column))
        value, plain = float(self.level_shares[column]), float(margin.unconstrained[0, column])
        count, n = float(margin.counts[0, column]), float(self.counts.sum())
        return share_interval(value, error, count=count, n=n, plain=plain, level=level), error

    def standard_error(self, gradient: ArrayLike) -> StandardError:
        """Of a smooth function of the shares, by the delta method, from its gradient ``(T, A)``.

        With ``R = A_t P A_aᵀ`` for the shares as read, ``dP = A_t⁻¹ dR A_a⁻ᵀ - A_t⁻¹ dA_t P - P dA_aᵀ A_a⁻ᵀ``. R is
        multinomial in the items, each column of a reader in its labelled items; all of them are independent. To every
        count of a distribution over k cells 1/k is added in the variances, so that what was seen 0 times is not exact.
        """
        g = np.asarray(gradient, dtype=np.float64)
        inverse_t, inverse_a = np.linalg.inv(self.t.matrix), np.linalg.inv(self.a.matrix)
        by_read = inverse_t.T @ g @ inverse_a
        p = smoothed(self.counts, self.counts.sum())
        sampling = spread_of(p.ravel(), by_read.ravel()) / self.counts.sum()
        by_t, by_a = inverse_t.T @ g @ self.shares.T, inverse_a.T @ g.T @ self.shares
        reading = reading_variance(self.t, by_t) + reading_variance(self.a, by_a)
        return StandardError(sampling=math.sqrt(sampling), reading=math.sqrt(reading))

    def gradient_within(self, row: int, column: int) -> Floats:
        """Gradient of ``P(a | t)``."""
        total = self.shares[row].sum()
        gradient = np.zeros(self.shares.shape)
        gradient[row] = -self.shares[row, column] / total**2
        gradient[row, column] += 1 / total
        return gradient

    def gradient_of_level(self, column: int) -> Floats:
        """Gradient of the share of a level of the second attribute in all items."""
        gradient = np.zeros(self.shares.shape)
        gradient[:, column] = 1
        return gradient


def joint_shares(counts: ArrayLike, t: Reader, a: Reader) -> JointShares:
    """Shares of pairs of levels among items, given what two readers saw and how each errs.

    The readers err independently of one another given the truth, so that the matrix of both is the Kronecker product
    of theirs and ``P = A_t⁻¹ R A_a⁻ᵀ`` (Rogan and Gladen 1978 for one attribute of two levels). Where that leaves
    [0, 1], the distribution whose reading is nearest in squares is taken.

    Args:
        counts: ``(T, A)`` items as read.
        t: Reader of the rows' attribute.
        a: Reader of the columns' attribute.

    Raises:
        ValueError: Shapes that do not fit, no items, or a reader too weak to be inverted.

    >>> sharp, blurred = taken_at_its_word(1), reader_of([[98300, 1700], [5300, 94700]])
    >>> joint_shares([[390, 610]], sharp, blurred).shares.round(7).tolist()
    [[0.3623656, 0.6376344]]
    """
    seen = np.asarray(counts, dtype=np.float64)
    if seen.shape != (len(t.matrix), len(a.matrix)) or (seen < 0).any() or not np.isfinite(seen).all():
        raise ValueError(f"counts {len(t.matrix)} x {len(a.matrix)} are needed for these readers, not {seen.shape}")
    if not seen.sum() > 0:
        raise ValueError("no items were read")
    weak = [reader.weakest for reader in (t, a) if reader.weakest < WEAKEST]
    if weak:
        raise ValueError(
            f"the reader separates the classes too weakly to be corrected for: {weak[0]:.3f} of a possible 1, "
            f"at least {WEAKEST} is needed"
        )
    read = seen / seen.sum()
    plain = np.asarray(np.linalg.solve(t.matrix, np.linalg.solve(a.matrix, read.T).T), dtype=np.float64)
    shares = plain if (plain >= 0).all() else _nearest_distribution(read, t, a)
    return JointShares(shares=shares, unconstrained=plain, counts=seen, t=t, a=a)


def share_interval(
    value: float, error: StandardError, *, count: float, n: float, plain: float | None = None, level: float = LEVEL
) -> Interval:
    """Interval of a corrected share: Wilson's of the share as read, magnified as much as correcting magnifies errors.

    The readers' own error is added to either side in squares (Donner and Zou 2012, for sums of independent parts), and
    the interval is cut off at 0 and 1. With readers that make no errors it is Wilson's interval itself, so that a share
    of 0 has an upper bound.

    Args:
        value: The share, in [0, 1].
        error: Its standard errors.
        count: Items read as the level.
        n: Items that it is a share of.
        plain: The share before it was brought into [0, 1], around which the interval lies; None for the value.
        level: Nominal coverage.

    Raises:
        ValueError: A value outside [0, 1], or counts that make no share.

    >>> interval = share_interval(81 / 263, StandardError(sampling=0.02, reading=0.0), count=81, n=263)
    >>> round(interval.low, 4), round(interval.high, 4)
    (0.2553, 0.3662)
    """
    if not 0 <= value <= 1:
        raise ValueError(f"a share lies in [0, 1], not {value}")
    read = wilson_interval(count, n, level)
    share, smoothed = count / n, (count + 0.5) / (n + 1)
    magnified = max(error.sampling / math.sqrt(smoothed * (1 - smoothed) / n), 1.0)
    around = value if plain is None or not math.isfinite(plain) else plain
    reading = error.reading * float(special.ndtri(0.5 + level / 2))
    low = around - math.hypot(magnified * (share - read.low), reading)
    high = around + math.hypot(magnified * (read.high - share), reading)
    how = f"Wilson score interval of {count:g} in {n:g} as read, magnified by the correction; with the readers' error"
    return Interval(low=min(max(low, 0.0), value), high=max(min(high, 1.0), value), level=level, method=how)


def corrected_if_worse(shares: JointShares, row: int, column: int, by: float) -> float | None:
    """``P(a | t)`` if both readers missed their level of this cell more often by ``by`` than was measured.

    The correction assumes that generated items are misread as often as labelled ones; this is what it hangs on. None
    if such a reader could not be inverted, or nothing would be left of the row.
    """
    try:
        found = joint_shares(shares.counts, shares.t.worse(row, by), shares.a.worse(column, by))
    except ValueError:
        return None
    value = float(found.within[row, column])
    return value if math.isfinite(value) else None


def level_if_worse(shares: JointShares, column: int, by: float) -> float | None:
    """The share of a level in all items if its reader missed it more often by ``by``; None if it could not be inverted.

    >>> clear, blurred = taken_at_its_word(1), reader_of([[98300, 1700], [5300, 94700]])
    >>> round(level_if_worse(joint_shares([[390, 610]], clear, blurred), 1, 0.02), 7)
    0.6516484
    """
    try:
        found = joint_shares(shares.margin.counts, taken_at_its_word(1), shares.a.worse(column, by))
    except ValueError:
        return None
    return float(found.level_shares[column])


def _within(shares: Floats) -> Floats:
    rows = shares.sum(axis=1, keepdims=True)
    within: Floats = np.divide(shares, rows, out=np.full(shares.shape, np.nan), where=rows > 0)
    return within


def smoothed(counts: Floats, total: float) -> Floats:
    """Shares of counts with one item more, spread evenly: what was seen 0 times is not exact."""
    return np.asarray((counts + 1 / counts.size) / (total + 1), dtype=np.float64)


def spread_of(p: Floats, values: Floats) -> float:
    """Variance of values drawn with probabilities p."""
    centre = float(p @ values)
    return float((p * (values - centre) ** 2).sum())


def reading_variance(reader: Reader, slopes: Floats) -> float:
    """Variance from the columns of a reader, given ``(k, k)`` slopes: read level by true level."""
    parts = [
        spread_of(smoothed(reader.matrix[:, j] * m, m), slopes[:, j]) / m
        for j, m in enumerate(reader.measured.tolist())
        if math.isfinite(m)
    ]
    return math.fsum(parts)


def _nearest_distribution(read: Floats, t: Reader, a: Reader) -> Floats:
    """The distribution whose reading is nearest, in squares, to what was read."""
    heavy = 1e6  # a weight on the sum being 1 that rounding cannot tell from a constraint
    system = np.vstack([np.kron(t.matrix, a.matrix), np.full(read.size, heavy)])
    solution = optimize.nnls(system, np.append(read.ravel(), heavy))[0]
    return np.asarray((solution / solution.sum()).reshape(read.shape), dtype=np.float64)


def design_effect(right: ArrayLike, clusters: Sequence[int] | NDArray[np.int64] | None) -> float:
    """How many items count as one, when items of one source are read alike: cluster-robust over plain variance.

    Args:
        right: ``(n,)`` whether each item was read rightly.
        clusters: ``(n,)`` source of each item; None if all are independent.

    Returns:
        At least 1; the mean size of a cluster if all readings are alike, so that no spread can be seen.

    >>> design_effect([True, True, False, False], [0, 0, 1, 1])
    2.0
    """
    values = np.asarray(right, dtype=np.float64)
    if clusters is None or not len(values):
        return 1.0
    names = np.unique(np.asarray(clusters), return_inverse=True)[1]
    units = int(names.max()) + 1
    mean = float(values.mean())
    if mean in {0.0, 1.0} or units < 2:
        return len(values) / units
    sums = np.bincount(names, weights=values - mean)
    return max(1.0, float(sums @ sums) / (len(values) * mean * (1 - mean)))
