"""Whether a gap between groups survives holding something fixed, and what that can and cannot mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.audits.cells import (
    MANY,
    UNSQUARED,
    comparable,
    described,
    group_name,
    pairs_of,
    told_apart,
    too_few_groups,
)
from genaudit.stats import stratified
from genaudit.stats.intervals import normal_interval
from genaudit.stats.rates import RATES
from genaudit.stats.share_differences import newcombe_interval
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.audits.table_options import ConfoundingOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding
    from genaudit.values.results import Interval

ADJUSTED = (
    "mh_odds_ratio", "cmh_statistic", "cmh_p_value", "breslow_day_p_value", "backdoor_difference", "simpson_reversal",
)  # fmt: skip
ROLES = {
    "confounder": "It was declared a confounder: the adjusted numbers compare like with like as far as it alone goes.",
    "mediator": (
        "It was declared a mediator, on the way from group to decision: holding it fixed takes away the part of the "
        "gap that runs through it, so the adjusted numbers are no measure of the whole gap."
    ),
    "unknown": "The data cannot say whether it is a cause or a consequence of the group; who knows the case must.",
}
"""What holding a variable fixed means, by the role that was declared for it."""
TESTED = "A test statistic or p-value has no interval."


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two groups over the strata: ``(strata, 2, 2)`` with rows first and second group, columns yes and no."""

    name: str
    first: str
    second: str
    strata: tuple[str, ...]
    tables: NDArray[np.float64]
    """Counts, or weights scaled to the people they are worth."""
    reliable: bool
    """Whether it is known how many people the counts are worth."""

    @property
    def crude(self) -> NDArray[np.float64]:
        """``(2, 2)``: all strata together."""
        return np.asarray(self.tables.sum(axis=0), dtype=np.float64)

    @property
    def people(self) -> int:
        """Both groups together."""
        return round(float(self.tables.sum()))

    @property
    def crude_shares(self) -> tuple[float, float]:
        """Share of yes in both groups."""
        first, second = (self.crude[:, 0] / self.crude.sum(axis=1)).tolist()
        return first, second

    @property
    def without_overlap(self) -> list[str]:
        """Strata with people of one group alone."""
        people = self.tables.sum(axis=2)
        alone = (people == 0).any(axis=1) & (people > 0).any(axis=1)
        return [self.strata[index] for index in np.flatnonzero(alone)]

    @property
    def signs(self) -> NDArray[np.int64]:
        """Sign of the difference in each stratum in which both groups have people, from whole products."""
        (a, b), (c, d) = self.tables.transpose(1, 2, 0)
        both = ((a + b) > 0) & ((c + d) > 0)
        return np.asarray(np.sign(a * (c + d) - c * (a + b))[both], dtype=np.int64)


