"""Numbers on the terminal: as many digits as the interval supports, in characters that can be copied."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genaudit.values.results import Interval

MOST_DECIMALS = 5
LARGEST_PLAIN = 1e7


def shown(value: float, interval: Interval | None = None) -> str:
    """A value: two significant digits of its interval's width; without an interval four significant digits.

    >>> from genaudit.values.results import Interval
    >>> shown(4.1132, Interval(low=3.94, high=4.28, level=0.95, method="")), shown(10.0), shown(0.97265), shown(3.1e-7)
    ('4.11', '10', '0.9727', '3.1e-07')
    """
    if interval is not None and interval.width > 0:
        return _fixed(value, interval)
    if value.is_integer() and abs(value) < LARGEST_PLAIN:
        return f"{value:,.0f}"
    if not 10.0**-MOST_DECIMALS <= abs(value) < LARGEST_PLAIN:
        return f"{value:.2g}"
    return f"{value:,.{max(0, 3 - math.floor(math.log10(abs(value))))}f}"


def shown_range(interval: Interval) -> str:
    """Both bounds; the level is said if it is not 95 %.

    >>> from genaudit.values.results import Interval
    >>> shown_range(Interval(low=3.94, high=4.283, level=0.95, method=""))
    '3.94 to 4.28'
    >>> shown_range(Interval(low=-1.5, high=2.0, level=0.9, method=""))
    '-1.5 to 2.0 (90 %)'

    A bound that is not 0 is not shown as 0 where the interval leaves 0 out, for that is what is read first:

    >>> shown_range(Interval(low=-4.43, high=-0.014, level=0.95, method=""))
    '-4.4 to -0.01'
    """
    level = "" if interval.level == 0.95 else f" ({interval.level * 100:g} %)"
    return f"{_bound(interval.low, interval)} to {_bound(interval.high, interval)}{level}"


def _bound(value: float, interval: Interval) -> str:
    text = shown(value, interval)
    holds_zero = interval.low <= 0 <= interval.high
    if holds_zero or abs(value) < 10.0**-MOST_DECIMALS or any(digit in "123456789" for digit in text):
        return text
    return f"{value:.{-math.floor(math.log10(abs(value)))}f}"


def _fixed(value: float, interval: Interval) -> str:
    place = 1 - math.floor(math.log10(interval.width))  # decimals, or less than 0 for tens, hundreds …
    decimals, largest = max(0, place), max(abs(interval.low), abs(interval.high), abs(value))
    if decimals > MOST_DECIMALS or largest >= LARGEST_PLAIN:
        return f"{value:.{max(1, place + math.floor(math.log10(largest)))}e}" if value else "0"
    return f"{value:,.{decimals}f}" if round(value, decimals) else f"{0:.{decimals}f}"  # never -0
