"""Levels that a translation changes although it should leave them alone, beyond what the reader misreads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.joint_correction import StandardError
from genaudit.stats.paired_shares import paired_difference_interval
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.tolerance import judge, needed
from genaudit.values.findings import NO_TOLERANCE, AuditOutcome, AuditValue, Finding, Verdict
from genaudit.values.results import Estimate, Interval, Unavailable

if TYPE_CHECKING:
    from genaudit.audits.options import FlipOptions
    from genaudit.values.counts import FlipCounts

SHARE, EXCESS = "attribute_flip_share", "attribute_flip_excess"
NOT_THE_RATE = (
    "Here a translation is held against what the image truly shows, in each direction by itself; attribute_flip_rate "
    "holds it against what is read from the image itself, so that an image misread both before and after is no flip, "
    "and pools all directions. So the two shares differ, and the one may settle what the other leaves open."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flipped:
    """Images of one level, or of all levels of an attribute, before and after one direction."""

    group: str
    subject: str
    """``images of digit 9 translated orange to blue``."""
    n: int
    after: int
    """Read as another level than they show, after translation."""
    misread: int
    """Likewise, of the true translations: by this alone a reader's errors are known."""
    share: Interval
    excess: Interval
    error: float
    """Standard error of the excess."""
    most: str
    """The level as which most are read beyond what the reader misreads; empty if there is none."""

    @property
    def value(self) -> float:
        """What the reader's errors do not explain."""
        return (self.after - self.misread) / self.n


