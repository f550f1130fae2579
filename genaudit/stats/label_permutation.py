"""Whether shares of groups differ: a permutation test of group labels, and a bootstrap, both from counts alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

    from genaudit.stats.rates import Rate

MOST_DRAWS = 2_000_000
"""Group counts drawn for one test; with very many groups there are fewer permutations."""
FEWEST = 199
MOST_PERMUTED = 999_999_999
"""People whose labels numpy can permute by counts; it refuses more."""
TIE = 1e-12
"""Two statistics of the same counts differ by rounding alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PermutationTest:
    """The p-value of a largest difference."""

    statistic: float
    """Largest minus smallest share; of several kinds of share, the largest of these."""
    p_value: float
    """``(1 + permutations at least as extreme) / (1 + permutations)``: never 0."""
    permutations: int
    under_equality: float
    """Mean of the statistic over the permutations: how large it is if nothing differs."""


def permutation_test(
    kinds: Sequence[tuple[ArrayLike, ArrayLike]], permutations: int, rng: np.random.Generator
) -> PermutationTest:
    """Test that all groups have the same share, by permuting group labels.

    Labels of those among whom a share is taken are exchangeable if the share is equal. How many of the counted fall
    into each group then has a multivariate hypergeometric distribution, so no single person needs to be drawn. Several
    kinds of share (false and true positive rates) are taken among different people, permuted apart (within each
    truth), and the largest difference over all of them is the statistic.

    Args:
        kinds: For each kind of share counts ``(k,)`` and totals ``(k,)`` of the groups, whole numbers, totals above 0.
        permutations: How many; with very many groups fewer are drawn.
        rng: Source of the permutations.

    Raises:
        ValueError: Fewer than two groups, counts that are no whole numbers or exceed their totals, more people than
            ``MOST_PERMUTED``.
    """
    whole = [_checked(*kind) for kind in kinds]
    number = max(min(permutations, MOST_DRAWS // max(len(totals) for _, totals in whole)), FEWEST)
    observed = max(float(np.ptp(counts / totals)) for counts, totals in whole)
    drawn = np.max([_ranges(counts, totals, number, rng) for counts, totals in whole], axis=0)
    at_least = int((drawn >= observed - TIE).sum())
    return PermutationTest(
        statistic=observed,
        p_value=(1 + at_least) / (1 + number),
        permutations=number,
        under_equality=float(drawn.mean()),
    )


def bootstrap_error(
    confusion: NDArray[np.float64], rates: Sequence[Rate], draws: int, rng: np.random.Generator
) -> float:
    """Standard error of the largest difference over groups, from multinomial draws of each group's table.

    For a standard error only: percentiles of a largest difference make no interval, because it is biased upwards.

    Args:
        confusion: Counts ``(k, 2, 2)``, whole numbers; every denominator is above 0.
        rates: Kinds of share; the largest difference over all of them is taken.
        draws: How many; with very many groups fewer are drawn. Draws with an empty denominator are left out.
        rng: Source of the draws.
    """
    k = len(confusion)
    number = max(min(draws, MOST_DRAWS // (4 * k)), 100)
    people = confusion.sum(axis=(1, 2))
    drawn = rng.multinomial(people.astype(np.int64), confusion.reshape(k, 4) / people[:, None], size=(number, k))
    tables = drawn.reshape(number, k, 2, 2).astype(np.float64)
    parts = [rate.parts(tables) for rate in rates]
    defined = np.all([(totals > 0).all(axis=1) for _, totals in parts], axis=0)
    ranges = [np.ptp(counts[defined] / totals[defined], axis=1) for counts, totals in parts]
    return float(np.max(ranges, axis=0).std(ddof=1)) if defined.sum() > 1 else 0.0


def _ranges(
    counts: NDArray[np.int64], totals: NDArray[np.int64], number: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Largest minus smallest share of each permutation."""
    drawn = rng.multivariate_hypergeometric(totals, int(counts.sum()), size=number, method="marginals")
    return np.asarray(np.ptp(drawn / totals, axis=1), dtype=np.float64)


def _checked(counts: ArrayLike, totals: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    given = np.asarray(counts, dtype=np.float64), np.asarray(totals, dtype=np.float64)
    rounded = np.rint(given[0]).astype(np.int64), np.rint(given[1]).astype(np.int64)
    if any((one != other).any() for one, other in zip(given, rounded, strict=True)):
        raise ValueError("labels of people can be permuted, sums of weights cannot: counts are whole numbers")
    if len(rounded[0]) < 2 or (rounded[0] > rounded[1]).any() or (rounded[1] < 1).any() or (rounded[0] < 0).any():
        raise ValueError("at least two groups with 0 <= count <= total and a total above 0 are needed")
    return rounded
