"""Sentences about amplification: the direction, the number of images, the formula's name, and a verdict if asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.pair_changes import sampled_too
from genaudit.audits.reading import reader_sentence
from genaudit.audits.statements import NOT_TOLD, UNMEASURED, of_level, sampled, set_by, undecided_sentence, widened
from genaudit.stats.intervals import normal_interval
from genaudit.stats.tolerance import judge, needed
from genaudit.values.findings import NO_TOLERANCE, Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.audits.options import AmplificationOptions
    from genaudit.audits.pair_changes import PairChanges
    from genaudit.audits.reading import ReadTable
    from genaudit.audits.reference_mix import ReferenceMix
    from genaudit.stats.joint_correction import StandardError
    from genaudit.values.results import Interval

FORMULA = "sign(p_training - p_reference) (p_generated - p_training)"


def amplification_finding(changes: PairChanges, options: AmplificationOptions) -> Iterator[Finding]:
    """One sentence on the mean over the pairs of a table."""
    table = changes.read.table
    t, a = table.t.attribute, table.a.attribute
    if not changes.enough:
        said = f"No pair of {t} and {a} has a direction and images enough: amplification is not estimable."
        yield _finding(changes.read, said, None, None, (Verdict.DESCRIBED, NO_TOLERANCE), ())
        return
    number = int(changes.counted.sum())
    value, error = changes.mean(np.where(changes.counted, changes.signs, 0) / number)
    interval = normal_interval(value, error.total, how="delta method", level=options.level, bounds=(-1.0, 1.0))
    rows = int(changes.counted.any(axis=1).sum())
    linked = (
        f"have the {a} that {_links(table.compared)} it with"
        if len(table.a.levels) == 2
        else f"go along with a link to {a}"
    )
    said = (
        f"Where {_links(table.compared)} {t} and {a} ({rows} of {len(table.t.levels)} levels of {t}), the link is "
        f"{_way(interval)} among generated images: of 1,000 images of such a {t}, on average {_fewer(value, interval)} "
        f"{linked}."
    )
    how = (
        f"Bias amplification {_signed(value)}: the mean of {FORMULA} over {number} pairs of levels; the reference that "
        f"gives the direction is {changes.direction}."
    )
    verdict = _verdict(changes.read, value, interval, error, options)
    if verdict[0] is Verdict.PASS and changes.left_out:
        verdict = Verdict.INCONCLUSIVE, f"{verdict[1]} {_left_out(changes.left_out)}"
    yield _finding(changes.read, said, value, interval, verdict, (how,))


def _left_out(pairs: int) -> str:
    """Why a mean within its tolerance is no PASS: those whom it leaves out may be those who are amplified."""
    few = "One linked pair has" if pairs == 1 else f"{pairs} linked pairs have"
    return f"{few} too few images to be counted, and may have moved either way: more images would tell."


def mix_finding(read: ReadTable, mix: ReferenceMix, options: AmplificationOptions) -> Iterator[Finding]:
    """One sentence on a level in all images, against a declared reference."""
    table, total = read.table, int(read.table.training.sum())
    if options.reference not in {"uniform", "population"} or not total:
        return
    for column in range(len(table.a.levels) if len(table.a.levels) > 2 else 1):
        before, share = table.training[:, column].sum() / total, float(read.joint.level_shares[column])
        apart, level = before - mix.levels[column], table.a.levels[column]
        if abs(apart) < options.min_difference:
            continue
        sign = 1 if apart > 0 else -1
        _, error = read.joint.interval_of_level(column, options.level)
        if read.table.compared != "training":
            error = sampled_too(error, before * (1 - before) / total)
        value = float(sign * (share - before))
        interval = normal_interval(value, error.total, how="delta method", level=options.level, bounds=(-1.0, 1.0))
        more = "more" if sign > 0 else "fewer"
        said = (
            f"{table.compared.capitalize()} images are {of_level(table.a.attribute, level)} {more} often than in "
            f"{mix.name} ({1000 * before:.0f} against {1000 * mix.levels[column]:.0f} of 1,000); among generated "
            f"images this distance is {_way(interval)}, by {_fewer(value, interval)} of 1,000."
        )
        how = f"Bias amplification {_signed(value)} of {level}: {FORMULA}; the reference is {mix.name}."
        yield _finding(read, said, value, interval, _verdict(read, value, interval, error, options), (how,))


def _links(compared: str) -> str:
    return "training links" if compared == "training" else f"the {compared} set links"


def _signed(value: float) -> str:
    text = f"{value:.3f}".replace("-", "−")
    return "0.000" if text == "−0.000" else text


def _way(interval: Interval) -> str:
    if interval.low > 0:
        return "stronger"
    return "weaker" if interval.high < 0 else "neither surely stronger nor surely weaker"


def _fewer(value: float, interval: Interval) -> str:
    """A number of 1,000 images with its interval: ``82 fewer (70 to 94)``."""
    low, high = 1000 * interval.low, 1000 * interval.high
    if interval.high < 0:
        return f"{-1000 * value:.0f} fewer ({-high:.0f} to {-low:.0f})"
    if interval.low > 0:
        return f"{1000 * value:.0f} more ({low:.0f} to {high:.0f})"
    return f"{abs(1000 * value):.0f} {'more' if value > 0 else 'fewer'} ({-low:.0f} fewer to {high:.0f} more)"


def _verdict(
    read: ReadTable, value: float, interval: Interval, error: StandardError, options: AmplificationOptions
) -> tuple[Verdict, str]:
    n = int(read.table.generated.sum())
    unsure = read.table.undecided / max(n, 1)
    return verdict_on(value, interval, error, n, options, corrected=read.corrected, undecided=unsure)


def verdict_on(
    value: float,
    interval: Interval,
    error: StandardError,
    n: int,
    options: AmplificationOptions,
    *,
    corrected: bool,
    undecided: float,
) -> tuple[Verdict, str]:
    """The verdict on an amplification, and the rule by which it was given; ``undecided`` is a share of the images."""
    if options.tolerance is None:
        return Verdict.DESCRIBED, NO_TOLERANCE
    if not corrected:
        return Verdict.DESCRIBED, UNMEASURED
    verdict = judge(widened(interval, undecided), -np.inf, options.tolerance)
    rule = f"At most {options.tolerance:g}, {set_by(options)}."
    if verdict is Verdict.INCONCLUSIVE and undecided:
        return verdict, f"{rule} {NOT_TOLD}"
    if verdict is Verdict.INCONCLUSIVE:
        found = needed(value, -np.inf, options.tolerance, error, n, options.level)
        rule += f" {found.sentence()}" if found else " The value lies on the edge: no number of images would decide."
    return verdict, rule


def _finding(
    read: ReadTable,
    statement: str,
    value: float | None,
    interval: Interval | None,
    verdict: tuple[Verdict, str],
    how: tuple[str, ...],
) -> Finding:
    return Finding(
        audit="amplification",
        attribute=read.table.a.attribute,
        group="",
        statement=statement,
        value=value,
        interval=interval,
        verdict=verdict[0],
        rule=verdict[1],
        caveats=(
            reader_sentence(read.table.a),
            *undecided_sentence(read.table.a, read.table.undecided, int(read.table.generated.sum())),
            *(() if read.table.alone else (reader_sentence(read.table.t),)),
            *sampled(read.table.compared),
            *how,
        ),
    )
