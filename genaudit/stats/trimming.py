"""Means without the most extreme values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.intervals import Mean
from genaudit.stats.units import influence_error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray


def trimmed_mean(values: ArrayLike, share: float) -> Mean:
    """The mean of values ``(n,)`` without those outside the percentiles ``share`` and ``1 - share``.

    The percentiles are values of the sample (the lower and the higher neighbour), and values equal to one are kept, as
    in the published programs of the perceptual path length. The error is that of the trimmed mean's influence
    function: what lies outside still counts, as if it lay on the percentile (Huber 1981, section 3.3).

    Args:
        values: Finite, at least two.
        share: Left out on either side, from 0 to below 0.5.

    Raises:
        ValueError: Fewer than two values, values that are not finite, or a share outside that range.

    >>> trimmed_mean([0.0, *range(1, 100), 1e6], 0.01).value
    50.0
    """
    array, low, high = _within(values, share)
    kept = array[(array >= low) & (array <= high)]
    error, units = influence_error(trimmed_influences(array, share))
    return Mean(value=float(kept.mean()), standard_error=error, units=units, unit="items")


def trimmed_influences(values: ArrayLike, share: float) -> NDArray[np.float64]:
    """What each value adds to the deviation of their trimmed mean, ``(n,)``; they sum to 0.

    Raises:
        ValueError: As ``trimmed_mean``.

    >>> trimmed_influences([0.0, 1.0, 2.0], 0.0)
    array([-0.33333333,  0.        ,  0.33333333])
    """
    array, low, high = _within(values, share)
    pulled_in = array.clip(low, high)
    return np.asarray((pulled_in - pulled_in.mean()) / (1 - 2 * share) / len(array), dtype=np.float64)


def _within(values: ArrayLike, share: float) -> tuple[NDArray[np.float64], float, float]:
    """The values and the two percentiles."""
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or len(array) < 2 or not np.isfinite(array).all() or not 0 <= share < 0.5:
        raise ValueError(f"a trimmed mean needs at least 2 finite values and a share below 0.5, not {share}")
    low = np.quantile(array, share, method="lower")
    high = np.quantile(array, 1 - share, method="higher")
    return array, float(low), float(high)
