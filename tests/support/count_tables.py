"""Tables that audits are tried on; the public ones with the source of their counts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from genaudit.values.counts import CountTable
from genaudit.values.results import Unavailable
from genaudit.values.scores import ScoreCounts

COMPAS = ((990, 805, 532, 1369), (1139, 349, 461, 505))
"""TN, FP, FN, TP of Black and White defendants: two-year re-arrest, decile of at least 5 (ProPublica 2016)."""
BERKELEY = (
    (512, 313, 89, 19), (353, 207, 17, 8), (120, 205, 202, 391), (138, 279, 131, 244), (53, 138, 94, 299),
    (22, 351, 24, 317),
)  # fmt: skip
"""Men admitted and rejected, women admitted and rejected, by department (Bickel, Hammel and O'Connell 1975)."""
STONES = ((81, 87, 234, 270), (192, 263, 55, 80))
"""Successes and patients of open surgery, then of puncture, by size of the stone (Charig et al. 1986)."""


def table(cells, groups=("A", "B"), **changes) -> CountTable:
    """One row (TN, FP, FN, TP) a group."""
    counts = np.array(cells, dtype=np.float64).reshape(1, len(groups), 2, 2)
    given = {"group": "g", "groups": tuple(groups), "truth": "y", "decision": "d", "counts": counts}
    return CountTable(**(given | changes))


def compas() -> CountTable:
    return table(COMPAS, ("Black", "White"), group="race", truth="reoffended", decision="flagged")


def admissions() -> CountTable:
    counts = [[[[no, yes], [0, 0]] for yes, no in (row[:2], row[2:])] for row in BERKELEY]
    return CountTable(
        group="sex", groups=("man", "woman"), truth="", decision="admitted", stratum="department",
        strata=tuple("ABCDEF"), counts=np.array(counts, dtype=np.float64),
    )  # fmt: skip


def stones() -> CountTable:
    """Group: treatment; decision: success."""
    counts = [[[[n - yes, yes], [0, 0]] for yes, n in (row[:2], row[2:])] for row in STONES]
    return CountTable(
        group="treatment", groups=("A", "B"), truth="", decision="success", stratum="stone",
        strata=("small", "large"), counts=np.array(counts, dtype=np.float64),
    )  # fmt: skip


def weighted(unweighted: CountTable, weight: float = 1.0, *, kept: bool = True) -> CountTable:
    """The same table, of rows that each carry a weight."""
    counts = unweighted.counts * weight
    return replace(unweighted, counts=counts, weighted=True, squares=counts * weight if kept else None)


def values(outcome, name):
    """Group to estimate of one value."""
    return {value.estimate.group: value.estimate for value in outcome.values if value.name == name}


def codes(outcome, name=None) -> dict[tuple[str, str], str]:
    """Component and group of what is unavailable to its reason code."""
    found = [item for item in outcome.unavailable if isinstance(item, Unavailable)]
    return {(item.component, item.group): item.reason_code for item in found if name in {None, item.component}}


def said(outcome) -> str:
    """All sentences."""
    return "\n".join(finding.statement for finding in outcome.findings)


def scored(cuts=(), *, probabilities=True) -> CountTable:
    """Two groups of 2,000 with scores from 0.05 to 0.95, of which each says the share of positives in the first."""
    levels = np.arange(0.05, 1, 0.1)
    bounds = tuple(sorted({*(k / 10 for k in range(1, 10)), *cuts}))
    cell = np.searchsorted(bounds, levels, side="right")
    people = np.zeros((2, 2, len(bounds) + 1))
    for group, share in enumerate((levels, 0.8 * levels)):
        people[group, 0, cell], people[group, 1, cell] = np.rint(200 * (1 - share)), np.rint(200 * share)
    means = np.zeros(len(bounds) + 1)
    means[cell] = levels
    scores = ScoreCounts(
        score="s", bounds=bounds, bins=tuple(int(np.searchsorted(np.arange(1, 10) / 10, low, side="right"))
                                             for low in (-1.0, *bounds)),
        bin_names=tuple(f"{k / 10:g} to {(k + 1) / 10:g}" for k in range(10)), probabilities=probabilities,
        people=people, sums=people * means, square_sums=people * means**2,
    )  # fmt: skip
    yes = np.array([low >= 0.5 for low in (-1.0, *bounds)])
    cells = [[people[g, t][~yes].sum() if d == 0 else people[g, t][yes].sum() for t, d in np.ndindex(2, 2)]
             for g in range(2)]  # fmt: skip
    return table(cells, decision="s ≥ 0.5", positive_decision="", scores=scores)


ADVERSARIAL = {
    "one group": table([(5, 5, 5, 5)], ("only",)),
    "an empty group": table([(50, 50, 50, 50), (0, 0, 0, 0)]),
    "nobody at all": table([(0, 0, 0, 0), (0, 0, 0, 0)]),
    "all of one class": table([(50, 50, 0, 0), (30, 70, 0, 0)]),
    "nobody flagged": table([(50, 0, 50, 0), (60, 0, 40, 0)]),
    "everybody flagged": table([(0, 50, 0, 50), (0, 60, 0, 40)]),
    "zero cells": table([(0, 40, 40, 0), (40, 0, 0, 40)]),
    "a group of one": table([(90, 30, 20, 80), (0, 1, 0, 0)]),
    "small groups": table([(3, 2, 2, 2), (2, 2, 2, 3)]),
    "hostile names": table([(50, 40, 30, 20), (20, 30, 40, 50)], ("<script>alert(1)</script>", "=cmd|' /C calc'!A0")),
    "people without a group": table([(50, 40, 30, 20), (20, 30, 40, 50), (9, 1, 2, 8)], ("A", "B", "(missing)")),
    "weights of a third": weighted(compas(), 1 / 3),
    "weights without squares": weighted(compas(), 1 / 3, kept=False),
    "no truth": admissions(),
    "strata without overlap": replace(
        table([(80, 120, 18, 18), (80, 120, 18, 18)]),
        counts=np.array([[[[50, 50], [9, 9]], [[0, 0], [0, 0]]], [[[0, 0], [0, 0]], [[30, 70], [9, 9]]]], dtype=float),
        strata=("x", "y"), stratum="z",
    ),
    "scores": scored(),
    "scores that are no probabilities": scored(probabilities=False),
    "scores of an empty group": replace(
        scored(), scores=replace(scored().scores, **{name: getattr(scored().scores, name) * [[[1.0]], [[0.0]]]
                                                     for name in ("people", "sums", "square_sums")}),
    ),
}  # fmt: skip
"""Tables on which every audit says something and raises nothing."""
