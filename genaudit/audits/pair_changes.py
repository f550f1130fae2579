"""How the share of a level within a row changed from training, and which way an amplification would go."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.audits.reading import ReadTable
from genaudit.stats.amplification import directions, exclusive
from genaudit.stats.differences import difference_interval
from genaudit.stats.joint_correction import StandardError, smoothed, spread_of
from genaudit.stats.mixes import noise_floor
from genaudit.stats.proportions import wilson_interval
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from genaudit.audits.options import AmplificationOptions
    from genaudit.audits.reference_mix import ReferenceMix
    from genaudit.values.counts import AttributeCounts

MEAN_OF_NOISE = math.sqrt(2 / math.pi)
"""``E|Z|`` of a standard normal: what a mean without any amplification shows by chance, in standard errors."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairChanges:
    """Every pair of levels of a table."""

    read: ReadTable
    before: NDArray[np.float64]
    """``(T, A)``: ``P(a | t)`` in training; NaN in a row without training images."""
    signs: NDArray[np.int64]
    """``(T, A)``: 1 or -1, the way from the direction's reference to training; 0 where there is none."""
    counted: NDArray[np.bool_]
    """``(T, A)``: the pair has a direction, and images enough on both sides."""
    direction: str
    """What the training share is compared with to know its direction, in words."""
    left_out: int = 0
    """Pairs that have a direction and too few images to be counted."""

    @property
    def changes(self) -> NDArray[np.float64]:
        """``(T, A)``: ``P_generated(a | t) - P_training(a | t)``."""
        return np.asarray(self.read.joint.within - self.before, dtype=np.float64)

    @property
    def enough(self) -> bool:
        """Whether there is a pair to speak of."""
        return bool(self.counted.any())

    def mean(self, weights: NDArray[np.float64]) -> tuple[float, StandardError]:
        """A weighted sum of changes and its error."""
        rows, columns = np.nonzero(weights)
        value = sum(float(weights[i, j] * self.changes[i, j]) for i, j in zip(rows, columns, strict=True))
        joint = self.read.joint
        gradient = np.zeros(weights.shape)
        for i, j in zip(rows, columns, strict=True):
            gradient += weights[i, j] * joint.gradient_within(int(i), int(j))
        return value, sampled_too(joint.standard_error(gradient), self._variance_of_sample(weights))

    def _variance_of_sample(self, weights: NDArray[np.float64]) -> float:
        """Variance of the same sum of shares within rows of the reference set; 0 of training data, which are all."""
        table = self.read.table
        if table.compared == "training":
            return 0.0
        rows = [(table.training[i], weights[i]) for i in np.flatnonzero(weights.any(axis=1))]
        parts = [spread_of(smoothed(one.astype(np.float64), one.sum()), weight) / one.sum() for one, weight in rows]
        return float(sum(parts))

    def by_chance(self, counted: NDArray[np.bool_]) -> float:
        """Mean of the absolute changes that pairs would show if the model had the training shares."""
        totals = self.read.table.generated.sum(axis=1)
        floors = [noise_floor(int(totals[i]), float(self.before[i, j])) for i, j in np.argwhere(counted)]
        return float(np.mean(floors)) if floors else 0.0


def sampled_too(error: StandardError, variance: float) -> StandardError:
    """An error with that of the sample that shares are compared with, which is one of sampling."""
    return replace(error, sampling=math.hypot(error.sampling, math.sqrt(variance)))


def changed_interval(share: float, interval: Interval, before: float, sampled: Interval | None, sign: int) -> Interval:
    """The interval of ``sign (share - before)``; ``before`` is known exactly, or with an interval of its own."""
    if sampled is None:
        ends = interval.low - before, interval.high - before
        method = interval.method
    else:
        found = difference_interval(share, interval, before, sampled)
        ends, method = (found.low, found.high), found.method
    low, high = sorted((sign * ends[0], sign * ends[1]))
    return Interval(low=low, high=high, level=interval.level, method=method)


def sample_interval(table: AttributeCounts, count: int, total: int, level: float) -> Interval | None:
    """The interval of a share of the reference set; None of training data, of which nothing is sampled."""
    return None if table.compared == "training" else wilson_interval(count, total, level)


def pair_changes(read: ReadTable, mix: ReferenceMix, options: AmplificationOptions) -> PairChanges:
    """The pairs of a table, their directions from the declared reference or from the association in training.

    Without a declared reference, and with the training data as reference, a pair is linked in training if it occurs
    there more often than its levels would by themselves (Wang and Russakovsky 2021), by counts in whole numbers.
    """
    table = read.table
    before = training_shares(table)
    if options.reference in {"", "training"}:
        total = max(int(table.training.sum()), 1)
        compared = np.tile(table.training.sum(axis=0) / total, (len(before), 1))
        signs = directions(exclusive(table.training))
        direction = f"the level's share of all {table.compared} images"
    else:
        compared = mix.pairs
        difference = before - compared
        signs = np.nan_to_num(np.sign(np.where(np.abs(difference) > 1e-12, difference, 0.0))).astype(np.int64)
        direction = mix.name
    with np.errstate(invalid="ignore"):
        apart = np.abs(before - compared) >= options.min_difference
    made = (table.generated.sum(axis=1, keepdims=True) >= options.min_count) & np.isfinite(read.joint.within)
    directed = apart & (signs != 0)
    counted = directed & made & (table.training >= options.min_cell)
    left_out = int((directed & ~counted).sum())
    return PairChanges(read=read, before=before, signs=signs, counted=counted, direction=direction, left_out=left_out)


def training_shares(table: AttributeCounts) -> NDArray[np.float64]:
    """``(T, A)``: ``P(a | t)`` in the training data; NaN in a row without images."""
    rows = table.training.sum(axis=1, keepdims=True)
    shares: NDArray[np.float64] = np.divide(
        table.training, rows, out=np.full(table.training.shape, np.nan), where=rows > 0
    )
    return shares
