"""The table of actions and truths: what each costs, and who pays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit_reports.safe_text import LONGEST_NAME, clean

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

PRICES = "action_cost"
UNNAMED = "who pays was not declared"


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What an action costs at one truth."""

    raw: float
    text: str
    """All of its digits: it was declared and not measured."""
    payer: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceTable:
    """Actions down, truths across."""

    truths: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Price | None, ...]], ...]
    """An action, and its price at each truth."""


def price_table(record: RunRecord) -> PriceTable | None:
    """What was declared; None without any cost."""
    found: dict[str, dict[str, Price]] = {}
    for result in record.results:
        if result.metric == PRICES:
            action, truth, payer = _named(result)
            price = Price(raw=result.value, text=f"{result.value:.12g}", payer=_paid(result.value, payer))
            found.setdefault(action, {})[truth] = price
    truths = tuple(dict.fromkeys(truth for prices in found.values() for truth in prices))
    rows = tuple((action, tuple(prices.get(truth) for truth in truths)) for action, prices in found.items())
    return PriceTable(truths=truths, rows=rows) if rows else None


def _paid(cost: float, payer: str) -> str:
    """Who pays; what is free and named for nobody needs no payer."""
    return f"paid by {payer}" if payer else UNNAMED if cost else ""


def _named(result: MetricResult) -> tuple[str, str, str]:
    """Action, truth and who pays, each as it may be printed."""
    said = (result.protocol.parameters.get(name) or "" for name in ("action", "truth", "who_pays"))
    action, truth, payer = (clean(one, LONGEST_NAME) for one in said)
    return action, truth, payer
