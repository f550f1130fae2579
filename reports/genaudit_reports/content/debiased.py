"""A distance without the bias that finite samples give it: the only form in which unequal sizes may be compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import Interval
from genaudit_reports.number_format import interval_range, level, rounded_value

if TYPE_CHECKING:
    from genaudit.values.results import MetricResult

ZERO = "not distinguishable from the data's own distance"
"""What an interval that holds 0 means: another sample of the data may lie as far from these data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Debiased:
    """The value and, if the metric gives one, its interval."""

    value: float
    interval: Interval | None

    @property
    def holds_zero(self) -> bool:
        """Whether the interval reaches down to no distance at all."""
        return self.interval is not None and self.interval.low <= 0 <= self.interval.high

    def lies_beyond(self, other: Debiased) -> bool:
        """Whether the whole interval lies above the other one."""
        a, b = self.interval, other.interval
        return a is not None and b is not None and a.low > b.high

    def said(self, *, with_level: bool = False) -> str:
        """The value and, in brackets, its interval."""
        if self.interval is None:
            return f"about {rounded_value(self.value)}"
        name = f"{level(self.interval)} interval " if with_level else ""
        return f"{rounded_value(self.value, self.interval)} ({name}{interval_range(self.interval)})"


def debiased(result: MetricResult) -> Debiased | None:
    """The debiased value of a result, from the details ``debiased``, ``debiased_low`` and ``debiased_high``."""
    value = result.details.get("debiased")
    if value is None:
        return None
    low, high = result.details.get("debiased_low"), result.details.get("debiased_high")
    if low is None or high is None or low > high:
        return Debiased(value=value, interval=None)
    nominal = result.interval.level if result.interval else 0.95
    return Debiased(value=value, interval=Interval(low=low, high=high, level=nominal, method=""))
