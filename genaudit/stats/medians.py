"""The spread of a median, for independent values and for values that come in clusters."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.units import unit_numbers

if TYPE_CHECKING:
    from numpy.typing import ArrayLike


def median_error(
    values: ArrayLike, clusters: ArrayLike | None = None, *, rng: np.random.Generator, draws: int = 200
) -> float:
    """Standard error of the median of values ``(n,)`` by drawing units with replacement (Efron 1979).

    Only the spread of the drawn medians is used: it is sound for a median, where a jackknife is not.

    Args:
        values: ``(n,)``.
        clusters: ``(n,)`` identifier of the unit that is drawn; None for the values themselves.
        rng: Draws.
        draws: How many.

    Raises:
        ValueError: Fewer than two units, or values that are not finite.

    >>> median_error([1.0, 1.0, 1.0], rng=np.random.Generator(np.random.Philox(0)))
    0.0
    """
    array = np.asarray(values, dtype=np.float64)
    index = unit_numbers(len(array), clusters)
    units = int(index.max(initial=-1)) + 1
    if units < 2 or len(index) != len(array) or not np.isfinite(array).all():
        raise ValueError(f"a spread needs finite values (n,) of at least 2 units, not {len(array)} of {units}")
    order = np.argsort(array, kind="stable")
    medians = []
    for _ in range(draws):
        weights = np.bincount(rng.integers(units, size=units), minlength=units)[index[order]].cumsum()
        medians.append(array[order[np.searchsorted(weights, weights[-1] / 2)]])
    return float(np.std(medians, ddof=1))
