"""Golden cases of groups: discrepancies from a reference, what chance alone shows, and shares under two readers."""

from __future__ import annotations

from functools import partial

from genaudit.selftest.golden_case import ANALYTIC, GoldenCase
from genaudit.stats import joint_correction, mixes

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


GROUPS = (
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
