"""How many generated points lie close to a mode of a mixture that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from genaudit.stats.proportions import wilson_interval
from genaudit.values.results import Estimate

if TYPE_CHECKING:
    from genaudit.metrics.options import HighQualityOptions
    from genaudit.values.observations import ModeDistances


def high_quality_rate(
    distances: ModeDistances,
    *,
    options: HighQualityOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> Estimate:
    """Share of generated points within so many standard deviations of the nearest mode."""
    near = distances.generated.min(axis=1) <= options.deviations
    count, n = int(near.sum()), len(near)
    reached = np.unique(distances.generated[near].argmin(axis=1))
    modes = distances.generated.shape[1]
    missed = [name for number, name in enumerate(distances.modes) if number not in set(reached.tolist())]
    return Estimate(
        value=count / n,
        interval=wilson_interval(count, n),
        n_generated=n,
        n_reference=len(distances.reference),
        details={
            "expected_of_a_perfect_model": float(-np.expm1(-(options.deviations**2) / 2)),
            "reference_rate": float((distances.reference.min(axis=1) <= options.deviations).mean()),
            "modes_reached": float(len(reached)),
            "modes": float(modes),
        },
        note=f"No such point at {len(missed)} of {modes} modes: {', '.join(missed)}." if missed else "",
    )
