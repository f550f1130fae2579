"""Latents that move, with one known flaw of the model: half-way between two, and along a direction of an attribute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from genaudit.metrics.directions import attribute_direction_accuracy
from genaudit.metrics.interpolation import interpolation_realism
from genaudit.metrics.latent_options import DirectionOptions, MidpointOptions
from genaudit.selftest.sanity_check import Reading
from genaudit.stats.paths import lerp, slerp
from genaudit.stats.seeds import generator
from genaudit.stats.softmax_regression import fit_softmax_regression
from genaudit.values.latents import AttributeMoves, MovedAttribute
from genaudit.values.observations import PathMidpoints
from genaudit.values.results import Estimate

Floats = NDArray[np.float64]
N, UNITS = 300, 8
FITTED = 600
"""Latents from which directions are found."""
STEP = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Paths:
    """Ends of paths, what the model makes of a latent, and data."""

    starts: Floats
    ends: Floats
    decode: Callable[[Floats], Floats]
    real: Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Steps:
    """Latents to find directions from, latents to move, and how an image's two attributes depend on its latent."""

    known: Floats
    moved: Floats
    colour: Callable[[Floats], Floats]
    """Above 0: the second of two levels."""
    shape: Callable[[Floats], Floats]


def not_scaled(rng: np.random.Generator) -> tuple[Paths, Paths]:
    """The model no longer scales latents to one length, so that what lies near the origin shows."""
    clean = _paths(rng)
    return clean, replace(clean, decode=lambda z: z)


def decoded_apart(rng: np.random.Generator) -> tuple[Paths, Paths]:
    """All that is decoded moves by one standard deviation."""
    clean = _paths(rng)
    return clean, replace(clean, decode=lambda z: _of_one_length(z) + 1 / np.sqrt(UNITS))


def no_direction(rng: np.random.Generator) -> tuple[Steps, Steps]:
    """The colour depends on how far a unit is from 0, on either side: no straight step leads there from everywhere."""
    clean = _steps(rng)
    return clean, replace(clean, colour=lambda z: np.abs(z[:, 0]) - 0.67)


def other_axes(rng: np.random.Generator) -> tuple[Steps, Steps]:
    """The colour depends on all units alike instead of on one."""
    clean = _steps(rng)
    return clean, replace(clean, colour=lambda z: z.sum(axis=1))


def all_changes(rng: np.random.Generator) -> tuple[Steps, Steps]:
    """The shape depends on the same unit as the colour, so that a step changes both."""
    clean = _steps(rng)
    return clean, replace(clean, shape=clean.colour)


def of_paths(paths: Paths) -> dict[str, Reading]:
    """The distance of midpoints to the data, by kind of path."""
    ways = {"lerp": lerp, "slerp": slerp}
    between = PathMidpoints(
        midpoints={name: paths.decode(way(paths.starts, paths.ends, [0.5])[:, 0]) for name, way in ways.items()},
        ends=paths.decode(paths.starts),
        reference=paths.real,
    )
    found = interpolation_realism(between, options=MidpointOptions(), rng=generator(0, "selftest-paths"))
    return {
        f"interpolation_realism [{one.group}]": Reading(value=one.value, error=one.details["standard_error"])
        for one in found
    }


def of_steps(steps: Steps) -> dict[str, Reading]:
    """The share of latents whose colour changes by a step along the normal of the plane that divides its levels."""
    plane = fit_softmax_regression(steps.known, _level(steps.colour, steps.known), 2)
    before = _level(steps.colour, steps.moved)
    target = 1 - before
    normals = ((plane.weights[:, target] - plane.weights[:, before]) / plane.scale[:, None]).T
    there = steps.moved + STEP * normals / np.linalg.norm(normals, axis=1, keepdims=True)
    kept = _level(steps.shape, there) == _level(steps.shape, steps.moved)
    seen = MovedAttribute(
        attribute="colour",
        levels=("first", "second"),
        before=before,
        target=target,
        after=_level(steps.colour, there),
        at_random=before,
        kept={"shape": kept},
        kept_at_random={"shape": np.ones(N, dtype=bool)},
        told_apart=float((plane.read(steps.moved) == before).mean()),
        fitted_to=FITTED,
    )
    moves = AttributeMoves(moved=(seen,), left_out={})
    found = attribute_direction_accuracy(moves, options=DirectionOptions(step=STEP), rng=generator(0, "unused"))
    shares = [one.value for one in found if isinstance(one, Estimate)]
    return {"attribute_direction_accuracy": Reading(value=shares[0])}


def _level(attribute: Callable[[Floats], Floats], z: Floats) -> NDArray[np.int64]:
    return (attribute(z) > 0).astype(np.int64)


def _of_one_length(z: Floats) -> Floats:
    found: Floats = z * (np.sqrt(UNITS) / np.linalg.norm(z, axis=1, keepdims=True))
    return found


def _paths(rng: np.random.Generator) -> Paths:
    starts, ends, real = (rng.normal(size=(rows, UNITS)) for rows in (N, N, 2 * N))
    return Paths(starts=starts, ends=ends, decode=_of_one_length, real=_of_one_length(real))


def _steps(rng: np.random.Generator) -> Steps:
    known, moved = (rng.normal(size=(rows, UNITS)) for rows in (FITTED, N))
    return Steps(known=known, moved=moved, colour=lambda z: z[:, 0], shape=lambda z: z[:, 1])
