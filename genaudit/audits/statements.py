"""Sentences about shares of groups, made from counts, each with a verdict if a tolerance was declared."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.reading import level_group, pair_group, reader_sentence
from genaudit.stats.joint_correction import StandardError
from genaudit.stats.tolerance import judge, needed
from genaudit.values.findings import NO_TOLERANCE, Finding, Verdict
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.audits.options import SharesOptions
    from genaudit.audits.reading import ReadTable
    from genaudit.audits.reference_mix import ReferenceMix
    from genaudit.values.counts import AttributeCounts, AttributeReading

UNMEASURED = "The labels come from a reader whose errors are not taken out: described, not judged."
SAMPLED = (
    "The reference set is a sample itself: intervals of changes and of amplification count that; a tolerance of a "
    "share, and distances of a mix, take the reference set as it is."
)
NOT_TOLD = "Images whose level could not be told stand in the way; more of them would not decide."
GUESS = "Labels are a reader's guess about how an image looks, not about who somebody is."


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One share, in all images or within a row, ready to be said."""

    group: str
    subject: str
    """``generated images of digit 6``."""
    level: str
    share: float
    as_read: float
    training: float
    """NaN if there are no training images."""
    reference: float
    interval: Interval
    error: StandardError
    n: int


def findings_of(read: ReadTable, mix: ReferenceMix, options: SharesOptions) -> Iterator[Finding]:
    """An overview of the table, then one sentence for each level in all images and one for each cell.

    Of two levels only the first is stated: the other is its complement.
    """
    cells = [cell for cell in _cells(read, mix, options) if isinstance(cell, Cell)]
    if not read.table.alone:
        yield _overview(read, mix, [cell for cell in cells if ", " in cell.group])
    for cell in _cells(read, mix, options):
        yield _finding(read, cell, mix, options) if isinstance(cell, Cell) else cell


def _cells(read: ReadTable, mix: ReferenceMix, options: SharesOptions) -> Iterator[Cell | Finding]:
    table, joint = read.table, read.joint
    n, training = int(table.generated.sum()), int(table.training.sum())
    columns = range(len(table.a.levels) if len(table.a.levels) > 2 else 1)
    for column in columns:
        share = float(joint.level_shares[column])
        interval, error = joint.interval_of_level(column, options.level)
        yield Cell(
            group=level_group(table, column),
            subject="generated images",
            level=table.a.levels[column],
            share=share,
            as_read=float(table.generated[:, column].sum() / n),
            training=float(table.training[:, column].sum() / training) if training else np.nan,
            reference=float(mix.levels[column]),
            interval=interval,
            error=error,
            n=n,
        )
    for row, level in enumerate(() if table.alone else table.t.levels):
        for column in columns:
            yield _cell(read, row, column, f"generated images of {table.t.attribute} {level}", mix, options)


def _cell(
    read: ReadTable, row: int, column: int, subject: str, mix: ReferenceMix, options: SharesOptions
) -> Cell | Finding:
    table, joint = read.table, read.joint
    total, training = int(table.generated[row].sum()), int(table.training[row].sum())
    share = float(joint.within[row, column])
    if total < options.min_count or not np.isfinite(share):
        said = f"{total} {subject}: the share of {table.a.levels[column]} is not estimable."
        return _said(read, mix, pair_group(table, row, column), said)
    interval, error = joint.interval_within(row, column, options.level)
    return Cell(
        group=pair_group(table, row, column),
        subject=subject,
        level=table.a.levels[column],
        share=share,
        as_read=float(table.generated[row, column] / total),
        training=float(table.training[row, column] / training) if training else np.nan,
        reference=float(mix.pairs[row, column]),
        interval=interval,
        error=error,
        n=total,
    )


def _finding(read: ReadTable, cell: Cell, mix: ReferenceMix, options: SharesOptions) -> Finding:
    level = of_level(read.table.a.attribute, cell.level)
    said = (
        f"Of 1,000 {cell.subject}, about {_per_thousand(cell.share)} are {level} "
        f"({_per_thousand(cell.interval.low)} to {_per_thousand(cell.interval.high)})"
    )
    said += f", {_per_thousand(cell.as_read)} as read; " if read.corrected else "; "
    said += _in_training(cell, read.table.compared) + "."
    verdict, rule = Verdict.DESCRIBED, NO_TOLERANCE
    if options.tolerance is not None and mix.declared and np.isfinite(cell.reference):
        verdict, rule = _judged(read, cell, mix, options.tolerance, options)
    return _said(read, mix, cell.group, said, cell, verdict, rule)


def of_level(attribute: str, level: str) -> str:
    """A level as a predicate: what begins with a digit is no word of its own.

    >>> of_level("colour", "blue"), of_level("digit", "3")
    ('blue', 'of digit 3')
    """
    return f"of {attribute} {level}" if level[:1].isdigit() else level


def _judged(
    read: ReadTable, cell: Cell, mix: ReferenceMix, tolerance: float, options: SharesOptions
) -> tuple[Verdict, str]:
    if not read.corrected:
        return Verdict.DESCRIBED, UNMEASURED
    low, high = cell.reference - tolerance, cell.reference + tolerance
    verdict = judge(widened(cell.interval, read.table.undecided / max(cell.n, 1)), low, high)
    rule = f"{mix.name.capitalize()} {_share(cell.reference)}, tolerance {tolerance:g} {set_by(options)}."
    if verdict is Verdict.INCONCLUSIVE:
        unsure = read.table.undecided
        rule += " " + (NOT_TOLD if unsure else _what_would_decide(cell, (low, high), options.level))
    return verdict, rule


