"""What probes observed: arrays with their meaning. Metrics see these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class FeaturePair:
    """Features of generated and of reference items in the same space."""

    generated: Floats
    """``(n, d)``, independent draws."""
    reference: Floats
    """``(m, d)``."""
    reference_clusters: Integers | None = None
    """``(m,)`` identifier of the source item that a row was made from; None if rows are independent.

    Rows of one cluster (five renders of one digit) are correlated: intervals resample clusters, never rows.
    """
    generated_clusters: Integers | None = None
    """``(n,)``, likewise; None for independent draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassPair:
    """Class probabilities that the extractor's own classifier gives."""

    generated: Floats
    """``(n, k)``, rows sum to 1."""
    reference: Floats
    """``(m, k)``."""
    classes: tuple[str, ...]
    """The k names."""
    reference_labels: Integers | None = None
    """``(m,)`` true class index of the reference items, where known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NeighbourHits:
    """Who lies in whose nearest-neighbour ball, at one k, for equally many real and generated items.

    Balls reach to the k-th nearest other item of the same set. Precision and recall count a point on the boundary
    (Kynkäänniemi et al. 2019), density and coverage do not (Naeem et al. 2020).
    """

    k: int
    inside_real: NDArray[np.bool_]
    """``(m,)``: the generated item lies in at least one real ball, boundary included. Precision is its mean."""
    inside_generated: NDArray[np.bool_]
    """``(n,)``: the real item lies in at least one generated ball, boundary included. Recall is its mean."""
    real_balls: Integers
    """``(m,)``: number of real balls that strictly contain the generated item. Density is its mean over k."""
    covered: NDArray[np.bool_]
    """``(n,)``: the real item's ball strictly contains a generated item. Coverage is its mean."""
    recall_without_block: Floats
    """``(blocks,)``: recall after one block of generated items is left out."""
    coverage_without_block: Floats
    """``(blocks,)``: coverage after one block of generated items is left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The hits for every k that some metric asked for."""

    hits: Mapping[int, NeighbourHits]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconstructions:
    """Held-out images and what the model makes of them."""

    originals: NDArray[np.float32]
    """``(n, c, h, w)`` in [0, 1]."""
    reconstructions: NDArray[np.float32]
    """``(n, c, h, w)`` in [0, 1]."""
    clusters: Integers | None = None
    """``(n,)`` source item of each image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceBounds:
    """The two parts of the evidence lower bound, per held-out image."""

    log_likelihood: Floats
    """``(n,)`` nats: mean of log p(x | z) over the draws of z from the posterior."""
    kl: Floats
    """``(n,)`` nats: KL from the posterior to the standard normal prior, in closed form."""
    likelihood: str
    """The distribution's name, such as ``bernoulli`` or ``continuous-bernoulli``."""
    data_space: str
    """``soft``: grey levels as probabilities, not a density. ``continuous_dequantised``: density of (255 x + u) / 256.
    ``discrete``: probability of the 8-bit levels."""
    dimensions: int
    """Pixels times channels of one image."""
    draws: int
    """Draws of z per image."""
    clusters: Integers | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentPaths:
    """Steps between neighbouring images along interpolations, in feature units."""

    step_lengths: Floats
    """``(paths, steps)``: Euclidean distance between the features of neighbouring images."""
    chord_lengths: Floats
    """``(paths,)``: distance between the features of the two ends."""
    interpolation: str
    """``slerp`` or ``lerp``."""
