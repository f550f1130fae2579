"""Golden cases of variety and of copies: Vendi score, bins, birthdays, distance to the training set, projections."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from genaudit.selftest.golden_case import GoldenCase
from genaudit.stats import bins, birthday, copying, kernels, sliced, vendi
from genaudit.stats.seeds import generator

VENDI = "Friedman and Dieng 2023, and closed form"
SIMILAR = np.array([[1, 0.9, 0], [0.9, 1, 0], [0, 0, 1]])
LABELS = np.equal.outer([0, 0, 1, 2], [0, 0, 1, 2]).astype(float)
ROWS = [[1.0, 0.0], [1.0, 0.0], [0.0, 1.0], [0.6, 0.8]]
LOW = np.arange(10.0)


def _of_line() -> float:
    points = np.array([0.0, 0, 10, 10, 20, 20])
    return vendi.vendi_of_similarities(np.exp(-np.abs(points[:, None] - points)))


def _two_forms() -> tuple[float, float]:
    """Of similarities and of features, which must agree."""
    rows = np.array(ROWS)
    return vendi.vendi_of_similarities(rows @ rows.T), vendi.vendi_of_features(rows).value


def _bins() -> tuple[float, float]:
    found = bins.compare_bins([250] * 4, [200, 150, 150, 0])
    return found.different(), found.divergence


def _two_shares() -> tuple[float, float]:
    found = bins.compare_bins([100, 900], [150, 850])
    return float(found.z[0]), float(found.p_values[0])


def _shifted() -> float:
    """Along the axes themselves, with the metric's factor 3d: three times the squared shift."""
    rows = generator(0, "selftest-rows").normal(size=(40, 4))
    moved = rows + np.array([1.0, 2, 0, 2])
    found = sliced.sliced_distance(rows, moved, np.eye(4), rng=generator(0, "unused"), blocks=0)
    return float(3 * rows.shape[1] * found.value)


def _near_a_mode() -> float:
    """Draws around eight points of a circle: how many lie within three deviations of the nearest of them."""
    rng = generator(0, "selftest-ring")
    angles = np.arange(8) * math.pi / 4
    centres = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rows = centres[rng.integers(8, size=100_000)] + 0.02 * rng.normal(size=(100_000, 2))
    offsets = rows - centres[bins.nearest_centre(rows, centres)]
    return float((np.linalg.norm(offsets, axis=1) <= 3 * 0.02).mean())


def _biased(x: list[list[float]], y: list[list[float]]) -> float:
    return kernels.polynomial_mmd(x, y).biased


AXES = [[1.0, 0.0], [0.0, 1.0]]
THREE = [*AXES, [1.0, 1.0]]


VARIETY = (
    *(
        GoldenCase(
            name=f"vendi: two items alike to .9 and one apart, order {q:g}",
            compute=partial(vendi.vendi_of_similarities, SIMILAR, q),
            expected=(expected,),
            tolerance=1e-8,
            source=VENDI,
        )
        for q, expected in ((1, 2.1573004834), (2, 1.9480519481), (math.inf, 1.5789473684), (0.5, 2.4203483571))
    ),
    GoldenCase(
        name="vendi: three pairs of copies on a line",
        compute=_of_line,
        expected=(2.9999999959,),
        tolerance=1e-8,
        source=VENDI,
    ),
    GoldenCase(
        name="vendi: seven unlike items; four alike ones; four alike to .5",
        compute=lambda: [vendi.vendi_of_similarities(k) for k in (np.eye(7), np.ones((4, 4)), 0.5 + 0.5 * np.eye(4))],
        expected=(7.0, 1.0, 2.92572656),
        tolerance=1e-8,
    ),
    GoldenCase(
        name="vendi: of similarities and of features, which agree",
        compute=_two_forms,
        expected=(1.9106560009, 1.9106560009),
        tolerance=1e-8,
    ),
    *(
        GoldenCase(
            name=f"vendi: labels a, a, b, c, order {q:g}",
            compute=partial(vendi.vendi_of_similarities, LABELS, q),
            expected=(expected,),
            tolerance=1e-8,
            source=VENDI,
        )
        for q, expected in ((1, 2.8284271247), (2, 2.6666666667), (math.inf, 2.0))
    ),
    GoldenCase(
        name="ndb: shares .1 and .15 of 1,000 (z, p)",
        compute=_two_shares,
        expected=(-3.3806170, 7.2323e-4),
        tolerance=1e-6,
        source="Richardson and Weiss 2018",
    ),
    GoldenCase(
        name="ndb: four even bins against (.4, .3, .3, 0) of 500 (different bins, divergence)",
        compute=_bins,
        expected=(4.0, 0.0976516056),
        tolerance=1e-6,
        source="Richardson and Weiss 2018",
    ),
    GoldenCase(
        name="birthday_support: chance of a common birthday among 22 and 23",
        compute=lambda: (birthday.chance_of_coincidence(365, 22), birthday.chance_of_coincidence(365, 23)),
        expected=(0.4756953, 0.5072972),
        tolerance=1e-6,
    ),
    GoldenCase(
        name="birthday_support: items for an even chance among 1,000, 10,000, 160,000",
        compute=lambda: [birthday.even_chance_sample(support) for support in (1_000, 10_000, 160_000)],
        expected=(38.0, 119.0, 472.0),
        tolerance=0,
    ),
    GoldenCase(
        name="birthday_support: the support for which 400 items are an even chance, s² / (2 ln 2)",
        compute=lambda: birthday.support_of_even_chance(400),
        expected=(115_415.6,),
        tolerance=0.1,
    ),
    GoldenCase(
        name="bins: share of a ring of eight normal modes within three deviations of the nearest, 1 - exp(-9/2)",
        compute=_near_a_mode,
        expected=(0.9888910035,),
        tolerance=1e-3,
        source="closed form; tolerance of three standard errors of 100,000 draws",
    ),
    GoldenCase(
        name="memorization_ct: half of the items nearer and half farther than ten held-out ones",
        compute=lambda: copying.mann_whitney_z(np.r_[LOW[:5] - 10, LOW[:5] + 10], LOW),
        expected=(0.0377964,),
        tolerance=1e-6,
        source="Meehan et al. 2020, with continuity correction",
    ),
    GoldenCase(
        name="memorization_ct: ten items all nearer, and all farther, than ten held-out ones",
        compute=lambda: (copying.mann_whitney_z(LOW, LOW + 10), copying.mann_whitney_z(LOW + 10, LOW)),
        expected=(-3.7418483, 3.8174412),
        tolerance=1e-6,
        source="Meehan et al. 2020, with continuity correction",
    ),
    GoldenCase(name="mind: a set shifted by (1, 2, 0, 2), along the axes", compute=_shifted, expected=(27.0,)),
    GoldenCase(
        name="kid: V-statistic of {(1,0), (0,1)} and {(1,1), (0,0)}, and of a set with itself",
        compute=lambda: (_biased(AXES, [[1.0, 1.0], [0.0, 0.0]]), _biased(THREE, THREE)),
        expected=(0.5625, 0.0),
        tolerance=1e-12,
    ),
)
