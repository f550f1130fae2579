"""Two groups over the strata of a table: what is compared when something is held fixed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.audits.adjustment import over
from genaudit.audits.cells import group_name
from genaudit.stats.share_differences import newcombe_interval

if TYPE_CHECKING:
    from genaudit.audits.adjustment import Adjustment
    from genaudit.values.counts import CountTable
    from genaudit.values.results import Interval


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two groups over the strata: ``(strata, 2, 2)`` with rows first and second group, columns yes and no."""

    name: str
    first: str
    second: str
    strata: tuple[str, ...]
    tables: NDArray[np.float64]
    """Counts, or weights scaled to the people they are worth."""
    crude: NDArray[np.float64]
    """``(2, 2)``: all strata together, as the tables; of weights on their own scale, not the sum of these."""
    sizes: NDArray[np.float64]
    """``(strata,)``: people, or sums of weights, of both groups in each stratum."""
    reliable: bool
    """Whether it is known how many people the counts are worth."""

    @property
    def people(self) -> int:
        """Both groups together."""
        return round(float(self.tables.sum()))

    @property
    def crude_shares(self) -> tuple[float, float]:
        """Share of yes in both groups."""
        first, second = (self.crude[:, 0] / self.crude.sum(axis=1)).tolist()
        return first, second

    @property
    def without_overlap(self) -> list[str]:
        """Strata with people of one group alone."""
        people = self.tables.sum(axis=2)
        alone = (people == 0).any(axis=1) & (people > 0).any(axis=1)
        return [self.strata[index] for index in np.flatnonzero(alone)]

    @property
    def signs(self) -> NDArray[np.int64]:
        """Sign of the difference in each stratum in which both groups have people, from whole products."""
        (a, b), (c, d) = self.tables.transpose(1, 2, 0)
        both = ((a + b) > 0) & ((c + d) > 0)
        return np.asarray(np.sign(a * (c + d) - c * (a + b))[both], dtype=np.int64)

    @property
    def opposite_and_same(self) -> tuple[int, int]:
        """Strata in which the gap has the opposite and the same sign as the crude one."""
        (a, b), (c, d) = self.crude.tolist()
        crude = np.sign(a * (c + d) - c * (a + b))
        if crude == 0:
            return 0, 0
        return int((self.signs == -crude).sum()), int((self.signs == crude).sum())

    def gap(self, level: float) -> Interval:
        """Newcombe's interval of the crude difference."""
        (a, b), (c, d) = self.crude.tolist()
        return newcombe_interval((a, a + b), (c, c + d), level)


def paired(table: CountTable, first: int, second: int, adjustment: Adjustment | None = None) -> Pair:
    """Two groups of a table, over its strata or over those that an adjustment leaves.

    Of a weighted table each group in each stratum counts for the people that its weights are worth.
    """
    decided = table.counts.sum(axis=2)[:, [first, second]]
    squares = None if table.squares is None else table.squares.sum(axis=(2, 3))[:, [first, second]]
    strata = table.strata
    if adjustment is not None:
        strata, decided = adjustment.strata, over(adjustment, decided)
        squares = None if squares is None else over(adjustment, squares)
    crude, sizes = decided.sum(axis=0), decided.sum(axis=(1, 2))
    if table.weighted and squares is not None:
        decided = decided * _worth(decided.sum(axis=2), squares)[:, :, None]
        crude = crude * _worth(crude.sum(axis=1), squares.sum(axis=0))[:, None]
    return Pair(
        name=f"{group_name(table, first)} − {table.groups[second]}",
        first=group_name(table, first),
        second=group_name(table, second),
        strata=strata,
        tables=np.asarray(decided[:, :, ::-1], dtype=np.float64),
        crude=np.asarray(crude[:, ::-1], dtype=np.float64),
        sizes=np.asarray(sizes, dtype=np.float64),
        reliable=not table.weighted or squares is not None,
    )


def _worth(weights: NDArray[np.float64], squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """People that one unit of weight is worth: Kish's effective number over the sum of weights."""
    return np.asarray(weights / np.where(squares > 0, squares, 1.0), dtype=np.float64)
