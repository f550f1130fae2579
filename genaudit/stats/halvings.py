"""How much a share of fixed items varies with the items that decide about it, seen from disjoint halves of the latter.

Recall and coverage are shares of real items. Whether a real item counts depends on all generated items together, so the
share is no mean of independent terms, and a jackknife counts interactions of order k some k times (Efron and Stein
1981). Two disjoint halves of one sample are two independent samples of half the size: half of their squared difference
is an estimate of the variance at that size without a bias, whatever the statistic (Mahalanobis 1946). What is left is
the way from half the size to the whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.values.observations import Halved

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

Words = NDArray[np.uint64]
HALVINGS = 32
"""Ways to halve a set: with both halves of each, one bit for every half in a word of 64."""
FREEDOM = 20.0
"""Degrees of freedom of a variance from them: halvings of one set are not independent (measured spread: a third)."""
UNSEEN = 20.0
"""Items for which the spread of independent yeses and noes counts beside what halves of a set show. What fewer than one
item in so many decides is in neither half, so that few items may agree by chance: of 64 crops of photographs 76 to 93 %
of the intervals held without it, depending on the reference set (docs/interval-coverage.md)."""
EVERY_HALF = ~np.uint64(0)


def halves(count: int, units: ArrayLike | None, rng: np.random.Generator) -> Words:
    """Which halves each of ``count`` items belongs to: bit h is the first half of halving h, bit 32 + h its second.

    Args:
        count: Items.
        units: ``(count,)`` identifier of what an item belongs to; a unit stays together. None for independent items.
        rng: Draws the halvings, each evenly.

    >>> words = halves(5, None, np.random.Generator(np.random.Philox(0)))
    >>> [int(word).bit_count() for word in words]
    [32, 32, 32, 32, 32]
    """
    of_item = np.arange(count) if units is None else np.unique(np.asarray(units), return_inverse=True)[1]
    number = int(of_item.max(initial=-1)) + 1
    first = np.zeros(number, dtype=np.uint64)
    for halving in range(HALVINGS):
        first[rng.permutation(number)[: (number + 1) // 2]] |= np.uint64(1 << halving)
    second = first ^ np.uint64((1 << HALVINGS) - 1)
    return np.asarray((first | second << np.uint64(HALVINGS))[of_item], dtype=np.uint64)


def items_of_each_half(words: Words) -> NDArray[np.int64]:
    """``(64,)``: items in each half."""
    return np.asarray(_bits(words).sum(axis=0, dtype=np.int64))


def halved(words: Words) -> Halved:
    """Shares of items whose bits are set, for both halves of every halving.

    >>> halved(np.array([1, 1 << 32, 0, 0], dtype=np.uint64)).shares[0]
    array([0.25, 0.25])
    """
    bits = _bits(words)
    first, second = bits[:, :HALVINGS], bits[:, HALVINGS:]
    return Halved(
        shares=np.stack([first.mean(axis=0), second.mean(axis=0)], axis=1), differing=(first != second).mean(axis=0)
    )


def design_effect(seen: Halved, items: int, *, together: float) -> float:
    """Variance of a share over that of as many independent items, at the size of the whole.

    At half the size the variance of the share consists of what each item varies by itself, ``D = ½ mean share that
    differs between halves``, and of what items vary together, ``V - D`` with ``V = items · ½ mean squared difference``.
    Over ``p (1 - p)`` of the halves, the first is nearly the same at any size.

    Args:
        seen: Both halves of every halving.
        items: Behind each share.
        together: The part of ``V - D`` that is left at the whole size.

    Returns:
        0 or more; 0 if no halving changes anything.
    """
    shares = seen.shares
    binomial = float((shares * (1 - shares)).mean())
    if binomial == 0:
        return 0.0
    own = 0.5 * float(seen.differing.mean())
    whole = 0.5 * items * float((np.diff(shares, axis=1) ** 2).mean())
    return (own + together * (whole - own)) / binomial


def not_below_chance(effect: float, items: int) -> float:
    """A design effect below 1, drawn towards 1 with the weight of ``UNSEEN`` of the ``items`` that showed it.

    Args:
        effect: From ``design_effect``.
        items: Whose halves it is from; copies and items of one source count once.

    >>> not_below_chance(2.0, 64), round(not_below_chance(0.1, 60), 3), round(not_below_chance(0.1, 10_000), 3)
    (2.0, 0.325, 0.102)
    """
    return effect + max(0.0, 1.0 - effect) * UNSEEN / (items + UNSEEN)


def _bits(words: Words) -> NDArray[np.uint8]:
    """``(n, 64)``: bit b of each word in column b, on any machine."""
    return np.unpackbits(words.astype("<u8").view(np.uint8).reshape(len(words), 8), axis=1, bitorder="little")
