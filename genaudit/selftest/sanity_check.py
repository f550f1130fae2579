"""How metrics react to a known flaw, and whether that is what a reader would expect of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.metrics import distances, neighbourhoods
from genaudit.metrics.options import DensityCoverageOptions, FrechetOptions, KernelOptions, PrecisionRecallOptions
from genaudit.stats.neighbours import neighbours
from genaudit.stats.seeds import generator
from genaudit.values.observations import FeaturePair

if TYPE_CHECKING:
    from genaudit.selftest.worlds import Sets

SEED = 0
CLEAR = 0.1
"""A share or a density has changed if it moved by more than this."""
ERRORS = 3.0
"""A distance has changed if it moved by more than this many standard errors of the difference."""


class Reaction(StrEnum):
    """What a value does when the flaw comes in."""

    RISES = "rises"
    FALLS = "falls"
    STAYS = "stays"
    NO_FALL = "does not fall"
    VANISHES = "falls to 0"


class Verdict(StrEnum):
    """What became of one expectation."""

    PASSED = "pass"
    KNOWN = "known weakness"
    FAILED = "FAIL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A value, and the error of a distance (None for shares)."""

    value: float
    error: float | None = None


def readings(sets: Sets) -> dict[str, Reading]:
    """What each metric says of one state, computed as a run computes it."""
    rng = generator(SEED, "selftest-blocks")
    found = neighbours(sets.real, sets.generated, [3, 5], rng=rng)
    pair = FeaturePair(generated=sets.generated, reference=sets.real)
    frechet = distances.frechet_distance(pair, options=FrechetOptions(), rng=rng)
    kernel = distances.kernel_distance(pair, options=KernelOptions(), rng=rng)
    three, five = PrecisionRecallOptions(), DensityCoverageOptions()
    error = frechet.details["standard_error"]
    return {
        "fid": Reading(value=frechet.value, error=error),
        "fid debiased": Reading(value=frechet.details["debiased"], error=error),
        "kid": Reading(value=kernel.value, error=kernel.details["standard_error"]),
        "precision": Reading(value=neighbourhoods.precision(found, options=three, rng=rng).value),
        "recall": Reading(value=neighbourhoods.recall(found, options=three, rng=rng).value),
        "density": Reading(value=neighbourhoods.density(found, options=five, rng=rng).value),
        "coverage": Reading(value=neighbourhoods.coverage(found, options=five, rng=rng).value),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class SanityCheck:
    """A flaw, what each metric should do about it, and where it is known not to."""

    name: str
    story: str
    world: Callable[[np.random.Generator], tuple[Any, Any]]
    """What there is without the flaw and with it."""
    expected: Mapping[str, Reaction]
    """Metric to the reaction that a reader expects."""
    read: Callable[[Any], Mapping[str, Reading]] = readings
    """What each metric says of either."""
    known: Mapping[str, str] = field(default_factory=dict)
    """Metric to why it does not react so, with the source: a property of the metric, not an error of its arithmetic."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SanityResult:
    """One metric's reaction to one flaw."""

    check: SanityCheck
    metric: str
    clean: Reading
    flawed: Reading
    error: str = ""
    """What was raised instead of a value."""

    @property
    def reaction(self) -> Reaction:
        """Rises, falls or stays."""
        if self.clean.error is None or self.flawed.error is None:
            clear = CLEAR
        else:
            clear = ERRORS * math.hypot(self.clean.error, self.flawed.error)
        moved = self.flawed.value - self.clean.value
        if abs(moved) <= clear:
            return Reaction.STAYS
        return Reaction.RISES if moved > 0 else Reaction.FALLS

    @property
    def verdict(self) -> Verdict:
        """As expected, known not to be, or neither."""
        if self.error or not math.isfinite(self.flawed.value - self.clean.value):
            return Verdict.FAILED
        wanted = self.check.expected[self.metric]
        met = {
            Reaction.NO_FALL: self.reaction is not Reaction.FALLS,
            Reaction.VANISHES: self.reaction is Reaction.FALLS and abs(self.flawed.value) < CLEAR,
        }.get(wanted, self.reaction is wanted)
        if met:
            return Verdict.PASSED
        return Verdict.KNOWN if self.metric in self.check.known else Verdict.FAILED


def run_check(check: SanityCheck) -> list[SanityResult]:
    """The reactions of all metrics that the check names; all failed if one of them raises."""
    try:
        clean, flawed = (check.read(state) for state in check.world(generator(SEED, "selftest-worlds", check.name)))
    except Exception as error:  # noqa: BLE001 - one broken function must not hide the rest of the table
        nothing = Reading(value=math.nan)
        said = f"{type(error).__name__}: {error}"
        return [
            SanityResult(check=check, metric=metric, clean=nothing, flawed=nothing, error=said)
            for metric in check.expected
        ]
    return [
        SanityResult(check=check, metric=metric, clean=clean[metric], flawed=flawed[metric])
        for metric in check.expected
    ]
