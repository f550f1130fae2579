"""Which equalities this table rules out: prevalence, predictive value and both error rates are tied together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.audits.cells import (
    Share,
    comparable,
    described,
    group_name,
    pairs_of,
    too_few_groups,
    unnamed,
    within_noise,
    without_truth,
)
from genaudit.stats.predictive_values import forced_false_positive_rate, positive_predictive_value
from genaudit.stats.rates import RATES
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np

    from genaudit.audits.table_options import ImpossibilityOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding

NAMES = ("forced_fpr", "forced_ppv", "forced_fpr_ratio")
TIED = ("prevalence", "positive_predictive_value", "true_positive_rate", "false_positive_rate")
CONSEQUENCE = "An arithmetical consequence of the group's rates, which are given with their intervals."


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The four rates of a group that are tied together."""

    name: str
    people: int
    positives: Share
    predictive_value: float
    true_positive_rate: float
    false_positive_rate: float

    @property
    def prevalence(self) -> float:
        """Share of whom the truth is yes."""
        return self.positives.value

    @property
    def odds(self) -> float:
        """Of the truth being yes."""
        return self.prevalence / (1 - self.prevalence)

    @property
    def identity_gap(self) -> float:
        """How far the identity is off: rounding alone."""
        forced = forced_false_positive_rate(self.prevalence, self.predictive_value, self.true_positive_rate)
        return abs(forced - self.false_positive_rate)


def impossibility(
    table: CountTable,
    *,
    options: ImpossibilityOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """What equal predictive values and equal miss rates would force on this table, and the other way round.

    ``FPR = π/(1 - π) · (1 - PPV)/PPV · (1 - FNR)`` holds in every table (Chouldechova 2017). Where prevalences differ
    and decisions err, predictive value, miss rate and false positive rate cannot all be equal.

    Args:
        table: Counts with a truth.
        options: Smallest denominators.
        rng: Not used; every audit is given one.

    Returns:
        For each pair the rates that one group would have at the other's prevalence, and the forced ratio.
    """
    if not table.has_truth:
        return AuditOutcome(values=(), findings=(), unavailable=tuple(without_truth(NAMES)))
    groups, missing = _groups(table, options.min_count)
    if len(groups) < 2:
        return AuditOutcome(
            values=(), findings=(), unavailable=(*missing, too_few_groups("forced_fpr", table, len(groups)))
        )
    pairs = pairs_of(table, list(groups))
    values = [value for one, other in pairs for value in _values(table, groups, one, other)]
    return AuditOutcome(
        values=tuple(values), findings=tuple(_findings(table, groups, pairs)), unavailable=tuple(missing)
    )


def _groups(table: CountTable, min_count: int) -> tuple[dict[int, Group], list[Unavailable]]:
    found = {name: comparable(table, RATES[name], "forced_fpr", min_count) for name in TIED}
    reasons: dict[str, Unavailable] = {}
    for _, left_out in found.values():
        for item in left_out:
            reasons.setdefault(item.group, item)
    groups = {}
    for index in range(len(table.groups)):
        name = group_name(table, index)
        if name in reasons:
            continue
        pi, ppv, tpr, fpr = (found[rate][0][index] for rate in TIED)
        if not ppv.counted:
            said = f"No right flag in {name}: the identity divides by the predictive value."
            reasons[name] = Unavailable(component="forced_fpr", reason_code="empty_cell", reason=said, group=name)
            continue
        groups[index] = Group(
            name=name, people=round(pi.people), positives=pi, predictive_value=ppv.value,
            true_positive_rate=tpr.value, false_positive_rate=fpr.value,
        )  # fmt: skip
    return groups, list(reasons.values())


def _values(table: CountTable, groups: dict[int, Group], first: int, second: int) -> Iterator[AuditValue]:
    for one, other in ((first, second), (second, first)):
        own, at = groups[one], groups[other]
        group = f"{own.name} at the prevalence of {table.groups[other]}"
        forced = forced_false_positive_rate(at.prevalence, own.predictive_value, own.true_positive_rate)
        note = "Above 1: no decision has this predictive value and miss rate there." if forced > 1 else ""
        yield _value("forced_fpr", "fraction", forced, group, own.people, note)
        value = positive_predictive_value(at.prevalence, own.true_positive_rate, own.false_positive_rate)
        if value is not None:
            yield _value("forced_ppv", "fraction", value, group, own.people)
    ratio = groups[first].odds / groups[second].odds
    people = groups[first].people + groups[second].people
    yield _value("forced_fpr_ratio", "ratio", ratio, f"{groups[first].name} / {table.groups[second]}", people)


def _value(name: str, unit: str, value: float, group: str, people: int, note: str = "") -> AuditValue:
    estimate = Estimate(value=value, reason_without=CONSEQUENCE, n_reference=people, group=group, note=note)
    return AuditValue(name=name, unit=unit, estimate=estimate)


def _findings(table: CountTable, groups: dict[int, Group], pairs: list[tuple[int, int]]) -> Iterator[Finding]:
    gap = max(group.identity_gap for group in groups.values())
    yield described(
        "impossibility",
        table,
        "False positive rate = odds of the truth · (1 - PPV) / PPV · (1 - miss rate) holds in every group of this "
        f"table, as it must (largest deviation {gap:.0e}).",
    )
    for first, second in pairs[:10]:
        yield described("impossibility", table, _said(groups[first], groups[second]))
    if any(unnamed(table, index) for index in range(len(table.groups))):
        names = " or ".join(table.crossed or (table.group,))
        yield described("impossibility", table, f"People without a {names} are left out here.")


def _said(one: Group, other: Group) -> str:
    ratio = one.odds / other.odds
    if abs(ratio - 1) < 1e-9:
        return f"{one.name} and {other.name} have the same prevalence: all rates can be equal at once."
    if max(one.false_positive_rate, other.false_positive_rate) == 0:
        return f"Nobody is wrongly flagged in {one.name} and {other.name}: nothing is ruled out."
    at = forced_false_positive_rate(other.prevalence, one.predictive_value, one.true_positive_rate)
    value = positive_predictive_value(other.prevalence, one.true_positive_rate, one.false_positive_rate) or 0.0
    noise = within_noise(one.positives, other.positives)
    apart = f", within noise of each other ({noise.low:.3f} to {noise.high:.3f})" if noise else ""
    if noise:
        end = "This table does not show that any equality has to be given up."
    else:
        end = "Whoever asks for one equality gives up another."
    return (
        f"The prevalence is {one.prevalence:.3f} in {one.name} and {other.prevalence:.3f} in {other.name}{apart}. If "
        f"both had the same predictive value and the same miss rate, the false positive rate in {one.name} would have "
        f"to be {ratio:.2f} times that in {other.name}. With the predictive value and miss rate of {one.name} at the "
        f"other prevalence it would be {at:.3f} in place of {one.false_positive_rate:.3f}; with its error rates there, "
        f"the predictive value would be {value:.3f} in place of {one.predictive_value:.3f}. {end}"
    )
