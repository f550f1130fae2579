"""Small turns of phrase that several sentences share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.number_format import interval_range, level, rounded_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.values.results import MetricResult


def enumeration(texts: Sequence[str], total: int | None = None) -> str:
    """The texts in a row, and how many more there are.

    >>> enumeration(["a", "b", "c"]), enumeration(["a", "b"], 5), enumeration(["a"])
    ('a, b and c', 'a, b and 3 more', 'a')
    """
    more = (total or len(texts)) - len(texts)
    if more > 0:
        return f"{', '.join(texts)} and {more} more"
    return ", ".join(texts[:-1]) + (" and " if len(texts) > 1 else "") + texts[-1]


def with_interval(result: MetricResult) -> str:
    """A value and, in brackets, its interval."""
    value = rounded_value(result.value, result.interval)
    if result.interval is None:
        return value
    return f"{value} ({level(result.interval)} interval {interval_range(result.interval)})"


def plural(number: int, one: str, many: str) -> str:
    """The number with its noun.

    >>> plural(1, "number", "numbers"), plural(2, "number", "numbers")
    ('1 number', '2 numbers')
    """
    return f"{number} {one if number == 1 else many}"