def flips(
    tables: tuple[FlipCounts, ...],
    *,
    options: FlipOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """How often each level is read as another one after translation, and how much of that is not the reader's error.

    Args:
        tables: Counts ``(truth, read after, read of the truth)`` of each attribute that should stay, in each direction.
        options: Smallest counts, level of the intervals, tolerance.
        rng: Not drawn from.
    """
    values: list[AuditValue] = []
    findings: list[Finding] = []
    missing: list[Unavailable] = []
    for table in tables:
        rows = [_flipped(table, (level,), options) for level in range(len(table.levels))]
        missing += [_few(table, level, options) for level, row in enumerate(rows) if row is None]
        everything = _flipped(table, tuple(range(len(table.levels))), options)
        if everything is None:
            continue
        kept = [(level, row) for level, row in enumerate(rows) if row]
        values += _values(table, everything, None)
        values += [value for level, row in kept for value in _values(table, row, level)]
        findings.append(_overview(table, everything, [row for _, row in kept], options))
        judged = options.tolerance is not None
        findings += [_finding(table, row, options) for _, row in kept if judged or row.excess.low > 0]
    return AuditOutcome(values=tuple(values), findings=tuple(findings), unavailable=tuple(missing))


def _flipped(table: FlipCounts, levels: tuple[int, ...], options: FlipOptions) -> Flipped | None:
    """What became of images of some levels; None if there are too few."""
    n = int(table.counts[list(levels)].sum())
    if n < options.min_count:
        return None
    after = misread = only_after = only_misread = 0
    beyond = np.zeros(len(table.levels), dtype=np.int64)
    for level in levels:
        both = table.counts[level]
        kept, right = int(both[level].sum()), int(both[:, level].sum())
        total, held = int(both.sum()), int(both[level, level])
        after, misread = after + total - kept, misread + total - right
        only_after, only_misread = only_after + right - held, only_misread + kept - held
        more = both.sum(axis=1) - both.sum(axis=0)
        more[level] = 0
        beyond += more
    alone, paired = n / table.design_effect, n / table.paired_design_effect
    apart = (only_after + only_misread) / n - ((only_after - only_misread) / n) ** 2
    name = f"{table.attribute}={table.levels[levels[0]]}" if len(levels) == 1 else table.attribute
    shown = f"{table.attribute} {table.levels[levels[0]]}" if len(levels) == 1 else f"a {table.attribute}"
    return Flipped(
        group=f"translation={table.direction}, {name}",
        subject=f"images of {shown} translated {table.direction}",
        n=n,
        after=after,
        misread=misread,
        share=wilson_interval(after / table.design_effect, alone, options.level),
        excess=paired_difference_interval(
            only_after / table.paired_design_effect, only_misread / table.paired_design_effect, paired, options.level
        ),
        error=float(np.sqrt(apart / paired)),
        most=table.levels[int(beyond.argmax())] if len(levels) == 1 and beyond.max() > 0 else "",
    )


def _values(table: FlipCounts, row: Flipped, level: int | None) -> list[AuditValue]:
    parameters = {"annotator": table.annotator}
    details = {"in_true_translations": row.misread / row.n, "independent_images": row.n / table.design_effect}
    if level is not None:
        both = table.counts[level]
        for name, counts in (("read_as", both.sum(axis=1)), ("true_translation_read_as", both.sum(axis=0))):
            details |= {f"{name}_{other}": float(counts[j] / row.n) for j, other in enumerate(table.levels)}
    share = Estimate(
        value=row.after / row.n,
        interval=_around(row.share, row.after / row.n),
        n_generated=row.n,
        group=row.group,
        details=details,
        parameters=parameters,
    )
    excess = Estimate(
        value=row.value,
        interval=_around(row.excess, row.value),
        n_generated=row.n,
        group=row.group,
        details={"standard_error": row.error},
        parameters=parameters,
    )
    return [
        AuditValue(name=SHARE, unit="fraction", estimate=share),
        AuditValue(name=EXCESS, unit="difference of fractions", estimate=excess),
    ]


def _around(interval: Interval, value: float) -> Interval:
    """The interval with the value in it: they are computed from as many items as there are and as count."""
    return Interval(
        low=min(interval.low, value), high=max(interval.high, value), level=interval.level, method=interval.method
    )


def _finding(table: FlipCounts, row: Flipped, options: FlipOptions) -> Finding:
    said = (
        f"Of 1,000 {row.subject}, about {_per_thousand(row.after / row.n)} are read as another {table.attribute}; of "
        f"their true translations {_per_thousand(row.misread / row.n)}. {_blame(row)}"
    )
    if row.most and row.excess.low > 0:
        said += f" Most of them as {row.most}."
    return _said(table, row, said, options)


def _overview(table: FlipCounts, everything: Flipped, rows: list[Flipped], options: FlipOptions) -> Finding:
    changed = [row.group.rpartition("=")[2] for row in rows if row.excess.low > 0]
    said = (
        f"Of 1,000 {everything.subject}, about {_per_thousand(everything.after / everything.n)} are read as another "
        f"{table.attribute} than they show; of their true translations "
        f"{_per_thousand(everything.misread / everything.n)}. {_blame(everything)} "
    )
    said += (
        f"Beyond the reader's errors in {len(changed)} of {len(rows)} levels ({', '.join(changed)})."
        if changed
        else f"In none of {len(rows)} levels more often than the reader errs."
    )
    return _said(table, everything, said, options)


def _blame(row: Flipped) -> str:
    low, high = 1000 * row.excess.low, 1000 * row.excess.high
    apart = f"{1000 * row.value:.0f} ({low:.0f} to {high:.0f})".replace("-", "−")
    if row.excess.low > 0:
        return f"The difference, {apart}, is the model's."
    if row.excess.high < 0:
        return f"The difference is {apart}: the model's translations are read more steadily."
    return f"The difference is {apart}, which the reader's errors may explain."


def _said(table: FlipCounts, row: Flipped, statement: str, options: FlipOptions) -> Finding:
    verdict, rule = Verdict.DESCRIBED, NO_TOLERANCE
    if options.tolerance is not None:
        verdict = judge(row.excess, -np.inf, options.tolerance)
        by = f"set by {options.tolerance_by}" if options.tolerance_by else "set by whoever asked for this run"
        rule = f"At most {options.tolerance:g} beyond the reader's errors, {by}."
        if verdict is Verdict.INCONCLUSIVE:
            error = StandardError(sampling=row.error, reading=0.0)
            found = needed(row.value, -np.inf, options.tolerance, error, row.n, options.level)
            rule += f" {found.sentence('translated images')}" if found else " No number of images would decide."
    return Finding(
        audit="flips",
        attribute=table.attribute,
        group="" if row.group.endswith(f", {table.attribute}") else row.group,
        statement=statement,
        value=row.value,
        interval=_around(row.excess, row.value),
        verdict=verdict,
        rule=rule,
        caveats=(
            (
                f"{table.attribute.capitalize()} was read by {table.method}. Its errors are measured on the true "
                "translations of the same held-out images, so what it misreads there is not blamed on the model."
            ),
            "Images that are translated so badly that they are read as anything count as changed.",
            NOT_THE_RATE,
        ),
    )


def _few(table: FlipCounts, level: int, options: FlipOptions) -> Unavailable:
    n = int(table.counts[level].sum())
    return Unavailable(
        component=EXCESS,
        group=f"translation={table.direction}, {table.attribute}={table.levels[level]}",
        reason_code="below_min_n",
        reason=f"{n} translated images show this level, and at least {options.min_count} are needed.",
        hint="A data set with more held-out images of it.",
    )


def _per_thousand(share: float) -> str:
    return f"{1000 * share:.0f}"
