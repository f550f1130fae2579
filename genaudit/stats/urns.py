"""Where to look next is decided by what was found before: urns whose draws change them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import NDArray

Replacement = tuple[tuple[float, float], tuple[float, float]]
"""Balls that are added: first row after a draw of A (of A, of B), second row after a draw of B."""


def replacement_limit(expected: Replacement) -> float:
    """The share of A in which an urn with this expected replacement settles.

    The root in [0, 1] of ``(c + d - a - b) x² + (a - 2c - d) x + c`` at which the share is attracted (Renlund
    2010, as in Ensign et al. 2018). If each kind is only replaced by itself, at equal rates, every share is possible.

    Raises:
        ValueError: A number below 0, nothing added at all, or an urn in which every share is possible.

    >>> round(replacement_limit(((0.9, 0.1), (0.3, 0.7))), 6)
    0.75
    """
    (a, b), (c, d) = expected
    if min(a, b, c, d) < 0 or a + b + c + d == 0:
        raise ValueError(f"replacements are not negative, and something is added, not {expected}")
    square, line = c + d - a - b, a - 2 * c - d
    if square == line == c == 0:
        raise ValueError("each kind is only replaced by itself, at equal rates: every share is possible")

    def drift(x: float) -> float:
        return square * x * x + line * x + c

    roots = [0.0, 1.0, *_roots(square, line, c)]
    inside = sorted({min(max(root, 0.0), 1.0) for root in roots if -1e-12 <= root <= 1 + 1e-12})
    step = 1e-7
    attracting = [
        x for x in inside
        if abs(drift(x)) < 1e-9 and (x <= step or drift(x - step) > 0) and (x >= 1 - step or drift(x + step) < 0)
    ]  # fmt: skip
    return attracting[0]


def discovery_limit(start: tuple[float, float], rates: tuple[float, float]) -> tuple[float, float, float]:
    """Limit of the share of A if only discoveries count and look-ups follow them: mean and 5 % and 95 % quantiles.

    A place is visited with probability equal to its share of all discoveries so far, and a visit discovers something
    with probability ``rate``. Equal rates: Pólya's urn, the limit is Beta(n_A, n_B) distributed, so that the start
    decides. Unequal rates: the higher one ends with everything, slowly.

    Raises:
        ValueError: A start or a rate that is not above 0.

    >>> [round(x, 4) for x in discovery_limit((1, 1), (0.3, 0.3))]
    [0.5, 0.05, 0.95]
    >>> discovery_limit((1, 100), (0.4, 0.3))
    (1.0, 1.0, 1.0)
    """
    if min(*start, *rates) <= 0:
        raise ValueError(f"start and rates are above 0, not {start} and {rates}")
    if math.isclose(*rates, rel_tol=1e-12):
        mean = start[0] / sum(start)
        low, high = (float(special.betaincinv(*start, q)) for q in (0.05, 0.95))
        return mean, low, high
    winner = float(rates[0] > rates[1])
    return winner, winner, winner


def corrected_limit(rates: tuple[float, float]) -> float:
    """Limit of the share of A if a discovery counts with probability 1 - its place's share: ``λ_A / (λ_A + λ_B)``.

    What one would find by looking everywhere alike (Ensign et al. 2018).

    >>> corrected_limit((0.1, 0.3))
    0.25
    """
    return rates[0] / sum(rates)


def expected_path(
    start: tuple[float, float], rates: tuple[float, float], totals: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Share of A when there are so many discoveries, along the curve that means follow.

    ``n_B`` grows as ``n_A^(λ_B/λ_A)`` (Athreya and Karlin 1968): far more slowly than one might think.

    Args:
        start: Discoveries of A and B at the start.
        rates: Chance of a discovery at a visit of A and of B.
        totals: ``(k,)`` numbers of discoveries, at least those at the start.

    >>> expected_path((1.0, 1.0), (0.2, 0.2), np.array([2.0, 200.0]))
    array([0.5, 0.5])
    """
    power = rates[1] / rates[0]
    low = np.full(len(totals), start[0], dtype=np.float64)
    high = np.asarray(totals, dtype=np.float64).copy()
    for _ in range(200):
        middle = (low + high) / 2
        above = middle + start[1] * (middle / start[0]) ** power > totals
        low, high = np.where(above, low, middle), np.where(above, middle, high)
    return np.asarray((low + high) / 2 / totals, dtype=np.float64)


def simulate(
    start: tuple[float, float],
    rates: tuple[float, float],
    visits: int,
    runs: int,
    rng: np.random.Generator,
    *,
    corrected: bool = False,
) -> NDArray[np.float64]:
    """Share of A after so many visits, of ``(runs,)`` independent urns.

    >>> from genaudit.stats.seeds import generator
    >>> shares = simulate((1, 1), (1, 1), 200, 2000, generator(0, "urns"))
    >>> abs(shares.mean() - 0.5) < 0.03
    np.True_
    """
    found = np.tile(np.asarray(start, dtype=np.float64), (runs, 1))
    for _ in range(visits):
        share = found[:, 0] / found.sum(axis=1)
        to_a = rng.random(runs) < share
        chance = np.where(to_a, rates[0], rates[1])
        if corrected:
            chance = chance * (1 - np.where(to_a, share, 1 - share))
        hit = rng.random(runs) < chance
        found[:, 0] += hit & to_a
        found[:, 1] += hit & ~to_a
    return np.asarray(found[:, 0] / found.sum(axis=1), dtype=np.float64)


def _roots(square: float, line: float, constant: float) -> list[float]:
    if abs(square) < 1e-15:
        return [-constant / line] if line else []
    inside = line * line - 4 * square * constant
    if inside < 0:
        return []
    root = math.sqrt(inside)
    return [(-line - root) / (2 * square), (-line + root) / (2 * square)]
