"""What probes observed: arrays with their meaning. Metrics see these and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
T = TypeVar("T", bound=np.generic)


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
    reference_strata: Integers | None = None
    """``(m,)`` codes whose shares were fixed when the reference was drawn; None for a random sample.

    Such a set varies less than a random one: intervals and debiased values take only the spread within strata.
    """
    generated_strata: Integers | None = None
    """``(n,)``, likewise, where the compared items were made from items of a stratified set."""


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
    reference_clusters: Integers | None = None
    """``(m,)`` source item of each reference item; None if they are independent. See ``FeaturePair``."""
    reference_strata: Integers | None = None
    """``(m,)`` codes whose shares were fixed when the reference was drawn. See ``FeaturePair``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedClasses:
    """What a class-conditional generator was asked for, and what came."""

    asked: Integers
    """``(n,)`` index of the class that each generated item was asked for."""
    classes: tuple[str, ...]
    """Names of the generator's classes."""
    read: Floats
    """``(n, k)`` probabilities that the extractor's own classifier gives; rows sum to 1."""
    read_classes: tuple[str, ...]
    """Names of the classifier's k classes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupCodes:
    """Which level of an attribute is read from each item."""

    attribute: str
    levels: tuple[str, ...]
    generated: Integers
    """``(n,)``: number of the level."""
    reference: Integers
    """``(m,)``, read by the same annotator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Halved:
    """A share of fixed items, decided by either half of what usually decides about them, for several halvings."""

    shares: Floats
    """``(halvings, 2)``: the share by one half and by the other."""
    differing: Floats
    """``(halvings,)``: share of items about which the halves differ."""


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
    strictly_inside_generated: NDArray[np.bool_]
    """``(n,)``: likewise, boundary left out; of generated items ``real_balls`` tells as much."""
    real_balls: Integers
    """``(m,)``: number of real balls that strictly contain the generated item. Density is its mean over k."""
    covered: NDArray[np.bool_]
    """``(n,)``: the real item's ball strictly contains a generated item. Coverage is its mean."""
    recall_of_halves: Halved | None = None
    """Recall by halves of the generated items; None if they are too few to halve."""
    coverage_of_halves: Halved | None = None
    """Coverage by halves of the generated items, likewise."""
    generated_units: Integers | None = None
    """``(m,)`` what stayed together in halves: source items, or exact copies of one another; None if nothing did."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RealHalves:
    """One half of the real items against the other half, of other sources: what a perfect model would reach."""

    items: int
    """Of each half."""
    shares: Mapping[int, float]
    """By k: share of the items of one half inside the other half's balls, the mean of both directions. It is the
    precision and the recall of either half."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """The hits for every k that some metric asked for."""

    hits: Mapping[int, NeighbourHits]
    real_halves: RealHalves | None = None
    """None if there are too few real items to halve."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitFeatures:
    """Features of a split of the data that is not the reference."""

    features: Floats
    """``(n, d)``, in the same space as those of generated items."""
    labels: Integers | None = None
    """``(n,)`` true index among the extractor's classes, where known."""
    clusters: Integers | None = None
    """``(n,)`` source item of each row; None if rows are independent."""
    groups: Mapping[str, Integers] = field(default_factory=dict)
    """Attribute to the level ``(n,)`` that is read from each row, as it is from generated items; of held-out rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestTraining:
    """How near generated and held-out items lie to the training items that were looked at.

    Distances are Euclidean, in feature units. Siblings are training items made from the same source item.
    """

    generated: Floats
    """``(n,)`` distance of each generated item that was looked at to its nearest training item."""
    generated_around: Floats
    """``(n,)``: distance of that training item to its own nearest training item of another source."""
    generated_around_siblings: Floats
    """``(n,)``: likewise, siblings counted; equal if there are none."""
    held_out: Floats
    """``(m,)`` distance of each held-out item, which no training item shares its source with, to the nearest."""
    held_out_around: Floats
    """``(m,)``, as for generated items."""
    held_out_clusters: Integers | None
    training_items: int
    """Training items that were looked at."""
    places: Integers | None = None
    """``(n,)`` which of the generated items were looked at; None for the first n."""

    def looked_at(self, of_each: NDArray[T]) -> NDArray[T]:
        """What is known of the items that were looked at, of what is known of each generated item."""
        return of_each[: len(self.generated)] if self.places is None else of_each[self.places]


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
    given: str = ""
    """The attribute whose true level of each image the model was told; empty if none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LogWeights:
    """Importance weights of codes that were drawn from the posterior, for some held-out images in random order."""

    log_weights: Floats
    """``(n, K)`` nats: log p(x | z) + log p(z) - log q(z | x) of K draws of z from q(z | x)."""
    likelihood: str
    data_space: str
    """As of ``EvidenceBounds``, and never ``soft``: without a density the weights bound nothing."""
    dimensions: int
    """Pixels times channels of one image."""
    clusters: Integers | None = None
    """``(n,)`` source item of each image."""
    given: str = ""
    """As of ``EvidenceBounds``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RefinedPosteriors:
    """The encoder's diagonal Gaussians q of some held-out images, and the best q* that descent made of each."""

    amortised: LogWeights
    """Of K draws of z from q."""
    refined: LogWeights
    """Of K draws of z from q*, made of the same noise."""
    means: Floats
    """``(n, d)`` of q*."""
    log_variances: Floats
    """``(n, d)``"""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnealedWeights:
    """What chains from q* to the posterior found, for the same images in the same order."""

    chains: Mapping[int, LogWeights]
    """Number of temperatures to the weights ``(n, chains)``: the mean of their exp estimates p(x) without bias."""
    accepted: Mapping[int, Floats]
    """Number of temperatures to the share ``(n, chains)`` of trajectories that were accepted; NaN if there are none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Posteriors:
    """What the encoder says of every held-out image: a diagonal Gaussian, and draws from it."""

    means: Floats
    """``(n, d)``; d is 1 or more."""
    log_variances: Floats
    """``(n, d)``"""
    draws: Floats
    """``(s, n, d)``: s draws of each image's code."""
    clusters: Integers | None = None
    """``(n,)`` source item of each image; None if images are independent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PosteriorMeans:
    """Where the encoder puts held-out images."""

    means: Floats
    """``(n, d)``: mean of q(z | x) of each image, a column for each latent unit; d is 1 or more."""
    clusters: Integers | None = None
    """``(n,)`` source item of each image; None if images are independent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentPaths:
    """Steps between neighbouring images along interpolations, in feature units."""

    step_lengths: Floats
    """``(paths, steps)``: Euclidean distance between the features of neighbouring images."""
    chord_lengths: Floats
    """``(paths,)``: distance between the features of the two ends."""
    interpolation: str
    """``slerp`` or ``lerp``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PathMidpoints:
    """Features of images half-way between two latents of the prior, of images of the first of the two, and of data."""

    midpoints: Mapping[str, Floats]
    """``slerp`` and ``lerp`` to ``(n, d)``: of the same n pairs, along the great circle and along the line."""
    ends: Floats
    """``(n, d)``: where the paths begin, at a latent that the model would draw."""
    reference: Floats
    """``(m, d)``."""
    reference_clusters: Integers | None = None
    reference_strata: Integers | None = None
    """As of ``FeaturePair``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallSteps:
    """How far images move in feature space along very small steps between two latents."""

    anywhere: Floats
    """``(paths,)``: squared feature distance over epsilon², at a uniformly drawn place of each path."""
    at_ends: Floats
    """``(paths,)``: likewise where the path begins, at a latent that the model would draw."""
    epsilon: float
    """Length of the step, as a fraction of the path."""
    interpolation: str
    """``slerp`` or ``lerp``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SwappedStyles:
    """How one attribute is read before and after single layers take the style of another image."""

    attribute: str
    levels: tuple[str, ...]
    own: Integers
    """``(pairs,)`` level of the image with its own style in all layers."""
    other: Integers
    """``(pairs,)`` level of the image whose styles are taken."""
    swapped: Integers
    """``(layers, pairs)`` level of the first image with the other's style in that layer alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseEffect:
    """How much images change when their noise inputs are drawn again."""

    every_layer: Floats
    """``(images,)``: mean absolute difference of levels in [0, 1], noise of every layer drawn again."""
    single_layers: Floats
    """``(layers, images)``: likewise, noise of one layer against no noise in any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncationSweep:
    """Who lies in whose nearest-neighbour ball, for samples at several truncations, equally many each."""

    truncations: tuple[float, ...]
    """Factors by which styles were moved towards the mean style."""
    neighbours: tuple[Neighbours, ...]
    """Of each truncation's samples against the same reference items."""
    levels: tuple[Mapping[str, Integers], ...] = ()
    """Of each truncation's samples: attribute to the level that is read, ``(n,)``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeDistances:
    """How far generated and reference points lie from every mode of a mixture that is known."""

    generated: Floats
    """``(n, modes)``, in standard deviations of a mode."""
    reference: Floats
    """``(m, modes)``."""
    modes: tuple[str, ...]
    """Their names."""
