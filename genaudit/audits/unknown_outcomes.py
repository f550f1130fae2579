"""What people whose truth or decision nobody wrote down could do to a difference: bounds without assumptions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from genaudit.audits.cells import Share
    from genaudit.stats.rates import Rate
    from genaudit.values.counts import CountTable

MAY_BE = ((0,), (1,), (0, 1))
"""What no, yes and unknown may be in truth."""


def people_unknown(table: CountTable) -> NDArray[np.float64]:
    """``(groups,)``: people whose truth or decision is unknown."""
    if table.incomplete is None:
        return np.zeros(len(table.groups))
    return np.asarray(table.incomplete.sum(axis=(1, 2)), dtype=np.float64)


def bounds_of_rates(table: CountTable, rate: Rate) -> NDArray[np.float64]:
    """``(groups, 2)``: lowest and highest rate that each group may have, NaN where nobody may be in its denominator.

    Everybody whose truth or decision is unknown is put where they make the rate lowest, or highest (Manski,
    "Nonparametric Bounds on Treatment Effects", American Economic Review 80, 1990).

    >>> from genaudit.stats.rates import RATES
    >>> from genaudit.values.counts import CountTable
    >>> incomplete = np.zeros((1, 3, 3))
    >>> incomplete[0, 0, 2] = 10  # ten people whose truth is no and whose decision is unknown
    >>> table = CountTable(group="g", groups=("a",), truth="y", decision="d", counts=np.full((1, 1, 2, 2), 5.0),
    ...                    incomplete=incomplete)
    >>> bounds_of_rates(table, RATES["false_positive_rate"]).tolist()
    [[0.25, 0.75]]
    """
    counted, among = rate.parts(table.confusion)
    people = np.zeros((len(table.groups), 3, 3)) if table.incomplete is None else table.incomplete
    bounds = []
    for pick in (min, max):
        numerator, denominator = counted.copy(), among.copy()
        for truth, decision in np.ndindex(3, 3):
            adds = [(rate.counted[t][d], rate.among[t][d]) for t in MAY_BE[truth] for d in MAY_BE[decision]]
            # in order: not counted, not in the denominator, counted
            above, below = pick(adds, key=lambda add: 2 * add[0] - add[1])
            numerator = numerator + above * people[:, truth, decision]
            denominator = denominator + below * people[:, truth, decision]
        known = np.full(len(denominator), np.nan)
        bounds.append(np.divide(numerator, denominator, out=known, where=denominator > 0))
    return np.stack(bounds, axis=1)


def most_added(table: CountTable, rates: Sequence[Rate], shares: Sequence[Mapping[int, Share]]) -> float:
    """How much larger the largest difference of the groups with a share would be in the worst case; 0 at least."""
    if table.incomplete is None:
        return 0.0
    known = max(max(one.value for one in each.values()) - min(one.value for one in each.values()) for each in shares)
    worst = known
    for rate, each in zip(rates, shares, strict=True):
        bounds = bounds_of_rates(table, rate)[list(each)]
        apart = bounds[:, 1][:, None] - bounds[:, 0][None, :]
        np.fill_diagonal(apart, 0.0)  # a group does not differ from itself
        worst = max(worst, float(apart.max()))
    return worst - known
