"""What shares are held against: the declared reference, never one that nobody chose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.audits.options import population_shares
from genaudit.errors import NotApplicable

if TYPE_CHECKING:
    from genaudit.audits.options import SharesOptions
    from genaudit.values.counts import AttributeCounts

UNDECLARED = "no_reference_declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceMix:
    """Shares that generated ones are held against."""

    name: str
    """As a sentence names it: ``the training data``, ``equal shares``, ``the declared population``."""
    declared: bool
    """False for the training data of a run that declared nothing: described, never judged."""
    levels: NDArray[np.float64]
    """``(A,)`` shares of the second attribute's levels."""
    pairs: NDArray[np.float64]
    """``(T, A)`` shares of the levels within each level of the first attribute; NaN where it has none."""


def reference_mix(table: AttributeCounts, options: SharesOptions) -> ReferenceMix:
    """The reference of a table.

    Raises:
        NotApplicable: The declared population is not about this attribute, or names other levels than it has.
    """
    shape = table.training.shape
    if options.reference == "uniform":
        even = np.full(shape[1], 1 / shape[1])
        return ReferenceMix(name="equal shares", declared=True, levels=even, pairs=np.tile(even, (shape[0], 1)))
    if options.reference == "population":
        levels = _population(table, options)
        name = "the declared population"
        if options.population_source:
            name += f" ({options.population_source})"
        return ReferenceMix(name=name, declared=True, levels=levels, pairs=np.tile(levels, (shape[0], 1)))
    total = max(int(table.training.sum()), 1)
    rows = table.training.sum(axis=1, keepdims=True)
    within = np.divide(table.training, rows, out=np.full(shape, np.nan), where=rows > 0)
    return ReferenceMix(
        name=f"the {table.compared} data",
        declared=options.reference == "training",
        levels=np.asarray(table.training.sum(axis=0) / total, dtype=np.float64),
        pairs=within,
    )


def _population(table: AttributeCounts, options: SharesOptions) -> NDArray[np.float64]:
    attribute, declared = table.a.attribute, population_shares(options.population)
    if attribute not in declared:
        raise NotApplicable(
            UNDECLARED,
            f"No population was declared for {attribute}; declared: {', '.join(declared)}.",
            f"Declare its shares: population={attribute}={table.a.levels[0]}:0.5,….",
        )
    if set(declared[attribute]) != set(table.a.levels):
        raise NotApplicable(
            "unknown_group",
            f"The declared population of {attribute} names {', '.join(declared[attribute])}; its levels are "
            f"{', '.join(table.a.levels)}.",
            "Declare a share for every level and for no other, 0 where there are none.",
        )
    return np.array([declared[attribute][level] for level in table.a.levels])
