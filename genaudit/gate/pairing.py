"""Errors of differences from features and terms: what two runs share cancels, and only the rest is uncertain."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from genaudit.gate.verdicts import PairedError
from genaudit.stats.frechet import jackknife_frechet_difference
from genaudit.stats.intervals import influence_error
from genaudit.stats.kernels import PolynomialKernel, mmd_influences
from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.gate.feature_file import KeptFeatures
    from genaudit.gate.measured import Measured

BLOCKS = 20
"""Of the jackknife of a difference: 19 degrees of freedom."""


def paired_errors(old: KeptFeatures, new: KeptFeatures, numbers: Mapping[str, Measured]) -> dict[str, PairedError]:
    """The error of the difference of every number for which both files hold what it takes.

    Means: the spread of the differences of their terms, item by item. Kernel distances: likewise, of what each row
    adds to them. Fréchet distances: a jackknife that leaves out the same items of both runs and of the reference. Where
    both runs drew other latents, only the reference is shared, and the generated rows are left out independently.
    """
    found = {}
    for name, number in numbers.items():
        same_rows = not number.samples or bool(old.items and old.items == new.items)
        error = _of_terms(name, old, new) if same_rows else None
        if error is None:
            error = _of_features(name, number, old, new, same_rows=same_rows)
        if error is not None:
            found[name] = error
    return found


def _of_terms(name: str, old: KeptFeatures, new: KeptFeatures) -> PairedError | None:
    before, after = (side.arrays.get(f"terms/{name}") for side in (old, new))
    if before is None or after is None or before.shape != after.shape:
        return None
    clusters = new.arrays.get(f"clusters/{name}")
    change = after.astype(np.float64) - before.astype(np.float64)
    units = len(change) if clusters is None else len(np.unique(clusters))
    if units < 2:
        return None
    error, units = influence_error((change - change.mean()) / len(change), clusters)
    return PairedError(standard_error=error, degrees_of_freedom=units - 1.0, method="the same items, term by term")


def _of_features(
    name: str, number: Measured, old: KeptFeatures, new: KeptFeatures, *, same_rows: bool
) -> PairedError | None:
    observation = new.compared.get(name, "")
    before, after = old.of(observation, "generated"), new.of(observation, "generated")
    reference = new.of(observation, "reference")
    if before is None or after is None or reference is None or before.shape[1] != after.shape[1]:
        return None
    if number.metric == "kid" and not number.parameters.get("subsets"):
        return _of_kernel(observation, number, old, new, same_rows=same_rows)
    if number.metric != "fid" or (same_rows and len(before) != len(after)):
        return None
    clusters, strata = new.of(observation, "generated_clusters"), new.of(observation, "generated_strata")
    error, blocks = jackknife_frechet_difference(
        after.astype(np.float64),
        before.astype(np.float64),
        reference.astype(np.float64),
        clusters,
        new.of(observation, "reference_clusters"),
        x_strata=strata,
        y_strata=new.of(observation, "reference_strata"),
        same_rows=same_rows,
        rng=generator(0, "gate", name),
        blocks=BLOCKS,
        ddof=int(number.parameters.get("ddof") or 0),
    )
    which = "of the same items and of the reference" if same_rows else "of both runs and of the shared reference"
    return PairedError(
        standard_error=error, degrees_of_freedom=blocks - 1.0, method=f"jackknife over {blocks} blocks {which}"
    )


def _of_kernel(
    observation: str, number: Measured, old: KeptFeatures, new: KeptFeatures, *, same_rows: bool
) -> PairedError | None:
    options = number.parameters
    gamma = options.get("gamma")
    kernel = PolynomialKernel(
        degree=int(options.get("degree") or 3),
        gamma=None if gamma is None else float(gamma),
        coef0=float(options.get("coef0", 1.0) or 0.0),
    )
    reference = new.of(observation, "reference")
    clusters, strata = new.of(observation, "reference_clusters"), new.of(observation, "reference_strata")
    sides = [
        mmd_influences(side.of(observation, "generated"), reference, None, clusters, kernel=kernel)  # type: ignore[arg-type]
        for side in (new, old)
    ]
    if same_rows:
        if len(sides[0].x) != len(sides[1].x):
            return None
        own, units = influence_error(sides[0].x - sides[1].x)
        how = "the same items, row by row"
    else:
        errors = [influence_error(side.x) for side in sides]
        own, units = math.hypot(*(error for error, _ in errors)), min(units for _, units in errors)
        how = "both runs independent, the reference shared"
    shared, shared_units = influence_error(sides[0].y - sides[1].y, clusters, strata)
    return PairedError(
        standard_error=math.hypot(own, shared), degrees_of_freedom=min(units, shared_units) - 1.0, method=how
    )
