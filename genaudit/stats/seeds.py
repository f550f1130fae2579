"""Random numbers that depend on a seed and a name, and on nothing else."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

BLOCK = 1024
"""Rows drawn together by ``standard_normal_rows``; part of what a seed means."""


def generator(seed: int, *names: str | int) -> np.random.Generator:
    """The stream of random numbers that belongs to a seed and a name.

    Streams of different names are independent, so that drawing more in one place changes nothing in another. The
    stream is that of Philox 4x64 (Salmon et al. 2011), a counter-based generator, keyed by SHA-256 of seed and names:
    the same on every platform and under every hash seed of Python.

    Args:
        seed: The run's seed, a whole number.
        names: What the numbers are for; ``1`` and ``"1"`` are different names.

    Raises:
        ValueError: The seed is negative.

    >>> generator(0, "latents", 3).integers(100) == generator(0, "latents", 3).integers(100)
    np.True_
    """
    if seed < 0:
        raise ValueError(f"a seed is a whole number of at least 0, not {seed}")
    digest = hashlib.sha256(json.dumps([int(seed), *names]).encode()).digest()
    return np.random.Generator(np.random.Philox(key=int.from_bytes(digest[:16], "little")))


def standard_normal_rows(
    seed: int, name: str, start: int, count: int, dimension: int, block: int = BLOCK
) -> NDArray[np.float64]:
    """Rows ``start`` to ``start + count`` of an endless table of standard normal numbers.

    A row depends on seed, name, its number, the dimension and the block size only: any split into batches or
    processes gives the same rows.

    Args:
        seed: The run's seed.
        name: What the rows are for.
        start: Number of the first row, from 0.
        count: How many rows.
        dimension: Length of a row.
        block: Rows drawn together; another block size is another table.

    Returns:
        Array ``(count, dimension)``, float64.

    Raises:
        ValueError: A negative start or count, or a block or dimension below 1.

    >>> whole = standard_normal_rows(7, "z", 0, 6, 2, block=4)
    >>> bool((whole[3:] == standard_normal_rows(7, "z", 3, 3, 2, block=4)).all())
    True
    """
    if start < 0 or count < 0 or dimension < 1 or block < 1:
        raise ValueError(
            "rows need start >= 0, count >= 0, dimension >= 1 and block >= 1, "
            f"not {start}, {count}, {dimension} and {block}"
        )
    rows = np.empty((count, dimension))
    stop = start + count
    for number in range(start // block, -(-stop // block)):
        first = number * block
        drawn = generator(seed, name, number).standard_normal((block, dimension))
        low, high = max(first, start), min(first + block, stop)
        rows[low - start : high - start] = drawn[low - first : high - first]
    return rows
