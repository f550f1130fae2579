"""A gap with something held fixed, in sentences: by the roles that were declared, and no further than the noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.cells import described, p_text
from genaudit.stats import stratified
from genaudit.stats.share_differences import newcombe_interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from genaudit.audits.adjustment import Adjustment
    from genaudit.audits.paired_strata import Pair
    from genaudit.audits.table_options import Role
    from genaudit.stats.stratified import Standardised
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding
    from genaudit.values.results import Interval

    Held = Sequence[tuple[Adjustment, Pair]]

ROLES: dict[Role, str] = {
    "confounder": "the adjusted numbers compare like with like as far as that alone goes",
    "mediator": (
        "on the way from group to decision, and holding it fixed takes away the part of the gap that runs through it: "
        "the adjusted numbers are no measure of the whole gap"
    ),
}
"""What holding a variable fixed means, by the role that was declared for it."""
DISAGREE = 0.05
"""Level below which the strata are said to disagree, and the pooled ratio alone to say too little."""


def crude_finding(table: CountTable, pair: Pair, level: float, held: Held) -> Finding:
    """The overall gap, and what becomes of it with each set of variables held fixed."""
    first, second = pair.crude_shares
    gap = pair.gap(level)
    around = f" ({100 * gap.low:.1f} to {100 * gap.high:.1f})" if pair.reliable else ""
    said = (
        f"Overall gap in {table.flag}: {pair.first} {100 * first:.1f} %, {pair.second} "
        f"{100 * second:.1f} %, difference {100 * (first - second):.1f}{around} percentage points."
    )
    shown = not gap.low <= 0 <= gap.high
    steps = [f"{_held_fixed(step.held, own, level, shown=shown)} {_meaning(step)}" for step, own in held]
    return described("confounding", table, " ".join([said, *steps]), group=pair.name)


def adjusted_findings(table: CountTable, held: Held, level: float) -> Iterator[Finding]:
    """Shares under one mix of strata, reversals, and strata in which nothing can be compared."""
    for step, pair in held:
        found = None if step.mediators else stratified.standardise(pair.tables, pair.sizes)
        if found:
            yield described("confounding", table, _standardised(table, step.held, pair, found, level), group=pair.name)
        if pair.opposite_and_same[0] > pair.opposite_and_same[1]:
            yield described("confounding", table, _reversal(step.held, pair, level), group=pair.name)
        if pair.without_overlap:
            alone = ", ".join(pair.without_overlap[:10])
            said = f"No comparison is possible where only one of both groups has people: {alone}."
            yield described("confounding", table, said, group=pair.name)


def _standardised(table: CountTable, stratum: str, pair: Pair, found: Standardised, level: float) -> str:
    interval = stratified.standardised_interval(pair.tables, pair.sizes, level) if pair.reliable else None
    around = f" ({100 * interval.low:.1f} to {100 * interval.high:.1f})" if interval else ""
    return (
        f"Weighted to the {stratum} of both groups together, {table.flag}: "
        f"{pair.first} {100 * found.first:.1f} %, {pair.second} {100 * found.second:.1f} %, difference "
        f"{100 * found.difference:.1f}{around} percentage points."
    )


def collider_finding(table: CountTable, roles: Mapping[str, Role]) -> list[Finding]:
    """Why a variable that was named is not held fixed."""
    colliders = [name for name, role in roles.items() if role == "collider"]
    if not colliders:
        return []
    were = "was declared a collider" if len(colliders) == 1 else "were declared colliders"
    said = (
        f"{_and(colliders)} {were}, a common consequence of group and decision, and is held fixed nowhere: that would "
        "make a gap where there is none."
    )
    return [described("confounding", table, said)]


def _meaning(step: Adjustment) -> str:
    """What was thought of each variable, and what the adjusted numbers are because of it."""
    said = []
    for role, meaning in ROLES.items():
        names = step.of(role)
        if names:
            were = f"was declared a {role}" if len(names) == 1 else f"were declared {role}s"
            said.append(f"{_and(names)} {were}: {meaning}.")
    unknown = step.of("unknown")
    if unknown:
        said.append(
            f"The data cannot say whether {_and(unknown)} is a cause or a consequence of the group; who knows the case "
            "must."
        )
    return " ".join(said)


def _and(names: Sequence[str]) -> str:
    return " and ".join(names)


def _reversal(stratum: str, pair: Pair, level: float) -> str:
    """Simpson's paradox where it is one; a sign that lies within the noise is said to."""
    opposite, same = pair.opposite_and_same
    total = opposite + same
    seen = (
        f"The gap between {pair.first} and {pair.second} has the opposite sign in {opposite} of {total} strata of "
        f"{stratum}"
    )
    if is_established(pair, level):
        return f"{seen} (Simpson's paradox), beyond the noise of both: the overall gap alone does not show it."
    reasons = []
    if pair.gap(level).low <= 0 <= pair.gap(level).high:
        reasons.append("the overall gap lies within noise")
    pooled = stratified.mantel_haenszel(pair.tables)
    if pooled is None or pooled.interval(level).low <= 1 <= pooled.interval(level).high:
        reasons.append(
            f"so does the pooled one with {stratum} fixed" if reasons else "the pooled gap lies within noise"
        )
    clear = _clear(pair, level)
    of_them = "none" if not clear else f"{clear}"
    own = f"; {of_them} of the {opposite} is beyond noise by itself" if opposite > 1 else ""
    why = " and ".join(reasons) or "how many people the weights are worth is not known"
    return f"{seen} (the pattern of Simpson's paradox{own}), but {why}: a reversal is not established."


