"""Differences and ratios of rates between groups: intervals for each pair, a test for the largest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.cells import (
    UNSQUARED,
    Share,
    comparable,
    group_name,
    pairs_of,
    too_few_groups,
    ungrouped,
    without_truth,
)
from genaudit.audits.difference_words import listed, said_of_test, title
from genaudit.audits.disparity_verdicts import judged, not_judged
from genaudit.audits.unknown_outcomes import most_added, people_unknown
from genaudit.stats.label_permutation import MOST_PERMUTED, PermutationTest, bootstrap_error, permutation_test
from genaudit.stats.multiplicity import benjamini_hochberg
from genaudit.stats.rates import RATES, Rate
from genaudit.stats.share_differences import (
    largest_difference_interval,
    newcombe_interval,
    ratio_interval,
    smallest_ratio_interval,
)
from genaudit.values.findings import AuditOutcome, AuditValue, Finding
from genaudit.values.results import Estimate, Interval, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genaudit.audits.table_options import DisparitiesOptions
    from genaudit.values.counts import CountTable

WEIGHTED = "sums of weights cannot be permuted"
TOO_MANY = f"labels of more than {MOST_PERMUTED:,} people cannot be permuted"
KINDS = {
    "demographic_parity": ("selection_rate",),
    "equal_opportunity": ("true_positive_rate",),
    "false_positive_rate": ("false_positive_rate",),
    "equalized_odds": ("true_positive_rate", "false_positive_rate"),
    "positive_predictive_value": ("positive_predictive_value",),
    "negative_predictive_value": ("negative_predictive_value",),
    "accuracy": ("accuracy",),
}
"""What is compared, and the rates that it compares. Complements (true negative rate and the like) differ by as much."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One kind of rate over all groups that have it."""

    kind: str
    rates: tuple[Rate, ...]
    shares: tuple[dict[int, Share], ...]
    """For each rate the share of each usable group."""
    test: PermutationTest | None
    """None for weighted tables, and beyond ``MOST_PERMUTED`` people."""
    error: float | None
    untested: str = ""
    """Why there is no test."""
    left_out: tuple[str, ...] = ()
    """Groups that could not be compared."""
    unknown: tuple[str, ...] = ()
    """Of these, groups of people whose rate nobody knows: not those of nobody, and not people without a group."""
    ungrouped: tuple[dict[int, Share], ...] = ()
    """For each rate the share of the people of whom no group was written down, where there are enough of them."""
    worse: float = 0.0
    """How much the difference would grow in the worst case of the people whose truth or decision is unknown."""

    @property
    def extremes(self) -> tuple[int, int, int]:
        """Which rate differs most, and the groups in which it is highest and lowest."""
        ranges = [self._range(shares) for shares in self.shares]
        which = ranges.index(max(ranges))
        shares = self.shares[which]
        high, low = (pick(shares, key=lambda index: shares[index].value) for pick in (max, min))
        return which, high, low

    @property
    def difference(self) -> float:
        """Largest minus smallest."""
        return max(map(self._range, self.shares))

    @property
    def people(self) -> float:
        """Everybody who was compared."""
        return max(sum(share.people for share in shares.values()) for shares in self.shares)

    @property
    def intervals_possible(self) -> bool:
        """Whether it is known how many people the counts are worth."""
        return all(share.worth is not None for shares in self.shares for share in shares.values())

    def difference_interval(self, level: float) -> Interval | None:
        """Interval that holds for all groups and all rates together."""
        if not self.intervals_possible:
            return None
        single = 1 - (1 - level) / len(self.shares)
        found = [largest_difference_interval(_effective(shares), single) for shares in self.shares]
        return _largest(found, level)

    @staticmethod
    def _range(shares: dict[int, Share]) -> float:
        values = [share.value for share in shares.values()]
        return max(values) - min(values)


