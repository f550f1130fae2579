"""Whether a value keeps a tolerance, judged by its whole interval, and how much more data would decide."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scipy import special

from genaudit.values.findings import Verdict

if TYPE_CHECKING:
    from genaudit.stats.joint_correction import StandardError
    from genaudit.values.results import Interval

POWER = 0.8
"""Probability with which as many items as are named would decide, if the value is where it seems to be."""
MOST = 10**9
"""More items than anybody generates: the value lies on the edge."""


def judge(interval: Interval, low: float, high: float) -> Verdict:
    """PASS if the whole interval lies within ``low`` to ``high``, FAIL if it lies wholly outside, else INCONCLUSIVE.

    >>> from genaudit.values.results import Interval
    >>> judge(Interval(low=-0.02, high=0.03, level=0.95, method=""), -0.05, 0.05).value
    'PASS'
    """
    if low <= interval.low and interval.high <= high:
        return Verdict.PASS
    return Verdict.FAIL if interval.high < low or interval.low > high else Verdict.INCONCLUSIVE


@dataclass(frozen=True, slots=True, kw_only=True)
class Needed:
    """What would decide."""

    items: int
    """Generated items; 0 if no number of them would."""

    def sentence(self, of: str = "generated images") -> str:
        """``About 12,000 generated images would decide.``, or why that cannot be said."""
        if self.items:
            return f"About {self.items:,} {of} would decide."
        return "More generated images alone would not decide: label more images, so that the readers' errors are known."


def needed(value: float, low: float, high: float, error: StandardError, n: int, level: float = 0.95) -> Needed | None:
    """How many items would bring the interval to one side of the nearer edge with a probability of 80 %.

    ``n s² / ((d / (z_α + z_β))² - r²)`` for the distance d to the edge, the sampling error s of n items and the error r
    that more items do not change. None if the value lies so near to the edge that nobody could generate as many.

    >>> from genaudit.stats.joint_correction import StandardError
    >>> needed(0.06, -0.05, 0.05, StandardError(sampling=0.01, reading=0.0), 1000).items
    7849
    """
    distance = min(abs(value - edge) for edge in (low, high) if math.isfinite(edge))
    reach = distance / float(special.ndtri(0.5 + level / 2) + special.ndtri(POWER))
    if reach**2 <= error.reading**2:
        return Needed(items=0) if error.reading > 0 else None
    items = n * error.sampling**2 / (reach**2 - error.reading**2)
    return Needed(items=max(math.ceil(items), 1)) if items < MOST else None
