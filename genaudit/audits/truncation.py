"""What moving styles towards their mean does to shares: the mix of an attribute at each truncation."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.discrepancy import simultaneous_intervals
from genaudit.audits.reading import level_group, read_table, reader_sentence
from genaudit.audits.reference_mix import reference_mix
from genaudit.audits.statements import UNMEASURED, set_by
from genaudit.errors import NotApplicable
from genaudit.stats.intervals import normal_interval
from genaudit.stats.mixes import discrepancies, discrepancy_bounds, null_means
from genaudit.stats.tolerance import judge
from genaudit.values.counts import single_attribute
from genaudit.values.findings import NO_TOLERANCE, AuditOutcome, AuditValue, Finding, Verdict
from genaudit.values.results import Estimate, Interval, Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.audits.options import TruncationShareOptions
    from genaudit.audits.reading import ReadTable
    from genaudit.audits.reference_mix import ReferenceMix
    from genaudit.values.counts import TruncatedCounts

SHARE, DISTANCE, SHIFT = "share_truncated", "truncation_distance", "truncation_shift"
DRAWS = 400
PAIRED = "Samples at all truncations share their latents; the intervals do not use it, and are wider than they need be."


def truncation(
    tables: tuple[TruncatedCounts, ...], *, options: TruncationShareOptions, rng: np.random.Generator
) -> AuditOutcome:
    """Shares of every level at each truncation, how far the mix lies from the reference, and whether that changes.

    Args:
        tables: Counts of one attribute at each truncation, and in training.
        options: Smallest counts, level of the intervals, declared reference and tolerance.
        rng: Draws the samples behind null means and standard errors.

    Returns:
        Values ``share_truncated`` of each level, ``truncation_distance`` and ``truncation_shift`` of each attribute,
        and one finding for each attribute, with a tolerance one for each truncation.
    """
    values: list[AuditValue] = []
    findings: list[Finding] = []
    missing: list[Unavailable] = []
    for table in tables:
        attribute, n = table.reading.attribute, int(table.counts.sum(axis=1).min())
        reads = [read_table(single_attribute(table.reading, counts, table.training)) for counts in table.counts]
        if n < options.min_count or not table.training.sum():
            why = f"{n} images at a truncation, or no labelled training images; {options.min_count} are needed."
            missing.append(Unavailable(component=SHARE, group=attribute, reason_code="below_min_n", reason=why))
            continue
        try:
            mix = reference_mix(reads[0].table, options)
        except NotApplicable as why:
            missing.append(
                Unavailable(component=DISTANCE, group=attribute, reason_code=why.reason_code, reason=why.reason)
            )
            continue
        base = base_of(table.truncations)
        for psi, read in zip(table.truncations, reads, strict=True):
            values += _shares(psi, read, options)
            values.append(_distance(psi, read, mix, options, rng))
        shifts = {
            psi: _shift(psi, read, reads[base], mix, options, rng)
            for psi, read in zip(table.truncations, reads, strict=True)
            if psi != table.truncations[base]
        }
        values += shifts.values()
        findings += _findings(table, reads, mix, shifts, values, options)
    return AuditOutcome(values=tuple(values), findings=tuple(findings), unavailable=tuple(missing))


def base_of(truncations: tuple[float, ...]) -> int:
    """Which truncation leaves images most as they are drawn: the one nearest to 1.

    >>> base_of((0.3, 0.7, 1.0, 1.3))
    2
    """
    return min(range(len(truncations)), key=lambda index: abs(truncations[index] - 1))


def _shares(psi: float, read: ReadTable, options: TruncationShareOptions) -> list[AuditValue]:
    table, n = read.table, int(read.table.generated.sum())
    values = []
    for column in range(len(table.a.levels)):
        interval, error = read.joint.interval_of_level(column, options.level)
        estimate = Estimate(
            value=float(read.joint.level_shares[column]),
            interval=interval,
            n_generated=n,
            group=f"truncation={psi:g}, {level_group(table, column)}",
            details={
                "as_read": float(table.generated[:, column].sum() / n),
                "in_training": float(table.training[:, column].sum() / table.training.sum()),
                "standard_error": error.total,
            },
            parameters={"truncation": psi, "annotators": table.a.annotator, "corrected": read.corrected},
            note="" if read.corrected else f"As read, uncorrected. {read.reason}",
        )
        values.append(AuditValue(name=SHARE, unit="fraction", estimate=estimate))
    return values


def _mix(read: ReadTable) -> NDArray[np.float64]:
    return read.joint.level_shares


def _distance(
    psi: float, read: ReadTable, mix: ReferenceMix, options: TruncationShareOptions, rng: np.random.Generator
) -> AuditValue:
    """Total variation between the mix at a truncation and the reference."""
    value = discrepancies(_mix(read), mix.levels)["tv"]
    low, high = discrepancy_bounds(simultaneous_intervals(read, options.level), mix.levels)["tv"]
    n = int(read.table.generated.sum())
    estimate = Estimate(
        value=value,
        interval=Interval(
            low=min(low, value),
            high=min(max(high, value), 1.0),
            level=options.level,
            method="all mixes that simultaneous intervals of the shares allow; conservative",
        ),
        n_generated=n,
        group=f"truncation={psi:g}, {read.table.a.attribute}",
        details={"mean_by_chance": null_means(mix.levels, n, rng)["tv"]},
        parameters={"truncation": psi, "against": mix.name, "corrected": read.corrected},
    )
    return AuditValue(name=DISTANCE, unit="fraction", estimate=estimate)


def _shift(
    psi: float,
    read: ReadTable,
    base: ReadTable,
    mix: ReferenceMix,
    options: TruncationShareOptions,
    rng: np.random.Generator,
) -> AuditValue:
    """How much farther from the reference the mix lies than that of images as drawn."""
    value = discrepancies(_mix(read), mix.levels)["tv"] - discrepancies(_mix(base), mix.levels)["tv"]
    drawn = [0.5 * np.abs(_drawn(one, rng) - mix.levels).sum(axis=1) for one in (read, base)]
    error = float(np.std(drawn[0] - drawn[1], ddof=1))
    estimate = Estimate(
        value=value,
        interval=normal_interval(
            value,
            error,
            how=f"standard error of {DRAWS} draws of both samples",
            level=options.level,
            bounds=(-1.0, 1.0),
        ),
        n_generated=int(read.table.generated.sum()),
        group=f"truncation={psi:g}, {read.table.a.attribute}",
        details={"standard_error": error},
        parameters={"truncation": psi, "against": mix.name, "corrected": read.corrected},
    )
    return AuditValue(name=SHIFT, unit="difference of fractions", estimate=estimate)


def _drawn(read: ReadTable, rng: np.random.Generator) -> NDArray[np.float64]:
    """``(draws, levels)`` mixes of fresh samples, corrected by the reader as it was measured."""
    counts = read.table.generated.sum(axis=0)
    samples = rng.multinomial(int(counts.sum()), counts / counts.sum(), size=DRAWS) / counts.sum()
    return np.asarray(np.linalg.solve(read.joint.a.matrix, samples.T).T, dtype=np.float64)


def _findings(
    table: TruncatedCounts,
    reads: list[ReadTable],
    mix: ReferenceMix,
    shifts: dict[float, AuditValue],
    values: list[AuditValue],
    options: TruncationShareOptions,
) -> list[Finding]:
    if not shifts:
        return []
    base, least = table.truncations[base_of(table.truncations)], min(shifts)
    attribute, shift = table.reading.attribute, shifts[least].estimate
    own = {value.estimate.group: value.estimate for value in values if value.name == DISTANCE}
    near, far = (own[f"truncation={psi:g}, {attribute}"] for psi in (base, least))
    said = (
        f"At truncation {least:g}, the mix of {attribute} lies {_way(shift.interval)} {mix.name} than at {base:g}: "
        f"total variation {far.value:.3f} against {near.value:.3f}, where chance alone shows "
        f"{far.details['mean_by_chance']:.3f}. "
        f"{_furthest(reads[table.truncations.index(least)], reads[base_of(table.truncations)], base)}"
    )
    caveats = (reader_sentence(table.reading), PAIRED)
    found = [_finding(attribute, "", said, shift, (Verdict.DESCRIBED, NO_TOLERANCE), caveats)]
    if options.tolerance is None or not mix.declared:
        return found
    for psi in table.truncations:
        distance = own[f"truncation={psi:g}, {attribute}"]
        said = (
            f"At truncation {psi:g}, the mix of {attribute} lies {distance.value:.3f} (total variation) from "
            f"{mix.name}."
        )
        verdict = _verdict(distance.interval, options, corrected=reads[0].corrected)
        found.append(_finding(attribute, distance.group, said, distance, verdict, caveats))
    return found


def _verdict(interval: Interval | None, options: TruncationShareOptions, *, corrected: bool) -> tuple[Verdict, str]:
    if not corrected or interval is None or options.tolerance is None:
        return Verdict.DESCRIBED, UNMEASURED
    return judge(interval, -math.inf, options.tolerance), f"At most {options.tolerance:g}, {set_by(options)}."


def _way(interval: Interval | None) -> str:
    if interval is not None and interval.low > 0:
        return "farther from"
    return "nearer to" if interval is not None and interval.high < 0 else "neither surely farther from nor nearer to"


def _furthest(read: ReadTable, base: ReadTable, psi: float) -> str:
    """The level whose share changes most on the way."""
    before, after = _mix(base), _mix(read)
    level = int(np.abs(after - before).round(9).argmax())  # of two levels the first
    interval, _ = read.joint.interval_of_level(level)
    low, high = 1000 * interval.low, 1000 * interval.high
    return (
        f"Most: of 1,000 images, about {1000 * after[level]:.0f} ({low:.0f} to {high:.0f}) are "
        f"{read.table.a.levels[level]}; at {psi:g}, {1000 * before[level]:.0f}."
    )


def _finding(
    attribute: str, group: str, said: str, of: Estimate, verdict: tuple[Verdict, str], caveats: tuple[str, ...]
) -> Finding:
    return Finding(
        audit="truncation",
        attribute=attribute,
        group=group,
        statement=said,
        value=of.value,
        interval=of.interval,
        verdict=verdict[0],
        rule=verdict[1],
        caveats=caveats,
    )
