"""Bias amplification over sets of labels: what no pair of attributes shows, as it happens where two meet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations, product
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.audits.amplification_findings import verdict_on
from genaudit.audits.pair_changes import MEAN_OF_NOISE, sampled_too
from genaudit.audits.reading import reader_sentence, uncorrected_reason
from genaudit.audits.statements import sampled, undecided_sentence
from genaudit.stats.hard_decisions import bayes_optimal_shift, separation_of
from genaudit.stats.intervals import normal_interval
from genaudit.stats.joint_correction import reader_of, smoothed, spread_of, taken_at_its_word
from genaudit.stats.mixes import noise_floor
from genaudit.stats.set_correction import MOST_CELLS, SetShares, set_shares
from genaudit.values.findings import AuditValue, Finding
from genaudit.values.results import Estimate, Interval, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.audits.options import AmplificationOptions
    from genaudit.stats.joint_correction import StandardError
    from genaudit.values.counts import AttributeReading, LevelCounts

NAME = "bias_amplification_multi"
LARGEST_SET = 2
"""Labels of a set at most: their number grows with every further one."""

Part = tuple[list[AuditValue], list[Finding], list[Unavailable]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SetChanges:
    """The share of each level of ``a`` within each set of labels of the other attributes, before and after."""

    group: str
    shares: SetShares
    training: NDArray[np.float64]
    """``(K1, …, Kd)`` counts."""
    names: tuple[str, ...]
    """Of each set, such as ``digit=6 and stroke=heavy``."""
    members: tuple[NDArray[np.bool_], ...]
    """Of each set ``(K1, …, Kd)``: which cells are in it."""
    level: tuple[int, ...]
    """Of each set the level of ``a`` whose share lies above an even one in training."""
    axis: int
    """Of ``a``."""

    def within(self, number: int, shares: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        """The share of the set's level among the items of the set, and its gradient."""
        inside, hit = self.members[number], self._hit(number)
        total = float(shares[inside].sum())
        value = float(shares[hit].sum()) / total
        gradient = np.zeros(shares.shape)
        gradient[inside] = -value / total
        gradient[hit] += 1 / total
        return value, gradient

    def variance_of_sample(self) -> float:
        """Variance of the mean share of the sets' levels in the reference set, of which ``training`` counts."""
        total = float(self.training.sum())
        slopes = [self.within(number, self.training / total)[1] for number in range(len(self.members))]
        return spread_of(smoothed(self.training, total).ravel(), np.mean(slopes, axis=0).ravel()) / total

    def _hit(self, number: int) -> NDArray[np.bool_]:
        hit = np.zeros(self.training.shape, dtype=np.bool_)
        place = (slice(None),) * self.axis + (self.level[number],)
        hit[place] = self.members[number][place]
        return hit

    def changes(
        self,
    ) -> tuple[NDArray[np.float64], list[NDArray[np.float64]], NDArray[np.float64], NDArray[np.float64]]:
        """Of each set the change, its gradient, the share in training, and the items as read."""
        after = [self.within(number, self.shares.shares) for number in range(len(self.members))]
        before = np.array([self.within(number, self.training)[0] for number in range(len(self.members))])
        sizes = np.array([float(self.shares.counts[inside].sum()) for inside in self.members])
        return np.array([value for value, _ in after]) - before, [slope for _, slope in after], before, sizes


