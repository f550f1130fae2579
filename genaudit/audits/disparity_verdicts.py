"""Whether the declared primary keeps its tolerance, and who keeps it from being known."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.audits.difference_words import listed
from genaudit.audits.verdicts import judge
from genaudit.values.findings import NO_TOLERANCE, Finding, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genaudit.audits.disparities import Compared
    from genaudit.audits.table_options import DisparitiesOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.results import Interval


def not_judged(table: CountTable, options: DisparitiesOptions, compared: Sequence[Compared]) -> Iterator[Finding]:
    """A tolerance for what could not be computed is not kept: it is undecided."""
    kinds = {f"{one.kind}_difference" for one in compared}
    if options.primary is None or options.tolerance is None or options.primary in kinds:
        return
    name = options.primary.removesuffix("_difference").replace("_", " ").capitalize()
    yield Finding(
        audit="disparities",
        attribute=table.group,
        group="",
        statement=f"{name}: the groups could not be compared.",
        value=None,
        interval=None,
        verdict=Verdict.INCONCLUSIVE,
        rule=f"At most {options.tolerance:g} is tolerated, set by {_setter(options)}: there is nothing to judge.",
    )


def _setter(options: DisparitiesOptions) -> str:
    return options.tolerance_source or "who asked for this audit (no reason was given)"


def judged(one: Compared, interval: Interval | None, options: DisparitiesOptions) -> tuple[Verdict, str]:
    """The verdict on one kind of rate, and in words by which tolerance and why; all but the primary are described."""
    if f"{one.kind}_difference" != options.primary or options.tolerance is None:
        return Verdict.DESCRIBED, NO_TOLERANCE
    which = one.extremes[0]
    people = sum(share.people for share in one.shares[which].values())
    verdict, why = judge(one.difference, interval, options.tolerance, people, one.rates[which].people)
    if verdict is Verdict.PASS and one.unknown:
        verdict = Verdict.INCONCLUSIVE
        why = f"the groups that could be compared keep it, and nobody knows whether {listed(one.unknown)} would"
    if verdict is Verdict.PASS and _broken_by_nameless(one, options.tolerance, options.level):
        verdict = Verdict.INCONCLUSIVE
        why = "the groups keep it, and would not if the people without one were a group of their own"
    if verdict is Verdict.PASS and interval and interval.high + one.worse > options.tolerance:
        verdict = Verdict.INCONCLUSIVE
        why = (
            "those whose truth and decision are known keep it, and the others would break it in the worst case, which "
            f"adds {one.worse:.2g} to the difference"
        )
    return verdict, f"At most {options.tolerance:g} is tolerated, set by {_setter(options)}: {why}."


def _broken_by_nameless(one: Compared, tolerance: float, level: float) -> bool:
    """Whether people of whom no group was written down lie beyond the tolerance from the groups, beyond doubt."""
    together = tuple({**shares, **others} for shares, others in zip(one.shares, one.ungrouped, strict=True))
    interval = replace(one, shares=together).difference_interval(level)
    return interval is not None and interval.low > tolerance
