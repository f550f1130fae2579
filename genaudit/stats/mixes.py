"""How far a mix of levels lies from another, with every declared level counted, and how far chance alone takes it."""

from __future__ import annotations

import math
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from genaudit.stats.information import kl_divergence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.values.results import Interval

Floats = NDArray[np.float64]
MOST_TABLES = 20_000
"""Tables that the exact test adds up; beyond, the chi-squared approximation is used."""
DRAWS = 2_000


def discrepancies(p: ArrayLike, q: ArrayLike) -> dict[str, float]:
    """``l1``, ``l2``, ``tv`` and ``kl`` between two distributions over the same declared levels.

    ``Σ|p - q|``, ``√Σ(p - q)²``, half of the first, and ``Σ p ln(p / q)`` in nats with 0 · ln 0 = 0. A level that a
    sample does not show has the share 0 and counts (Choi et al. 2020, over all levels). Where q has no share of
    a level that p has, ``kl`` is infinite and left out.

    Raises:
        ValueError: Not two distributions over as many levels.

    >>> {name: round(value, 7) for name, value in discrepancies([1, 0], [0.5, 0.5]).items()}
    {'l1': 1.0, 'l2': 0.7071068, 'tv': 0.5, 'kl': 0.6931472}
    """
    x, y = _distribution(p), _distribution(q)
    if len(x) != len(y):
        raise ValueError(f"two mixes of the same levels are compared, not of {len(x)} and {len(y)}")
    l1 = float(np.abs(x - y).sum())
    found = {"l1": l1, "l2": float(np.linalg.norm(x - y)), "tv": l1 / 2}
    return found if (x[y == 0] > 0).any() else {**found, "kl": kl_divergence(x, y)}


def discrepancy_bounds(intervals: Sequence[Interval], q: ArrayLike) -> dict[str, tuple[float, float]]:
    """Bounds of every discrepancy over all mixes that simultaneous intervals of the shares allow.

    Every discrepancy is built from one convex term a level that is smallest, 0, at the reference's share:
    ``|p - q|``, ``(p - q)²`` and ``p ln(p / q) - p + q``. So its bounds are those at the ends of the intervals. They
    are conservative: that shares add up to 1 is not used.
    """
    y = _distribution(q)
    low, high = (np.array([getattr(interval, end) for interval in intervals]) for end in ("low", "high"))
    nearest = np.clip(y, low, high)
    bounds = {}
    for name, term in (("l1", _absolute), ("l2", _squared), ("kl", _divergence)):
        bounds[name] = float(term(nearest, y).sum()), float(np.maximum(term(low, y), term(high, y)).sum())
    bounds["l2"] = math.sqrt(bounds["l2"][0]), math.sqrt(bounds["l2"][1])
    bounds["tv"] = bounds["l1"][0] / 2, bounds["l1"][1] / 2
    return bounds


def null_means(q: ArrayLike, n: float, rng: np.random.Generator) -> dict[str, float]:
    """The discrepancies that a sample of n items from q itself shows on average, from 2,000 drawn samples.

    >>> rng = np.random.Generator(np.random.Philox(0))
    >>> round(null_means([0.5, 0.5], 4, rng)["l1"] / 2, 1)  # E|X/4 - 1/2| is .1875
    0.2
    """
    y, size = _distribution(q), max(round(n), 1)
    drawn = rng.multinomial(size, y, size=DRAWS) / size
    present = y > 0
    differences = drawn - y
    terms = special.rel_entr(drawn[:, present], y[present]).sum(axis=1)
    l1 = float(np.abs(differences).sum(axis=1).mean())
    l2 = float(np.linalg.norm(differences, axis=1).mean())
    return {"l1": l1, "l2": l2, "tv": l1 / 2, "kl": float(terms.mean())}