def is_established(pair: Pair, level: float) -> bool:
    """Whether the crude gap and the pooled one lie on opposite sides, each with its whole interval."""
    pooled = stratified.mantel_haenszel(pair.tables)
    if pooled is None or not pair.reliable:
        return False
    gap, ratio = pair.gap(level), pooled.interval(level)
    return (gap.low > 0 and ratio.high < 1) or (gap.high < 0 and ratio.low > 1)


def _clear(pair: Pair, level: float) -> int:
    """Strata of the opposite sign whose own interval excludes 0."""
    first, second = pair.crude_shares
    found = 0
    for (a, b), (c, d) in pair.tables.tolist() if pair.reliable else []:
        if a + b and c + d:
            gap = newcombe_interval((a, a + b), (c, c + d), level)
            found += gap.high < 0 if first > second else gap.low > 0
    return int(found)


def _held_fixed(stratum: str, pair: Pair, level: float, *, shown: bool) -> str:
    """What becomes of the overall gap; one that was not ``shown`` can neither survive nor fail to."""
    pooled = stratified.mantel_haenszel(pair.tables)
    if pooled is None or not pair.reliable:
        return f"With {stratum} held fixed nothing can be pooled."
    interval = pooled.interval(level)
    first, second = pair.crude_shares
    if interval.low <= 1 <= interval.high:
        what = "no gap is shown either"
        if shown:
            what = "it may survive or not" if _holds_crude(pair, interval) else "it does not survive"
    elif not shown:
        what = "a gap appears"
    else:
        what = "a gap remains" if (pooled.value > 1) == (first > second) else "a gap of the opposite sign appears"
    said = (
        f"With {stratum} held fixed {what} (pooled odds ratio "
        f"{pooled.value:.2f}, {interval.low:.2f} to {interval.high:.2f})"
    )
    same = stratified.breslow_day(pair.tables, pooled.value)
    if same and same.p_value < DISAGREE:
        return (
            f"{said}; the strata disagree with each other ({p_text(same.p_value)}{_exception(pair)}), so the pooled "
            "number alone says too little."
        )
    return f"{said}."


def _holds_crude(pair: Pair, interval: Interval) -> bool:
    """Whether the pooled odds ratio may as well be that of all strata together: noise is then no end of a gap."""
    (a, b), (c, d) = pair.crude.tolist()
    return bool(b * c > 0 and interval.low <= a * d / (b * c) <= interval.high)


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
