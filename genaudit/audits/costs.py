"""What decisions cost, whom, and for which costs they are worth having: a property of decision and action together."""

from __future__ import annotations

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
from genaudit.audits.cost_table import (
    NOBODY,
    Action,
    action_costs,
    actions_of,
    amount,
    declared_costs,
    outcome_prices,
    policy_of,
    said_of_costs,
    thresholds,
)
from genaudit.audits.score_bands import action_share_findings, action_shares
from genaudit.stats.decision_costs import (
    Costs,
    expected_cost_interval,
    normalized_expected_cost,
    probability_cost,
)
from genaudit.stats.rates import RATES
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Interval, Series, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from genaudit.audits.table_options import CostsOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding

DECIDED = ("normalized_expected_cost",)
COSTED = ("expected_cost", "optimal_threshold", *DECIDED)
PER_PERSON = ("expected_cost", "cost_borne")
ERRORS = ("true_positive_rate", "false_positive_rate")
PARTS = ("rightly_left_alone", "wrong_flags", "misses", "right_flags")
"""What TN, FP, FN and TP cost, as details name them."""
ALIKE = "The same for everybody, whatever the truth: nothing varies."


def costs(
    table: CountTable,
    *,
    options: CostsOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """Break-even windows of each group, and of declared actions: their costs, who bears them, where each is cheapest.

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
    declared, actions = declared_costs(options), actions_of(options)
    values, missing = told_apart(
        (
            *_windows(table, options),
            *action_costs(table, actions),
            *_costed(table, actions, options),
            *thresholds(options),
            *action_shares(table, options),
        )
    )
    findings = [*_window_findings(table, values, declared), *_cost_findings(table, values, actions, options)]
    series = tuple(_curves(table, declared, options))
    return AuditOutcome(values=values, findings=tuple(findings), unavailable=missing, series=series)


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


def _costed(
    table: CountTable, actions: tuple[Action, ...], options: CostsOptions
) -> Iterator[AuditValue | Unavailable]:
    """What each group costs as decided and under every policy that treats all alike."""
    declared = declared_costs(options)
    if declared is None:
        for name in COSTED if not actions else DECIDED:
            yield Unavailable(
                component=name,
                reason_code="not_declared",
                reason="Nobody said what a wrong flag and a miss cost.",
                hint="Give --cost fp=NUMBER and --cost fn=NUMBER, and --who-pays for each.",
            )
    everybody, right, wrong = (shares_of(table, RATES[rate]) for rate in ("prevalence", *ERRORS))
    for index, share in enumerate(everybody if actions else ()):
        group = group_name(table, index)
        reason = missing_share("expected_cost", share, RATES["prevalence"], group, options.min_count)
        if reason:
            yield reason
            continue
        cells = [float(count) for count in table.confusion[index].ravel()]
        if declared is not None:
            yield from _as_decided(cells, share, group, declared, options)
        for action in actions:
            no, yes = action.line
            policy = policy_of(action)
            yield _expected((no, no, yes, yes), cells, share, f"{group}, {policy}", options)
        if declared is not None:
            yield _normalized(
                group, share, dict(zip(ERRORS, (right[index], wrong[index]), strict=True)), declared, options
            )


def _as_decided(
    cells: Sequence[float], share: Share, group: str, declared: Costs, options: CostsOptions
) -> Iterator[AuditValue]:
    """The cost of the decisions of the table, and what each who pays bears of it."""
    priced = outcome_prices(declared, options.who_pays or {})
    prices = tuple(price.cost for price in priced.values())
    parts = {f"of_{name}": price * count / sum(cells) for name, price, count in zip(PARTS, prices, cells, strict=True)}
    details = {name: part for name, part in parts.items() if part or name in {"of_wrong_flags", "of_misses"}}
    yield _expected(prices, cells, share, f"{group}, as decided", options, details=details)
    payers = {price.payer for price in priced.values() if price.cost}
    for payer in sorted(payers, key=lambda name: (not name, name)) if any(payers) else ():
        own = tuple(price.cost if price.payer == payer else 0.0 for price in priced.values())
        yield _expected(own, cells, share, f"{group}, paid by {payer or NOBODY}", options, name="cost_borne")


def _expected(
    prices: Sequence[float],
    cells: Sequence[float],
    share: Share,
    group: str,
    options: CostsOptions,
    *,
    name: str = "expected_cost",
    details: Mapping[str, float] | None = None,
) -> AuditValue:
    """A mean of prices over people, with its interval."""
    total = sum(cells)
    people = [count / total * share.people for count in cells]  # weighted ones on the scale of effective people
    interval = None if share.worth is None else expected_cost_interval(prices, people, options.level)
    estimate = Estimate(
        value=sum(price * count for price, count in zip(prices, cells, strict=True)) / total,
        interval=interval,
        reason_without="" if interval else UNSQUARED if share.worth is None else ALIKE,
        n_reference=round(share.people),
        group=group,
        details=details or {},
    )
    return AuditValue(name=name, unit="cost per person", estimate=estimate)


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


def _window_findings(table: CountTable, values: Sequence[AuditValue], declared: Costs | None) -> Iterator[Finding]:
    low, high = (
        {value.estimate.group: value.estimate for value in values if value.name == name}
        for name in ("break_even_low", "break_even_high")
    )
    for group in list(high)[:MANY]:
        said = (
            f"In {group}, deciding as here is cheaper than giving nobody {table.flag} only if a wrong flag costs less "
            f"than {high[group].value:.2f} times a miss{_around(high[group])}"
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
    table: CountTable, values: Sequence[AuditValue], actions: tuple[Action, ...], options: CostsOptions
) -> Iterator[Finding]:
    for said in said_of_costs(table, options, actions):
        yield described("costs", table, said)
    yield from action_share_findings(table, options)
    found = {(value.name, value.estimate.group): value.estimate for value in values if value.name in PER_PERSON}
    alike = [policy_of(action) for action in actions]
    for index in range(min(len(table.groups), MANY)):
        group = group_name(table, index)
        said = _per_person(group, alike, {key: one for key, one in found.items() if key[1].startswith(f"{group}, ")})
        if said:
            yield described("costs", table, said, group=group)


def _per_person(group: str, alike: Sequence[str], found: Mapping[tuple[str, str], Estimate]) -> str:
    """What a person of a group costs as decided, by what and by who pays, and if all were treated alike."""
    said = []
    decided = found.get(("expected_cost", f"{group}, as decided"))
    if decided:
        titles = dict(zip(PARTS, ("rightly leaving alone", "wrong flags", "misses", "right flags"), strict=True))
        parts = [f"{amount(part)} for {titles[name.removeprefix('of_')]}" for name, part in decided.details.items()]
        said.append(f"Per person in {group}: {_cost(decided)}, of it {_listed(parts)}.")
        start = f"{group}, paid by "
        borne = [(key.removeprefix(start), one) for (name, key), one in found.items() if name == "cost_borne"]
        if borne:
            said.append(f"Borne by {'; by '.join(f'{payer}: {_cost(one)}' for payer, one in borne)}.")
    others = [(policy, found.get(("expected_cost", f"{group}, {policy}"))) for policy in alike]
    costs_of = [f"{policy} {_cost(one)}" for policy, one in others if one]
    if costs_of:
        said.append(f"If all of {group} were treated alike: {', '.join(costs_of)}.")
    return " ".join(said)


def _cost(estimate: Estimate) -> str:
    interval = estimate.interval
    around = f" ({amount(interval.low)} to {amount(interval.high)})" if interval else ""
    return f"{amount(estimate.value)}{around}"


def _listed(parts: Sequence[str]) -> str:
    return f"{', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else "".join(parts)


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
