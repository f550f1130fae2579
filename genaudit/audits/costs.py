"""What decisions cost, whom, and for which costs they are worth having: a property of decision and action together."""

from __future__ import annotations

import itertools
import math
from typing import TYPE_CHECKING

from genaudit.audits.cells import (
    MANY,
    UNSQUARED,
    Share,
    described,
    group_name,
    missing_share,
    shares_of,
    told_apart,
    without_truth,
)
from genaudit.stats.decision_costs import (
    Costs,
    lower_envelope,
    normalized_expected_cost,
    probability_cost,
    reject_band,
)
from genaudit.stats.intervals import normal_interval
from genaudit.stats.rates import RATES
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Interval, Series, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from genaudit.audits.table_options import CostsOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding

COSTED = ("expected_cost", "optimal_threshold", "normalized_expected_cost")
ERRORS = ("true_positive_rate", "false_positive_rate")
DEFINED = "A consequence of the declared costs alone."
ALIKE = "Everybody costs the same here, so that nothing shows how much the mean would vary."
POLICIES = {"as decided": None, "never yes": 0, "always yes": 1}
"""Policy to the decision that it takes for everybody."""


def costs(
    table: CountTable,
    *,
    options: CostsOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """Break-even windows of each group, and with declared costs: expected cost, thresholds, a third action.

    The window needs no declared cost: deciding as here is cheaper than both never and always saying yes iff
    ``FN / TN < c_FP / c_FN < TP / FP``, with costs counted beyond those of the right decision.

    Args:
        table: Counts with a truth.
        options: Cost of each outcome and who bears it, other actions, smallest denominators, level.
        rng: Not used; every audit is given one.
    """
    if not table.has_truth:
        names = ("break_even_low", "break_even_high", *COSTED)
        return AuditOutcome(values=(), findings=(), unavailable=tuple(without_truth(names)))
    declared = _declared(options)
    values, missing = told_apart(
        (*_windows(table, options), *_costed(table, declared, options), *_choices(declared, options))
    )
    findings = [*_window_findings(table, values, declared), *_cost_findings(table, values, declared, options)]
    series = tuple(_curves(table, declared, options))
    return AuditOutcome(values=values, findings=tuple(findings), unavailable=missing, series=series)


def _declared(options: CostsOptions) -> Costs | None:
    if options.fp is None or options.fn is None:
        return None
    return Costs(fp=options.fp, fn=options.fn, tp=options.tp, tn=options.tn)


def _windows(table: CountTable, options: CostsOptions) -> Iterator[AuditValue | Unavailable]:
    """Odds of being right among the flagged, and of being wrong among the others."""
    for name, rate in (("break_even_low", "false_omission_rate"), ("break_even_high", "positive_predictive_value")):
        for index, share in enumerate(shares_of(table, RATES[rate])):
            group = group_name(table, index)
            reason = missing_share(name, share, RATES[rate], group, options.min_count)
            if reason is None and share.counted == share.among:
                said = "No wrong flag was seen: no cost ratio is too high." if name.endswith("high") else (
                    "Nobody was rightly left alone: no cost ratio is high enough."
                )  # fmt: skip
                reason = Unavailable(component=name, reason_code="empty_cell", reason=said, group=group)
            yield reason or AuditValue(name=name, unit="cost ratio", estimate=_odds(share, group, options.level))


def _odds(share: Share, group: str, level: float) -> Estimate:
    wilson = share.interval(level)
    interval = None
    if wilson and wilson.high < 1:
        interval = Interval(
            low=wilson.low / (1 - wilson.low), high=wilson.high / (1 - wilson.high), level=level,
            method=f"odds of {wilson.method}",
        )  # fmt: skip
    return Estimate(
        value=share.value / (1 - share.value),
        interval=interval,
        reason_without="" if interval else UNSQUARED if wilson is None else "The odds have no upper bound.",
        n_reference=round(share.people),
        group=group,
    )


def _costed(table: CountTable, declared: Costs | None, options: CostsOptions) -> Iterator[AuditValue | Unavailable]:
    if declared is None:
        for name in COSTED:
            yield Unavailable(
                component=name,
                reason_code="not_declared",
                reason="Nobody said what a wrong flag and a miss cost.",
                hint="Give --cost fp=NUMBER and --cost fn=NUMBER, and --who-pays for each.",
            )
        return
    everybody, right, wrong = (shares_of(table, RATES[rate]) for rate in ("prevalence", *ERRORS))
    for index, share in enumerate(everybody):
        group = group_name(table, index)
        reason = missing_share("expected_cost", share, RATES["prevalence"], group, options.min_count)
        if reason:
            yield reason
            continue
        for policy in POLICIES:
            yield _expected(table.confusion[index], share, policy, f"{group}, {policy}", declared, options)
        yield _normalized(group, share, dict(zip(ERRORS, (right[index], wrong[index]), strict=True)), declared, options)


def _expected(
    cells: np.ndarray, share: Share, policy: str, group: str, declared: Costs, options: CostsOptions
) -> AuditValue:
    decided = _under(cells, policy)
    mean = declared.expected(decided)
    squares = Costs(fp=declared.fp**2, fn=declared.fn**2, tp=declared.tp**2, tn=declared.tn**2)
    squared = squares.expected(decided)
    error = math.sqrt(max(squared - mean**2, 0.0) / share.people)
    interval = None
    if share.worth is not None and error > 0:
        interval = normal_interval(
            mean, error, how="spread of the costs of people", level=options.level, bounds=(0.0, None)
        )
    total = sum(decided)
    estimate = Estimate(
        value=mean,
        interval=interval,
        reason_without="" if interval else UNSQUARED if share.worth is None else ALIKE,
        n_reference=round(share.people),
        group=group,
        details={"of_wrong_flags": declared.fp * decided[1] / total, "of_misses": declared.fn * decided[2] / total},
    )
    return AuditValue(name="expected_cost", unit="cost per person", estimate=estimate)


def _under(cells: np.ndarray, policy: str) -> tuple[float, float, float, float]:
    """TN, FP, FN and TP if the policy decided for everybody."""
    (tn, fp), (fn, tp) = cells.tolist()
    decision = POLICIES[policy]
    if decision is None:
        return tn, fp, fn, tp
    return (tn + fp, 0.0, fn + tp, 0.0) if decision == 0 else (0.0, tn + fp, 0.0, fn + tp)


def _normalized(
    group: str, everybody: Share, rates: dict[str, Share], declared: Costs, options: CostsOptions
) -> AuditValue | Unavailable:
    name = "normalized_expected_cost"
    for rate, share in rates.items():
        reason = missing_share(name, share, RATES[rate], group, options.min_count)
        if reason:
            return reason
    right, wrong = rates.values()
    at = probability_cost(everybody.value, declared)
    value = normalized_expected_cost(right.value, wrong.value, at)
    interval = _normalized_interval(value, right, wrong, at, options.level)
    estimate = Estimate(
        value=value,
        interval=interval,
        reason_without="" if interval else UNSQUARED,
        n_reference=round(everybody.people),
        group=group,
        details={"probability_cost": at, "of_the_better_constant": min(at, 1 - at)},
    )
    return AuditValue(name=name, unit="fraction", estimate=estimate)


def _normalized_interval(value: float, right: Share, wrong: Share, at: float, level: float) -> Interval | None:
    """Wilson limits of both rates carried through their weighted sum (Zou and Donner 2008): honest near 0, too."""
    hits, false_alarms = right.interval(level), wrong.interval(level)
    if hits is None or false_alarms is None:
        return None
    below = at * (hits.high - right.value), (1 - at) * (wrong.value - false_alarms.low)
    above = at * (right.value - hits.low), (1 - at) * (false_alarms.high - wrong.value)
    how = "MOVER from Wilson intervals of both error rates, prevalence taken as known"
    return Interval(low=value - math.hypot(*below), high=value + math.hypot(*above), level=level, method=how)


def _choices(declared: Costs | None, options: CostsOptions) -> Iterator[AuditValue]:
    """Probabilities of yes at which the cheapest action changes."""
    if declared is not None:
        yield _threshold(declared.threshold, "")
    if declared is not None and options.third is not None:
        band = reject_band(options.third, declared)
        if band:
            yield _threshold(band[0], "no → third action")
            yield _threshold(band[1], "third action → yes")
    if options.actions:
        bands = lower_envelope(options.actions)
        for before, after in itertools.pairwise(bands):
            yield _threshold(after.low, f"{before.action} → {after.action}")


def _threshold(value: float, group: str) -> AuditValue:
    return AuditValue(
        name="optimal_threshold",
        unit="probability",
        estimate=Estimate(value=value, reason_without=DEFINED, group=group),
    )


def _window_findings(table: CountTable, values: Sequence[AuditValue], declared: Costs | None) -> Iterator[Finding]:
    low, high = (
        {value.estimate.group: value.estimate for value in values if value.name == name}
        for name in ("break_even_low", "break_even_high")
    )
    flag = f"{table.decision} = {table.positive_decision}"
    for group in list(high)[:MANY]:
        said = (
            f"In {group}, deciding as here is cheaper than giving nobody {flag} only if a wrong flag costs less than "
            f"{high[group].value:.2f} times a miss{_around(high[group])}"
        )
        if group in low:
            edge = f"{low[group].value:.2f} times{_around(low[group])}"
            said += f", and cheaper than giving it to everybody only if more than {edge}"
        said += "."
        if declared is not None:
            said += f" Declared: {declared.ratio:.2f} times, {_placed(declared.ratio, low.get(group), high[group])}."
        if group in low and low[group].value >= high[group].value:
            said += " No cost ratio does both."
        yield described("costs", table, said, group=group, value=high[group].value, interval=high[group].interval)


def _around(estimate: Estimate) -> str:
    interval = estimate.interval
    return f" ({interval.low:.2f} to {interval.high:.2f})" if interval else ""


def _placed(ratio: float, low: Estimate | None, high: Estimate) -> str:
    """Where a cost ratio lies, judged by whole intervals of both edges."""
    if high.interval is None or (low is not None and low.interval is None):
        return "and the edges have no interval to judge that by"
    below, above = (low.interval if low else None), high.interval
    if (below is not None and ratio < below.low) or ratio > above.high:
        return "which is outside"
    if (below is None or ratio > below.high) and ratio < above.low:
        return "which is inside"
    return "which is too near to an edge to tell"


def _cost_findings(
    table: CountTable, values: Sequence[AuditValue], declared: Costs | None, options: CostsOptions
) -> Iterator[Finding]:
    if declared is not None:
        yield described("costs", table, _payers(declared, options))
        yield described(
            "costs",
            table,
            f"With these costs yes is cheaper than no from a probability of {declared.threshold:.3f} on, in every "
            "group alike. That needs probabilities that are calibrated in every group; the windows do not.",
        )
        if options.third is not None:
            yield described("costs", table, _third(declared, options.third))
        found = {value.estimate.group: value.estimate for value in values if value.name == "expected_cost"}
        for index in range(min(len(table.groups), MANY)):
            estimate = found.get(f"{group_name(table, index)}, as decided")
            if estimate:
                said = (
                    f"Per person in {group_name(table, index)}: {estimate.value:.3g}{_around(estimate)}, of it "
                    f"{estimate.details['of_wrong_flags']:.3g} for wrong flags and {estimate.details['of_misses']:.3g} "
                    "for misses."
                )
                yield described("costs", table, said, group=group_name(table, index))
    if options.actions:
        yield described("costs", table, _actions(options.actions))


def _payers(declared: Costs, options: CostsOptions) -> str:
    def paid(cost: float, who: str) -> str:
        return f"{cost:g}, paid by {who}" if who else f"{cost:g}; who pays was not declared"

    return (
        f"A wrong flag costs {paid(declared.fp, options.who_pays_fp)}. "
        f"A miss costs {paid(declared.fn, options.who_pays_fn)}."
    )


def _third(declared: Costs, third: float) -> str:
    band = reject_band(third, declared)
    if band is None:
        return f"A third action at a cost of {third:g} is never the cheapest."
    between = f"{band[0]:.3f} and {band[1]:.3f}"
    return f"A third action at a cost of {third:g} is the cheapest between the probabilities {between}."


def _actions(actions: Mapping[str, tuple[float, float]]) -> str:
    bands = lower_envelope(actions)
    listed = ", ".join(f"{band.action} from {band.low:.3f} to {band.high:.3f}" for band in bands)
    never = [name for name in actions if name not in {band.action for band in bands}]
    dominated = f" Never the cheapest: {', '.join(never)}." if never else ""
    return f"The cheapest action by the probability of yes: {listed}.{dominated}"


def _curves(table: CountTable, declared: Costs | None, options: CostsOptions) -> Iterator[Series]:
    """Cost curves: a line for each group, the better of both constants, and where each group stands."""
    right, wrong = shares_of(table, RATES["true_positive_rate"]), shares_of(table, RATES["false_positive_rate"])
    drawn = 0
    for index, everybody in enumerate(shares_of(table, RATES["prevalence"])[:MANY]):
        if min(right[index].people, wrong[index].people) < options.min_count:
            continue
        group, drawn = group_name(table, index), drawn + 1
        yield _line(f"cost_curve/{group}", group, ((0.0, 1.0), (wrong[index].value, 1 - right[index].value)))
        if declared is not None:
            at = probability_cost(everybody.value, declared)
            yield _line(f"cost_mark/{group}", f"here, {group}", ((at, at), (0.0, 0.5)))
    if drawn:
        yield _line("cost_curve/constant", "the better of always and never", ((0.0, 0.5, 1.0), (0.0, 0.5, 0.0)))


def _line(name: str, title: str, points: tuple[tuple[float, ...], tuple[float, ...]]) -> Series:
    return Series(
        name=name,
        title=title,
        x_label="probability cost: prevalence and cost ratio as one number",
        y_label="normalized expected cost",
        x=points[0],
        y=points[1],
    )
