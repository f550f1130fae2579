"""Cases of ``audit_calibration.py`` about scores: calibration in the large, its error bin by bin, equal scores."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from genaudit.stats.calibration import expected_calibration_error, mean_gap_interval, pooled_difference

if TYPE_CHECKING:
    from collections.abc import Callable

    from genaudit.values.results import Interval

BINS = 10


class ScoreCase(NamedTuple):
    """As ``Covered`` of ``audit_calibration.py``."""

    number: str
    data: str
    truth: float
    draw: Callable[[np.random.Generator], Interval | None]
    costly: int = 1


class ScoreTest(NamedTuple):
    """As ``Tested`` of ``audit_calibration.py``."""

    number: str
    data: str
    draw: Callable[[np.random.Generator], float | None]
    costly: int = 1


def in_the_large(a: float, b: float, n: int, *, bend: float = 1.0) -> ScoreCase:
    """The mean score less the share of positives, of people whose chance is the score, or a part of it."""

    def draw(rng: np.random.Generator) -> Interval | None:
        score = rng.beta(a, b, n)
        truth = rng.random(n) < bend * score
        share, gap = float(truth.mean()), score - truth
        return mean_gap_interval(share, float(score.mean()), float(gap.var()), n, 0.95)

    how = "calibrated" if bend == 1 else f"the chance is {bend:g} of the score"
    return ScoreCase(
        number="calibration_in_the_large (Wilson, shifted)", data=f"scores of Beta({a:g}, {b:g}), n = {n}, {how}",
        truth=(1 - bend) * a / (a + b), draw=draw,
    )  # fmt: skip


def at_equal_score(n: int, m: int, shift: float) -> ScoreCase:
    """The pooled difference of two groups of which one has more low scores, at ten scores."""
    levels = np.arange(0.05, 0.9, 0.09)
    low, high = np.linspace(2, 1, len(levels)), np.linspace(1, 2, len(levels))

    def draw(rng: np.random.Generator) -> Interval | None:
        people = rng.multinomial(n, low / low.sum()), rng.multinomial(m, high / high.sum())
        yes = rng.binomial(people[0], levels + shift), rng.binomial(people[1], levels)
        found = pooled_difference(
            np.stack([np.stack([y, k - y], axis=-1) for y, k in zip(yes, people, strict=True)], 1)
        )
        return found[1] if found else None

    return ScoreCase(
        number="difference_at_equal_score (Mantel-Haenszel, Sato)",
        data=f"shift {shift:g} at {len(levels)} scores, n = {n} and {m}", truth=shift, draw=draw,
    )  # fmt: skip


def calibrated(a: float, b: float, n: int) -> ScoreTest:
    """The error of calibration of a score that is the chance."""

    def draw(rng: np.random.Generator) -> float | None:
        score = rng.beta(a, b, n)
        truth = rng.random(n) < score
        place = np.minimum((score * BINS).astype(int), BINS - 1)
        people, positives, sums = (np.bincount(place, part, BINS) for part in (None, truth, score))
        return expected_calibration_error(people, positives, sums / np.maximum(people, 1)).p_value

    return ScoreTest(
        number="expected_calibration_error beyond chance",
        data=f"calibrated scores of Beta({a:g}, {b:g}), n = {n}", draw=draw,
    )  # fmt: skip


SCORES = (
    in_the_large(2, 3, 60),
    in_the_large(1, 12, 150),
    in_the_large(2, 3, 300, bend=0.8),
    at_equal_score(40, 60, 0.0),
    at_equal_score(150, 300, 0.08),
)
SCORE_TESTS = (calibrated(2, 3, 50), calibrated(2, 3, 1000), calibrated(1, 12, 300))
