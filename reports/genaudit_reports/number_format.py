"""Numbers as people read them: as many digits as the interval supports, and no more."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genaudit.values.results import Interval

THIN = "\u202f"
"""Narrow no-break space: between thousands, and before a unit."""
MINUS = "\u2212"
TO = "\u00a0\u2013\u2060\u00a0"
"""Between the bounds of an interval: an en dash, and a word joiner so that no line ends there."""
TO_BELOW_ZERO = "\u00a0to\u00a0"
"""Between bounds of which one is below 0: a dash beside a minus sign would read as another minus sign."""
MOST_DECIMALS = 5
LARGEST_PLAIN = 1e7
SMALLEST_PLAIN = 1e-4
"""Without an interval; a smaller value would show more zeros than digits."""
SIGNIFICANT = 4
_THOUSANDS = re.compile(r"(?<![\w.,;/\-])[1-9]\d{0,2}(?:,\d{3})+(?!\w|,\d|\.\d+[.,]\d)")
"""Digits in threes and nothing else around them: no list, no decimals, no part of a name."""
_POWER = re.compile(r"(?<![\w.,])(-?\d(?:\.\d+)?)e([+-]\d{2,3})(?!\w)")
_BELOW_ZERO = re.compile(r"(?<=[ (])-(?=\d+(?:\.\d+)?(?![\w-]))")
_PER_CENT = re.compile(r"(?<=\d) ?%(?!\w)")
_SUPERSCRIPTS = str.maketrans("-0123456789", "\u207b\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079")


def decimals_for(width: float) -> int:
    """Decimal places at which an interval of this width keeps two significant digits.

    >>> [decimals_for(width) for width in (0.34, 0.02, 1.4, 0.0013, 250.0)]
    [2, 3, 1, 4, 0]
    """
    return max(0, 1 - math.floor(math.log10(width)))


def plain(value: float, decimals: int) -> str:
    """A number with a fixed count of decimals, thousands apart, and a real minus sign.

    >>> plain(-186.42, 1), plain(10000, 0), plain(-0.001, 2)
    ('−186.4', '10\u202f000', '0.00')
    """
    text = f"{abs(value):,.{decimals}f}".replace(",", THIN)
    below_zero = value < 0 and any(digit in "123456789" for digit in text)
    return MINUS + text if below_zero else text


def scientific(value: float, decimals: int = 1) -> str:
    """A number as mantissa and power of ten.

    >>> scientific(4.13e-7), scientific(-2.5e9)
    ('4.1 × 10⁻⁷', '−2.5 × 10⁹')
    """
    mantissa, exponent = f"{value:.{decimals}e}".split("e")
    return _power_of_ten(mantissa, exponent)


def _power_of_ten(mantissa: str, exponent: str) -> str:
    return f"{mantissa.replace('-', MINUS)} × 10{str(int(exponent)).translate(_SUPERSCRIPTS)}"


def rounded_value(value: float, interval: Interval | None = None) -> str:
    """A value with the digits that its interval supports; without one, four significant digits, whole numbers whole.

    >>> from genaudit.values.results import Interval
    >>> rounded_value(4.1132, Interval(low=3.94, high=4.28, level=0.95, method=""))
    '4.11'
    >>> rounded_value(10.0), rounded_value(0.97265), rounded_value(0.00001944), rounded_value(338123.0)
    ('10', '0.9727', '1.9 × 10⁻⁵', '338\u202f123')
    """
    if interval and interval.width > 0:
        exponent = _shared_exponent(interval, value)
        if exponent is not None:
            return scientific(value, decimals_for(interval.width / 10.0**exponent)) if value else "0"
        return plain(value, decimals_for(interval.width))
    if value == 0 or (value.is_integer() and abs(value) < LARGEST_PLAIN):
        return plain(value, 0)
    if not SMALLEST_PLAIN <= abs(value) < LARGEST_PLAIN:
        return scientific(value)
    return plain(value, max(0, SIGNIFICANT - 1 - math.floor(math.log10(abs(value)))))


def short(value: float) -> str:
    """A value with up to three significant digits and no zeros behind them, for edges and places.

    >>> short(0.003), short(0.46875), short(2000.0), short(-1234567.0), short(0.00000123)
    ('0.003', '0.469', '2\u202f000', '−1\u202f234\u202f567', '1.2 × 10⁻⁶')
    """
    text = rounded_value(value)
    if "×" in text or not text.strip(MINUS).startswith("0."):
        return text.rstrip("0").rstrip(".") if "." in text and "×" not in text else text
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return plain(value, digits).rstrip("0").rstrip(".")


def interval_range(interval: Interval) -> str:
    r"""Both bounds with the digits that the width supports; an en dash between them, or a word where one is below 0.

    >>> from genaudit.values.results import Interval
    >>> interval_range(Interval(low=-187.12, high=-185.71, level=0.95, method=""))
    '−187.1\xa0to\xa0−185.7'
    >>> interval_range(Interval(low=3.6e-7, high=4.6e-7, level=0.95, method=""))
    '(3.6\xa0–\u2060\xa04.6) × 10⁻⁷'

    A bound that is not 0 is not shown as 0 where the interval leaves 0 out, for that is what is read first:

    >>> interval_range(Interval(low=-4.43, high=-0.014, level=0.95, method=""))
    '−4.4\xa0to\xa0−0.01'
    """
    low, high = interval.low, interval.high
    if interval.width == 0:
        return _joined(rounded_value(low), rounded_value(high))
    exponent = _shared_exponent(interval, low)
    if exponent is None:
        decimals = decimals_for(interval.width)
        return _joined(*(plain(bound, _decimals_of_bound(bound, interval, decimals)) for bound in (low, high)))
    scale = 10.0**exponent
    decimals = decimals_for(interval.width / scale)
    power = str(exponent).translate(_SUPERSCRIPTS)
    return f"({_joined(plain(low / scale, decimals), plain(high / scale, decimals))}) × 10{power}"


def _joined(low: str, high: str) -> str:
    return f"{low}{TO_BELOW_ZERO if MINUS in low + high else TO}{high}"


def _decimals_of_bound(bound: float, interval: Interval, decimals: int) -> int:
    holds_zero = interval.low <= 0 <= interval.high
    if holds_zero or round(bound, decimals) or abs(bound) < 10.0**-MOST_DECIMALS:
        return decimals
    return -math.floor(math.log10(abs(bound)))


def percent(share: float, interval: Interval | None = None) -> str:
    """A fraction in per cent, with one decimal unless the interval is too wide for it.

    >>> percent(0.1714), percent(0.5)
    ('17.1\u202f%', '50.0\u202f%')
    """
    decimals = min(1, decimals_for(interval.width * 100)) if interval and interval.width > 0 else 1
    return f"{plain(share * 100, decimals)}{THIN}%"


def percent_range(interval: Interval) -> str:
    r"""Both bounds of an interval of a fraction, in per cent.

    >>> from genaudit.values.results import Interval
    >>> percent_range(Interval(low=0.164, high=0.178, level=0.95, method=""))
    '16.4\xa0–\u2060\xa017.8\u202f%'
    """
    decimals = min(1, decimals_for(interval.width * 100)) if interval.width > 0 else 1
    return f"{_joined(plain(interval.low * 100, decimals), plain(interval.high * 100, decimals))}{THIN}%"


def count(number: float) -> str:
    """A whole number.

    >>> count(10000)
    '10\u202f000'
    """
    return plain(number, 0)


def restyled(text: str) -> str:
    """A sentence of a record with its numbers written as on the page; all else as it is.

    >>> restyled("Right for 1,961 of 2,000 images, 71% of 2 cells (3,4).")
    'Right for 1\u202f961 of 2\u202f000 images, 71\u202f% of 2 cells (3,4).'
    >>> restyled("Of samples of 1,000, and of 10,000; rows 1,200,3")
    'Of samples of 1\u202f000, and of 10\u202f000; rows 1,200,3'
    >>> restyled("a bound of 2,197.1: compare it, but not 1,200.3.4")
    'a bound of 2\u202f197.1: compare it, but not 1,200.3.4'
    >>> restyled("distance 1.9e-08, difference -14.2 (-17.0 to -11.3), option -1e3x, 2020-01-01")
    'distance 1.9 × 10⁻⁸, difference −14.2 (−17.0 to −11.3), option -1e3x, 2020-01-01'
    """
    text = _THOUSANDS.sub(lambda found: found[0].replace(",", THIN), text)
    text = _POWER.sub(lambda found: _power_of_ten(found[1], found[2]), text)
    text = _BELOW_ZERO.sub(MINUS, text)
    return _PER_CENT.sub(f"{THIN}%", text)


def seconds(duration: float) -> str:
    """A duration.

    >>> seconds(0.0001), seconds(0.0042), seconds(0.42), seconds(14.23), seconds(754)
    ('< 1\u202fms', '4\u202fms', '0.42\u202fs', '14.2\u202fs', '12\u202fmin 34\u202fs')
    """
    if duration < 0.0005:
        return f"< 1{THIN}ms"
    if duration < 0.1:
        return f"{plain(duration * 1000, 0)}{THIN}ms"
    if duration < 60:
        return f"{plain(duration, 2 if duration < 1 else 1)}{THIN}s"
    minutes, rest = divmod(round(duration), 60)
    return f"{count(minutes)}{THIN}min {rest}{THIN}s"


def level(interval: Interval) -> str:
    """The nominal coverage of an interval.

    >>> from genaudit.values.results import Interval
    >>> level(Interval(low=0, high=1, level=0.95, method=""))
    '95\u202f%'
    """
    return f"{interval.level * 100:.4g}{THIN}%"


def _shared_exponent(interval: Interval, value: float) -> int | None:
    """The power of ten to write before the bounds, or None where plain digits are short enough."""
    largest = max(abs(interval.low), abs(interval.high), abs(value))
    if decimals_for(interval.width) <= MOST_DECIMALS and largest < LARGEST_PLAIN:
        return None
    return math.floor(math.log10(largest))
