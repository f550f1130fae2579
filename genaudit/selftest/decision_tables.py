"""Public count tables, and the audits asked as a run asks them: what golden cases of decisions are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.stats.seeds import generator
from genaudit.values.counts import CountTable

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from genaudit.values.findings import AuditOutcome


def table(cells: Sequence[Sequence[float]], groups: Sequence[str] = ("A", "B")) -> CountTable:
    """A table of one row (TN, FP, FN, TP) a group."""
    counts = np.array(cells, dtype=np.float64).reshape(1, len(groups), 2, 2)
    return CountTable(group="g", groups=tuple(groups), truth="y", decision="d", counts=counts)


def undecided(rows: Sequence[Sequence[float]], strata: Sequence[str]) -> CountTable:
    """A table without a truth: of each stratum yes and no of the first group, then of the second."""
    counts = np.zeros((len(rows), 2, 2, 2))
    for stratum, (yes, no, other_yes, other_no) in enumerate(rows):
        counts[stratum, :, 0] = [[no, yes], [other_no, other_yes]]
    return CountTable(
        group="g", groups=("A", "B"), truth="", decision="d", stratum="z", strata=tuple(strata), counts=counts
    )


COMPAS = table([(990, 805, 532, 1369), (1139, 349, 461, 505)], ("Black", "White"))
"""ProPublica 2016: two-year re-arrest, decile of at least 5."""
EVERYBODY = table([(2681, 1282, 1216, 2035)], ("all",))
"""The same, of all 7,214 defendants."""
BERKELEY = undecided(
    [(512, 313, 89, 19), (353, 207, 17, 8), (120, 205, 202, 391), (138, 279, 131, 244), (53, 138, 94, 299),
     (22, 351, 24, 317)],
    "ABCDEF",
)  # fmt: skip
"""Bickel, Hammel and O'Connell 1975: men and women, admitted and rejected, by department."""
STONES = undecided([(81, 6, 234, 36), (192, 71, 55, 25)], ("small", "large"))
"""Charig et al. 1986: open surgery and puncture, success and failure, by size of the stone."""


def asked(audit: Callable[..., AuditOutcome], of: CountTable, options: object) -> dict[tuple[str, str], Any]:
    """Name and group to the estimate of every value of an audit."""
    outcome = audit(of, options=options, rng=generator(0, "golden case"))
    return {(value.name, value.estimate.group): value.estimate for value in outcome.values}


def numbers(
    audit: Callable[..., AuditOutcome], of: CountTable, options: object, keys: Sequence[tuple[str, str]]
) -> list[float]:
    """Some of its values."""
    found = asked(audit, of, options)
    return [float(found[key].value) for key in keys]
