"""What a run keeps so that its numbers can be compared item by item: what each item adds to each number."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.gate.feature_file import (
    BLOCKS,
    CLUSTERS,
    DISTANCES,
    GENERATED,
    LEAST_UNITS,
    LEFT_OUT,
    REFERENCE,
    REMAINDER,
    STRATA,
    TERMS,
)  # fmt: skip
from genaudit.stats.frechet import frechet_without_blocks
from genaudit.stats.seeds import generator
from genaudit.stats.units import cluster_sums, independent_units, unit_means

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.values.observations import FeaturePair
    from genaudit.values.results import Estimate


def kept_of_estimate(name: str, estimate: Estimate) -> dict[str, NDArray[Any]]:
    """The arrays that a number is compared by, as its metric gave them."""
    found: dict[str, NDArray[Any]] = {}
    if estimate.terms:
        found[TERMS] = np.asarray(estimate.terms, dtype=np.float32)
    if estimate.clusters:
        found[CLUSTERS] = np.asarray(estimate.clusters, dtype=np.int32)
    if estimate.left_out:
        found[LEFT_OUT] = np.asarray(estimate.left_out, dtype=np.float64)
    influences = estimate.influences
    if influences:
        found |= _by_unit(
            GENERATED, influences.generated, influences.generated_clusters, influences.generated_strata
        ) | _by_unit(REFERENCE, influences.reference, influences.reference_clusters, influences.reference_strata)
        found[REMAINDER] = np.array([influences.remainder])
    return {f"{what}/{name}": array for what, array in found.items()}


def kept_of_distance(name: str, pair: FeaturePair, ddof: int) -> dict[str, NDArray[np.float64]]:
    """The Fréchet distances without blocks; nothing where there are too few independent items."""
    generated = independent_units(len(pair.generated), pair.generated_clusters)
    if min(generated, independent_units(len(pair.reference), pair.reference_clusters)) < LEAST_UNITS:
        return {}
    left_out = frechet_without_blocks(
        pair.generated,
        pair.reference,
        pair.generated_clusters,
        pair.reference_clusters,
        x_strata=pair.generated_strata,
        y_strata=pair.reference_strata,
        rng=generator(0, "gate", name),
        blocks=BLOCKS,
        ddof=ddof,
    )
    return {f"{DISTANCES}/{name}": left_out}


def _by_unit(
    side: str, influences: tuple[float, ...], clusters: tuple[int, ...], strata: tuple[int, ...]
) -> dict[str, NDArray[Any]]:
    if not influences:
        return {}
    sums = cluster_sums(influences, clusters) if clusters else np.asarray(influences)
    found: dict[str, NDArray[Any]] = {side: sums.astype(np.float32)}
    if strata:
        found[side + STRATA] = unit_means(strata, clusters or None).astype(np.float32)
    return found
