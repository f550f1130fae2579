"""Whether counts of categories fit shares that were declared beforehand."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

SMALLEST = 1e-300
MOST_TABLES = 200_000
"""Ways to spread the counts over the categories that are still enumerated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A test of counts against declared shares."""

    p_value: float
    """Not below 1e-300, where floating point ends; 0 if the counts are impossible."""
    statistic: float
    """Pearson's ``Σ (O - E)² / E``; infinite is not given: see ``impossible``."""
    degrees_of_freedom: int
    method: str
    smallest_expected: float
    impossible: bool = False
    """Whether somebody is of a category whose declared share is 0."""


def fit(counts: ArrayLike, shares: ArrayLike) -> Fit:
    """The exact multinomial test if the ways to spread the counts can be enumerated, else Pearson's chi-square test.

    Exact: the probability of all counts that are no more probable than those found, with the shares declared.
    A category of share 0 that is empty tells nothing and is left out.

    Args:
        counts: ``(k,)`` whole numbers.
        shares: ``(k,)``, not negative, with sum 1.

    Raises:
        ValueError: Shapes that differ, nobody counted, negative counts or shares, shares that do not sum to 1.

    >>> found = fit([7, 1, 2], [0.5, 0.3, 0.2])
    >>> found.method, round(found.p_value, 4)
    ('exact multinomial test', 0.4093)
    """
    seen, declared = np.asarray(counts, dtype=np.float64), np.asarray(shares, dtype=np.float64)
    if seen.shape != declared.shape or seen.ndim != 1 or (seen < 0).any() or (declared < 0).any():
        raise ValueError("counts (k,) and shares (k,) are not negative")
    if seen.sum() == 0 or abs(float(declared.sum()) - 1) > 1e-6:
        raise ValueError(f"somebody must be counted and shares sum to 1, not {seen.sum():g} and {declared.sum():g}")
    if (seen[declared == 0] > 0).any():
        return Fit(p_value=0.0, statistic=0.0, degrees_of_freedom=0, method="impossible under the declared shares",
                   smallest_expected=0.0, impossible=True)  # fmt: skip
    seen, declared = seen[declared > 0], declared[declared > 0]
    expected = seen.sum() * declared / declared.sum()
    statistic = float(((seen - expected) ** 2 / expected).sum())
    freedom = len(seen) - 1
    n = round(float(seen.sum()))
    whole = np.abs(seen - np.rint(seen)).max() < 1e-9
    exact = whole and freedom > 0 and _tables(n, len(seen)) <= MOST_TABLES
    p_value = _exact(np.rint(seen).astype(np.int64), declared) if exact else float(special.chdtrc(freedom, statistic))
    return Fit(
        p_value=1.0 if freedom == 0 else max(p_value, SMALLEST),
        statistic=statistic,
        degrees_of_freedom=freedom,
        method="exact multinomial test" if exact else "Pearson's chi-square test",
        smallest_expected=float(expected.min()),
    )


def _tables(n: int, k: int) -> int:
    """Ways to spread n over k categories."""
    return math.comb(n + k - 1, k - 1)


def _exact(counts: NDArray[np.int64], shares: NDArray[np.float64]) -> float:
    n = int(counts.sum())
    tables = _compositions(n, len(counts))
    logs = _log_probability(tables, shares, n)
    found = _log_probability(counts[None], shares, n)[0]
    return min(float(np.exp(logs[logs <= found + 1e-9]).sum()), 1.0)


def _compositions(n: int, k: int) -> NDArray[np.int64]:
    """All ``(ways, k)`` ways to spread n over k categories."""
    tables = np.arange(n + 1, dtype=np.int64)[:, None]
    for _ in range(k - 2):
        left = n - tables.sum(axis=1)
        rows = np.repeat(np.arange(len(tables)), left + 1)
        starts = np.cumsum(left + 1) - (left + 1)
        last = np.arange(len(rows)) - np.repeat(starts, left + 1)
        tables = np.hstack([tables[rows], last[:, None]])
    return np.hstack([tables, (n - tables.sum(axis=1))[:, None]])


def _log_probability(tables: NDArray[np.int64], shares: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    terms = special.xlogy(tables, shares / shares.sum()) - special.gammaln(tables + 1.0)
    return np.asarray(math.lgamma(n + 1) + terms.sum(axis=1), dtype=np.float64)
