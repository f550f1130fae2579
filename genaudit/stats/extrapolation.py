"""The Fréchet distance at infinitely many generated items, from a line through distances at growing numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.frechet import frechet_distance, in_common_span
from genaudit.stats.moments import Scatter, finite_rows, scatter, together
from genaudit.stats.units import blocks_of_units, independent_units, jackknife_error

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

    Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extrapolated:
    """An intercept at 1/n = 0, the line that it lies on, and how far it may be off."""

    value: float
    """May be below 0 where the distance is near 0."""
    slope: float
    """Distance times items: what n items add is ``slope / n``."""
    sizes: tuple[int, ...]
    """Generated items behind each distance."""
    distances: tuple[float, ...]
    standard_error: float | None
    """Jackknife over blocks of both sides with the same random orders; None with fewer than 3 units on a side."""
    blocks: int
    left_out: tuple[float, ...]
    """The intercept without one block each."""


def extrapolation_sizes(count: int, points: int, start: int = 0) -> tuple[int, ...]:
    """Numbers of generated items at which the distance is taken, evenly from ``start`` to ``count``, rounded down.

    Args:
        count: Generated items in all.
        points: How many sizes, at least 2.
        start: The smallest; 0 for a tenth of all, at least 2 and at most 5,000.

    Raises:
        ValueError: Fewer than 2 points, or sizes that do not lie between 2 and ``count``.

    >>> extrapolation_sizes(50_000, 3)
    (5000, 27500, 50000)
    """
    first = start or min(5000, max(count // 10, 2))
    if points < 2 or not 2 <= first < count:
        raise ValueError(f"a line needs 2 sizes from 2 to {count}, not {points} from {first}")
    return tuple(int(size) for size in np.linspace(first, count, points))


def frechet_at_infinity(
    x: ArrayLike,
    y: ArrayLike,
    x_clusters: ArrayLike | None = None,
    y_clusters: ArrayLike | None = None,
    *,
    rng: np.random.Generator,
    sizes: tuple[int, ...],
    blocks: int = 10,
) -> Extrapolated:
    """Intercept of the least-squares line of distance over 1/n (Chong and Forsyth 2020).

    Each size has its own random order of x, of which it takes the first rows; all rows of y are used throughout, so
    the bias of y's own number stays. A leave-out value of the jackknife takes a block out of these same parts: new
    orders would count as spread B - 1 times. Sums are kept by block, so each part is read once, and of one size only:
    memory is 2 (B + 1) matrices d × d.

    Args:
        x: ``(n, d)`` generated.
        y: ``(m, d)`` reference.
        x_clusters: ``(n,)`` identifier of the source item; None for independent rows.
        y_clusters: ``(m,)``, likewise.
        rng: Draws the orders and deals units out to blocks.
        sizes: As ``extrapolation_sizes`` gives them.
        blocks: Of the jackknife; fewer if there are fewer units, and below 3 there is no standard error.

    Raises:
        ValueError: Sizes outside 2 to n, different dimensions or rows that are not finite.
    """
    u, v = in_common_span(finite_rows(x), finite_rows(y))
    if min(sizes) < 2 or max(sizes) > len(u) or len(set(sizes)) < 2:
        raise ValueError(f"sizes lie between 2 and {len(u)} and differ, not {sizes}")
    block_x, block_y = _blocks(len(u), x_clusters, len(v), y_clusters, blocks, rng)
    parts_y = _by_block(v, block_y, np.arange(len(v)))
    whole_y = together(parts_y, dimension=v.shape[1])
    references = [whole_y.without(part).moments() for part in parts_y] if len(parts_y) > 2 else []
    points: list[tuple[int, float]] = []
    left_out: list[list[tuple[int, float]]] = [[] for _ in references]
    for size in sizes:
        parts = _by_block(u, block_x, rng.permutation(len(u))[:size])
        whole = together(parts, dimension=u.shape[1])
        points.append((size, frechet_distance(whole.moments(), whole_y.moments())))
        for found, part, reference in zip(left_out, parts, references, strict=bool(references)):
            if whole.count - part.count > 1:
                rest = whole.without(part)
                found.append((rest.count, frechet_distance(rest.moments(), reference)))
    value, slope = _line(points)
    lines = [_line(found)[0] for found in left_out if len({size for size, _ in found}) > 1]
    return Extrapolated(
        value=value,
        slope=slope,
        sizes=sizes,
        distances=tuple(distance for _, distance in points),
        standard_error=jackknife_error(lines) if len(lines) > 2 else None,
        blocks=len(lines),
        left_out=tuple(lines),
    )


def _by_block(rows: NDArray[np.float64], block: Integers, chosen: NDArray[np.integer]) -> list[Scatter]:
    """Sums of the chosen rows, block by block."""
    return [scatter(rows[chosen[block[chosen] == number]]) for number in range(int(block.max()) + 1)]


def _line(points: list[tuple[int, float]]) -> tuple[float, float]:
    """Intercept and slope of the least-squares line of distances over one over their numbers of items."""
    sizes, distances = np.array(points).T
    inverse = 1 / sizes
    centred = inverse - inverse.mean()
    slope = float(centred @ distances) / float(centred @ centred)
    return float(distances.mean() - slope * inverse.mean()), slope


def _blocks(
    n: int, x_clusters: ArrayLike | None, m: int, y_clusters: ArrayLike | None, blocks: int, rng: np.random.Generator
) -> tuple[Integers, Integers]:
    """Block numbers of both sides, as many blocks on one side as on the other."""
    used = max(min(blocks, independent_units(n, x_clusters), independent_units(m, y_clusters)), 2)
    return blocks_of_units(n, x_clusters, used, rng), blocks_of_units(m, y_clusters, used, rng)
