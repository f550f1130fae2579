"""Conditionals both ways round, and what a flag means where the truth is rarer or more common than here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.cells import (
    MANY,
    UNSQUARED,
    Share,
    around_thousand,
    described,
    group_name,
    missing_share,
    number_of,
    per_thousand,
    share_value,
    shares_of,
    told_apart,
    without_truth,
)
from genaudit.stats.predictive_values import (
    negative_predictive_value,
    positive_predictive_value,
    predictive_interval,
)
from genaudit.stats.rates import EVERYBODY, FLAGGED, POSITIVES, RATES, Cells
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Interval, Series, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genaudit.audits.table_options import BaseRatesOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding

WRONG_FLAGS: Cells = ((0, 1), (0, 0))
SWEEP = np.geomspace(1e-4, 0.9, 81)
"""Prevalences at which predictive values are drawn."""
PREDICTED = ("ppv_at_prevalence", "npv_at_prevalence")
NEEDS_TRUTH = ("burden", "burden_share", *PREDICTED)


def base_rates(
    table: CountTable,
    *,
    options: BaseRatesOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """Both conditionals side by side, the burden of wrong flags, and predictive values against the prevalence.

    ``P(flagged | group)`` and ``P(group | flagged)`` differ by the factor ``P(flagged) / P(group)``, and taking one for
    the other is the commonest error in reading such a table. The burden is the share of the flagged of whom the truth
    is no, for each group, and the composition of all these people.

    Args:
        table: Counts; without a truth only the conditionals of the decision are given.
        options: Prevalence where the decisions will be used, smallest denominators, level.
        rng: Not used; every audit is given one.
    """
    values, missing = told_apart(
        (*_conditionals(table, options), *_burdens(table, options), *_deployed(table, options))
    )
    findings = (
        *_conditional_findings(table, options),
        *_burden_findings(table, options),
        *_deployed_findings(table, values),
    )
    return AuditOutcome(
        values=values,
        findings=findings,
        unavailable=missing,
        series=tuple(_curves(table, options)) if table.has_truth else (),
    )


def _conditionals(table: CountTable, options: BaseRatesOptions) -> Iterator[AuditValue | Unavailable]:
    flag = f"{table.decision}={table.positive_decision}" if table.positive_decision else table.flag
    events = {flag: ("selection_rate", FLAGGED)}
    if table.has_truth:
        events[f"{table.truth}={table.positive_truth}"] = ("prevalence", POSITIVES)
    for event, (rate, cells) in events.items():
        forward, backward = shares_of(table, RATES[rate]), _composition(table, cells)
        for index in range(len(table.groups)):
            name = group_name(table, index)
            for value, share in (("conditional_forward", forward[index]), ("conditional_reverse", backward[index])):
                group = f"{name}, {event}"
                reason = (
                    missing_share(value, share, RATES[rate], group, options.min_count)
                    if value == "conditional_forward"
                    else _too_few(value, share, event, group, options.min_count)
                )
                yield reason or share_value(value, share, group, level=options.level)


def _burdens(table: CountTable, options: BaseRatesOptions) -> Iterator[AuditValue | Unavailable]:
    if not table.has_truth:
        yield from without_truth(NEEDS_TRUTH)
        return
    rate = RATES["false_discovery_rate"]
    per_group, composed = shares_of(table, rate), _composition(table, WRONG_FLAGS)
    for index in range(len(table.groups)):
        group = group_name(table, index)
        for value, share in (("burden", per_group[index]), ("burden_share", composed[index])):
            reason = (
                missing_share(value, share, rate, group, options.min_count)
                if value == "burden"
                else _too_few(value, share, "a wrong flag", group, options.min_count)
            )
            yield reason or share_value(value, share, group, level=options.level)


def _too_few(name: str, share: Share, whom: str, group: str, min_count: int) -> Unavailable | None:
    """Why the composition of some people cannot be given, or None if it can."""
    if share.people >= min_count and share.among > 0:
        return None
    code = "below_min_n" if share.among else "empty_cell"
    reason = f"{number_of(share.people)} with {whom}: too few to say which groups they are of."
    return Unavailable(component=name, reason_code=code, reason=reason, group=group)


def _deployed(table: CountTable, options: BaseRatesOptions) -> Iterator[AuditValue | Unavailable]:
    if not table.has_truth:
        return
    if options.prevalence is None:
        yield from (_undeclared(name) for name in PREDICTED)
        return
    right, wrong = shares_of(table, RATES["true_positive_rate"]), shares_of(table, RATES["false_positive_rate"])
    for index in range(len(table.groups)):
        prevalence = options.prevalence_of(table.groups[index])
        for name in PREDICTED:
            if prevalence is None:
                yield _undeclared(name, group_name(table, index))
            else:
                yield _at_prevalence(table, name, index, (right[index], wrong[index]), prevalence, options)


def _undeclared(name: str, group: str = "") -> Unavailable:
    where = f" in {group}" if group else ""
    return Unavailable(
        component=name,
        reason_code="not_declared",
        reason=f"Nobody said how common the truth is{where} where the decisions will be used.",
        hint="Give --prevalence.",
        group=group,
    )


def _at_prevalence(
    table: CountTable,
    name: str,
    index: int,
    both: tuple[Share, Share],
    prevalence: float,
    options: BaseRatesOptions,
) -> AuditValue | Unavailable:
    group = group_name(table, index)
    right, wrong = both
    for share, rate in ((right, "true_positive_rate"), (wrong, "false_positive_rate")):
        reason = missing_share(name, share, RATES[rate], group, options.min_count)
        if reason:
            return reason
    positive = name.startswith("ppv")
    formula = positive_predictive_value if positive else negative_predictive_value
    value = formula(prevalence, right.value, wrong.value)
    if value is None:
        who = "Nobody is flagged" if positive else "Everybody is flagged"
        code = "no_predicted_positives" if positive else "no_predicted_negatives"
        return Unavailable(component=name, reason_code=code, reason=f"{who} in {group}.", group=group)
    interval = _predictive_interval(right, wrong, prevalence, positive=positive, level=options.level)
    estimate = Estimate(
        value=value,
        interval=interval,
        reason_without="" if interval else UNSQUARED,
        n_reference=round(right.people + wrong.people),
        group=group,
        parameters={"prevalence": prevalence},
        note="The prevalence is taken as known, and the rates as those found here.",
    )
    return AuditValue(name=name, unit="fraction", estimate=estimate)


def _predictive_interval(
    right: Share, wrong: Share, prevalence: float, *, positive: bool, level: float
) -> Interval | None:
    if right.worth is None or wrong.worth is None:
        return None
    if positive:
        return predictive_interval(prevalence, right.effective, wrong.effective, level)
    (hits, positives), (alarms, negatives) = right.effective, wrong.effective
    # the negative predictive value is the positive one of the opposite decision about the opposite truth
    return predictive_interval(1 - prevalence, (negatives - alarms, negatives), (positives - hits, positives), level)


def _composition(table: CountTable, cells: Cells) -> list[Share]:
    """The share of each group among the people of some cells."""
    counts = (table.confusion * cells).sum(axis=(1, 2))
    total = float(counts.sum())
    worth: float | None = total
    if table.weighted:
        squares = None if table.squares is None else float((table.squares.sum(axis=0) * cells).sum())
        worth = None if squares is None else total**2 / squares if squares else 0.0
    return [Share(counted=float(count), among=total, worth=worth) for count in counts]


def _curves(table: CountTable, options: BaseRatesOptions) -> Iterator[Series]:
    right, wrong = shares_of(table, RATES["true_positive_rate"]), shares_of(table, RATES["false_positive_rate"])
    here = shares_of(table, RATES["prevalence"])
    for index in range(min(len(table.groups), MANY)):
        if min(right[index].people, wrong[index].people) < options.min_count:
            continue
        group, s, f = group_name(table, index), right[index].value, wrong[index].value
        for name, formula in (
            ("ppv_at_prevalence", positive_predictive_value),
            ("npv_at_prevalence", negative_predictive_value),
        ):
            found = [(float(p), value) for p in SWEEP if (value := formula(float(p), s, f)) is not None]
            if found:
                yield _series(f"{name}/{group}", group, name, found)
        yield _series(
            f"prevalence_mark/{group}", f"here, {group}", "mark", [(here[index].value, 0.0), (here[index].value, 1.0)]
        )
    declared = options.prevalence if isinstance(options.prevalence, Mapping) else {"": options.prevalence}
    for level, share in declared.items():
        if share is not None:
            of = f", {table.group}={level}" if level else ""
            name = f"prevalence_mark/deployment{of.replace(', ', '/')}"
            yield _series(name, f"where it will be used{of}", "mark", [(share, 0.0), (share, 1.0)])


def _series(name: str, title: str, label: str, points: list[tuple[float, float]]) -> Series:
    x, y = zip(*points, strict=True)
    labels = {"ppv_at_prevalence": "positive predictive value", "npv_at_prevalence": "negative predictive value"}
    return Series(name=name, title=title, x_label="prevalence", y_label=labels.get(label, ""), x=x, y=y)


def _conditional_findings(table: CountTable, options: BaseRatesOptions) -> Iterator[Finding]:
    everybody, flagged = _composition(table, EVERYBODY), _composition(table, FLAGGED)
    selected = shares_of(table, RATES["selection_rate"])
    event = table.flag
    for index in range(len(table.groups) if len(table.groups) <= MANY else 0):
        if min(selected[index].people, flagged[index].people) < options.min_count:
            continue
        group = group_name(table, index)
        said = (
            f"Of 1,000 people with {group}, about {per_thousand(selected[index].value)} have {event}"
            f"{around_thousand(selected[index], options.level)}; of 1,000 people with {event}, about "
            f"{per_thousand(flagged[index].value)} have {group}{around_thousand(flagged[index], options.level)}. The "
            f"one is not the other: of everybody, {per_thousand(everybody[index].value)} in 1,000 have {group}."
        )
        yield described("base_rates", table, said, group=group)


def _burden_findings(table: CountTable, options: BaseRatesOptions) -> Iterator[Finding]:
    if not table.has_truth or len(table.groups) > MANY:
        return
    per_group, composed = shares_of(table, RATES["false_discovery_rate"]), _composition(table, WRONG_FLAGS)
    for index, share in enumerate(per_group):
        if share.people < options.min_count:
            continue
        group, interval = group_name(table, index), share.interval(options.level)
        said = (
            f"Of 1,000 people with {group} who have {table.flag}, about "
            f"{per_thousand(share.value)} have {table.no_fact}"
            f"{around_thousand(share, options.level)}"
        )
        whole = composed[index]
        rest = f"; of all such people about {per_thousand(whole.value)} in 1,000 have {group}" if whole.among else ""
        yield described(
            "base_rates",
            table,
            f"{said}{rest}.",
            group=group,
            value=share.value,
            interval=interval,
        )


def _deployed_findings(table: CountTable, values: Sequence[AuditValue]) -> Iterator[Finding]:
    found = [value.estimate for value in values if value.name == "ppv_at_prevalence"]
    for estimate in found[:MANY]:
        prevalence = float(estimate.parameters["prevalence"] or 0)
        said = (
            f"At {_one_in(prevalence)}, {100 * (1 - estimate.value):.0f} of 100 flags in {estimate.group} would be "
            f"wrong{_of_hundred(estimate)}, if both error rates stayed as they are here."
        )
        yield described("base_rates", table, said, group=estimate.group)


def _of_hundred(estimate: Estimate) -> str:
    interval = estimate.interval
    return f" ({100 * (1 - interval.high):.0f} to {100 * (1 - interval.low):.0f})" if interval else ""


def _one_in(prevalence: float) -> str:
    """``1 positive in 100``, or per thousand where that is not near a whole number.

    >>> _one_in(0.01), _one_in(0.362)
    ('1 positive in 100', '362 positives in 1,000')
    """
    one_in = 1 / prevalence
    if one_in >= 2 and abs(one_in - round(one_in)) < 1e-6 * one_in:
        return f"1 positive in {round(one_in):,}"
    return f"{1000 * prevalence:.3g} positives in 1,000"
