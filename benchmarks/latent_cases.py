"""Cases of ``interval_coverage.py`` about moved latents: steps towards a level, and middles of paths."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
from further_cases import POPULATIONS, SAMPLES, FurtherCase

from genaudit.metrics.directions import attribute_direction_accuracy
from genaudit.metrics.interpolation import interpolation_realism
from genaudit.metrics.latent_options import DirectionOptions, MidpointOptions
from genaudit.stats.paths import lerp, slerp
from genaudit.stats.seeds import generator
from genaudit.stats.softmax_regression import fit_softmax_regression
from genaudit.values.latents import AttributeMoves, MovedAttribute
from genaudit.values.observations import PathMidpoints
from genaudit.values.results import Estimate, Interval

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from genaudit.stats.softmax_regression import LinearClassifier
    from genaudit.values.observations import Floats, Integers

    Trials = Callable[[int], Iterator[tuple[float, Interval, float]]]

FRESH = 10**6
"""Seeds from here on serve the truth alone."""
MANY = 5_000
"""Latents that are moved for a truth given the directions."""
THESE, ANEW = "other latents, along the directions that were found", "other latents, directions found anew"


def read(z: Floats, *, bent: bool) -> Integers:
    """Level of two or, bent, of three: whether one unit is above 0, and another one squared above 1."""
    above = (z[:, 0] > 0).astype(np.int64)
    return np.where(z[:, 1] ** 2 > 1, 2, above) if bent else above


def reached(z: Floats, found: LinearClassifier, step: float, rng: np.random.Generator, *, bent: bool) -> MovedAttribute:
    """Latents moved along the normal between their level and another one, as the probe moves them."""
    levels = 3 if bent else 2
    before = read(z, bent=bent)
    target = (before + rng.integers(1, levels, size=len(z))) % levels
    normals = ((found.weights[:, target] - found.weights[:, before]) / found.scale[:, None]).T
    normals /= np.linalg.norm(normals, axis=1, keepdims=True)
    after = read(z + step * normals, bent=bent)
    return MovedAttribute(
        attribute="level", levels=tuple("abc"[:levels]), before=before, target=target, after=after, at_random=before,
        kept={}, kept_at_random={}, told_apart=1.0, fitted_to=0,
    )  # fmt: skip


@cache
def of_step(n: int, fitted: int, step: float, bent: bool, seed: int) -> tuple[Estimate, float]:  # noqa: FBT001
    """The share that reaches its target, and that of 5,000 other latents along the same directions; 8 units."""
    rng = generator(seed, "coverage-steps")
    known = rng.standard_normal((fitted, 8))
    found = fit_softmax_regression(known, read(known, bent=bent), 3 if bent else 2)
    moved = reached(rng.standard_normal((n, 8)), found, step, rng, bent=bent)
    options = DirectionOptions(step=step, images=n)
    estimate = next(
        iter(attribute_direction_accuracy(AttributeMoves(moved=(moved,), left_out={}), options=options, rng=rng))
    )
    assert isinstance(estimate, Estimate)
    others = reached(rng.standard_normal((MANY, 8)), found, step, rng, bent=bent)
    return estimate, float((others.after == others.target).mean())


def steps(n: int, fitted: int, step: float, *, bent: bool = False, anew: bool = False) -> Trials:
    """About other latents, along these directions or others that are found likewise."""

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        found = [of_step(n, fitted, step, bent, seed) for seed in range(seeds)]
        mean = float(np.mean([truth for _, truth in found]))
        for estimate, truth in found:
            assert estimate.interval is not None
            yield estimate.value, estimate.interval, mean if anew else truth

    return trials


@cache
def of_paths(n: int, m: int, renders: int, seed: int) -> dict[str, Estimate]:
    """Both kinds of path of a model whose features are its latents, 8 units, against N(0, I)."""
    rng = generator(seed, "coverage-paths")
    starts, ends = rng.standard_normal((n, 8)), rng.standard_normal((n, 8))
    clusters = np.arange(m) // renders if renders else None
    reference = rng.standard_normal((m, 8))
    if clusters is not None:
        reference = math.sqrt(0.8) * rng.standard_normal((m, 8))[clusters] + math.sqrt(0.2) * reference
    found = PathMidpoints(
        midpoints={name: way(starts, ends, [0.5])[:, 0] for name, way in (("lerp", lerp), ("slerp", slerp))},
        ends=starts,
        reference=reference,
        reference_clusters=clusters,
    )
    made = interpolation_realism(found, options=MidpointOptions(), rng=generator(seed, "coverage-path-blocks"))
    return {one.group: one for one in made}


@cache
def of_populations(kind: str) -> float:
    """Of 8 units 8 (1 - s)², s² the variance of one at a midpoint: both kinds are even in all directions."""
    rng = generator(0, "coverage-arcs")
    variance = 0.5 if kind == "lerp" else float((slerp(*rng.standard_normal((2, 200_000, 8)), [0.5]) ** 2).mean())
    return 8 * (1 - math.sqrt(variance)) ** 2


def half_way(kind: str, n: int, m: int, *, debiased: bool, renders: int = 0) -> Trials:
    """The plug-in value is about the mean over samples of these sizes, the debiased one about the populations."""

    def trials(seeds: int) -> Iterator[tuple[float, Interval, float]]:
        mean = (
            0.0 if debiased else np.mean([of_paths(n, m, renders, FRESH + seed)[kind].value for seed in range(seeds)])
        )
        for seed in range(seeds):
            found = of_paths(n, m, renders, seed)[kind]
            assert found.interval is not None
            if debiased:
                low, high = found.details["debiased_low"], found.details["debiased_high"]
                interval = Interval(low=low, high=high, level=0.95, method="")
                yield found.details["debiased"], interval, of_populations(kind)
            else:
                yield found.value, found.interval, float(mean)

    return trials


LATENTS = (
    *(
        FurtherCase(
            "attribute_direction_accuracy",
            f"{n} images, {levels}, found from {fitted:,}, step {step:g}",
            about,
            steps(n, fitted, step, bent=bent, anew=anew),
            4,
        )
        for n, fitted, step, bent, levels, about, anew in (
            (500, 2_000, 1.0, False, "2 levels", ANEW, True),
            (500, 2_000, 3.0, False, "2 levels", ANEW, True),
            (100, 100, 1.0, False, "2 levels", ANEW, True),
            (200, 200, 3.0, True, "3 levels, one bent", THESE, False),
            (200, 200, 3.0, True, "3 levels, one bent", f"{ANEW} (not claimed)", True),
        )
    ),
    *(
        FurtherCase(
            f"interpolation_realism ({'debiased' if debiased else 'plug-in'})",
            f"{kind}, 500 paths, {what}, d = 8",
            POPULATIONS if debiased else SAMPLES,
            half_way(kind, 500, m, debiased=debiased, renders=renders),
            4,
        )
        for kind in ("lerp", "slerp")
        for m, renders, what in ((1_000, 0, "m = 1,000"), (400, 5, "against 80 sources x 5"))
        for debiased in (False, True)
    ),
)
