"""What decisions cost: break-even windows, thresholds, the lower envelope of actions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from genaudit.stats.intervals import LEVEL
from genaudit.stats.proportions import wilson_interval
from genaudit.values.results import Interval

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Cost of each outcome, in one unit.

    Raises:
        ValueError: A cost below 0, or a wrong decision that costs no more than the right one.
    """

    fp: float
    fn: float
    tp: float = 0.0
    tn: float = 0.0

    def __post_init__(self) -> None:
        if min(self.fp, self.fn, self.tp, self.tn) < 0 or not (self.fp > self.tn and self.fn > self.tp):
            raise ValueError("costs are at least 0, and a wrong decision costs more than the right one")

    @property
    def threshold(self) -> float:
        """Probability of yes from which acting is cheaper: ``(c10 - c00) / (c10 - c00 + c01 - c11)`` (Elkan 2001).

        >>> round(Costs(fp=10, fn=1).threshold, 7)
        0.9090909
        """
        wrong_flag, miss = self.fp - self.tn, self.fn - self.tp
        return wrong_flag / (wrong_flag + miss)

    @property
    def ratio(self) -> float:
        """How many misses a wrong flag is worth, each beyond the cost of the right decision."""
        return (self.fp - self.tn) / (self.fn - self.tp)


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Probabilities of yes for which one action is the cheapest."""

    action: str
    low: float
    high: float


def reject_band(third: float, costs: Costs) -> tuple[float, float] | None:
    """Probabilities between which a third action is cheaper than both others; None if it never is (Chow 1970).

    With right decisions free, ``[d / c_FN, 1 - d / c_FP]``, which exists iff ``d < c_FP c_FN / (c_FP + c_FN)``.

    >>> reject_band(0.5, Costs(fp=10, fn=1))
    (0.5, 0.95)
    """
    low = (third - costs.tn) / (costs.fn - costs.tn)
    high = (costs.fp - third) / (costs.fp - costs.tp)
    low, high = max(low, 0.0), min(high, 1.0)
    return (low, high) if costs.fn > costs.tn and costs.fp > costs.tp and low < high else None


def lower_envelope(actions: Mapping[str, tuple[float, float]]) -> tuple[Band, ...]:
    """The cheapest action for each probability of yes, from 0 to 1; actions that are never the cheapest are dominated.

    An action costs ``(1 - p) c_no + p c_yes``, a line in p; the cheapest ones form the lower envelope of these lines.

    Args:
        actions: Cost of each action if the truth is no, and if it is yes.

    >>> bands = lower_envelope({"inbox": (0, 1), "junk": (10, 0.1), "delete": (100, 0)})
    >>> [(band.action, round(band.high, 7)) for band in bands]
    [('inbox', 0.9174312), ('junk', 0.9988901), ('delete', 1.0)]
    """
    edges = sorted({0.0, 1.0, *_crossings(list(actions.values()))})
    bands: list[Band] = []
    for low, high in pairwise(edges):
        middle = (low + high) / 2
        action = min(actions, key=lambda name: _cost(actions[name], middle))
        if bands and bands[-1].action == action:
            bands[-1] = Band(action=action, low=bands[-1].low, high=high)
        else:
            bands.append(Band(action=action, low=low, high=high))
    return tuple(bands)


def normalized_expected_cost(true_positive_rate: float, false_positive_rate: float, probability_cost: float) -> float:
    """``FNR · PC + FPR · (1 - PC)``: a cost curve is its line over PC (Drummond and Holte 2006).

    The better of always and never acting costs ``min(PC, 1 - PC)``.

    >>> round(normalized_expected_cost(0.8, 0.1, 0.5), 12)
    0.15
    """
    return (1 - true_positive_rate) * probability_cost + false_positive_rate * (1 - probability_cost)


def probability_cost(prevalence: float, costs: Costs) -> float:
    """``π c_FN / (π c_FN + (1 - π) c_FP)``: prevalence and costs as one number from 0 to 1.

    >>> probability_cost(0.5, Costs(fp=1, fn=3))
    0.75
    """
    miss, wrong = prevalence * (costs.fn - costs.tp), (1 - prevalence) * (costs.fp - costs.tn)
    return miss / (miss + wrong)


def expected_cost_interval(prices: Sequence[float], cells: Sequence[float], level: float = LEVEL) -> Interval | None:
    """Interval of the mean price of people who fall into cells, each with its price; None if all prices are one.

    Wilson limits of the share of each cell are carried through the weighted sum with the correlation of shares of one
    whole, ``-sqrt(p q / ((1 - p)(1 - q)))`` (MOVER; Zou, Huang and Zhang 2009; Newcombe 2001 for the correlation).
    Cells of one price are joined, and the lowest price is what costs are counted from, so that two prices give
    exactly Wilson's interval. A normal interval of the same mean is far too short where a dear error is rare.

    Args:
        prices: Of each cell, finite.
        cells: People in each; weighted ones on the scale of effective people.
        level: Nominal coverage.

    >>> interval = expected_cost_interval((0, 1, 20, 0), (970, 20, 10, 0))
    >>> round(interval.low, 3), round(interval.high, 3)
    (0.129, 0.386)
    """
    least, total = min(prices), sum(cells)
    people: dict[float, float] = {}
    for price, count in zip(prices, cells, strict=True):
        people[price] = people.get(price, 0.0) + count
    beyond = [(price - least, min(count, total)) for price, count in people.items() if price > least]
    if not beyond:
        return None
    shares = [count / total for _, count in beyond]
    limits = [wilson_interval(count, total, level) for _, count in beyond]
    below = [price * (share - one.low) for (price, _), share, one in zip(beyond, shares, limits, strict=True)]
    above = [price * (one.high - share) for (price, _), share, one in zip(beyond, shares, limits, strict=True)]
    mean = sum(price * share for (price, _), share in zip(beyond, shares, strict=True))
    return Interval(
        low=least + max(mean - _together(below, shares), 0.0),
        high=least + min(mean + _together(above, shares), max(prices) - least),
        level=level,
        method="MOVER from Wilson intervals of the shares of the cells",
    )


def _together(distances: Sequence[float], shares: Sequence[float]) -> float:
    """Distance of a limit of a sum from the sum, of distances of limits of shares of one whole from these."""
    squared = sum(distance**2 for distance in distances)
    for (one, p), (other, q) in combinations(zip(distances, shares, strict=True), 2):
        alone = (1 - p) * (1 - q)
        squared -= 2 * one * other * math.sqrt(min(p * q / alone, 1.0)) if alone > 0 else 0.0
    return math.sqrt(max(squared, 0.0))


def _crossings(lines: Sequence[tuple[float, float]]) -> list[float]:
    """Probabilities in (0, 1) at which two lines cross."""
    found = []
    for index, (no, yes) in enumerate(lines):
        for other_no, other_yes in lines[index + 1 :]:
            slope = (yes - no) - (other_yes - other_no)
            if slope:
                found.append((other_no - no) / slope)
    return [p for p in found if 0 < p < 1]


def _cost(line: tuple[float, float], p: float) -> float:
    return (1 - p) * line[0] + p * line[1]
