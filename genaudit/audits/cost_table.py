"""The table of actions and truths: what each action costs if the truth is no and if it is yes, and who pays."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.audits.group_scores import seen_calibrated
from genaudit.stats.decision_costs import Band, Costs, lower_envelope
from genaudit.values.findings import AuditValue
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from genaudit.audits.table_options import CostsOptions
    from genaudit.values.counts import CountTable

NO, YES, THIRD = "no", "yes", "third action"
OUTCOMES = {"tn": "rightly leaving alone", "fp": "a wrong flag", "fn": "a miss", "tp": "a right flag"}
"""Cells of the table of decision and truth, in the order in which counts stand: TN, FP, FN, TP."""
NOBODY = "(not declared)"
"""Who bears a cost of which nobody said who pays it."""
DEFINED = "A consequence of the declared costs alone."


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What one action costs at one truth."""

    cost: float
    payer: str
    """Empty if nobody said who pays."""

    def __str__(self) -> str:
        return f"{self.cost:g}, paid by {self.payer}" if self.payer else f"{self.cost:g} (who pays was not declared)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A row of the table."""

    name: str
    if_no: Price
    """Where the truth is no."""
    if_yes: Price

    @property
    def line(self) -> tuple[float, float]:
        """Both costs."""
        return self.if_no.cost, self.if_yes.cost


def declared_costs(options: CostsOptions) -> Costs | None:
    """Costs of the decision that was taken, or None if they were not declared."""
    if options.fp is None or options.fn is None:
        return None
    return Costs(fp=options.fp, fn=options.fn, tp=options.tp, tn=options.tn)


def actions_of(options: CostsOptions) -> tuple[Action, ...]:
    """Every declared action: no and yes, a third one, further ones."""
    payers = options.who_pays or {}
    declared, found = declared_costs(options), []
    if declared is not None:
        prices = outcome_prices(declared, payers)
        found = [
            Action(name=NO, if_no=prices["tn"], if_yes=prices["fn"]),
            Action(name=YES, if_no=prices["fp"], if_yes=prices["tp"]),
        ]
    further = ({THIRD: (options.third, options.third)} if options.third is not None else {}) | dict(
        options.actions or {}
    )
    for name, (no, yes) in further.items():
        whole = payers.get("third" if name == THIRD else name, "")
        found.append(
            Action(
                name=name,
                if_no=Price(cost=no, payer=payers.get(f"{name}/no", whole)),
                if_yes=Price(cost=yes, payer=payers.get(f"{name}/yes", whole)),
            )
        )
    return tuple(found)


def policy_of(action: Action) -> str:
    """What it is called to treat everybody by one action."""
    named = {NO: "never yes", YES: "always yes", THIRD: "always third action"}
    return named.get(action.name, f"always {action.name}")


def amount(cost: float) -> str:
    """A cost with three digits, or whole.

    >>> amount(0.4), amount(12.345), amount(12345.6)
    ('0.400', '12.3', '12,346')
    """
    return f"{cost:,.0f}" if abs(cost) >= 100 or cost == 0 else f"{cost:#.3g}"


def outcome_prices(declared: Costs, payers: Mapping[str, str]) -> dict[str, Price]:
    """``tn``, ``fp``, ``fn`` and ``tp`` to their price."""
    return {name: Price(cost=getattr(declared, name), payer=payers.get(name, "")) for name in OUTCOMES}


def action_costs(table: CountTable, actions: tuple[Action, ...]) -> Iterator[AuditValue]:
    """Each cell of the table as a value of the audit, with who pays."""
    for action in actions:
        for truth, price in ((NO, action.if_no), (YES, action.if_yes)):
            estimate = Estimate(
                value=price.cost,
                reason_without=f"Declared; paid by {price.payer}." if price.payer else
                "Declared; who pays was not declared.",
                group=f"{_shown_action(table, action.name)}, {_shown_truth(table, truth)}",
                parameters={"action": _shown_action(table, action.name), "truth": _shown_truth(table, truth),
                            "who_pays": price.payer},
            )  # fmt: skip
            yield AuditValue(name="action_cost", unit="cost", estimate=estimate)