def set_amplification(counts: LevelCounts, a: str, options: AmplificationOptions) -> Part:
    """Amplification of the link between ``a`` and sets of one or two labels of the other attributes.

    Zhao, Andrews and Xiang 2023, "Men also do laundry", section 3: a set of labels is an object of ``mals``; its level
    of ``a`` counts if its training share lies above 1 / |A|. Sets that too few images show on either side do not count.

    Args:
        counts: Of all attributes.
        a: The attribute whose share is asked.
        options: Smallest counts, level, tolerance.
    """
    others = [name for name in counts.attributes if name != a]
    group = f"{a} within sets of {' and '.join(others)}"
    if a not in counts.attributes or len(others) < 2:
        read = f"only {others[0]} is" if others else "none is"
        why = f"Sets of labels need two attributes beside {a} that are read from images; {read}."
        hint = f"A data set that labels a further attribute beside {a}, and an annotator that reads it (--annotators)."
        return [], [], [_absent(f"{a} within {' and '.join(others)}" if others else a, "needs-labels", why, hint)]
    cells = math.prod(len(reading.levels) for reading in counts.readings)
    if cells > MOST_CELLS:
        why = f"The attributes have {cells:,} combinations of levels, and at most {MOST_CELLS:,} are corrected."
        return [], [], [_absent(group, "too-many-levels", why, "Fewer attributes, or coarser levels.")]
    uncorrected = next((found for found in map(uncorrected_reason, counts.readings) if found[0]), ("", ""))
    changes = _changes(counts, a, group, options, corrected=not uncorrected[0])
    if not changes.members:
        least = f"{options.min_count} generated images and {options.min_cell} {counts.compared} images"
        return [], [], [_absent(group, "below_min_n", f"No set of labels is shown by {least}.", "--samples with more.")]
    return _measured(counts, a, changes, uncorrected, options)


def _changes(counts: LevelCounts, a: str, group: str, options: AmplificationOptions, *, corrected: bool) -> SetChanges:
    shape = tuple(len(reading.levels) for reading in counts.readings)
    generated, training = np.zeros(shape), np.zeros(shape)
    place = tuple(counts.levels.T)
    generated[place], training[place] = counts.generated, counts.training
    readers = [
        reader_of(one.confusion, one.design_effect)
        if corrected and one.confusion is not None
        else taken_at_its_word(len(one.levels))
        for one in counts.readings
    ]
    shares, axis = set_shares(generated, readers), counts.attributes.index(a)
    names, members, level = [], [], []
    for name, inside in _sets(counts.readings, a):
        known = np.moveaxis(np.where(inside, training, 0), axis, 0).reshape(shape[axis], -1).sum(axis=1)
        enough = known.sum() >= options.min_cell and generated[inside].sum() >= options.min_count
        if not enough or not shares.shares[inside].sum() > 0:
            continue
        for column in np.flatnonzero(known * shape[axis] > known.sum()):  # whole numbers below 2^53: exact
            names.append(name)
            members.append(inside)
            level.append(int(column))
    return SetChanges(
        group=group,
        shares=shares,
        training=training,
        names=tuple(names),
        members=tuple(members),
        level=tuple(level),
        axis=axis,
    )


def _sets(readings: tuple[AttributeReading, ...], a: str) -> Iterator[tuple[str, NDArray[np.bool_]]]:
    """Every set of one or two labels of different attributes, with its cells."""
    shape = tuple(len(reading.levels) for reading in readings)
    axes = [axis for axis, reading in enumerate(readings) if reading.attribute != a]
    for size in range(1, LARGEST_SET + 1):
        for chosen in combinations(axes, size):
            for levels in product(*(range(shape[axis]) for axis in chosen)):
                inside = np.zeros(shape, dtype=np.bool_)
                place: list[slice | int] = [slice(None)] * len(shape)
                for axis, level in zip(chosen, levels, strict=True):
                    place[axis] = level
                inside[tuple(place)] = True
                name = " and ".join(
                    f"{readings[axis].attribute} {readings[axis].levels[level]}"
                    for axis, level in zip(chosen, levels, strict=True)
                )
                yield name, inside