def confounding(
    table: CountTable,
    *,
    options: ConfoundingOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """The crude gap in decisions beside the same gap with the stratum variable held fixed.

    Adjusted numbers need the variable's role: holding a mediator or a common consequence fixed is wrong, and no table
    can tell them from a confounder.

    Args:
        table: Counts with strata; the truth is not used.
        options: Role of the stratum variable, smallest groups, level.
        rng: Not used; every audit is given one.
    """
    usable, missing = comparable(table, RATES["selection_rate"], "crude_difference", options.min_count)
    if len(usable) < 2:
        left = (*missing, too_few_groups("crude_difference", table, len(usable)))
        return AuditOutcome(values=(), findings=(), unavailable=left)
    pairs = [_pair(table, first, second) for first, second in pairs_of(table, list(usable))]
    found = [item for pair in pairs for item in _crude(pair, options.level)]
    findings: list[Finding] = []
    why_not = _not_assessed(table, options)
    for pair in [] if why_not else pairs:
        found += _adjusted(pair, options.level)
        if len(findings) < MANY:
            findings += _findings(table, pair, options)
    values, undefined = told_apart(found)
    return AuditOutcome(values=values, findings=tuple(findings), unavailable=(*missing, *undefined, *why_not))


def _not_assessed(table: CountTable, options: ConfoundingOptions) -> tuple[Unavailable, ...]:
    if len(table.strata) < 2 or not table.stratum:
        code, reason, hint = "no_strata", "Nothing was named that could be held fixed.", "Name a column with --stratum."
    elif options.role is None:
        code = "role_undeclared"
        reason = f"Nobody said what {table.stratum} is: a confounder, a mediator, or unknown."
        hint = "Give confounding.role: adjusting for a mediator answers another question."
    else:
        return ()
    return tuple(Unavailable(component=name, reason_code=code, reason=reason, hint=hint) for name in ADJUSTED)


def _pair(table: CountTable, first: int, second: int) -> Pair:
    decided = table.counts.sum(axis=2)[:, [first, second]]
    reliable = not table.weighted or table.squares is not None
    if table.weighted and table.squares is not None:
        squares = table.squares.sum(axis=(2, 3))[:, [first, second]]
        worth = decided.sum(axis=2) / np.where(squares > 0, squares, 1.0)
        decided = decided * worth[:, :, None]
    return Pair(
        name=f"{group_name(table, first)} − {table.groups[second]}",
        first=group_name(table, first),
        second=group_name(table, second),
        strata=table.strata,
        tables=np.asarray(decided[:, :, ::-1], dtype=np.float64),
        reliable=reliable,
    )


def _crude(pair: Pair, level: float) -> Iterator[AuditValue | Unavailable]:
    (a, b), (c, d) = pair.crude.tolist()
    first, second = pair.crude_shares
    interval = newcombe_interval((a, a + b), (c, c + d), level)
    yield _value("crude_difference", "fraction", first - second, pair, interval)
    ratio = stratified.mantel_haenszel(pair.crude[None])
    if ratio:
        yield _value("crude_odds_ratio", "odds ratio", ratio.value, pair, ratio.interval(level))
    else:
        yield _undefined("crude_odds_ratio", pair, "A group has one answer alone: the ratio is 0 or has no bound.")


def _adjusted(pair: Pair, level: float) -> Iterator[AuditValue | Unavailable]:
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
    yield from _standardised(pair, level)
    yield _reversal(pair)


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


def _standardised(pair: Pair, level: float) -> Iterator[AuditValue | Unavailable]:
    name, found = "backdoor_difference", stratified.standardise(pair.tables)
    if found is None:
        strata = ", ".join(pair.without_overlap[:10])
        yield _undefined(name, pair, f"No overlap: one of both groups has nobody in {strata}.")
        return
    interval = normal_interval(
        found.difference,
        found.standard_error,
        how="delta method over answers and strata",
        level=level,
        bounds=(-1.0, 1.0),
    )
    yield _value(name, "fraction", found.difference, pair, interval, {"first": found.first, "second": found.second})


def _reversal(pair: Pair) -> AuditValue:
    opposite, same = _opposite_and_same(pair)
    details = {"strata_opposite": float(opposite), "strata_same": float(same)}
    reason = "A count of signs: whether most strata differ from the crude gap in sign."
    return _value("simpson_reversal", "0 or 1", float(opposite > same), pair, None, details, reason=reason)


def _opposite_and_same(pair: Pair) -> tuple[int, int]:
    (a, b), (c, d) = pair.crude.tolist()
    crude = np.sign(a * (c + d) - c * (a + b))
    if crude == 0:
        return 0, 0
    return int((pair.signs == -crude).sum()), int((pair.signs == crude).sum())


def _value(
    name: str,
    unit: str,
    value: float,
    pair: Pair,
    interval: Interval | None,
    details: dict[str, float] | None = None,
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
    )
    return AuditValue(name=name, unit=unit, estimate=estimate)


def _undefined(name: str, pair: Pair, reason: str) -> Unavailable:
    return Unavailable(component=name, reason_code="empty_cell", reason=reason, group=pair.name)


def _findings(table: CountTable, pair: Pair, options: ConfoundingOptions) -> Iterator[Finding]:
    first, second = pair.crude_shares
    (a, b), (c, d) = pair.crude.tolist()
    gap = newcombe_interval((a, a + b), (c, c + d), options.level)
    around = f" ({100 * gap.low:.1f} to {100 * gap.high:.1f})" if pair.reliable else ""
    crude = (
        f"{pair.first} {100 * first:.1f} %, {pair.second} {100 * second:.1f} %, difference "
        f"{100 * (first - second):.1f}{around} percentage points"
    )
    said = f"Overall gap in {table.decision} = {table.positive_decision}: {crude}. " + _held_fixed(
        table.stratum, pair, options.level, shown=not gap.low <= 0 <= gap.high
    )
    yield described("confounding", table, f"{said} {ROLES[options.role or 'unknown']}", group=pair.name)
    opposite, same = _opposite_and_same(pair)
    if opposite > same:
        total = opposite + same
        yield described(
            "confounding",
            table,
            f"The gap between {pair.first} and {pair.second} has the opposite sign in {opposite} of {total} strata of "
            f"{table.stratum} (Simpson's paradox): the overall gap alone misleads.",
            group=pair.name,
        )
    if pair.without_overlap:
        alone = ", ".join(pair.without_overlap[:10])
        yield described(
            "confounding",
            table,
            f"No comparison is possible where only one of both groups has people: {alone}.",
            group=pair.name,
        )


def _held_fixed(stratum: str, pair: Pair, level: float, *, shown: bool) -> str:
    """What becomes of the overall gap; one that was not ``shown`` can neither survive nor fail to."""
    pooled = stratified.mantel_haenszel(pair.tables)
    if pooled is None or not pair.reliable:
        return f"With {stratum} held fixed nothing can be pooled."
    interval = pooled.interval(level)
    first, second = pair.crude_shares
    if interval.low <= 1 <= interval.high:
        what = "it does not survive" if shown else "no gap is shown either"
    elif not shown:
        what = "a gap appears"
    else:
        what = "a gap remains" if (pooled.value > 1) == (first > second) else "a gap of the opposite sign appears"
    said = (
        f"With {stratum} held fixed {what} (pooled odds ratio "
        f"{pooled.value:.2f}, {interval.low:.2f} to {interval.high:.2f})"
    )
    same = stratified.breslow_day(pair.tables, pooled.value)
    if same and same.p_value < 0.05:
        return (
            f"{said}; the strata disagree with each other (p = {same.p_value:.2g}{_exception(pair)}), so the pooled "
            "number alone says too little."
        )
    return f"{said}."


def _exception(pair: Pair) -> str:
    """The stratum that is farthest from the pooled odds ratio, where it can be computed."""
    pooled = stratified.mantel_haenszel(pair.tables)
    ratios = {
        name: found
        for name, one in zip(pair.strata, pair.tables, strict=True)
        if (found := stratified.mantel_haenszel(one[None]))
    }
    if not ratios or pooled is None:
        return ""
    name = max(ratios, key=lambda name: abs(np.log(ratios[name].value / pooled.value)) / ratios[name].log_error)
    return f", largest exception {name}: {ratios[name].value:.2f}"
