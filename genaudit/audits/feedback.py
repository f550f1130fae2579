"""An illustration of feedback: what becomes of shares if looking follows what was found before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.cells import comparable, described, group_name, pairs_of, shares_of, within_noise
from genaudit.errors import NotApplicable
from genaudit.stats.rates import RATES
from genaudit.stats.urns import corrected_limit, discovery_limit, expected_path
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Interval, Series

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.audits.cells import Share
    from genaudit.audits.table_options import FeedbackOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding

ILLUSTRATION = (
    "An illustration of a mechanism and no forecast: it supposes that the next look goes to a group with the "
    "probability of its share of all discoveries so far, and that nothing else changes."
)
EXACT = "A limit of a stated mechanism; start and chances are taken as known."
LEAST = 10


def feedback(
    table: CountTable,
    *,
    options: FeedbackOptions,
    rng: np.random.Generator,  # noqa: ARG001 - limits are known in closed form
) -> AuditOutcome:
    """Where the share of a group in all discoveries ends if only what is looked at can be found.

    Args:
        table: Counts; gives start and chances of a discovery that are not declared.
        options: Chance of a discovery in each group, and discoveries to begin with.
        rng: Not used; every audit is given one.

    Returns:
        For each pair of groups the start, the limit if discoveries alone count, and the limit if a discovery counts
        less where more is looked; as an illustration.

    Raises:
        NotApplicable: No truth and no chances were declared, or fewer than two groups have both above 0.
    """
    counted = _counted(table, options)
    rates = options.discovery or {group: share.value for group, share in counted.items()}
    start = dict(options.start) if options.start else _flagged(table)
    groups = [index for index, group in enumerate(table.groups) if rates.get(group, 0) > 0 and start.get(group, 0) > 0]
    if len(groups) < 2:
        raise NotApplicable(
            "missing_group", "Fewer than two groups have discoveries to begin with and a chance of more."
        )
    pairs = pairs_of(table, groups)
    values: list[AuditValue] = []
    findings = [described("feedback", table, ILLUSTRATION)]
    series: list[Series] = []
    for first, second in pairs:
        both = table.groups[first], table.groups[second]
        begin, chance = tuple(start[group] for group in both), tuple(rates[group] for group in both)
        name = f"{group_name(table, first)} against {table.groups[second]}"
        values += _values(name, (begin[0], begin[1]), (chance[0], chance[1]))
        if len(series) < 10:
            noise = within_noise(counted[both[0]], counted[both[1]]) if counted else None
            findings += _findings(table, name, (begin[0], begin[1]), (chance[0], chance[1]), noise)
            series.append(_path(name, (begin[0], begin[1]), (chance[0], chance[1])))
    return AuditOutcome(values=tuple(values), findings=tuple(findings), series=tuple(series))


def _counted(table: CountTable, options: FeedbackOptions) -> dict[str, Share]:
    """The prevalence in each group, which serves for a chance; none if chances were declared."""
    if options.discovery:
        return {}
    if not table.has_truth:
        raise NotApplicable(
            "no_truth",
            "The table has no truth, and no chances of a discovery were declared.",
            "Give --set feedback.discovery=A=0.1,B=0.1 with your groups.",
        )
    usable, _ = comparable(table, RATES["prevalence"], "feedback_limit_share", LEAST)
    return {table.groups[index]: share for index, share in usable.items()}


def _flagged(table: CountTable) -> dict[str, float]:
    selected = shares_of(table, RATES["selection_rate"])
    return {group: share.counted for group, share in zip(table.groups, selected, strict=True)}


def _values(name: str, start: tuple[float, float], rates: tuple[float, float]) -> Iterator[AuditValue]:
    mean, low, high = discovery_limit(start, rates)
    interval = Interval(low=low, high=high, level=0.9, method="quantiles of the Beta limit") if low < high else None
    for value, kind, held in (
        (start[0] / sum(start), "at the start", None),
        (mean, "discoveries alone", interval),
        (corrected_limit(rates), "counted less where more is looked", None),
    ):
        estimate = Estimate(
            value=value,
            interval=held,
            reason_without="" if held else EXACT,
            group=f"{name}, {kind}",
            parameters={"chance": rates[0], "chance_other": rates[1]},
        )
        yield AuditValue(name="feedback_limit_share", unit="fraction", estimate=estimate)


def _findings(
    table: CountTable, name: str, start: tuple[float, float], rates: tuple[float, float], noise: Interval | None
) -> Iterator[Finding]:
    mean, low, high = discovery_limit(start, rates)
    begin = start[0] / sum(start)
    if low < high:
        said = (
            f"{name}: with the same chance of a discovery everywhere the share, {begin:.3f} now, settles anywhere "
            f"around it (90 % between {low:.3f} and {high:.3f}): the start decides, and nothing that is found corrects "
            "it."
        )
    else:
        said = (
            f"{name}: with chances of {rates[0]:.3f} and {rates[1]:.3f} the share, {begin:.3f} now, goes to {mean:.0f} "
            "in the end, however small the difference of the chances"
        )
        said += (
            f"; this one lies within noise ({noise.low:.3f} to {noise.high:.3f}), and with the other sign the share "
            f"would go to {1 - mean:.0f}."
            if noise
            else "."
        )
    after = f" If a discovery counts less where more is looked, it goes to {corrected_limit(rates):.3f}."
    yield described("feedback", table, said + after, group=name)


def _path(name: str, start: tuple[float, float], rates: tuple[float, float]) -> Series:
    totals = np.geomspace(sum(start), 1e4 * sum(start), 41)
    return Series(
        name=f"feedback_path/{name}",
        title=name,
        x_label="discoveries",
        y_label="share of the first group",
        x=tuple(totals.tolist()),
        y=tuple(expected_path(start, rates, totals).tolist()),
    )