def noise_floor(n: int, p: float) -> float:
    """``E|X / n - p|`` for X binomial: how far a share lies from the truth by chance (De Moivre).

    ``2 / n · (1 - p)^(n - k) p^(k + 1) (k + 1) C(n, k + 1)`` for ``k = ⌊n p⌋``.

    Raises:
        ValueError: No items, or a share outside [0, 1].

    >>> [round(noise_floor(n, 0.5), 7) for n in (4, 8, 50, 100)]
    [0.1875, 0.1367188, 0.0561376, 0.0397946]
    """
    if n < 1 or not 0 <= p <= 1:
        raise ValueError(f"a share in [0, 1] of at least 1 item is needed, not {p} of {n}")
    if p in {0.0, 1.0}:
        return 0.0
    k = math.floor(n * p)
    log_choose = special.gammaln(n + 1) - special.gammaln(k + 2) - special.gammaln(n - k)
    log_mean = math.log(2 / n) + (n - k) * math.log1p(-p) + (k + 1) * math.log(p) + math.log(k + 1) + log_choose
    return math.exp(float(log_mean)) if k < n else 0.0


def goodness_of_fit(counts: ArrayLike, q: ArrayLike) -> tuple[float, str]:
    """P-value of counts under a distribution, and which test gave it.

    The exact multinomial test adds up the probabilities of all tables that are no more probable than the one that was
    seen; where there are too many tables, Pearson's chi-squared test is used, if all expected counts reach 5.

    Raises:
        ValueError: Shapes that do not fit, no items, a count where the reference has none, or expected counts below 5
            among too many tables.

    >>> p_value, test = goodness_of_fit([9, 1], [0.5, 0.5])
    >>> round(p_value, 7), test
    (0.0214844, 'exact multinomial test')
    """
    seen, y = np.asarray(counts, dtype=np.int64), _distribution(q)
    n = int(seen.sum())
    if seen.shape != y.shape or (seen < 0).any() or n < 1:
        raise ValueError(f"{len(y)} counts with a sum above 0 are needed, not {seen.tolist()}")
    if (seen[y == 0] > 0).any():
        return 0.0, "a level was seen that the reference does not have"
    seen, y = seen[y > 0], y[y > 0]
    if math.comb(n + len(y) - 1, len(y) - 1) <= MOST_TABLES:
        return _exact(seen, y), "exact multinomial test"
    if (n * y).min() < 5:
        raise ValueError(f"the smallest expected count is {(n * y).min():.3g}, and 5 are needed for an approximation")
    statistic = float(((seen - n * y) ** 2 / (n * y)).sum())
    return float(special.chdtrc(len(y) - 1, statistic)), "Pearson's chi-squared test"


def _exact(seen: NDArray[np.int64], q: Floats) -> float:
    n, k = int(seen.sum()), len(seen)
    bars = np.array(list(combinations(range(n + k - 1), k - 1)), dtype=np.int64).reshape(-1, k - 1)
    edges = np.concatenate([np.full((len(bars), 1), -1), bars, np.full((len(bars), 1), n + k - 1)], axis=1)
    tables = np.diff(edges, axis=1) - 1
    logs = (tables * np.log(q) - special.gammaln(tables + 1)).sum(axis=1) + special.gammaln(n + 1)
    own = float((seen * np.log(q) - special.gammaln(seen + 1)).sum() + special.gammaln(n + 1))
    return min(1.0, float(np.exp(logs[logs <= own + 1e-9]).sum()))


def _absolute(p: Floats, q: Floats) -> Floats:
    return np.abs(p - q)


def _squared(p: Floats, q: Floats) -> Floats:
    return (p - q) ** 2


def _divergence(p: Floats, q: Floats) -> Floats:
    return np.where(q > 0, special.rel_entr(p, np.where(q > 0, q, 1.0)) - p + q, 0.0)


def _distribution(shares: ArrayLike) -> Floats:
    array = np.asarray(shares, dtype=np.float64)
    if array.ndim != 1 or len(array) < 2 or not np.isfinite(array).all():
        raise ValueError(f"a mix needs finite shares of at least 2 levels, not an array of shape {array.shape}")
    if (array < 0).any() or abs(array.sum() - 1) > 1e-9:
        raise ValueError(f"shares of a mix are not negative and add up to 1, not to {array.sum():g}")
    return array
