"""How many people of each group have a score at which a declared action, such as asking a human, is the cheapest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.audits.cells import (
    MANY,
    Share,
    around_thousand,
    described,
    estimate_of,
    group_name,
    number_of,
    per_thousand,
)
from genaudit.audits.cost_table import bands_of
from genaudit.values.findings import AuditValue
from genaudit.values.results import Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.audits.table_options import CostsOptions
    from genaudit.stats.decision_costs import Band
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding

NAME = "cheapest_action_share"


def action_shares(table: CountTable, options: CostsOptions) -> Iterator[AuditValue | Unavailable]:
    """The share of each group in each band of scores; nothing without scores that are probabilities."""
    for index in range(len(table.groups)):
        group = group_name(table, index)
        for band, share in _banded(table, index, options):
            name = f"{group}, {band.action}"
            if share.people < options.min_count:
                reason = f"{number_of(share.people)} in {group}: fewer than {options.min_count}, not estimable."
                yield Unavailable(component=NAME, reason_code="below_min_n", reason=reason, group=name)
            else:
                yield AuditValue(name=NAME, unit="fraction", estimate=estimate_of(share, name, level=options.level))


def action_share_findings(table: CountTable, options: CostsOptions) -> Iterator[Finding]:
    """Of each group how many would get which action, if each person got the one that is cheapest at their score."""
    for index in range(min(len(table.groups), MANY)):
        group = group_name(table, index)
        parts = [
            f"{band.action} for {per_thousand(share.value)}{around_thousand(share, options.level)}"
            for band, share in _banded(table, index, options)
            if share.people >= options.min_count
        ]
        if parts:
            said = (
                f"Of 1,000 people of {group}, each with the action that is cheapest at their score: {', '.join(parts)}."
            )
            yield described("costs", table, said, group=group)


def _banded(table: CountTable, index: int, options: CostsOptions) -> Iterator[tuple[Band, Share]]:
    """Each band with the people of one group in it; none if their cells do not end where the bands do."""
    scores = table.scores
    if scores is None or not scores.probabilities:
        return
    people = scores.people[index].sum(axis=0)
    total = float(people.sum())
    squares = total if scores.weight_squares is None else float(scores.weight_squares[index].sum())
    worth = total**2 / squares if squares else 0.0
    cells = [(band, scores.between(band.low, band.high)) for band in bands_of(options)]
    if any(within is None for _, within in cells):
        return
    for band, within in cells:
        yield band, Share(counted=float(people[within].sum()), among=total, worth=worth)
