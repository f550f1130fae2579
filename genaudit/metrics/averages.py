"""Estimates that are means over items."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.intervals import UNBOUNDED, Bounds, mean
from genaudit.stats.proportions import score_interval, wilson_interval
from genaudit.stats.units import independent_units
from genaudit.values.results import Estimate, Interval

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

    from genaudit.stats.intervals import Mean


def averaged(values: ArrayLike, clusters: ArrayLike | None = None, *, bounds: Bounds = UNBOUNDED) -> Estimate:
    """The mean of values ``(n,)`` with its t interval, cluster-robust where clusters are given.

    Within a range with two ends it is Wilson's interval at an effective number of units, which holds near the ends too.

    With a single independent unit there is a value and no interval, and the reason is said. Equal values show no
    spread, which does not make their mean certain: at an end of a range with two ends they are counted as a share
    (Wilson's interval of all or none of the independent units, the widest that such a range allows), elsewhere there
    is no interval.

    Raises:
        ValueError: No values, or a value that is not finite (its index is named).

    >>> averaged([2.0]).reason_without
    'One independent item shows no spread.'
    >>> round(averaged([1.0] * 300, bounds=(0.0, 1.0)).interval.low, 4)
    0.9874
    >>> averaged([4.0] * 300).reason_without
    'All 300 independent items have the same value and show no spread.'
    """
    array = np.asarray(values, dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(array))
    if array.ndim != 1 or not len(array) or len(bad):
        where = f"; item {bad[0]} of {len(array)} is not finite" if len(bad) else ""
        raise ValueError(f"a mean needs finite values (n,), not an array of shape {array.shape}{where}")
    units = independent_units(len(array), clusters)
    if units < 2:
        what = "item" if clusters is None else "source item"
        return Estimate(value=float(array.mean()), reason_without=f"One independent {what} shows no spread.")
    found = mean(array, clusters)
    still = found.standard_error == 0 or bool((array == array[0]).all())
    interval = _at_an_end(array[0], found, bounds) if still else _around(found, bounds)
    return Estimate(
        value=found.value,
        interval=interval,
        reason_without=""
        if interval
        else f"All {found.units} independent {found.unit} have the same value and show no spread.",
        details={"standard_error": found.standard_error, "independent_units": float(found.units)},
        terms=tuple(array.tolist()),
        clusters=() if clusters is None else tuple(np.unique(np.asarray(clusters), return_inverse=True)[1].tolist()),
    )


def _around(found: Mean, bounds: Bounds) -> Interval:
    low, high = bounds
    if low is None or high is None or not low < found.value < high:
        return found.interval(bounds=bounds)
    reach = high - low
    share = score_interval(
        (found.value - low) / reach,
        found.standard_error / reach,
        how=found.method,
        degrees_of_freedom=found.units - 1,
    )
    return replace(share, low=low + reach * share.low, high=low + reach * share.high)


def _at_an_end(value: float, found: Mean, bounds: Bounds) -> Interval | None:
    """Wilson's interval for units that all lie at one end of a range with two ends; None elsewhere."""
    low, high = bounds
    if low is None or high is None or value not in bounds:
        return None
    share = wilson_interval(found.units if value == high else 0, found.units)
    return Interval(
        low=low + (high - low) * share.low,
        high=low + (high - low) * share.high,
        level=share.level,
        method=f"{share.method} independent {found.unit}, which all have the same value",
    )
