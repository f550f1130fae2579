"""Shares of groups: as read, corrected for misreadings, in training, and how far from a declared reference."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.audits.discrepancy import discrepancy_values
from genaudit.audits.reading import level_group, pair_group, read_table
from genaudit.audits.reference_mix import reference_mix
from genaudit.audits.statements import findings_of
from genaudit.stats.joint_correction import corrected_if_worse, level_if_worse
from genaudit.stats.proportions import wilson_interval
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import numpy as np

    from genaudit.audits.options import RepresentationOptions
    from genaudit.audits.reading import ReadTable
    from genaudit.stats.joint_correction import JointShares, StandardError
    from genaudit.values.counts import AttributeCounts
    from genaudit.values.findings import Finding

UNIT = "fraction"
READER = "Use an annotator whose errors are measured on labelled images, and that errs less."
LABELLED = (
    "Use an annotator whose errors are measured on labelled images, or say how often labels from a file err: "
    "--set labels.confusion=FILE."
)
WORSE = (0.02, 0.05)
"""How much more often a reader might miss its level on generated images than on labelled ones."""


def representation(
    tables: tuple[AttributeCounts, ...],
    *,
    options: RepresentationOptions,
    rng: np.random.Generator,
) -> AuditOutcome:
    """Shares of levels, alone and within every level of another attribute, and sentences about them.

    Args:
        tables: Counts ``(levels of t, levels of a)`` of generated and training images.
        options: Smallest counts, level of the intervals, declared reference and tolerance.
        rng: Draws the samples behind the null means of the discrepancies.

    Returns:
        Values ``share_generated``, ``share_corrected`` and ``share_reference`` with groups such as
        ``digit=6, colour=orange`` and ``colour=orange``, ``fairness_discrepancy_*`` and ``representation_p_value`` of
        each attribute, and one finding for each row of a table after one on the table as a whole.

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
            pairs, absent = _pairs(read, options)
            values += pairs
            missing += absent
        missing += _uncorrected(read)
        if table.a.attribute not in told:  # the same attribute may stand in several pairs
            told.add(table.a.attribute)
            values += _levels(read, options)
            distances, absent = discrepancy_values(read, mix, options, rng)
            values += distances
            missing += absent
        findings += findings_of(read, mix, options)
    return AuditOutcome(values=tuple(values), findings=tuple(findings), unavailable=tuple(missing))


def _pairs(read: ReadTable, options: RepresentationOptions) -> tuple[list[AuditValue], list[Unavailable]]:
    table = read.table
    values, missing = [], []
    for row in range(len(table.t.levels)):
        total, training = int(table.generated[row].sum()), int(table.training[row].sum())
        estimable = total >= options.min_count and bool(read.joint.shares[row].sum() > 0)
        for column in range(len(table.a.levels)):
            group = pair_group(table, row, column)
            if total >= options.min_count:
                values.append(_value("share_generated", _as_read(read, row, column, options)))
            if estimable and read.corrected:
                values.append(_value("share_corrected", _corrected(read, row, column, options)))
            if not estimable:
                missing.append(_few(group, total, options))
            if training:
                values.append(
                    _value(
                        "share_reference", _training(table, int(table.training[row, column]), training, group, options)
                    )
                )
    return values, missing


def _uncorrected(read: ReadTable) -> list[Unavailable]:
    """Why a table's shares are as read; nothing if they are not."""
    if read.corrected:
        return []
    t, a = read.table.t.attribute, read.table.a.attribute
    return [
        Unavailable(
            component="share_corrected",
            group=a if read.table.alone else f"{a} within {t}",
            reason_code=read.reason_code,
            reason=f"{read.reason} Shares are as read.",
            hint=LABELLED if read.reason_code == "no_confusion_matrix" else READER,
        )
    ]