def widened(interval: Interval, undecided: float) -> Interval:
    """The interval of a share, or of a change of it, if a part of the images might show any level."""
    if not undecided:
        return interval
    return replace(interval, low=max(interval.low - undecided, -1.0), high=min(interval.high + undecided, 1.0))


def undecided_sentence(reading: AttributeReading, undecided: int, n: int) -> tuple[str, ...]:
    """How many images show no level, if some do."""
    if not undecided:
        return ()
    said = (
        f"From {undecided:,} of {n:,} generated images no {reading.attribute} could be told (as from black or grey "
        f"ones): they are counted as {reading.levels[0]}, and a tolerance is judged as if they might show any."
    )
    return (said,)


def _what_would_decide(cell: Cell, edges: tuple[float, float], level: float) -> str:
    found = needed(cell.share, *edges, cell.error, cell.n, level)
    return found.sentence(cell.subject) if found else "The value lies on the edge: no number of images would decide."


def set_by(options: SharesOptions) -> str:
    """Who set the tolerance."""
    return f"set by {options.tolerance_by}" if options.tolerance_by else "set by whoever asked for this run"


def _overview(read: ReadTable, mix: ReferenceMix, cells: list[Cell]) -> Finding:
    """Which rows moved beyond their interval, towards an even mix or away from it."""
    table, even = read.table, 1 / len(read.table.a.levels)
    towards: list[str] = []
    away: list[str] = []
    known = [cell for cell in cells if np.isfinite(cell.training)]
    for cell in known:
        if not cell.interval.low <= cell.training <= cell.interval.high:
            nearer = abs(cell.share - even) < abs(cell.training - even)
            (towards if nearer else away).append(_name(cell, table.a.levels))
    parts = [
        f"in {len(towards)} it lies nearer to an even mix than the {table.compared} share ({', '.join(towards)})"
        if towards
        else "",
        f"in {len(away)} it lies farther from {'it' if towards else f'an even mix than the {table.compared} share'} "
        f"({', '.join(away)})"
        if away
        else "",
    ]
    rest = len(known) - len(towards) - len(away)
    said = f"Share of {table.a.attribute} within {table.t.attribute}, {len(known)} estimated: " + "; ".join(
        [part for part in parts if part] + [f"in {rest} the interval includes the {table.compared} share"]
    )
    return _said(read, mix, "", f"{said}.")


def _said(
    read: ReadTable,
    mix: ReferenceMix,
    group: str,
    statement: str,
    cell: Cell | None = None,
    verdict: Verdict = Verdict.DESCRIBED,
    rule: str = NO_TOLERANCE,
) -> Finding:
    return Finding(
        audit="representation",
        attribute=read.table.a.attribute,
        group=group,
        statement=statement,
        value=cell.share if cell else None,
        interval=cell.interval if cell else None,
        verdict=verdict,
        rule=rule,
        caveats=caveats(read, mix),
    )


def caveats(read: ReadTable, mix: ReferenceMix) -> tuple[str, ...]:
    """What holds for every number of a table: who assigned the labels, with what error, and what intervals cover."""
    table = read.table
    return (
        reader_sentence(table.a),
        *undecided_sentence(table.a, table.undecided, int(table.generated.sum())),
        *(() if table.alone else (reader_sentence(table.t),)),
        GUESS,
        *([_ambiguous(table)] if table.confidence else []),
        _correction(read),
        *(() if mix.declared else (_not_assessed(table),)),
        *sampled(table.compared),
        "Intervals cover the sampling of images from this model, not retraining it, nor looking at many rows.",
    )


def sampled(compared: str) -> tuple[str, ...]:
    """What must be known of shares that are held against a sample."""
    return () if compared == "training" else (SAMPLED,)


def _not_assessed(table: AttributeCounts) -> str:
    own = "training" if table.compared == "training" else f"training (here the {table.compared} set)"
    return (
        f"Shares are described beside those of the {table.compared} data and not assessed, because no reference was "
        f"declared: {own}, uniform or population."
    )


def _ambiguous(table: AttributeCounts) -> str:
    reading, sure = table.a if table.alone else table.t, table.confident.sum() / max(table.generated.sum(), 1)
    known = "" if reading.sure is None else f", and {reading.sure:.0%} of those whose truth is known"
    return (
        f"{sure:.0%} of the generated images have a reading of {reading.attribute} with a probability above "
        f"{table.confidence:g}{known}; the others are ambiguous."
    )


def _correction(read: ReadTable) -> str:
    if not read.corrected:
        return f"Shares are as read, uncorrected. {read.reason}"
    return (
        "Misreadings are taken out of the shares, and intervals count how sharply they were measured. This assumes "
        "that generated images are misread as often as labelled ones; label some generated images to know."
    )


def _in_training(cell: Cell, compared: str) -> str:
    if not np.isfinite(cell.training):
        return f"there are none in the {compared} data"
    return f"in the {compared} data {_per_thousand(cell.training)} of 1,000 are"


def _per_thousand(share: float) -> str:
    return f"{1000 * share:.0f}"


def _share(share: float) -> str:
    return f"{share:.3g}"


def _name(cell: Cell, levels: tuple[str, ...]) -> str:
    row = cell.group.split(", ")[0].partition("=")[2]
    return row if len(levels) == 2 else f"{row}/{cell.level}"
