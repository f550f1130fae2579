"""Shares of one attribute within another: generated against training, as description."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.stats.proportions import wilson_interval
from genaudit.values.findings import AuditOutcome, AuditValue, Finding, Verdict
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from genaudit.audits.options import RepresentationOptions
    from genaudit.values.counts import AttributeCounts, AttributeReading
    from genaudit.values.results import Interval

RULE = "No tolerance was set: described, not judged."


def representation(
    tables: tuple[AttributeCounts, ...],
    *,
    options: RepresentationOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """Shares ``P(a | t)`` of every pair of attributes, each with its Wilson interval, and sentences about them.

    Args:
        tables: Counts ``(levels of t, levels of a)`` of generated and training images.
        options: Smallest counts, level of the intervals.
        rng: Not used; every audit is given one.

    Returns:
        Values ``share_generated`` and ``share_reference`` with groups such as ``digit=6, colour=orange``, and one
        finding for each row of a table after one on the table as a whole.
    """
    values = [value for table in tables for value in _values(table, options)]
    findings = [finding for table in tables for finding in _findings(table, options)]
    return AuditOutcome(values=tuple(values), findings=tuple(findings))


def _values(table: AttributeCounts, options: RepresentationOptions) -> Iterator[AuditValue]:
    for row, column, group in _cells(table):
        total, training = int(table.generated[row].sum()), int(table.training[row].sum())
        if total >= options.min_count:
            yield AuditValue(name="share_generated", unit="fraction", estimate=_generated(table, row, column, options))
        if training:
            share = table.training[row, column] / training
            estimate = Estimate(
                value=float(share),
                reason_without="Every training image is counted; nothing is sampled.",
                n_reference=training,
                group=group,
            )
            yield AuditValue(name="share_reference", unit="fraction", estimate=estimate)


def _generated(table: AttributeCounts, row: int, column: int, options: RepresentationOptions) -> Estimate:
    count, total = int(table.generated[row, column]), int(table.generated[row].sum())
    few = f"Only {total} images in this row." if total < options.warn_count else ""
    return Estimate(
        value=count / total,
        interval=wilson_interval(count, total, options.level),
        n_generated=total,
        group=_group(table, row, column),
        details={"count": float(count), "confident": float(table.confident[row] / total)},
        parameters={"annotators": f"{table.t.annotator}, {table.a.annotator}"},
        note=few,
    )


def _findings(table: AttributeCounts, options: RepresentationOptions) -> Iterator[Finding]:
    yield _overview(table, options)
    for row, column, group in _stated_cells(table):
        yield _row_finding(table, row, column, group, options)


def _row_finding(table: AttributeCounts, row: int, column: int, group: str, options: RepresentationOptions) -> Finding:
    subject = f"{table.t.attribute} {table.t.levels[row]}"
    total = int(table.generated[row].sum())
    if total < options.min_count:
        said = f"{total} generated images of {subject}: the share of {table.a.levels[column]} is not estimable."
        return _finding(table, group, said, None, None)
    share = float(table.generated[row, column] / total)
    interval = wilson_interval(int(table.generated[row, column]), total, options.level)
    said = (
        f"Of 1,000 generated images of {subject}, about {_per_thousand(share)} are {table.a.levels[column]} "
        f"({_per_thousand(interval.low)} to {_per_thousand(interval.high)}); {_in_training(table, row, column)}."
    )
    return _finding(table, group, said, share, interval)


def _overview(table: AttributeCounts, options: RepresentationOptions) -> Finding:
    """Which rows moved beyond their interval, towards an even mix or away from it."""
    towards: list[str] = []
    away: list[str] = []
    estimable = 0
    even = 1 / len(table.a.levels)
    for row, column, _ in _stated_cells(table):
        total, training = int(table.generated[row].sum()), int(table.training[row].sum())
        if total < options.min_count or not training:
            continue
        estimable += 1
        share, before = table.generated[row, column] / total, table.training[row, column] / training
        interval = wilson_interval(int(table.generated[row, column]), total, options.level)
        if not interval.low <= before <= interval.high:
            (towards if abs(share - even) < abs(before - even) else away).append(_name(table, row, column))
    parts = [
        f"in {len(towards)} it lies nearer to an even mix than the training share ({', '.join(towards)})"
        if towards
        else "",
        f"in {len(away)} it lies farther from it ({', '.join(away)})" if away else "",
    ]
    rest = estimable - len(towards) - len(away)
    said = f"Share of {table.a.attribute} within {table.t.attribute}, {estimable} estimated: " + "; ".join(
        [part for part in parts if part] + [f"in {rest} the interval includes the training share"]
    )
    return _finding(table, "", f"{said}.", None, None)


def _finding(
    table: AttributeCounts, group: str, statement: str, value: float | None, interval: Interval | None
) -> Finding:
    sure = table.confident.sum() / max(table.generated.sum(), 1)
    return Finding(
        audit="representation",
        attribute=table.a.attribute,
        group=group,
        statement=statement,
        value=value,
        interval=interval,
        verdict=Verdict.DESCRIBED,
        rule=RULE,
        caveats=(
            _reader(table.a),
            _reader(table.t),
            (
                f"{sure:.0%} of the generated images have a reading of {table.t.attribute} with a probability above "
                f"{table.confidence:g}; the others are ambiguous."
            ),
            (
                "Intervals cover the sampling of images from this model, not retraining it; they are not corrected "
                "for the annotators' errors, nor for looking at many rows."
            ),
        ),
    )


def _reader(reading: AttributeReading) -> str:
    right, total = int(reading.confusion.trace()), int(reading.confusion.sum())
    return (
        f"{reading.attribute.capitalize()} was read by {reading.method}, right for {right:,} of {total:,} labelled "
        f"images of {reading.measured_on}."
    )


def _in_training(table: AttributeCounts, row: int, column: int) -> str:
    training = int(table.training[row].sum())
    if not training:
        return "there are none in the training data"
    return f"in the training data {_per_thousand(table.training[row, column] / training)} of 1,000 are"


def _per_thousand(share: float) -> str:
    return f"{1000 * share:.0f}"


def _cells(table: AttributeCounts) -> Iterator[tuple[int, int, str]]:
    for row in range(len(table.t.levels)):
        for column in range(len(table.a.levels)):
            yield row, column, _group(table, row, column)


def _stated_cells(table: AttributeCounts) -> Iterator[tuple[int, int, str]]:
    """All cells, but of two levels only the first: the other is its complement."""
    return (cell for cell in _cells(table) if len(table.a.levels) > 2 or cell[1] == 0)


def _group(table: AttributeCounts, row: int, column: int) -> str:
    return f"{table.t.attribute}={table.t.levels[row]}, {table.a.attribute}={table.a.levels[column]}"


def _name(table: AttributeCounts, row: int, column: int) -> str:
    level = table.t.levels[row]
    return level if len(table.a.levels) == 2 else f"{level}/{table.a.levels[column]}"
