"""Rates of each group, each with its interval or with the reason why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.audits.cells import (
    MANY,
    Share,
    around_thousand,
    described,
    group_name,
    missing_share,
    per_thousand,
    share_value,
    shares_of,
    without_truth,
)
from genaudit.stats.rates import RATES
from genaudit.values.findings import AuditOutcome

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from genaudit.audits.table_options import GroupRatesOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import AuditValue, Finding
    from genaudit.values.results import Unavailable

STATED = {
    "selection_rate": "{group}, about {number} have {flag}",
    "false_positive_rate": "{group} and {no_fact}, about {number} have {flag} all the same",
    "false_negative_rate": "{group} and {fact}, about {number} have {no_flag} all the same",
}
"""Rates that are also said in a sentence."""


def group_rates(
    table: CountTable,
    *,
    options: GroupRatesOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """Every rate of every group with its Wilson interval.

    Args:
        table: Counts; without a truth only the selection rate is defined.
        options: Smallest denominators, level of the intervals.
        rng: Not used; every audit is given one.

    Returns:
        One value for each rate and group, a sentence for the rates that burden people, and what is undefined.
    """
    values: list[AuditValue] = []
    missing: list[Unavailable] = []
    findings: list[Finding] = []
    known = {name: rate for name, rate in RATES.items() if table.has_truth or not rate.needs_truth}
    missing += without_truth([name for name in RATES if name not in known])
    for name, rate in known.items():
        for index, share in enumerate(shares_of(table, rate)):
            group = group_name(table, index)
            reason = missing_share(name, share, rate, group, options.min_count)
            if reason:
                missing.append(reason)
                continue
            values.append(share_value(name, share, group, level=options.level, warn_count=options.warn_count))
            if name in STATED and len(table.groups) <= MANY:
                findings.append(_stated(table, name, share, group, options.level))
    return AuditOutcome(
        values=tuple(values), findings=(*findings, *_summary(table, missing)), unavailable=tuple(missing)
    )


def _stated(table: CountTable, name: str, share: Share, group: str, level: float) -> Finding:
    said = STATED[name].format(
        group=group, number=per_thousand(share.value), flag=table.flag, no_flag=table.no_flag, fact=table.fact,
        no_fact=table.no_fact,
    )  # fmt: skip
    return described(
        "group_rates",
        table,
        f"Of 1,000 people with {said}{around_thousand(share, level)}.",
        group=group,
        value=share.value,
        interval=share.interval(level),
    )


def _summary(table: CountTable, missing: list[Unavailable]) -> Iterator[Finding]:
    """One sentence for all that could not be estimated."""
    names = dict.fromkeys(item.group for item in missing if item.group)
    if names:
        shown = ", ".join(list(names)[:MANY]) + (" and others" if len(names) > MANY else "")
        groups = "1 group" if len(names) == 1 else f"{len(names):,} groups"
        rates = f"1 rate of {groups} is" if len(missing) == 1 else f"{len(missing):,} rates of {groups} are"
        said = f"{rates} undefined or not estimable: {shown}."
        yield described("group_rates", table, said)
