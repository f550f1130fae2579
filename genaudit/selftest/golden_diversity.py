"""Golden cases of inception score, nearest-neighbour balls and classes."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from scipy import special

from genaudit.metrics import modes
from genaudit.metrics.options import ModeCountOptions
from genaudit.plugin.options import NoOptions
from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats import information, neighbours, proportions
from genaudit.stats.seeds import generator
from genaudit.values.observations import ClassPair
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike

SURE = np.eye(10)
SORTED = np.repeat(SURE, 100, axis=0)
"""100 items of each class, in order, each surely of its class."""
LINE = np.arange(10.0)[:, None]


def _score(rows: ArrayLike, splits: int) -> tuple[float, float]:
    found = information.inception_score(rows, splits)
    return found.value, found.split_deviation


def _published_shuffle(rows: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> ArrayLike:
    """The order in which torch-fidelity scores rows: the stream of RandomState is part of the published protocol."""
    return rows[np.random.RandomState(2020).permutation(len(rows))]


def _logits() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    drawn = 3 * np.random.RandomState(0).randn(1000, 10)
    return np.asarray(special.softmax(drawn, axis=1))


def _balls(real: ArrayLike, made: ArrayLike, k: int) -> tuple[float, float, float, float]:
    """Precision, recall, density, coverage."""
    found = neighbours.neighbours(real, made, [k], rng=generator(0, "selftest-blocks")).hits[k]
    means = (found.inside_real, found.inside_generated, found.real_balls / k, found.covered)
    precision, recall, density, coverage = (float(each.mean()) for each in means)
    return precision, recall, density, coverage


def _few(k: int) -> tuple[float, float, float, float]:
    return _balls([[0.0], [1.0], [2.0], [3.0], [10.0]], [[0.4], [1.6], [2.5], [9.0], [30.0]], k)


def _mean_density_and_coverage() -> tuple[float, float]:
    """Of a perfect generator, over 200 pairs of sets: how far from 1 and from the expected coverage."""
    rng = generator(0, "selftest-density")
    found = np.array([_balls(rng.normal(size=(60, 2)), rng.normal(size=(60, 2)), 5)[2:] for _ in range(200)])
    density, coverage = found.mean(axis=0)
    return float(density) - 1, float(coverage) - neighbours.expected_coverage(60, 60, 5)


def _thousand_dimensions() -> tuple[float, float, float]:
    """Of a perfect generator, 2,000 items a side, as above, and precision less recall, in standard errors of each."""
    rng = generator(0, "selftest-thousand")
    precision, recall, density, coverage = _balls(rng.normal(size=(2000, 1000)), rng.normal(size=(2000, 1000)), 5)
    off = coverage - neighbours.expected_coverage(2000, 2000, 5), density - 1, precision - recall
    return off[0] / 0.0077, off[1] / 0.087, off[2] / 0.025


def _pair(made: Sequence[int], real: Sequence[int]) -> ClassPair:
    """Counts of classes as items that are surely of their class."""
    names = tuple(map(str, range(len(made))))
    rows = [np.repeat(np.eye(len(made)), counts, axis=0) for counts in (made, real)]
    return ClassPair(generated=rows[0], reference=rows[1], classes=names)


def _modes(made: Sequence[int]) -> tuple[float, float]:
    """Divergence from equal shares, and modes found."""
    pair, rng = _pair(made, [25] * len(made)), generator(0, "unused")
    found = (
        modes.mode_kl(pair, options=NoOptions(), rng=rng),
        modes.mode_count(pair, options=ModeCountOptions(), rng=rng),
    )
    assert all(isinstance(each, Estimate) for each in found)  # noqa: S101 - for the reader and the type checker
    return found[0].value, found[1].value


def _even_draw(n: int, draw: int) -> tuple[float, float]:
    """Classes that were met and the divergence of their mix, for ``n`` items of 1,000 equally likely classes."""
    counts = generator(draw, "selftest-classes", n).multinomial(n, np.full(1000, 1e-3))
    return float((counts > 0).sum()), information.kl_divergence(counts / n, np.full(1000, 1e-3))


DIVERSITY = (
    GoldenCase(
        name="inception_score: the same probabilities for every item",
        compute=lambda: _score(np.full((20, 10), 0.1), 1)[0],
        expected=(1.0,),
        tolerance=1e-8,
    ),
    GoldenCase(
        name="inception_score: ten sure and even classes",
        compute=lambda: _score(SURE, 1)[0],
        expected=(10.0,),
        tolerance=1e-8,
    ),
    GoldenCase(
        name="inception_score: {(.9, .1), (.1, .9)}",
        compute=lambda: _score([[0.9, 0.1], [0.1, 0.9]], 1)[0],
        expected=(1.4449348112,),
        tolerance=1e-8,
    ),
    GoldenCase(
        name="inception_score: sorted by class, ten splits, not shuffled and shuffled (value, spread)",
        compute=lambda: (*_score(SORTED, 10), *_score(_published_shuffle(SORTED), 10)),
        expected=(1.0, 0.0, 9.6446400938, 0.1718213345),
        tolerance=1e-8,
        source="closed form; published shuffle, RandomState(2020)",
    ),
    GoldenCase(
        name="inception_score: random logits, ten splits shuffled (value, spread), one split",
        compute=lambda: (*_score(_published_shuffle(_logits()), 10), _score(_logits(), 1)[0]),
        expected=(3.8559055006, 0.1251722593, 3.9197473715),
        tolerance=1e-8,
        source="published algorithm in float64",
    ),
    GoldenCase(
        name="inception_score: spread of the ten splits with divisor 9, as some tools print it",
        compute=lambda: _score(_published_shuffle(_logits()), 10)[1] * math.sqrt(10 / 9),
        expected=(0.1319431465,),
        tolerance=1e-8,
        source="published algorithm in float64",
    ),
    *(
        GoldenCase(
            name=f"precision, recall, density, coverage: five points a side, k = {k}",
            compute=partial(_few, k),
            expected=(0.8, recall, density, coverage),
            tolerance=1e-12,
            source="counted by hand",
        )
        for k, recall, density, coverage in ((1, 1.0, 1.4, 1.0), (2, 1.0, 1.0, 1.0), (3, 1.0, 1.0, 1.0))
    ),
    GoldenCase(
        name="precision, recall, density, coverage: a set against itself",
        compute=lambda: _balls(LINE, LINE, 3),
        expected=(1.0, 1.0, 1.0, 1.0),
        tolerance=1e-12,
        source="counted by hand; density counts open balls (closed ones give 1.5333)",
    ),
    GoldenCase(
        name="precision, recall, density, coverage: sets far apart",
        compute=lambda: _balls(LINE, LINE + 1000, 3),
        expected=(0.0, 0.0, 0.0, 0.0),
        tolerance=0,
    ),
    GoldenCase(
        name="coverage of a perfect model: 10,000 and 10,000; 100 and 50, k = 5",
        compute=lambda: (
            neighbours.expected_coverage(10_000, 10_000, 5),
            neighbours.expected_coverage(100, 50, 5),
        ),
        expected=(0.9687734, 0.8749333),
        tolerance=1e-6,
        source="Naeem et al. 2020, section 3",
    ),
    GoldenCase(
        name="density, coverage of a perfect model: mean of 200 pairs of sets less 1 and less the expected",
        compute=_mean_density_and_coverage,
        expected=(0.0, 0.0),
        tolerance=0.03,
        source="Naeem et al. 2020, section 3; tolerance of three standard errors",
    ),
    GoldenCase(
        name="coverage, density, precision less recall of a perfect model in 1,000 dimensions, in standard errors",
        compute=_thousand_dimensions,
        expected=(0.0, 0.0, 0.0),
        tolerance=3.0,
        source="Naeem et al. 2020, section 3; both sides are alike. Standard errors as seen over 12 seeds",
    ),
    GoldenCase(
        name="mode_kl, mode_count: counts (50, 30, 20, 0) against equal shares",
        compute=lambda: _modes([50, 30, 20, 0]),
        expected=(0.3566413471, 3.0),
    ),
    GoldenCase(
        name="mode_kl, mode_count: half of 100 classes",
        compute=lambda: _modes([1] * 50 + [0] * 50),
        expected=(math.log(2), 50.0),
    ),
    GoldenCase(
        name="mode_kl, mode_count: 500 of 1,000 classes",
        compute=lambda: _modes([1] * 500 + [0] * 500),
        expected=(math.log(2), 500.0),
    ),
    GoldenCase(
        name="mode_count: 2,000 items of 1,000 even classes, mean of 40 draws",
        compute=lambda: float(np.mean([_even_draw(2_000, draw)[0] for draw in range(40)])),
        expected=(1000 * (1 - 0.999**2_000),),
        tolerance=4.0,
        source="closed form, 864.80; tolerance of three standard errors",
    ),
    GoldenCase(
        name="mode_kl: 26,000 items of 1,000 even classes, mean of 40 draws, (K - 1) / 2n",
        compute=lambda: float(np.mean([_even_draw(26_000, draw)[1] for draw in range(40)])),
        expected=(0.0192,),
        tolerance=5e-4,
        source="Paninski 2003, first order; tolerance of three standard errors",
    ),
    GoldenCase(
        name="Jensen-Shannon divergence of (.5, .5) and (1, 0)",
        compute=lambda: information.jensen_shannon_divergence([0.5, 0.5], [1, 0]),
        expected=(0.2157615543,),
    ),
    GoldenCase(
        name="largest share that 100 items may miss, 95 %",
        compute=lambda: proportions.largest_unseen_share(100),
        expected=(1 - 0.05**0.01,),
        tolerance=1e-12,
    ),
)
