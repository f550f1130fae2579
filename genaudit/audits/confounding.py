"""Whether a gap between groups survives holding something fixed: pooled, tested, standardised."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.audits.adjustment import adjustments, declared_roles
from genaudit.audits.cells import (
    BOUND,
    MANY,
    UNSQUARED,
    comparable,
    pairs_of,
    told_apart,
    too_few_groups,
)
from genaudit.audits.confounding_findings import adjusted_findings, collider_finding, crude_finding, is_established
from genaudit.audits.paired_strata import paired
from genaudit.stats import stratified
from genaudit.stats.goodness_of_fit import SMALLEST
from genaudit.stats.rates import RATES
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np

    from genaudit.audits.adjustment import Adjustment
    from genaudit.audits.paired_strata import Pair
    from genaudit.audits.table_options import ConfoundingOptions, Role
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding
    from genaudit.values.results import Interval

ADJUSTED = (
    "mh_odds_ratio", "cmh_statistic", "cmh_p_value", "breslow_day_p_value", "backdoor_difference", "simpson_reversal",
)  # fmt: skip
TESTED = "A test statistic or p-value has no interval."


def confounding(
    table: CountTable,
    *,
    options: ConfoundingOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """The crude gap in decisions beside the same gap with stratum variables held fixed.

    Adjusted numbers need the role of each variable: holding a mediator or a common consequence fixed is wrong, and no
    table can tell them from a confounder. Variables of several roles are held fixed step by step, causes of both first;
    the back-door difference is given as long as no mediator is among them, and a collider never is.

    Args:
        table: Counts with strata; the truth is not used.
        options: Role of each stratum variable, smallest groups, level.
        rng: Not used; every audit is given one.
    """
    usable, missing = comparable(table, RATES["selection_rate"], "crude_difference", options.min_count)
    if len(usable) < 2:
        left = (*missing, too_few_groups("crude_difference", table, len(usable)))
        return AuditOutcome(values=(), findings=(), unavailable=left)
    chosen = pairs_of(table, list(usable))
    found = [item for first, second in chosen for item in _crude(paired(table, first, second), options.level)]
    findings: list[Finding] = []
    roles, why_not = _roles(table, options)
    steps = adjustments(table, roles)
    for first, second in chosen if steps else []:
        pairs = [(step, _named(paired(table, first, second, step), step, several=len(steps) > 1)) for step in steps]
        for step, pair in pairs:
            found += _adjusted(pair, step, options.level)
        if len(findings) < MANY:
            findings.append(crude_finding(table, paired(table, first, second), options.level, pairs))
            findings += adjusted_findings(table, pairs, options.level)
    if steps:
        findings += collider_finding(table, roles)
    values, undefined = told_apart(found)
    return AuditOutcome(values=values, findings=tuple(findings), unavailable=(*missing, *undefined, *why_not))


def _roles(table: CountTable, options: ConfoundingOptions) -> tuple[dict[str, Role], tuple[Unavailable, ...]]:
    """The declared role of every variable, or none and why nothing is held fixed."""
    roles = declared_roles(table, options.role)
    undeclared = [name for name, role in roles.items() if role is None]
    if len(table.strata) < 2 or not roles:
        code, reason, hint = "no_strata", "Nothing was named that could be held fixed.", "Name a column with --stratum."
    elif undeclared:
        code = "role_undeclared"
        reason = f"Nobody said what {' and '.join(undeclared)} is: a confounder, a mediator, a collider, or unknown."
        hint = "Give --role: adjusting for a mediator answers another question."
    elif set(roles.values()) == {"collider"}:
        code = "role_collider"
        reason = (
            f"{' and '.join(roles)} was declared a collider, a common consequence of group and decision: holding it "
            "fixed would make a gap where there is none."
        )
        hint = "Nothing is missing; name a column that is a cause of both to hold that fixed."
    else:
        return {name: role for name, role in roles.items() if role is not None}, ()
    why = tuple(Unavailable(component=name, reason_code=code, reason=reason, hint=hint) for name in ADJUSTED)
    return {}, why


def _named(pair: Pair, step: Adjustment, *, several: bool) -> Pair:
    """A pair under a name that tells what was held fixed, where there is more than one answer."""
    return replace(pair, name=f"{pair.name}, {step.held} fixed") if several else pair


def _crude(pair: Pair, level: float) -> Iterator[AuditValue | Unavailable]:
    first, second = pair.crude_shares
    yield _value("crude_difference", "fraction", first - second, pair, pair.gap(level))
    ratio = stratified.mantel_haenszel(pair.crude[None])
    if ratio:
        yield _value("crude_odds_ratio", "odds ratio", ratio.value, pair, ratio.interval(level))
    else:
        yield _undefined("crude_odds_ratio", pair, "A group has one answer alone: the ratio is 0 or has no bound.")


def _adjusted(pair: Pair, step: Adjustment, level: float) -> Iterator[AuditValue | Unavailable]:
    pooled = stratified.mantel_haenszel(pair.tables)
    if pooled is None:
        for name in ("mh_odds_ratio", "breslow_day_p_value"):
            yield _undefined(name, pair, "No stratum has both answers in both groups: the ratio is 0 or has no bound.")
    else:
        yield _value("mh_odds_ratio", "odds ratio", pooled.value, pair, pooled.interval(level))
        same = stratified.breslow_day(pair.tables, pooled.value)
        if same is None:
            yield _undefined("breslow_day_p_value", pair, "Fewer than two strata have both groups and both answers.")
        else:
            details = {"statistic": same.statistic, "degrees_of_freedom": float(same.degrees_of_freedom)}
            tarone = stratified.breslow_day(pair.tables, pooled.value, tarone=True)
            details |= {"p_value_with_tarones_correction": tarone.p_value} if tarone else {}
            yield _value("breslow_day_p_value", "probability", same.p_value, pair, None, details, reason=TESTED)
    yield from _tested(pair)
    yield _standardised(pair, step, level)
    yield _reversal(pair, level)


def _tested(pair: Pair) -> Iterator[AuditValue | Unavailable]:
    plain = stratified.cochran_mantel_haenszel(pair.tables)
    corrected = stratified.cochran_mantel_haenszel(pair.tables, correction=True)
    if plain is None or corrected is None:
        for name in ("cmh_statistic", "cmh_p_value"):
            yield _undefined(name, pair, "No stratum has both groups and both answers.")
        return
    for name, unit, value, other in (
        ("cmh_statistic", "chi-square", plain.statistic, corrected.statistic),
        ("cmh_p_value", "probability", plain.p_value, corrected.p_value),
    ):
        yield _value(name, unit, value, pair, None, {"with_continuity_correction": other}, reason=TESTED)


def _standardised(pair: Pair, step: Adjustment, level: float) -> AuditValue | Unavailable:
    name = "backdoor_difference"
    if step.mediators:
        reason = (
            f"{' and '.join(step.mediators)} lies on the way from group to decision: the back-door formula is for "
            "causes of both, and standardising over it would take a part of the gap away."
        )
        return Unavailable(component=name, reason_code="role_mediator", reason=reason, group=pair.name)
    found = stratified.standardise(pair.tables, pair.sizes)
    if found is None:
        strata = ", ".join(pair.without_overlap[:10])
        return _undefined(name, pair, f"No overlap: one of both groups has nobody in {strata}.")
    interval = stratified.standardised_interval(pair.tables, pair.sizes, level)
    return _value(name, "fraction", found.difference, pair, interval, {"first": found.first, "second": found.second})


def _reversal(pair: Pair, level: float) -> AuditValue:
    opposite, same = pair.opposite_and_same
    established = float(opposite > same and is_established(pair, level))
    details = {"strata_opposite": float(opposite), "strata_same": float(same), "established": established}
    reason = "A count of signs: whether most strata differ from the crude gap in sign."
    return _value("simpson_reversal", "0 or 1", float(opposite > same), pair, None, details, reason=reason)


def _value(
    name: str,
    unit: str,
    value: float,
    pair: Pair,
    interval: Interval | None,
    details: Mapping[str, float] | None = None,
    *,
    reason: str = "",
) -> AuditValue:
    kept = interval if pair.reliable else None
    estimate = Estimate(
        value=value,
        interval=kept,
        reason_without="" if kept else reason or UNSQUARED,
        n_reference=pair.people,
        group=pair.name,
        details=details or {},
        note=BOUND if name.endswith("p_value") and value <= SMALLEST else "",
    )
    return AuditValue(name=name, unit=unit, estimate=estimate)


def _undefined(name: str, pair: Pair, reason: str) -> Unavailable:
    return Unavailable(component=name, reason_code="empty_cell", reason=reason, group=pair.name)
