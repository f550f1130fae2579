"""Bias amplification of generated images: do levels that go together in training go together more often afterwards?"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.amplification_findings import amplification_finding, mix_finding
from genaudit.audits.association import HOW, association_values
from genaudit.audits.pair_changes import (
    MEAN_OF_NOISE,
    PairChanges,
    changed_interval,
    pair_changes,
    sample_interval,
    training_shares,
)
from genaudit.audits.reading import ReadTable, asked_attribute_table, asked_table, level_group, pair_group, read_table
from genaudit.audits.reference_mix import UNDECLARED, ReferenceMix, reference_mix
from genaudit.audits.set_amplification import set_amplification
from genaudit.stats.amplification import mals
from genaudit.stats.hard_decisions import bayes_optimal_shift, separation_of
from genaudit.stats.intervals import normal_interval
from genaudit.values.findings import AuditOutcome, AuditValue, Finding
from genaudit.values.results import Estimate, Interval, Unavailable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.audits.options import AmplificationOptions
    from genaudit.values.counts import AttributeCounts, LevelCounts

UNIT = "difference of fractions"


def amplification(
    tables: tuple[AttributeCounts, ...],
    levels: LevelCounts | None = None,
    *,
    options: AmplificationOptions,
    rng: np.random.Generator,
) -> AuditOutcome:
    """Every measure of amplification that a table allows, with its direction, its interval and what chance shows.

    Args:
        tables: Counts ``(levels of t, levels of a)`` of generated and training images.
        levels: Counts of combinations of all attributes, for sets of labels; None asks nothing of sets.
        options: Smallest counts, reference of the direction, tolerance.
        rng: Halves the images for guesses that are tried on others.

    Raises:
        NotApplicable: The declared population does not fit the levels.
    """
    values: list[AuditValue] = []
    findings: list[Finding] = []
    missing: list[Unavailable] = []
    told: set[str] = set()
    for table in tables:
        read, mix = read_table(table), reference_mix(table, options)
        if not table.alone:
            changes = pair_changes(read, mix, options)
            for part in (
                _pairs(changes, options),
                _mals(read, options),
                _asked(read, mix, options),
                _asked_attribute(read, options),
                association_values(read, options, rng),
            ):
                values += part[0]
                missing += part[1]
            findings += amplification_finding(changes, options)
            values += _floor(changes)
        if table.a.attribute not in told:
            told.add(table.a.attribute)
            found, absent = _levels(read, mix, options)
            values += found
            missing += absent
            findings += mix_finding(read, mix, options)
            if levels is not None:
                of_sets = set_amplification(levels, table.a.attribute, options)
                values += of_sets[0]
                findings += of_sets[1]
                missing += of_sets[2]
    return AuditOutcome(values=tuple(values), findings=tuple(findings), unavailable=tuple(missing))


Part = tuple[list[AuditValue], list[Unavailable]]


def table_group(table: AttributeCounts) -> str:
    """``colour within digit``."""
    return f"{table.a.attribute} within {table.t.attribute}"


def _pairs(changes: PairChanges, options: AmplificationOptions, name: str = "bias_amplification") -> Part:
    """The change of every pair that counts, and their mean."""
    table, group = changes.read.table, table_group(changes.read.table)
    if not changes.enough:
        return [], [_absent(name, group, "below_min_n", "No pair of levels has a direction and images enough.")]
    values = [_mean(changes, options, name)]
    for row, column in np.argwhere(changes.counted):
        if len(table.a.levels) == 2 and column == 1 and changes.counted[row, 0]:
            continue  # of two levels the other's change is the same
        weights = np.zeros(changes.before.shape)
        weights[row, column] = changes.signs[row, column]
        value, error = changes.mean(weights)
        values.append(
            _value(
                name,
                Estimate(
                    value=value,
                    interval=_shifted(changes, int(row), int(column), options),
                    n_generated=int(table.generated[row].sum()),
                    group=pair_group(table, int(row), int(column)),
                    details={
                        "direction": float(changes.signs[row, column]),
                        "standard_error": error.total,
                        "mean_absolute_by_chance": changes.by_chance(_only(changes.counted, row, column)),
                    },
                    parameters=_parameters(changes),
                ),
            )
        )
    return values, []


def _mean(changes: PairChanges, options: AmplificationOptions, name: str) -> AuditValue:
    counted = changes.counted
    number = int(counted.sum())
    value, error = changes.mean(np.where(counted, changes.signs, 0) / number)
    moved = (changes.signs * changes.changes)[counted]
    return _value(
        name,
        Estimate(
            value=value,
            interval=normal_interval(value, error.total, how=HOW, level=options.level, bounds=(-1.0, 1.0)),
            n_generated=int(changes.read.table.generated.sum()),
            group=table_group(changes.read.table),
            details={
                "by_chance": MEAN_OF_NOISE * error.total,
                "mean_absolute": float(np.abs(moved).mean()),
                "mean_absolute_by_chance": changes.by_chance(counted),
                "pairs": float(number),
                "left_out": float(counted.size - number),
                "stronger": float((moved > 0).sum()),
                "weaker": float((moved < 0).sum()),
                "error_of_sampling": error.sampling,
                "error_of_reading": error.reading,
            },
            parameters=_parameters(changes),
            note=_uncorrected(changes.read),
        ),
    )


def _mals(read: ReadTable, options: AmplificationOptions) -> Part:
    """The published measure, over all rows, whose direction is always away from 1 / |A|."""
    table, name, group = read.table, "bias_amplification_mals", table_group(read.table)
    try:
        found = mals(table.training, np.where(np.isfinite(read.joint.within), read.joint.shares, 0.0))
    except ValueError as why:
        return [], [_absent(name, group, "empty_cell", f"No value: {why}.")]
    if not found.pairs:
        return [], [_absent(name, group, "no_direction", f"All {table.compared} shares are exactly even.")]
    counted = np.isfinite(found.changes)
    changes = PairChanges(
        read=read,
        before=training_shares(table),
        signs=counted.astype(np.int64),
        counted=counted,
        direction="",
    )
    rows = int((table.training.sum(axis=1) > 0).sum()) - len(found.never)
    _, error = changes.mean(counted / max(rows, 1))
    never = ", ".join(table.t.levels[row] for row in found.never)
    estimate = Estimate(
        value=found.value,
        interval=normal_interval(found.value, error.total, how=HOW, level=options.level),
        n_generated=int(table.generated.sum()),
        group=group,
        details={
            "by_chance": MEAN_OF_NOISE * error.total,
            "mean_absolute": found.mean_absolute,
            "mean_absolute_by_chance": changes.by_chance(counted),
            "variance": found.variance,
            "pairs": float(found.pairs),
        },
        parameters={"direction": f"away from 1 / {len(table.a.levels)}", "corrected": read.corrected},
        note=f"Left out, because one side never shows it: {table.t.attribute} {never}." if never else "",
    )
    return [_value(name, estimate)], []


def _asked(read: ReadTable, mix: ReferenceMix, options: AmplificationOptions) -> Part:
    """T → A, where t is what the generator was asked for and not what was read."""
    name, table = "bias_amplification_t_to_a", read.table
    if table.asked is None:
        return [], [
            _absent(
                name,
                table_group(table),
                "needs-capability",
                f"The {table.t.attribute} of an image is read and not known, because this generator is not asked for "
                f"one; bias_amplification takes the misreadings of {table.t.attribute} out instead.",
                "A generator with the capability ClassConditional.",
            )
        ]
    values, missing = _pairs(pair_changes(asked_table(read), mix, options), options, name)
    return values[:1], missing


def _asked_attribute(read: ReadTable, options: AmplificationOptions) -> Part:
    """A → T, where a is what the generator was asked for and not what was read."""
    name, table = "bias_amplification_a_to_t", read.table
    group, t, a = table_group(table), table.t.attribute, table.a.attribute
    if table.asked_attribute is None:
        why = (
            f"No generated image has a true {a} that its {t} could be predicted from: {a} is read from the same image, "
            f"because this generator is not asked for one."
        )
        hint = (
            f"A generator with the capability ClassConditional whose classes are {', '.join(table.a.levels)}; one with "
            "Reconstructor has this number of its reconstructions of held-out images, of which both are known."
        )
        return [], [_absent(name, group, "needs-truth", why, hint)]
    plain = replace(options, reference="", population=(), tolerance=None)
    turned = asked_attribute_table(read)
    values, missing = _pairs(pair_changes(turned, reference_mix(turned.table, plain), plain), plain, name)
    return [replace(value, estimate=replace(value.estimate, group=group)) for value in values[:1]], missing


def _levels(read: ReadTable, mix: ReferenceMix, options: AmplificationOptions) -> Part:
    """The shift of every level in all images, and its amplification against a declared reference."""
    table, n, total = read.table, int(read.table.generated.sum()), int(read.table.training.sum())
    if n < options.min_count or not total:
        few = f"There are too few generated images, or no labelled {table.compared} images."
        return [], [_absent("systematic_bias", table.a.attribute, "below_min_n", few)]
    values = []
    for column in range(len(table.a.levels) if len(table.a.levels) > 2 else 1):
        before = float(table.training[:, column].sum() / total)
        share = float(read.joint.level_shares[column])
        interval, error = read.joint.interval_of_level(column, options.level)
        group = level_group(table, column)
        details = {"by_chance": MEAN_OF_NOISE * error.total, "standard_error": error.total}
        known = sample_interval(table, int(table.training[:, column].sum()), total, options.level)
        moved = changed_interval(share, interval, before, known, 1)
        values.append(_value("systematic_bias", _shift(read, share - before, moved, group, details)))
        apart = before - float(mix.levels[column])
        if options.reference in {"uniform", "population"} and abs(apart) >= options.min_difference:
            sign = 1 if apart > 0 else -1
            moved = changed_interval(share, interval, before, known, sign)
            away = _shift(read, sign * (share - before), moved, group, details)
            values.append(_value("bias_amplification", away))
    return values, _directionless(read, mix, options, values)


def _directionless(
    read: ReadTable, mix: ReferenceMix, options: AmplificationOptions, values: list[AuditValue]
) -> list[Unavailable]:
    if any(value.name == "bias_amplification" for value in values):
        return []
    attribute, compared = read.table.a.attribute, read.table.compared
    if options.reference == "training":
        held = f"Held against the {compared} data themselves"
        why = f"{held}, the mix of {attribute} has no bias that could be amplified."
        return [_absent("bias_amplification", attribute, "no_direction", why)]
    if not options.reference:
        share = f"the {compared} share of {attribute}"
        why = f"No reference was declared that {share} could be nearer to or farther from."
        hint = "--set amplification.reference=uniform, or population with amplification.population."
        return [_absent("bias_amplification", attribute, UNDECLARED, why, hint)]
    why = f"All {compared} shares of {attribute} lie within {options.min_difference:g} of {mix.name}"
    return [_absent("bias_amplification", attribute, "no_direction", f"{why}: no bias could be amplified.")]


def _floor(changes: PairChanges) -> list[AuditValue]:
    """What hard decisions alone would show, by a reader as good as the measured one, on images of training shares."""
    table = changes.read.table
    if table.a.confusion is None or len(table.a.levels) != 2 or not changes.enough:
        return []
    right, total = table.a.confusion.diagonal(), table.a.confusion.sum(axis=1)
    accuracy = float(((right + 0.5) / (total + 1)).mean())
    priors = changes.before[changes.counted]
    if accuracy <= 0.5:
        return []
    distance = separation_of(accuracy)
    shifts = [bayes_optimal_shift(max(p, 1 - p), distance) for p in priors if 0 < p < 1]
    estimate = Estimate(
        value=float(np.mean(shifts)) if shifts else 0.0,
        reason_without=f"A formula of the reader's accuracy and {table.compared} shares; no generated image enters it.",
        n_reference=int(total.sum()),
        group=table_group(table),
        details={"separation": distance, "accuracy": accuracy},
        note="Shares as read contain it if the reader decides like this; corrected shares do not.",
    )
    return [_value("bayes_floor", estimate)]


def _shift(read: ReadTable, value: float, interval: Interval, group: str, details: dict[str, float]) -> Estimate:
    return Estimate(
        value=value,
        interval=interval,
        n_generated=int(read.table.generated.sum()),
        group=group,
        details=details,
        parameters={} if read.corrected else {"corrected": False},
        note=_uncorrected(read),
    )


def _shifted(changes: PairChanges, row: int, column: int, options: AmplificationOptions) -> Interval:
    read = changes.read
    interval, _ = read.joint.interval_within(row, column, options.level)
    row_of = read.table.training[row]
    known = sample_interval(read.table, int(row_of[column]), int(row_of.sum()), options.level)
    share, before = float(read.joint.within[row, column]), float(changes.before[row, column])
    return changed_interval(share, interval, before, known, int(changes.signs[row, column]))


def _only(counted: NDArray[np.bool_], row: int, column: int) -> NDArray[np.bool_]:
    one = np.zeros_like(counted)
    one[row, column] = True
    return one


def _parameters(changes: PairChanges) -> dict[str, str | int | float | bool | None]:
    return {"direction": f"away from {changes.direction}", "corrected": changes.read.corrected}


def _uncorrected(read: ReadTable) -> str:
    return "" if read.corrected else f"From shares as read, uncorrected: {read.reason}"


def _value(name: str, estimate: Estimate) -> AuditValue:
    return AuditValue(name=name, unit=UNIT, estimate=estimate)


def _absent(component: str, group: str, code: str, reason: str, hint: str = "") -> Unavailable:
    return Unavailable(component=component, group=group, reason_code=code, reason=reason, hint=hint)
