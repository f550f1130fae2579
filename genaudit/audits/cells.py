"""A share of the people of a count table: its estimate, or the reason why it has none."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.stats.goodness_of_fit import SMALLEST
from genaudit.stats.proportions import wilson_interval
from genaudit.stats.share_differences import newcombe_interval
from genaudit.values.counts import MISSING_LEVEL
from genaudit.values.findings import NO_TOLERANCE, AuditValue, Finding, Verdict
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from genaudit.stats.rates import Rate
    from genaudit.values.counts import CountTable
    from genaudit.values.results import Interval

UNSQUARED = "A sum of weights whose squares were not kept: nobody can say how many people it is worth."
BOUND = f"An upper bound: the chance is below {SMALLEST:g}, where floating point ends."
MANY = 20
"""Groups of which each is given sentences of its own."""
ALL_PAIRS = 10
"""Groups of which each is compared with every other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Counted people among others; of a weighted table with the number that the sum of weights is worth."""

    counted: float
    among: float
    worth: float | None
    """People behind ``among``: itself, or Kish's effective number; None if the squared weights are not known."""

    @property
    def value(self) -> float:
        """The share."""
        return self.counted / self.among

    @property
    def effective(self) -> tuple[float, float]:
        """Counted and among, on the scale of effective people; as they are if the squared weights are not known."""
        worth = self.among if self.worth is None else self.worth
        return self.value * worth, worth

    @property
    def people(self) -> float:
        """Effective people behind the share, as far as it is known."""
        return self.among if self.worth is None else self.worth

    def interval(self, level: float) -> Interval | None:
        """Wilson's interval; None if nobody knows how many people the weights are worth."""
        if self.worth is None:
            return None
        return wilson_interval(*self.effective, level)


def shares_of(table: CountTable, rate: Rate) -> list[Share]:
    """The share of each group, in the order of the groups; ``among`` may be 0."""
    counted, among = rate.parts(table.confusion)
    worth: Sequence[float | None] = list(among)
    if table.weighted:
        worth = [None] * len(among)
        if table.squares is not None:
            _, squares = rate.parts(table.squares.sum(axis=0))
            worth = [float(n * n / square) if square else 0.0 for n, square in zip(among, squares, strict=True)]
    return [
        Share(counted=float(c), among=float(n), worth=None if w is None else float(w))
        for c, n, w in zip(counted, among, worth, strict=True)
    ]


def estimate_of(share: Share, group: str, *, level: float, warn_count: int = 0) -> Estimate:
    """The share with its interval; a note tells of few people and of weights."""
    interval = share.interval(level)
    notes = []
    if share.people < warn_count:
        notes.append(f"Only {number_of(share.people, spec=',.0f')}.")
    if share.worth is not None and abs(share.worth - share.among) > 1e-9 * share.among:
        notes.append(
            f"Weighted: a sum of weights of {share.among:,.6g} is worth {number_of(share.worth, spec=',.1f')} (Kish)."
        )
    if interval and interval.width > 0.2:
        notes.append("The interval is wider than ± 0.10.")
    return Estimate(
        value=share.value,
        interval=interval,
        reason_without="" if interval else UNSQUARED,
        n_reference=round(share.people),
        group=group,
        details={"count": share.counted, "among": share.among},
        note=" ".join(notes),
    )


def number_of(count: float, people: str = "people", spec: str = ",.3g") -> str:
    """A number of people, of one of them in the singular.

    >>> number_of(1.0), number_of(1, "people of whom the truth is no"), number_of(8.25), number_of(1204, spec=",.0f")
    ('1 person', '1 person of whom the truth is no', '8.25 people', '1,204 people')
    """
    shown = f"{count:{spec}}"
    return f"{shown} {people.replace('people', 'person', 1) if shown == '1' else people}"


def p_text(p_value: float) -> str:
    """A p-value as a sentence gives it: where floating point ends it is a bound and not a number.

    >>> p_text(0.0312), p_text(0.0504), p_text(1e-300)
    ('p = 0.031', 'p = 0.050', 'p < 1e-300')
    """
    return f"p < {SMALLEST:g}" if p_value <= SMALLEST else f"p = {chance(p_value)}"


def chance(p_value: float) -> str:
    """A p-value in two digits; one that was rounded keeps its last 0, so that 0.0504 is not taken for the level itself.

    >>> chance(0.0504), chance(0.05), chance(0.264), chance(1.0), chance(0.0001)
    ('0.050', '0.05', '0.26', '1', '0.0001')
    """
    short = f"{p_value:.2g}"
    return short if float(short) == p_value else f"{p_value:#.2g}"


def missing_share(name: str, share: Share, rate: Rate, group: str, min_count: int) -> Unavailable | None:
    """Why a share cannot be given, or None if it can."""
    if share.among == 0:
        reason = f"There are no {rate.people} in {group}: the rate is undefined."
        return Unavailable(component=name, reason_code=rate.without, reason=reason, group=group)
    if share.people < min_count:
        reason = f"{number_of(share.people, rate.people)} in {group}: fewer than {min_count}, not estimable."
        return Unavailable(
            component=name, reason_code="below_min_n", reason=reason, hint="More people of this group.", group=group
        )
    return None