def bands_of(options: CostsOptions) -> tuple[Band, ...]:
    """Which declared action is the cheapest at which probabilities of yes; empty if none was declared."""
    actions = actions_of(options)
    return tuple(lower_envelope({action.name: action.line for action in actions})) if actions else ()


def cuts_of(options: CostsOptions) -> tuple[float, ...]:
    """Probabilities at which another action becomes the cheapest: people on both sides are counted apart.

    >>> from genaudit.audits.table_options import CostsOptions
    >>> cuts_of(CostsOptions(fp=10, fn=1, third=0.5))
    (0.5, 0.95)
    """
    return tuple(band.low for band in bands_of(options) if 0 < band.low < 1)


def thresholds(options: CostsOptions) -> Iterator[AuditValue]:
    """Probabilities of yes at which the cheapest action changes."""
    declared = declared_costs(options)
    if declared is not None:
        yield _threshold(declared.threshold, "")
    bands = bands_of(options)
    if {band.action for band in bands} <= {NO, YES}:
        return
    for before, after in itertools.pairwise(bands):
        yield _threshold(after.low, f"{before.action} → {after.action}")


def _threshold(value: float, group: str) -> AuditValue:
    return AuditValue(
        name="optimal_threshold",
        unit="probability",
        estimate=Estimate(value=value, reason_without=DEFINED, group=group),
    )


def said_of_costs(table: CountTable, options: CostsOptions, actions: tuple[Action, ...]) -> Iterator[str]:
    """Sentences: what each cell costs and who pays, and which action is the cheapest where."""
    declared = declared_costs(options)
    if declared is not None:
        prices = outcome_prices(declared, options.who_pays or {})
        shown = [name for name in ("fp", "fn", "tp", "tn") if prices[name].cost or prices[name].payer]
        yield " ".join(f"{OUTCOMES[name].capitalize()} costs {prices[name]}." for name in shown)
    others = [action for action in actions if action.name not in {NO, YES}]
    for action in others:
        yield _priced(table, action)
    if declared is not None:
        yield (
            f"With these costs yes is cheaper than no from a probability of {declared.threshold:.3f} on, in every "
            "group alike. That needs probabilities that are calibrated in every group; the windows do not."
        )
    seen = seen_calibrated(table, level=options.level, min_count=options.min_count) if actions else ""
    if seen:
        yield seen
    if others:
        yield _cheapest(actions)


def _priced(table: CountTable, action: Action) -> str:
    name = f"The {action.name}" if action.name == THIRD else f"The action '{action.name}'"
    if action.if_no == action.if_yes:
        return f"{name} costs {action.if_no}, whatever the truth."
    no, yes = _shown_truth(table, NO), _shown_truth(table, YES)
    if action.if_no.payer == action.if_yes.payer:
        return f"{name} costs {action.if_no.cost:g} with {no} and with {yes} {action.if_yes}."
    return f"{name} costs with {no} {action.if_no}; with {yes} {action.if_yes}."


def _cheapest(actions: tuple[Action, ...]) -> str:
    bands = lower_envelope({action.name: action.line for action in actions})
    listed = ", ".join(f"{band.action} from {band.low:.3f} to {band.high:.3f}" for band in bands)
    never = [action.name for action in actions if action.name not in {band.action for band in bands}]
    dominated = f" Never the cheapest: {', '.join(never)}." if never else ""
    return f"The cheapest action by the probability of yes: {listed}.{dominated}"


def _shown_action(table: CountTable, name: str) -> str:
    return {YES: table.flag, NO: table.no_flag}.get(name, name)


def _shown_truth(table: CountTable, truth: str) -> str:
    return table.fact if truth == YES else table.no_fact
