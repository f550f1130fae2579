"""Golden cases of groups: discrepancies, what chance alone shows, shares under two readers, bias amplification."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from genaudit.selftest.golden_case import ANALYTIC, GoldenCase
from genaudit.stats import amplification, association, hard_decisions, joint_correction, mixes

EVEN = (0.5, 0.5)
ORDER = ("l2", "l1", "kl", "tv")


def _discrepancies(p: float) -> list[float]:
    found = mixes.discrepancies([p, 1 - p], EVEN)
    return [found[name] for name in ORDER]


def _through_two_readers() -> list[float]:
    """A table of pairs that two readers of known errors would see, and the shares within its rows again."""
    t, a = (joint_correction.reader_of(rows) for rows in ([[90, 10], [20, 80]], [[947, 53], [17, 983]]))
    seen = 1e6 * t.matrix @ [[0.3, 0.1], [0.12, 0.48]] @ a.matrix.T
    return [float(share) for share in joint_correction.joint_shares(seen, t, a).within[:, 0]]


PAINTING = ((30, 10), (10, 30))
"""Women and men who paint, and who do not."""
PAINTERS = (0.0, 1 / 3, 2 / 3, 1.0, 4 / 3)
"""Predicted painters among women over true ones; men are predicted rightly."""


def _predicted(share: float) -> list[list[float]]:
    return [[share * 30, 10], [40 - share * 30, 30]]


def _a_to_t(share: float) -> float:
    train = amplification.exclusive(PAINTING)
    return amplification.attribute_to_task(train, train, _predicted(share)).value


def _towards_base_rates() -> list[float]:
    """900 men and 100 women; an object of 60 and 40 is predicted for 80 and 20."""
    train = amplification.Cooccurrence(
        together=np.array([[60, 40]]), tasks=np.array([100]), attributes=np.array([900, 100]), total=1000
    )
    return [
        amplification.mals([[60, 40]], [[80, 20]]).value,
        amplification.attribute_to_task(train, train, [[80, 20]]).value,
    ]


def _spurious_signs() -> float:
    """Directions other than 0 among all exactly independent tables of at most 60 items."""
    found = 0
    for n in range(2, 61):
        for a in range(1, n):
            tasks = np.array([t for t in range(1, n) if a * t % n == 0], dtype=np.int64)
            table = amplification.Cooccurrence(
                together=(a * tasks // n)[:, None], tasks=tasks, attributes=np.array([a]), total=n
            )
            found += int(np.count_nonzero(amplification.directions(table)))
    return float(found)


GROUPS = (
    GoldenCase(
        name="bias_amplification_mals: cooking, men 1/3 in training and 7/43 predicted",
        compute=lambda: amplification.mals([[300, 600]], [[7, 36]]).value,
        expected=(0.1705427,),
        tolerance=1e-6,
        source="Zhao et al. 2017, figure 1",
    ),
    GoldenCase(
        name="gap between women and men: cooking, 300 and 600 in training, 7 and 36 predicted",
        compute=lambda: [
            mixes.discrepancies([men / (men + women), women / (men + women)], EVEN)["l1"]
            for men, women in ((300, 600), (7, 36))
        ],
        expected=(1 / 3, 29 / 43),
        source="Zhao et al. 2017, figure 1",
    ),
    GoldenCase(
        name="bias_amplification_mals: painting, five predictions",
        compute=lambda: [amplification.mals(PAINTING, _predicted(share)).value for share in PAINTERS],
        expected=(-0.5357143, -0.25, -0.1166667, 0.0, 0.15),
        tolerance=1e-6,
    ),
    GoldenCase(
        name="bias_amplification_a_to_t: painting, five predictions",
        compute=lambda: [_a_to_t(share) for share in PAINTERS],
        expected=(-0.375, -0.25, -0.125, 0.0, 0.125),
        source="Wang and Russakovsky 2021",
    ),
    GoldenCase(
        name="bias_amplification: a step towards base rates, MALS up and A to T down",
        compute=_towards_base_rates,
        expected=(0.2, -1 / 9),
    ),
    GoldenCase(
        name="bias_amplification: signs given to exactly independent tables",
        compute=_spurious_signs,
        expected=(0.0,),
        tolerance=0.0,
    ),
    GoldenCase(
        name="bayes_floor: (p, d) = (.6, 1), (.6, .5), (.7, 1), (.5, 1)",
        compute=lambda: [
            hard_decisions.bayes_optimal_shift(p, d) for p, d in ((0.6, 1), (0.6, 0.5), (0.7, 1), (0.5, 1))
        ],
        expected=(0.0753711, 0.1984145, 0.1284854, 0.0),
        tolerance=1e-6,
        source="Leino et al. 2019",
    ),
    GoldenCase(
        name="leakage_amplification, differential_fairness: links of 3 to 1",
        compute=lambda: [association.leakage(PAINTING), association.differential_fairness(PAINTING).epsilon],
        expected=(0.75, math.log(3)),
    ),
    *(
        GoldenCase(
            name=f"fairness_discrepancy: ({p:g}, {1 - p:.2g}) from an even mix, L2, L1, KL and TV",
            compute=partial(_discrepancies, p),
            expected=expected,
            tolerance=1e-6,
            source=ANALYTIC,
        )
        for p, expected in (
            (0.9, (0.5656854, 0.8, 0.3680642, 0.4)),
            (0.8, (0.4242641, 0.6, 0.1927448, 0.3)),
            (1.0, (0.7071068, 1.0, 0.6931472, 0.5)),
        )
    ),
    GoldenCase(
        name="noise floor: |share - 1/2| of a balanced model at n = 4, 8, 50 and 100",
        compute=lambda: [mixes.noise_floor(n, 0.5) for n in (4, 8, 50, 100)],
        expected=(0.1875, 0.13671875, 0.0561376, 0.0397946),
        tolerance=1e-6,
        source="De Moivre's mean absolute deviation",
    ),
    GoldenCase(
        name="share_corrected within rows: 3 of 4 and 1 of 5, read by two erring readers",
        compute=_through_two_readers,
        expected=(0.75, 0.2),
        tolerance=1e-12,
        source=ANALYTIC,
    ),
    GoldenCase(
        name="representation_p_value: 9 and 1 of an even mix, exact, 22/1024",
        compute=lambda: mixes.goodness_of_fit([9, 1], EVEN)[0],
        expected=(22 / 1024,),
        source=ANALYTIC,
    ),
)