def _measured(
    counts: LevelCounts, a: str, found: SetChanges, why: tuple[str, str], options: AmplificationOptions
) -> Part:
    moved, gradients, before, sizes = found.changes()
    value, n = float(moved.mean()), int(counts.generated.sum())
    error = found.shares.standard_error(np.mean(gradients, axis=0))
    if counts.compared != "training":
        error = sampled_too(error, found.variance_of_sample())
    interval = normal_interval(
        value, error.total, how="delta method over items and confusion matrices", level=options.level, bounds=(-1, 1)
    )
    chance = [noise_floor(int(size), float(share)) for size, share in zip(sizes, before, strict=True)]
    details = {
        "by_chance": MEAN_OF_NOISE * error.total,
        "mean_absolute": float(np.abs(moved).mean()),
        "mean_absolute_by_chance": float(np.mean(chance)),
        "variance": float(moved.var()),
        "sets": float(len(moved)),
        "sets_of_two": float(sum(" and " in name for name in found.names)),
        "stronger": float((moved > 0).sum()),
        "weaker": float((moved < 0).sum()),
        "error_of_sampling": error.sampling,
        "error_of_reading": error.reading,
        **_floor(counts.readings[found.axis], before),
    }
    far = int(np.abs(moved).argmax())
    level = counts.readings[found.axis].levels[found.level[far]]
    note = f"Moved most: {a} {level} of {found.names[far]}, {f'{moved[far]:+.3f}'.replace('-', '−')}."
    estimate = Estimate(
        value=value,
        interval=interval,
        n_generated=n,
        group=found.group,
        details=details,
        parameters={
            "direction": f"away from 1 / {len(counts.readings[found.axis].levels)}",
            "largest_set": LARGEST_SET,
            "corrected": not why[0],
        },
        note=f"{note} From shares as read, uncorrected: {why[1]}" if why[0] else note,
    )
    values = [AuditValue(name=NAME, unit="difference of fractions", estimate=estimate)]
    return values, [_finding(counts, a, found, estimate, interval, error, options, corrected=not why[0])], []


def _floor(reading: AttributeReading, before: NDArray[np.float64]) -> dict[str, float]:
    """What hard decisions by a reader as good as the measured one would show by themselves; of two levels only."""
    if reading.confusion is None or len(reading.levels) != 2 or not reading.confusion.sum(axis=1).all():
        return {}
    right = float(((reading.confusion.diagonal() + 0.5) / (reading.confusion.sum(axis=1) + 1)).mean())
    if right <= 0.5:
        return {}
    shifts = [bayes_optimal_shift(float(p), separation_of(right)) for p in before if 0.5 < p < 1]
    return {"bayes_floor": float(np.mean(shifts)) if shifts else 0.0}


def _finding(  # noqa: PLR0913 - one sentence of many facts
    counts: LevelCounts,
    a: str,
    found: SetChanges,
    of: Estimate,
    interval: Interval,
    error: StandardError,
    options: AmplificationOptions,
    *,
    corrected: bool,
) -> Finding:
    others = " and ".join(name for name in counts.attributes if name != a)
    way = "more" if interval.low > 0 else "fewer" if interval.high < 0 else "neither surely more nor surely fewer"
    size = of.details["mean_absolute"]
    said = (
        f"Over {len(found.names)} sets of one or two labels of {others}, {way} generated than {counts.compared} images "
        f"have the {a} that prevails in their set: on average {_signed(of.value)} of 1,000 ({_signed(interval.low)} "
        f"to {_signed(interval.high)}); whatever the direction, sets moved by {1000 * size:.0f} of 1,000, where chance "
        f"alone shows {1000 * of.details['mean_absolute_by_chance']:.0f}."
    )
    unsure = counts.undecided[found.axis] if counts.undecided else 0
    verdict, rule = verdict_on(
        of.value,
        interval,
        error,
        of.n_generated,
        options,
        corrected=corrected,
        undecided=unsure / max(of.n_generated, 1),
    )
    return Finding(
        audit="amplification",
        attribute=a,
        group="",
        statement=said,
        value=of.value,
        interval=interval,
        verdict=verdict,
        rule=rule,
        caveats=(
            *map(reader_sentence, counts.readings),
            *undecided_sentence(counts.readings[found.axis], unsure, of.n_generated),
            of.note,
            OVERLAP,
            *sampled(counts.compared),
        ),
    )


def _signed(share: float) -> str:
    """Of 1,000, with a sign: ``−83``."""
    return f"{1000 * share:+.0f}".replace("-", "−")


OVERLAP = (
    "Sets overlap, and a set of two labels is a part of that of either: their changes are no independent pieces of "
    "evidence, and the interval knows that. The readers are taken to err independently given what an image shows."
)


def _absent(group: str, code: str, reason: str, hint: str) -> Unavailable:
    return Unavailable(component=NAME, group=group, reason_code=code, reason=reason, hint=hint)
