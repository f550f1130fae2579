"""Intervals from standard errors, for independent items and for items that come in clusters."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.stats.units import cluster_sums, influence_error
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

LEVEL = 0.95
"""Nominal coverage of every interval, unless another is asked for."""
Bounds = tuple[float | None, float | None]
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
