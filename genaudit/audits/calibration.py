"""What a score means in each group: how many of those who have it are positive, and whether it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.cells import (
    MANY,
    around_thousand,
    comparable,
    described,
    estimate_of,
    group_name,
    number_of,
    p_text,
    pairs_of,
    per_thousand,
    told_apart,
    too_few_groups,
    unnamed,
)
from genaudit.audits.group_scores import group_scores
from genaudit.errors import NotApplicable
from genaudit.stats.calibration import mean_gap_interval, pooled_difference
from genaudit.stats.rates import RATES
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genaudit.audits.group_scores import GroupScores
    from genaudit.audits.table_options import CalibrationOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding
    from genaudit.values.scores import ScoreCounts

AT_SCORE, GAP, ERROR, DIFFERENCE = (
    "positive_share_at_score", "calibration_in_the_large", "expected_calibration_error", "difference_at_equal_score",
)  # fmt: skip
BIASED = "A mean of distances is biased upwards, so no interval around it would hold."
NO_PROBABILITY = "The scores are no probabilities, so there is no share that they say."
FEW = 4
"""Groups that are all named in a sentence about one score; of more the highest and the lowest."""


def calibration(
    table: CountTable,
    *,
    options: CalibrationOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """Shares of positives by score and group; of probabilities also how far they are from these shares.

    Args:
        table: Counts with a truth and scores.
        options: Smallest denominators, level.
        rng: Not used; every audit is given one.

    Raises:
        NotApplicable: The table has no score, or no truth.
    """
    scores = table.scores
    if scores is None:
        said = "The decision is a label and was not made from a score, so nobody can see what a score means."
        raise NotApplicable("no_score", said, "Give --score COLUMN with --threshold T instead of --decision.")
    if not table.has_truth:
        raise NotApplicable("no_truth", "The table has no column of what was the case.", "Name one with --truth.")
    groups = group_scores(table)
    found = [*_shares(groups, scores, options), *_errors(groups, scores, options), *_pairs(table, groups, options)]
    values, missing = told_apart(found)
    findings = [_nature(table, scores), *_group_findings(table, values, options)]
    findings += [*_pair_findings(table, values), *_score_findings(table, groups, scores, options)]
    return AuditOutcome(values=values, findings=tuple(findings), unavailable=missing)


def _shares(
    groups: Sequence[GroupScores], scores: ScoreCounts, options: CalibrationOptions
) -> Iterator[AuditValue | Unavailable]:
    """The share of positives in each bin of each group; bins in which nobody of any group is are none."""
    everybody = sum((one.people for one in groups), np.zeros(len(scores.bin_names)))
    for one in groups:
        for place, name in enumerate(scores.bin_names):
            group = f"{one.group}, {scores.score}={name}"
            share = one.share(place)
            if share.people >= options.min_count:
                estimate = estimate_of(share, group, level=options.level)
                details = {**estimate.details, "mean_score": float(one.mean_scores[place])}
                yield AuditValue(
                    name=AT_SCORE,
                    unit="fraction",
                    estimate=Estimate(
                        value=estimate.value, interval=estimate.interval, reason_without=estimate.reason_without,
                        n_reference=estimate.n_reference, group=group, details=details, note=estimate.note,
                    ),
                )  # fmt: skip
            elif share.among == 0 and everybody[place]:
                reason = f"Nobody of {one.group} has such a score."
                yield Unavailable(component=AT_SCORE, reason_code="empty_cell", reason=reason, group=group)
            elif share.among:
                reason = f"{number_of(share.people)} of {one.group} with such a score: fewer than {options.min_count}."
                yield Unavailable(component=AT_SCORE, reason_code="below_min_n", reason=reason, group=group)


def _errors(
    groups: Sequence[GroupScores], scores: ScoreCounts, options: CalibrationOptions
) -> Iterator[AuditValue | Unavailable]:
    """How far probabilities are from shares, on the whole and score by score."""
    if not scores.probabilities:
        for name in (GAP, ERROR):
            hint = "Divide percentages by 100."
            yield Unavailable(component=name, reason_code="no_probability", reason=NO_PROBABILITY, hint=hint)
        return
    for one in groups:
        if one.all_worth < options.min_count:
            reason = f"{number_of(one.all_worth)} in {one.group}: fewer than {options.min_count}, not estimable."
            for name in (GAP, ERROR):
                yield Unavailable(component=name, reason_code="below_min_n", reason=reason, group=one.group)
            continue
        mean, share = float(one.sums.sum() / one.total), one.everybody.value
        interval = mean_gap_interval(share, mean, one.gap_variance, one.all_worth, options.level)
        people = round(one.all_worth)
        details = {"mean_score": mean, "share_of_positives": share}
        estimate = Estimate(value=mean - share, interval=interval, n_reference=people, group=one.group, details=details)
        yield AuditValue(name=GAP, unit="fraction", estimate=estimate)
        error = one.error()
        details = {
            "under_perfect_calibration": error.floor,
            "upper_under_perfect_calibration": error.upper(options.level),
            "p_value": error.p_value,
        }
        estimate = Estimate(
            value=error.value, reason_without=BIASED, n_reference=people, group=one.group, details=details,
            note=f"A perfectly calibrated score would show about {error.floor:.3f} with so many people.",
        )  # fmt: skip
        yield AuditValue(name=ERROR, unit="fraction", estimate=estimate)


def _pairs(
    table: CountTable, groups: Sequence[GroupScores], options: CalibrationOptions
) -> Iterator[AuditValue | Unavailable]:
    """The difference of shares at equal score, of each pair."""
    usable, missing = comparable(table, RATES["prevalence"], DIFFERENCE, options.min_count)
    yield from missing
    if len(usable) < 2:
        yield too_few_groups(DIFFERENCE, table, len(usable))
        return
    for first, second in pairs_of(table, list(usable)):
        yield _difference(groups[first], groups[second], options)


def _difference(first: GroupScores, second: GroupScores, options: CalibrationOptions) -> AuditValue | Unavailable:
    name = f"{first.group} − {second.group}"
    (a, n), (c, m) = first.effective(), second.effective()
    found = pooled_difference(np.stack([np.stack([a, n - a], axis=-1), np.stack([c, m - c], axis=-1)], axis=1),
                              options.level)  # fmt: skip
    if found is None:
        reason = "No score is one of both groups, so nobody can be compared at an equal one."
        return Unavailable(component=DIFFERENCE, reason_code="empty_cell", reason=reason, group=name)
    value, interval = found
    both = (n > 0) & (m > 0)
    weights = np.where(both, n * m / np.maximum(n + m, 1e-300), 0.0)
    apart = float(weights @ (first.mean_scores - second.mean_scores) / weights.sum())
    estimate = Estimate(
        value=value,
        interval=interval,
        reason_without="" if interval else "Nobody, or everybody, is positive at every score: nothing varies.",
        n_reference=round(float((n + m)[both].sum())),
        group=name,
        details={"bins_with_both": float(both.sum()), "score_difference_within_bins": apart},
    )
    return AuditValue(name=DIFFERENCE, unit="fraction", estimate=estimate)


def _nature(table: CountTable, scores: ScoreCounts) -> Finding:
    """What the scores were taken for."""
    bins = f"{len(scores.bin_names)} {'values' if scores.distinct else 'bins'}"
    if scores.probabilities and scores.declared:
        said = f"{scores.score} was declared the probability of {table.fact}; it is counted in {bins}."
    elif scores.probabilities:
        said = (
            f"All scores of {scores.score} lie in [0, 1]: they are taken as probabilities of {table.fact}, and counted "
            f"in {bins}. If only their order means something, say so with --score-kind rank."
        )
    else:
        how = "were declared to be" if scores.declared else "are"
        said = (
            f"The scores of {scores.score} {how} no probabilities: what is compared is how many people with an equal "
            f"score have {table.fact}, in {bins}."
        )
    return described("calibration", table, said)


def _group_findings(table: CountTable, values: Sequence[AuditValue], options: CalibrationOptions) -> Iterator[Finding]:
    by_name = {(value.name, value.estimate.group): value.estimate for value in values}
    errors = [value.estimate for value in values if value.name == ERROR]
    for error in errors[:MANY]:
        gap = by_name[GAP, error.group]
        yield described(
            "calibration", table, _calibrated(table, gap, error, options), group=error.group, value=gap.value,
            interval=gap.interval,
        )  # fmt: skip


def _calibrated(table: CountTable, gap: Estimate, error: Estimate, options: CalibrationOptions) -> str:
    """Whether the probabilities of a group are the shares that they say."""
    side = "above" if gap.value >= 0 else "below"
    bounds = f" ({gap.interval.low:+.3f} to {gap.interval.high:+.3f})" if gap.interval else ""
    floor, p_value = error.details["under_perfect_calibration"], error.details["p_value"]
    beyond = "more than chance makes" if p_value < 1 - options.level else "no more than chance can make"
    return (
        f"In {error.group} the mean score is {gap.details['mean_score']:.3f}, and "
        f"{per_thousand(gap.details['share_of_positives'])} of 1,000 have {table.fact}: the score lies "
        f"{abs(gap.value):.3f} {side}{bounds}. Bin by bin it is off by {error.value:.3f} on average; a perfectly "
        f"calibrated score would show about {floor:.3f} with so many people: {beyond} ({p_text(p_value)})."
    )


def _score_findings(
    table: CountTable, groups: Sequence[GroupScores], scores: ScoreCounts, options: CalibrationOptions
) -> Iterator[Finding]:
    """Of each bin how many are positive, in every group or in the highest and the lowest that have a name."""
    nameless = {group_name(table, index) for index in range(len(table.groups)) if unnamed(table, index)}
    for place, name in enumerate(scores.bin_names):
        known = [one for one in groups if one.worth[place] >= options.min_count]
        if len(known) > FEW:
            named = [one for one in known if one.group not in nameless] or known
            ordered = sorted(named, key=lambda one: one.share(place).value)
            known = [ordered[-1], ordered[0]]
        parts: list[str] = []
        for one in known:
            share = one.share(place)
            whom = f"1,000 people of {one.group}" if not parts else one.group
            what = f"about {per_thousand(share.value)}{around_thousand(share, options.level)}"
            parts.append(f"{whom} {what}" if parts else f"{whom}, {what} have {table.fact}")
        if parts:
            at = f"= {name}" if scores.distinct else f"from {name}"
            yield described("calibration", table, f"With {scores.score} {at}: among {'; of '.join(parts)}.")


def _pair_findings(table: CountTable, values: Sequence[AuditValue]) -> Iterator[Finding]:
    pairs = [value.estimate for value in values if value.name == DIFFERENCE]
    for pair in pairs[:MANY]:
        first, second = pair.group.split(" − ", 1)
        more = "more" if pair.value >= 0 else "fewer"
        said = (
            f"At an equal score about {per_thousand(abs(pair.value))} {more} of 1,000 have {table.fact} in {first} "
            f"than in {second}{_more_or_fewer(pair)}."
        )
        apart = pair.details["score_difference_within_bins"]
        wide = abs(apart) > 0.1 * abs(pair.value) + 5e-4
        if table.scores is not None and table.scores.probabilities and pair.interval and wide:
            side = "higher" if apart > 0 else "lower"
            said += f" Within the bins the scores of {first} still lie {abs(apart):.3f} {side}; that is not taken out."
        yield described("calibration", table, said, group=pair.group, value=pair.value, interval=pair.interval)


def _more_or_fewer(pair: Estimate) -> str:
    """The interval of a difference of shares, in people of 1,000."""
    if pair.interval is None:
        return ""
    low, high = pair.interval.low, pair.interval.high
    if low < 0 < high:
        bounds = f"{per_thousand(-low)} fewer to {per_thousand(high)} more"
    else:
        bounds = " to ".join(map(per_thousand, sorted((abs(low), abs(high)))))
    return f" ({100 * pair.interval.level:g} % interval {bounds})"