def _levels(read: ReadTable, options: RepresentationOptions) -> Iterator[AuditValue]:
    """Shares of the levels in all images."""
    table, n = read.table, int(read.table.generated.sum())
    training = int(table.training.sum())
    for column in range(len(table.a.levels)):
        group, count = level_group(table, column), int(table.generated[:, column].sum())
        plain = Estimate(
            value=count / n,
            interval=wilson_interval(count, n, options.level),
            n_generated=n,
            group=group,
            details={"count": float(count)},
            parameters={"annotators": table.a.annotator},
            note=_few_note(n, options),
        )
        yield _value("share_generated", plain)
        if read.corrected:
            share = float(read.joint.level_shares[column])
            interval, error = read.joint.interval_of_level(column, options.level)
            yield _value(
                "share_corrected",
                Estimate(
                    value=share,
                    interval=interval,
                    n_generated=n,
                    group=group,
                    details={
                        "as_read": count / n,
                        **_moved(level_if_worse(read.joint, column, by) for by in WORSE),
                        **_errors(error),
                        "condition": read.joint.a.condition,
                    },
                    parameters={"annotators": table.a.annotator},
                    note=_constrained(read.joint.margin),
                ),
            )
        if training:
            yield _value(
                "share_reference", _training(table, int(table.training[:, column].sum()), training, group, options)
            )


def _as_read(read: ReadTable, row: int, column: int, options: RepresentationOptions) -> Estimate:
    table = read.table
    count, total = int(table.generated[row, column]), int(table.generated[row].sum())
    return Estimate(
        value=count / total,
        interval=wilson_interval(count, total, options.level),
        n_generated=total,
        group=pair_group(table, row, column),
        details={"count": float(count), "confident": float(table.confident[row] / total)},
        parameters={"annotators": _annotators(table)},
        note=_few_note(total, options),
    )


def _corrected(read: ReadTable, row: int, column: int, options: RepresentationOptions) -> Estimate:
    table, joint = read.table, read.joint
    total = int(table.generated[row].sum())
    share = float(joint.within[row, column])
    interval, error = joint.interval_within(row, column, options.level)
    moved = _moved(corrected_if_worse(joint, row, column, by) for by in WORSE)
    return Estimate(
        value=share,
        interval=interval,
        n_generated=total,
        group=pair_group(table, row, column),
        details={
            "as_read": float(table.generated[row, column] / total),
            **moved,
            **_errors(error),
            "condition": joint.condition,
        },
        parameters={"annotators": _annotators(table)},
        note=" ".join(filter(None, (_constrained(joint), _few_note(total, options)))),
    )


def _moved(found: Iterable[float | None]) -> dict[str, float]:
    """What a share would be with worse readers, by how much worse they are."""
    return {
        f"if_readers_miss_{100 * by:.0f}_per_cent_more": value
        for by, value in zip(WORSE, found, strict=True)
        if value is not None
    }


def _training(table: AttributeCounts, count: int, total: int, group: str, options: RepresentationOptions) -> Estimate:
    """Of training data, which are what they are; of a reference set, which is a sample, with an interval."""
    own = table.compared == "training"
    return Estimate(
        value=count / total,
        interval=None if own else wilson_interval(count, total, options.level),
        reason_without="Every training image is counted; nothing is sampled." if own else "",
        n_reference=total,
        group=group,
    )


def _few(group: str, total: int, options: RepresentationOptions) -> Unavailable:
    if total < options.min_count:
        why = f"{total} generated images are read as this level, and at least {options.min_count} are needed."
    else:
        why = "Misreadings explain all images that are read as this level."
    return Unavailable(
        component="share_corrected", group=group, reason_code="below_min_n", reason=why, hint="--samples with more."
    )


def _errors(error: StandardError) -> dict[str, float]:
    return {"error_of_sampling": error.sampling, "error_of_reading": error.reading}


def _constrained(joint: JointShares) -> str:
    """What was done about a share below 0; the shares of levels in all images are corrected by themselves."""
    if not joint.constrained:
        return ""
    said = "Taking misreadings out left a share below 0; the distribution nearest in fit was taken instead."
    return f"{said} Shares in all images are corrected by themselves." if len(joint.shares) > 1 else said


def _few_note(total: int, options: RepresentationOptions) -> str:
    return f"Only {total} images in this row." if total < options.warn_count else ""


def _annotators(table: AttributeCounts) -> str:
    return f"{table.t.annotator}, {table.a.annotator}"


def _value(name: str, estimate: Estimate) -> AuditValue:
    return AuditValue(name=name, unit=UNIT, estimate=estimate)