def told_apart(found: Iterable[AuditValue | Unavailable]) -> tuple[tuple[AuditValue, ...], tuple[Unavailable, ...]]:
    """Values, and what is undefined, each in its order."""
    every = list(found)
    return (
        tuple(item for item in every if isinstance(item, AuditValue)),
        tuple(item for item in every if isinstance(item, Unavailable)),
    )


def group_name(table: CountTable, index: int) -> str:
    """``race=Black``."""
    return f"{table.group}={table.groups[index]}"


def unnamed(table: CountTable, index: int) -> tuple[str, ...]:
    """The attributes of which nobody wrote down a level for this group; of an intersection perhaps one of several.

    >>> import numpy as np
    >>> from genaudit.values.counts import CountTable
    >>> table = CountTable(
    ...     group="race × sex", groups=("A × f", "A × (missing)"), truth="", decision="d",
    ...     counts=np.zeros((1, 2, 2, 2)), crossed=("race", "sex"), group_levels=(("A", "f"), ("A", "(missing)")),
    ... )
    >>> unnamed(table, 0), unnamed(table, 1)
    ((), ('sex',))
    """
    names = table.crossed or (table.group,)
    levels = table.group_levels[index] if table.group_levels else (table.groups[index],)
    return tuple(name for name, level in zip(names, levels, strict=True) if level == MISSING_LEVEL)


def without_truth(names: Sequence[str]) -> Iterator[Unavailable]:
    """Values that need a truth, on a table without one."""
    for name in names:
        yield Unavailable(
            component=name,
            reason_code="no_truth",
            reason="The table has no column of what was the case.",
            hint="Name one with --truth.",
        )


def share_value(name: str, share: Share, group: str, *, level: float, warn_count: int = 0) -> AuditValue:
    """A share as a value of an audit."""
    return AuditValue(
        name=name, unit="fraction", estimate=estimate_of(share, group, level=level, warn_count=warn_count)
    )


def described(
    audit: str,
    table: CountTable,
    statement: str,
    *,
    group: str = "",
    value: float | None = None,
    interval: Interval | None = None,
) -> Finding:
    """A sentence that judges nothing."""
    return Finding(
        audit=audit,
        attribute=table.group,
        group=group,
        statement=statement,
        value=value,
        interval=interval,
        verdict=Verdict.DESCRIBED,
        rule=NO_TOLERANCE,
    )


def per_thousand(share: float) -> str:
    """A fraction as a number of 1,000 people; less than 1 of them with its first digits.

    >>> per_thousand(0.3704), per_thousand(0.00041)
    ('370', '0.41')
    """
    return f"{1000 * share:.2g}" if 0 < 1000 * share < 0.995 else f"{1000 * share:,.0f}"


def around_thousand(share: Share, level: float) -> str:
    """`` (95 % interval 350 to 391)``, of 1,000 people; empty without an interval."""
    interval = share.interval(level)
    if interval is None:
        return ""
    return f" ({100 * level:g} % interval {per_thousand(interval.low)} to {per_thousand(interval.high)})"


def comparable(table: CountTable, rate: Rate, name: str, min_count: int) -> tuple[dict[int, Share], list[Unavailable]]:
    """Groups whose shares can be compared, and why the others cannot; people without a group are none."""
    usable: dict[int, Share] = {}
    left_out: list[Unavailable] = []
    for index, share in enumerate(shares_of(table, rate)):
        group = group_name(table, index)
        reason = missing_share(name, share, rate, group, min_count)
        lacking = unnamed(table, index)
        if lacking:
            whom = number_of(share.among, spec=",.6g")
            said = f"{whom} without {' and '.join(lacking)}: no group to compare with."
            reason = Unavailable(component=name, reason_code="missing_group", reason=said, group=group)
        if reason:
            left_out.append(reason)
        else:
            usable[index] = share
    return usable, left_out


def ungrouped(table: CountTable, rate: Rate, min_count: int) -> dict[int, Share]:
    """The shares, where they are estimable, of people of whom nobody wrote down a group."""
    found = {index: share for index, share in enumerate(shares_of(table, rate)) if unnamed(table, index)}
    return {i: share for i, share in found.items() if not missing_share("", share, rate, "", min_count)}


def within_noise(first: Share, second: Share) -> Interval | None:
    """Newcombe's interval of a difference if 0 lies in it: which of both is larger is then not known.

    >>> small = within_noise(Share(counted=50, among=100, worth=100), Share(counted=55, among=100, worth=100))
    >>> f"{small.low:.2f} to {small.high:.2f}"
    '-0.18 to 0.09'
    """
    if first.worth is None or second.worth is None:
        return None
    interval = newcombe_interval(first.effective, second.effective)
    return interval if interval.low <= 0 <= interval.high else None


def too_few_groups(name: str, table: CountTable, usable: int) -> Unavailable:
    """A comparison without two groups."""
    said = f"{usable} of {len(table.groups)} groups can be compared, and two are needed."
    return Unavailable(component=name, reason_code="missing_group", reason=said, hint="More people of each group.")


def pairs_of(table: CountTable, usable: Sequence[int]) -> list[tuple[int, int]]:
    """Every pair of up to ten groups; of more groups each with the largest one."""
    if len(usable) <= ALL_PAIRS:
        return list(itertools.combinations(usable, 2))
    people = table.confusion.sum(axis=(1, 2))
    largest = max(usable, key=lambda index: float(people[index]))
    return [(index, largest) for index in usable if index != largest]
