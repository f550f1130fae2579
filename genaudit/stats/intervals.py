"""Intervals from standard errors, for independent items and for items that come in clusters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.values.results import Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

LEVEL = 0.95
"""Nominal coverage of every interval, unless another is asked for."""
Bounds = tuple[float | None, float | None]
STRATUM = 10
"""Neighbouring units, in the order of their strata, whose spread counts as sampling error."""
UNBOUNDED: Bounds = (None, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """A mean and how far it may be off."""

    value: float
    standard_error: float
    units: int
    """Independent units behind it: clusters, or items if they are independent."""
    unit: str
    """``items`` or ``clusters``."""

    def interval(self, level: float = LEVEL, bounds: Bounds = UNBOUNDED) -> Interval:
        """The t interval with ``units - 1`` degrees of freedom.

        Raises:
            ValueError: A single unit, from which no spread can be seen.
        """
        return t_interval(self.value, self.standard_error, self.units - 1, how=self.method, level=level, bounds=bounds)

    @property
    def method(self) -> str:
        """Where the standard error comes from, in words."""
        if self.unit == "clusters":
            return f"cluster-robust standard error of a mean, {self.units} clusters"
        return f"standard error of a mean over {self.units} independent {self.unit}"


def normal_interval(
    value: float, standard_error: float, *, how: str, level: float = LEVEL, bounds: Bounds = UNBOUNDED
) -> Interval:
    """``value ± z · standard_error``, cut off at the bounds of what is measured.

    >>> interval = normal_interval(0.0, 1.0, how="example")
    >>> round(interval.high, 4), interval.method
    (1.96, 'normal interval; example')
    """
    half = _finite_error(standard_error) * float(special.ndtri(0.5 + level / 2))
    return _interval(value, half, level, f"normal interval; {how}", bounds, standard_error, None)


def t_interval(
    value: float,
    standard_error: float,
    degrees_of_freedom: float,
    *,
    how: str,
    level: float = LEVEL,
    bounds: Bounds = UNBOUNDED,
) -> Interval:
    """``value ± t · standard_error`` with Student's quantile, cut off at the bounds of what is measured.

    Raises:
        ValueError: Fewer than one degree of freedom, or a standard error that is negative or not finite.

    >>> round(t_interval(0.0, 1.0, 9, how="example").high, 4)
    2.2622
    """
    if degrees_of_freedom < 1:
        raise ValueError(f"a t interval needs at least 1 degree of freedom, not {degrees_of_freedom}")
    half = _finite_error(standard_error) * float(special.stdtrit(degrees_of_freedom, 0.5 + level / 2))
    method = f"t interval, {degrees_of_freedom:g} degrees of freedom; {how}"
    return _interval(value, half, level, method, bounds, standard_error, degrees_of_freedom)


def mean(values: ArrayLike, clusters: ArrayLike | None = None) -> Mean:
    """The mean of values ``(n,)`` with a standard error that knows which of them belong together.

    Without clusters the error is ``sd / sqrt(n)``. With clusters it is the linearised one: residuals are summed
    within a cluster first (Liang and Zeger 1986, with the factor C / (C - 1)).

    Raises:
        ValueError: No values, values that are not finite, or fewer than two independent units.

    >>> round(mean([1.0, 2.0, 3.0]).standard_error, 6)
    0.57735
    """
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not np.isfinite(array).all():
        raise ValueError(f"a mean needs finite values (n,), not an array of shape {array.shape} or with gaps")
    if len(array) < 2:
        raise ValueError(f"a standard error needs at least 2 values, not {len(array)}")
    centre = float(array.mean())
    error, units = influence_error((array - centre) / len(array), clusters)
    return Mean(value=centre, standard_error=error, units=units, unit="items" if clusters is None else "clusters")


def influence_error(
    influences: ArrayLike, clusters: ArrayLike | None = None, strata: ArrayLike | None = None
) -> tuple[float, int]:
    """Standard error of a sum of centred influences ``(n,)``, and the number of independent units behind it.

    Args:
        influences: What each item adds to the deviation of a statistic from its expectation, with mean zero.
        clusters: ``(n,)`` identifier of the unit an item belongs to; None if items are independent.
        strata: ``(n,)`` codes whose shares were fixed when the set was drawn, see ``blocks_of_units``: what differs
            between strata is then no sampling error, and only the spread among neighbouring units counts.

    Raises:
        ValueError: Fewer than two units.
    """
    parts = np.asarray(influences, dtype=np.float64)
    if clusters is not None:
        parts = cluster_sums(parts, clusters)
    units = len(parts)
    if units < 2:
        raise ValueError(f"a standard error needs at least 2 independent units, not {units}")
    if strata is None:
        return math.sqrt(units / (units - 1) * float(parts @ parts)), units
    ordered = parts[np.argsort(_unit_means(strata, clusters), kind="stable")]
    groups = np.array_split(ordered, max(1, units // STRATUM))
    variance = sum(len(group) / (len(group) - 1) * float(((group - group.mean()) ** 2).sum()) for group in groups)
    return math.sqrt(variance), units


def clustering(values: ArrayLike, clusters: ArrayLike | None) -> float:
    """How many items count as one, when those of one cluster are alike: cluster-robust over plain variance of a mean.

    At least 1; the mean size of a cluster if all values are equal, so that no spread can be seen.

    >>> clustering([1.0, 1.0, -1.0, -1.0], [0, 0, 1, 1])
    2.0
    """
    array = np.asarray(values, dtype=np.float64)
    if clusters is None or not len(array):
        return 1.0
    centred = array - array.mean()
    sums, spread = cluster_sums(centred, clusters), float(centred @ centred)
    return max(1.0, float(sums @ sums) / spread) if spread > 0 else len(array) / len(sums)


def cluster_sums(values: ArrayLike, clusters: ArrayLike) -> NDArray[np.float64]:
    """Sum of values ``(n,)`` within each cluster, in the order of the sorted identifiers.

    >>> cluster_sums([1.0, 2.0, 4.0], [7, 3, 7])
    array([2., 5.])
    """
    weights, index = np.asarray(values, dtype=np.float64), np.unique(np.asarray(clusters), return_inverse=True)[1]
    if len(weights) != len(index):
        raise ValueError(f"{len(weights)} values need as many cluster identifiers, not {len(index)}")
    return np.bincount(index, weights=weights).astype(np.float64)


def jackknife_error(left_out: Sequence[float] | NDArray[np.float64]) -> float:
    """Delete-block jackknife standard error from the statistic's values with one block left out each.

    ``sqrt((B - 1) / B · sum((v_b - mean v)²))`` (Efron and Tibshirani 1993, eq. 11.5).

    Raises:
        ValueError: Fewer than two blocks.

    >>> round(jackknife_error([1.0, 2.0, 3.0]), 6)
    1.154701
    """
    values = np.asarray(left_out, dtype=np.float64)
    if len(values) < 2:
        raise ValueError(f"a jackknife needs at least 2 blocks, not {len(values)}")
    deviations = values - values.mean()
    return math.sqrt((len(values) - 1) / len(values) * float(deviations @ deviations))


def blocks_of_units(
    count: int,
    clusters: ArrayLike | None,
    blocks: int,
    rng: np.random.Generator,
    strata: ArrayLike | None = None,
) -> NDArray[np.int64]:
    """Block number of each of ``count`` items: whole clusters, in random order, blocks of almost equal size.

    The order is random because rows are often sorted: contiguous blocks of a class-sorted set would each leave out a
    class, and interleaved ones would hide the spread between classes.

    A set that was drawn with fixed shares of some strata varies less than a random one. Its blocks are dealt likewise:
    units are sorted by their mean stratum code, and each run of ``blocks`` units gives one to every block. Codes of two
    attributes with fixed joint shares may be ``first * 2 + second``: units are then alike in the first, and among those
    in the second.

    Returns:
        ``(count,)`` integers from 0 to the number of blocks, which is at most the number of clusters.

    Raises:
        ValueError: Fewer than two blocks asked for, or as many cluster identifiers as items are not given.
    """
    if blocks < 2:
        raise ValueError(f"a jackknife needs at least 2 blocks, not {blocks}")
    units = np.arange(count) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    if len(units) != count:
        raise ValueError(f"{count} items need as many cluster identifiers, not {len(units)}")
    number = int(units.max(initial=-1)) + 1
    if strata is None:
        return np.asarray((rng.permutation(number) % blocks)[units], dtype=np.int64)
    order = np.lexsort((rng.random(number), _unit_means(strata, clusters)))
    of_unit = np.empty(number, dtype=np.int64)
    for start in range(0, number, blocks):
        run = order[start : start + blocks]
        of_unit[run] = rng.permutation(min(blocks, number))[: len(run)]
    return of_unit[units]


def _unit_means(strata: ArrayLike, clusters: ArrayLike | None) -> NDArray[np.float64]:
    codes = np.asarray(strata, dtype=np.float64)
    if clusters is None:
        return codes
    sums = cluster_sums(codes, clusters)
    return np.asarray(sums / cluster_sums(np.ones(len(codes)), clusters), dtype=np.float64)


def _finite_error(standard_error: float) -> float:
    if not (math.isfinite(standard_error) and standard_error >= 0):
        raise ValueError(f"a standard error is finite and not negative, not {standard_error}")
    return standard_error


def _interval(
    value: float, half: float, level: float, method: str, bounds: Bounds, error: float, freedom: float | None
) -> Interval:
    low, high = value - half, value + half
    cut = []
    if bounds[0] is not None and low < bounds[0]:
        low, cut = min(bounds[0], value), [f"{bounds[0]:g}"]
    if bounds[1] is not None and high > bounds[1]:
        high, cut = max(bounds[1], value), [*cut, f"{bounds[1]:g}"]
    if cut:
        method += f"; cut off at {' and '.join(cut)}"
    return Interval(low=low, high=high, level=level, method=method, standard_error=error, degrees_of_freedom=freedom)
