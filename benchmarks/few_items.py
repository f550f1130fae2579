"""Cases of ``interval_coverage.py`` in which few generated items decide about many real ones: recall and coverage."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from further_cases import FurtherCase

from genaudit.metrics import neighbourhoods
from genaudit.metrics.options import DensityCoverageOptions, PrecisionRecallOptions
from genaudit.stats.neighbours import neighbours
from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from genaudit.values.observations import Neighbours
    from genaudit.values.results import Interval

FRESH = 300
"""Generated sets from which the value given the reference set is found."""
GIVEN = "generated samples of this size against this reference set"


def crops(photograph: int, n: int, rng: np.random.Generator) -> np.ndarray:
    """``(n, 768)``: levels of crops of 64 × 64 of one of scikit-learn's photographs, 4 × 4 of them averaged."""
    from sklearn.datasets import load_sample_images

    whole = load_sample_images().images[photograph].astype(np.float64) / 255
    corners = rng.integers(0, [extent - 64 for extent in whole.shape[:2]], size=(n, 2))
    cut = np.stack([whole[top : top + 64, left : left + 64] for top, left in corners])
    return cut.reshape(n, 16, 4, 16, 4, 3).mean(axis=(2, 4)).reshape(n, -1)


@cache  # both metrics look at the same hits
def hits(world: str, n: int, seed: int) -> tuple[Neighbours, np.random.Generator]:
    """Neighbours of a generated set among one reference set."""
    fixed, rng = generator(0, "few-items-real"), generator(seed, "few-items-made")
    if world == "photographs":
        real, made = crops(1, n, fixed), crops(0, n, rng)
    else:
        real, made = fixed.normal(size=(n, 4)), rng.normal(size=(n, 4)) + 2.0
    return neighbours(real, made, [3, 5], rng=rng), rng


def in_balls(metric: str, world: str, n: int) -> Callable[[int], Iterator[tuple[float, Interval, float]]]:
    """The value over generated samples against the reference set."""
    options = DensityCoverageOptions() if metric == "coverage" else PrecisionRecallOptions()
    function = getattr(neighbourhoods, metric)

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        first = 10**6
        truth = np.mean([function(hits(world, n, first + i)[0], options=options, rng=None).value for i in range(FRESH)])
        for seed in range(seeds):
            found, rng = hits(world, n, seed)
            estimate = function(found, options=options, rng=rng)
            if estimate.interval is not None:
                yield estimate.value, estimate.interval, float(truth)

    return trials


FEW = tuple(
    FurtherCase(metric, data, GIVEN, in_balls(metric, world, n), 4)
    for world, n, data in (
        ("photographs", 64, "n = m = 64 crops of two photographs, pixels"),
        ("far", 100, "n = m = 100, d = 4, shift 2"),
    )
    for metric in ("recall", "coverage")
)
