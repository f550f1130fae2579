"""A wide table: many features of each item and one outcome."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureTable:
    """Numbers ``(n, p)`` of n items, and what is to be explained by them.

    A category enters as one column of 0 and 1 for each of its levels.

    Raises:
        ValueError: Shapes that do not fit the names, repeated names, infinite numbers, or a gap in the outcome.

    >>> table = FeatureTable(names=("age",), features=np.array([[20.0], [30.0]]), outcome="flagged",
    ...                      values=np.array([0.0, 1.0]))
    >>> table.features.shape
    (2, 1)
    """

    names: tuple[str, ...]
    """Names of the features."""
    features: NDArray[np.float64]
    """``(n, p)``; a gap is NaN, and its item is left out for that feature alone."""
    outcome: str
    """Name of what the features are compared with."""
    values: NDArray[np.float64]
    """``(n,)``: the outcome, 0 and 1 or any numbers."""
    source: str = ""

    def __post_init__(self) -> None:
        shape = (len(self.values), len(self.names))
        if self.values.ndim != 1 or self.features.shape != shape:
            raise ValueError(f"features of shape {shape} are needed for these names, not {self.features.shape}")
        if len(set(self.names)) < len(self.names):
            raise ValueError("names of features may not repeat")
        if not np.isfinite(self.values).all() or np.isinf(self.features).any():
            raise ValueError("outcomes are finite, and features are finite or NaN")
