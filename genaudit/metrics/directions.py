"""Whether a straight step in the latent space changes one attribute of an image, and that one alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from genaudit.metrics.averages import averaged
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.metrics.latent_options import DirectionOptions
    from genaudit.values.latents import AttributeMoves, MovedAttribute


def attribute_direction_accuracy(
    moves: AttributeMoves,
    *,
    options: DirectionOptions,  # noqa: ARG001 - they are for the probe
    rng: np.random.Generator,  # noqa: ARG001 - exact from the readings
) -> Iterator[Estimate | Unavailable]:
    """Share of moved images that are read as the level towards which they moved, one value an attribute."""
    for moved in moves.moved:
        yield _reached(moved)
    for name, (code, reason) in moves.left_out.items():
        yield Unavailable(component="attribute_direction_accuracy", group=name, reason_code=code, reason=reason)


def _reached(moved: MovedAttribute) -> Estimate:
    found = averaged((moved.after == moved.target).astype(np.float64), bounds=(0.0, 1.0))
    by_chance = float((moved.at_random == moved.target).mean())
    beside = {f"{name}_kept": float(rows.mean()) for name, rows in moved.kept.items()}
    beside |= {f"{name}_kept_at_random": float(rows.mean()) for name, rows in moved.kept_at_random.items()}
    said = (
        f"{name.capitalize()} stays in {rows.mean():.0%} of the moved images, and in "
        f"{moved.kept_at_random[name].mean():.0%} after steps at random."
        for name, rows in moved.kept.items()
    )
    return replace(
        found,
        group=moved.attribute,
        n_generated=len(moved.target),
        parameters={
            "levels": len(moved.levels),
            "fitted_to": moved.fitted_to,
            "held_fixed": "the directions that were found",
        },
        details={
            **found.details,
            "reached_at_random": by_chance,
            **beside,
            "changed": float((moved.after != moved.before).mean()),
            "read_from_latents": moved.told_apart,
        },
        note=" ".join(said),
    )