def disparities(table: CountTable, *, options: DisparitiesOptions, rng: np.random.Generator) -> AuditOutcome:
    """How far rates lie apart between groups, for each pair and at most, with the declared primary judged.

    The largest difference is tested by permutation of group labels, within the truth where a rate is taken within it.
    P-values of all but the primary are adjusted together (Benjamini and Hochberg).

    Args:
        table: Counts; without a truth only selection rates can be compared.
        options: Primary and tolerance, permutations, bootstraps, smallest denominators, level.
        rng: Source of the permutations and of the bootstrap.

    Returns:
        Differences and ratios over all groups and, for a single rate, of each pair; who was left out and why.
    """
    missing: list[Unavailable] = []
    compared: list[Compared] = []
    inhabited = {
        group_name(table, int(i)) for i in np.flatnonzero(table.confusion.sum(axis=(1, 2)) + people_unknown(table))
    }
    for kind, names in KINDS.items():
        rates = tuple(RATES[name] for name in names)
        name = f"{kind}_difference"
        if not table.has_truth and any(rate.needs_truth for rate in rates):
            missing += without_truth([name])
            continue
        found = [comparable(table, rate, name, options.min_count) for rate in rates]
        missing += _once(item for _, others in found for item in others)
        shares = tuple(usable for usable, _ in found)
        if min(map(len, shares)) < 2:
            missing.append(too_few_groups(name, table, min(map(len, shares))))
            continue
        one = _compared(kind, rates, shares, table, options, rng)
        left = [item for item in missing if item.component == name]
        unknown = tuple(item.group for item in left if item.reason_code != "missing_group" and item.group in inhabited)
        nameless = tuple(ungrouped(table, rate, options.min_count) for rate in rates)
        left_out = tuple(item.group for item in left)
        worse = most_added(table, rates, shares)
        compared.append(replace(one, left_out=left_out, unknown=unknown, ungrouped=nameless, worse=worse))
    adjusted = _adjusted(compared, options)
    values = [value for one in compared for value in _values(one, table, options, adjusted)]
    missing += [item for one in compared for item in _undefined_ratios(one, table)]
    findings = [_finding(one, table, options, adjusted) for one in compared]
    findings += not_judged(table, options, compared)
    return AuditOutcome(values=tuple(values), findings=tuple(findings), unavailable=tuple(missing))


def _compared(
    kind: str,
    rates: tuple[Rate, ...],
    shares: tuple[dict[int, Share], ...],
    table: CountTable,
    options: DisparitiesOptions,
    rng: np.random.Generator,
) -> Compared:
    if table.weighted:
        return Compared(kind=kind, rates=rates, shares=shares, test=None, error=None, untested=WEIGHTED)
    test, error = None, None
    if max(sum(share.among for share in usable.values()) for usable in shares) <= MOST_PERMUTED:
        counts = [
            ([share.counted for share in usable.values()], [share.among for share in usable.values()])
            for usable in shares
        ]
        test = permutation_test(counts, options.permutations, rng)
    everywhere = [index for index in shares[0] if all(index in usable for usable in shares)]
    if len(everywhere) > 1:
        error = bootstrap_error(table.confusion[everywhere], rates, options.bootstraps, rng)
    return Compared(kind=kind, rates=rates, shares=shares, test=test, error=error, untested="" if test else TOO_MANY)


def _adjusted(compared: Sequence[Compared], options: DisparitiesOptions) -> dict[str, float]:
    """Kind to adjusted p-value, of all but the primary."""
    secondary = [one for one in compared if one.test and f"{one.kind}_difference" != options.primary]
    p_values = benjamini_hochberg([one.test.p_value for one in secondary if one.test])
    return {one.kind: float(p) for one, p in zip(secondary, p_values, strict=True)}


def _values(
    one: Compared, table: CountTable, options: DisparitiesOptions, adjusted: dict[str, float]
) -> Iterator[AuditValue]:
    __, high, low = one.extremes
    details: dict[str, float] = {"groups": float(max(map(len, one.shares)))}
    if one.test:
        details |= {"p_value": one.test.p_value, "expected_under_equality": one.test.under_equality}
        details |= {"p_adjusted": adjusted[one.kind]} if one.kind in adjusted else {}
    if one.error is not None:
        details["bootstrap_standard_error"] = one.error
    interval = one.difference_interval(options.level)
    yield AuditValue(
        name=f"{one.kind}_difference",
        unit="fraction",
        estimate=Estimate(
            value=one.difference,
            interval=interval,
            reason_without="" if interval else UNSQUARED,
            n_reference=round(one.people),
            parameters={"permutations": one.test.permutations if one.test else 0},
            details=details,
            note=f"Highest in {group_name(table, high)}, lowest in {group_name(table, low)}." if high != low else "",
        ),
    )
    yield from _ratio(one, options)
    if len(one.shares) == 1:
        yield from _pairwise(one, table, options)


