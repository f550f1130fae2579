"""What the charts of an audit are drawn from: the rates of each group, as the record has them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import MetricResult
from genaudit_reports.audit.group_numbers import attribute_of
from genaudit_reports.safe_text import LONGEST_NAME, clean

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRates:
    """A group with every rate that is defined for it."""

    label: str
    rates: dict[str, MetricResult]

    def value(self, name: str) -> float:
        """A rate.

        Raises:
            KeyError: It is undefined for this group.
        """
        return self.rates[name].value


def rates_by_attribute(record: RunRecord) -> dict[str, list[GroupRates]]:
    """Attribute to its groups, in the order of the record."""
    audit = next((one for one in record.audits if one.name == "group_rates"), None)
    names = set(audit.gave) if audit else set()
    found: dict[str, dict[str, dict[str, MetricResult]]] = {}
    for result in record.results:
        attribute = attribute_of(result.group)
        if attribute and result.metric in names:
            found.setdefault(attribute, {}).setdefault(result.group, {})[result.metric] = result
    return {
        attribute: [
            GroupRates(label=clean(group.partition("=")[2], LONGEST_NAME), rates=rates)
            for group, rates in groups.items()
        ]
        for attribute, groups in found.items()
    }


def predictive_value(sensitivity: float, false_positive_rate: float, prevalence: float) -> float:
    """Share of the flagged who are positive where that share of people is: Bayes' rule.

    >>> round(predictive_value(0.8, 0.096, 0.01), 7)
    0.0776398
    """
    hits = prevalence * sensitivity
    return hits / (hits + (1 - prevalence) * false_positive_rate)
