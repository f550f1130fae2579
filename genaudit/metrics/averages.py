"""Estimates that are means over items."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.intervals import UNBOUNDED, Bounds, mean
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def averaged(values: ArrayLike, clusters: ArrayLike | None = None, *, bounds: Bounds = UNBOUNDED) -> Estimate:
    """The mean of values ``(n,)`` with its t interval, cluster-robust where clusters are given.

    With a single independent unit there is a value and no interval, and the reason is said.

    Raises:
        ValueError: No values, or a value that is not finite (its index is named).

    >>> averaged([2.0]).reason_without
    'One independent item shows no spread.'
    """
    array = np.asarray(values, dtype=np.float64)
    bad = np.flatnonzero(~np.isfinite(array))
    if array.ndim != 1 or not len(array) or len(bad):
        where = f"; item {bad[0]} of {len(array)} is not finite" if len(bad) else ""
        raise ValueError(f"a mean needs finite values (n,), not an array of shape {array.shape}{where}")
    units = len(array) if clusters is None else len(np.unique(np.asarray(clusters)))
    if units < 2:
        what = "item" if clusters is None else "source item"
        return Estimate(value=float(array.mean()), reason_without=f"One independent {what} shows no spread.")
    found = mean(array, clusters)
    return Estimate(
        value=found.value,
        interval=found.interval(bounds=bounds),
        details={"standard_error": found.standard_error, "independent_units": float(found.units)},
        terms=tuple(array.tolist()),
        clusters=() if clusters is None else tuple(np.unique(np.asarray(clusters), return_inverse=True)[1].tolist()),
    )
