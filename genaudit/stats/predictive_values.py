"""What a decision says of a person, given how common the truth is: predictive values, and the rates they force."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.stats.share_differences import ratio_interval
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from genaudit.stats.share_differences import Share


def positive_predictive_value(prevalence: float, true_positive_rate: float, false_positive_rate: float) -> float | None:
    """``π s / (π s + (1 - π) f)``; None if nobody is flagged.

    >>> round(positive_predictive_value(0.01, 0.8, 0.096), 7)  # mammography: most alarms are false
    0.0776398
    """
    right, wrong = prevalence * true_positive_rate, (1 - prevalence) * false_positive_rate
    return right / (right + wrong) if right + wrong > 0 else None


def negative_predictive_value(prevalence: float, true_positive_rate: float, false_positive_rate: float) -> float | None:
    """``(1 - π)(1 - f) / ((1 - π)(1 - f) + π (1 - s))``; None if everybody is flagged.

    >>> negative_predictive_value(0.5, 0.8, 0.2)
    0.8
    """
    right, wrong = (1 - prevalence) * (1 - false_positive_rate), prevalence * (1 - true_positive_rate)
    return right / (right + wrong) if right + wrong > 0 else None


def forced_false_positive_rate(prevalence: float, predictive_value: float, true_positive_rate: float) -> float:
    """The false positive rate that the other three leave no choice about: ``π/(1 - π) · (1 - PPV)/PPV · TPR``.

    Chouldechova 2017, eq. 2.6. Above 1, no decision has these three at this prevalence.

    Raises:
        ValueError: A prevalence of 1 or a predictive value of 0.

    >>> round(forced_false_positive_rate(0.3936430, 0.6297148, 1 - 0.2798527), 6)
    0.274908
    """
    if not (0 <= prevalence < 1 and 0 < predictive_value <= 1):
        raise ValueError(f"a prevalence below 1 and a value above 0 are needed, not {prevalence}, {predictive_value}")
    return prevalence / (1 - prevalence) * (1 - predictive_value) / predictive_value * true_positive_rate


def predictive_interval(prevalence: float, right: Share, wrong: Share, level: float) -> Interval | None:
    """Interval of the positive predictive value at a prevalence that is taken as known.

    The value rises with the ratio of true to false positive rate, so the bounds of that ratio give its bounds. None if
    nobody is flagged; where no false positive was seen, the ratio has no upper bound and the value reaches 1.

    Args:
        prevalence: Share of positives, in (0, 1).
        right: Flagged positives, and positives.
        wrong: Flagged negatives, and negatives.
        level: Level of the interval.
    """
    if right[0] == 0 and wrong[0] == 0:
        return None
    odds = prevalence / (1 - prevalence)
    inverse = ratio_interval(wrong, right, level)  # false over true: its upper bound is the value's lower one
    direct = ratio_interval(right, wrong, level)
    low = 1 / (1 + inverse.high / odds) if inverse else 0.0
    high = odds * direct.high / (1 + odds * direct.high) if direct else 1.0
    if inverse is None and direct is not None:
        low = odds * direct.low / (1 + odds * direct.low)
    return Interval(low=low, high=max(low, high), level=level, method="MOVER interval of the likelihood ratio")