def _ratio(one: Compared, options: DisparitiesOptions) -> Iterator[AuditValue]:
    defined = [shares for shares in one.shares if any(share.counted for share in shares.values())]
    if len(defined) < len(one.shares):
        return
    single = 1 - (1 - options.level) / len(defined)
    ratios = [min(s.value for s in shares.values()) / max(s.value for s in shares.values()) for shares in defined]
    found = [smallest_ratio_interval(_effective(shares), single) for shares in defined if one.intervals_possible]
    interval = _smallest(found, options.level) if found else None
    yield AuditValue(
        name=f"{one.kind}_ratio",
        unit="ratio",
        estimate=Estimate(
            value=min(ratios),
            interval=interval,
            reason_without="" if interval else UNSQUARED,
            n_reference=round(one.people),
            note="Smallest over largest: below 1 under exact equality, too, because it is chosen after looking.",
        ),
    )


def _undefined_ratios(one: Compared, table: CountTable) -> Iterator[Unavailable]:
    name = f"{one.kind}_ratio"
    if not all(any(share.counted for share in shares.values()) for shares in one.shares):
        reason = "The rate is 0 in every group: a ratio of nothing to nothing."
        yield Unavailable(component=name, reason_code="empty_cell", reason=reason)
    if len(one.shares) > 1:
        return
    for first, second in pairs_of(table, list(one.shares[0])):
        if not one.shares[0][second].counted:
            reason = f"The rate is 0 in {group_name(table, second)}: nothing can be divided by it."
            group = f"{group_name(table, first)} / {table.groups[second]}"
            yield Unavailable(component=name, reason_code="empty_cell", reason=reason, group=group)


def _pairwise(one: Compared, table: CountTable, options: DisparitiesOptions) -> Iterator[AuditValue]:
    shares, known = one.shares[0], one.intervals_possible
    for first, second in pairs_of(table, list(shares)):
        a, b = shares[first], shares[second]
        people = round(a.people + b.people)
        interval = newcombe_interval(a.effective, b.effective, options.level) if known else None
        yield AuditValue(
            name=f"{one.kind}_difference",
            unit="fraction",
            estimate=Estimate(
                value=a.value - b.value,
                interval=interval,
                reason_without="" if interval else UNSQUARED,
                n_reference=people,
                group=f"{group_name(table, first)} − {table.groups[second]}",
            ),
        )
        if not b.counted:
            continue
        ratio = ratio_interval(a.effective, b.effective, options.level) if known else None
        yield AuditValue(
            name=f"{one.kind}_ratio",
            unit="ratio",
            estimate=Estimate(
                value=a.value / b.value,
                interval=ratio,
                reason_without="" if ratio else "The ratio has no upper bound." if known else UNSQUARED,
                n_reference=people,
                group=f"{group_name(table, first)} / {table.groups[second]}",
            ),
        )


def _finding(one: Compared, table: CountTable, options: DisparitiesOptions, adjusted: dict[str, float]) -> Finding:
    which, high, low = one.extremes
    shares = one.shares[which]
    interval = one.difference_interval(options.level)
    around = f" ({interval.low:.3f} to {interval.high:.3f})" if interval else ""
    where = f"{shares[high].value:.3f} in every group"
    if high != low:
        where = (
            f"between {shares[high].value:.3f} in {group_name(table, high)} and {shares[low].value:.3f} in "
            f"{group_name(table, low)}"
        )
    said = (
        f"{title(one.kind, KINDS[one.kind][which])}: largest difference {one.difference:.3f}{around}, {where}"
        f"{said_of_test(one.test, one.untested, adjusted.get(one.kind), interval)}.{_left_out(one)}"
    )
    verdict, rule = judged(one, interval, options)
    return Finding(
        audit="disparities",
        attribute=table.group,
        group="",
        statement=said,
        value=one.difference,
        interval=interval,
        verdict=verdict,
        rule=rule,
        caveats=(
            "The interval holds for all groups together; those of single pairs hold each for itself.",
            "A difference says nothing about why it came about.",
        ),
    )


def _left_out(one: Compared) -> str:
    if not one.left_out:
        return ""
    return f" Not compared: {listed(one.left_out)}."


def _effective(shares: dict[int, Share]) -> list[tuple[float, float]]:
    return [share.effective for share in shares.values()]


def _largest(found: Sequence[Interval], level: float) -> Interval:
    return Interval(
        low=max(one.low for one in found), high=max(one.high for one in found), level=level, method=found[0].method
    )


def _smallest(found: Sequence[Interval], level: float) -> Interval:
    return Interval(
        low=min(one.low for one in found), high=min(one.high for one in found), level=level, method=found[0].method
    )


def _once(items: Iterator[Unavailable]) -> list[Unavailable]:
    """Of several reasons for the same group the first."""
    found: dict[str, Unavailable] = {}
    for item in items:
        found.setdefault(item.group, item)
    return list(found.values())
