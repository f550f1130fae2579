"""What can be set about each metric: the choices that published tools make differently.

Light on purpose: options are read and refused before anything is computed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from genaudit.metrics.limits import within


@dataclass(frozen=True, slots=True, kw_only=True)
class FrechetOptions:
    """Options of the Fréchet distance."""

    blocks: int = 10
    """Blocks of the jackknife that gives the interval and the debiased value, 3 to 100."""
    ddof: int = 1
    """Taken from n in the covariance's divisor: 1 as in most tools, 0 as in StyleGAN3."""

    def __post_init__(self) -> None:
        within("fid.blocks", self.blocks, 3, 100)
        within("fid.ddof", self.ddof, 0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KernelOptions:
    """Options of the kernel distance."""

    subsets: int = 0
    """0 for the full-sample statistic; otherwise the number of random subsets, 100 in the published protocol."""
    subset_size: int = 1000
    """Items of each subset, at most; the smaller side if it has fewer."""
    degree: int = 3
    """Degree of the polynomial kernel, 1 to 10."""
    gamma: float | None = None
    """Factor of the scalar product; one over the feature dimension if not given."""
    coef0: float = 1.0
    """Added to the scaled product, at least 0."""

    def __post_init__(self) -> None:
        within("kid.subsets", self.subsets, 0)
        within("kid.subset_size", self.subset_size, 2)
        within("kid.degree", self.degree, 1, 10)
        within("kid.coef0", self.coef0, 0)
        if self.gamma is not None and not self.gamma > 0:
            raise ValueError(f"kid.gamma is {self.gamma}; allowed are numbers above 0, or none for 1 / dimension")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtrapolationOptions:
    """Options of the Fréchet distance at infinitely many generated items."""

    points: int = 15
    """Sizes through whose distances the line is drawn, 2 to 100."""
    start: int = 0
    """The smallest size; 0 for a tenth of the generated items, at most 5,000."""
    blocks: int = 10
    """Blocks of the jackknife that gives the interval, up to 100; 0 for none, at a tenth of the time."""

    def __post_init__(self) -> None:
        within("fid_infinity.points", self.points, 2, 100)
        within("fid_infinity.blocks", self.blocks, 0, 100)
        if self.start == 1 or self.start < 0:
            raise ValueError(f"fid_infinity.start is {self.start}; allowed are 0 and numbers from 2")


@dataclass(frozen=True, slots=True, kw_only=True)
class GaussianDiscrepancyOptions:
    """Options of the discrepancy under a Gaussian kernel."""

    sigma: float = 10.0
    """Width of the kernel, above 0."""
    scale: float = 1000.0
    """Factor of the squared discrepancy, above 0."""
    normalise: bool = True
    """Whether features are scaled to length 1 first, as in the published program."""
    items: int = 5000
    """Items compared on each side, of more those that the seed draws; 0 for all."""

    def __post_init__(self) -> None:
        within("cmmd.items", self.items, 0)
        for name in ("sigma", "scale"):
            if not 0 < getattr(self, name) < float("inf"):
                raise ValueError(f"cmmd.{name} is {getattr(self, name)}; allowed are numbers above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class SlicedOptions:
    """Options of the sliced distance."""

    projections: int = 1000
    """Random directions, at least 2."""
    blocks: int = 10
    """Blocks of the jackknife that gives the interval, 3 to 100."""

    def __post_init__(self) -> None:
        within("mind.projections", self.projections, 2)
        within("mind.blocks", self.blocks, 3, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class InceptionScoreOptions:
    """Options of the inception score."""

    splits: int = 10
    """Parts whose scores are averaged; 1 scores the whole sample."""
    shuffle: bool = True
    """Whether rows are put in random order first; without it, samples sorted by class score 1."""
    ddof: int = 0
    """Taken from the splits in the divisor of their deviation: 0 as in torch-fidelity, 1 as in torchmetrics."""

    def __post_init__(self) -> None:
        within("inception_score.splits", self.splits, 1)
        within("inception_score.ddof", self.ddof, 0, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrecisionRecallOptions:
    """Options of precision and of recall."""

    k: int = 3
    """A ball reaches to the k-th nearest other item of its set."""
    boundary: str = "closed"
    """``closed``: an item on the boundary lies in the ball, as in the paper. ``open``: it does not, as in prdc."""

    def __post_init__(self) -> None:
        within("k", self.k, 1)
        if self.boundary not in {"closed", "open"}:
            raise ValueError(f"boundary is {self.boundary!r}; allowed are 'closed' and 'open'")


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOptions:
    """Options of every metric within groups."""

    minimum: int = 100
    """Items of a group on either side below which it has no value; it then does not limit the size of the others."""

    def __post_init__(self) -> None:
        within("minimum", self.minimum, 10)


@dataclass(frozen=True, slots=True, kw_only=True)
class DensityCoverageOptions:
    """Options of density and of coverage."""

    k: int = 5
    """A ball reaches to the k-th nearest other item of its set."""

    def __post_init__(self) -> None:
        within("k", self.k, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VendiOptions:
    """Options of the Vendi score."""

    q: float = 1.0
    """Order of the entropy, above 0: a small one counts rare items, ``inf`` only the most common."""

    def __post_init__(self) -> None:
        if not self.q > 0:
            raise ValueError(f"vendi.q is {self.q}; allowed are numbers above 0, and inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeCountOptions:
    """Options of the counts of modes."""

    minimum: int = 1
    """Generated items that a class must be read from to count as present."""

    def __post_init__(self) -> None:
        within("minimum", self.minimum, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class HighQualityOptions:
    """Options of the share of points near a mode."""

    deviations: float = 3.0
    """Standard deviations of a mode within which a point is near, above 0."""

    def __post_init__(self) -> None:
        if not 0 < self.deviations < float("inf"):
            raise ValueError(f"high_quality_rate.deviations is {self.deviations}; allowed are numbers above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class BinOptions:
    """Options of the number of different bins."""

    bins: int = 100
    """Bins that k-means makes of the reference, at least 2."""
    alpha: float = 0.05
    """Level of each bin's test, above 0 and below 1."""

    def __post_init__(self) -> None:
        within("ndb.bins", self.bins, 2)
        if not 0 < self.alpha < 1:
            raise ValueError(f"ndb.alpha is {self.alpha}; allowed are numbers above 0 and below 1")


@dataclass(frozen=True, slots=True, kw_only=True)
class BirthdayOptions:
    """Options of the birthday estimate of the support."""

    items: int = 2000
    """Items whose pairs are looked at, of more those that the seed draws, at least 3."""
    threshold: float | None = None
    """Distance up to which two items are the same; if not given, the median distance of reference items to the next."""

    def __post_init__(self) -> None:
        within("birthday_support.items", self.items, 3)
        if self.threshold is not None and not 0 < self.threshold < float("inf"):
            raise ValueError(f"birthday_support.threshold is {self.threshold}; allowed are numbers above 0, or none")


@dataclass(frozen=True, slots=True, kw_only=True)
class IntraClassOptions:
    """Options of the Fréchet distance within classes."""

    minimum: int = 20
    """Items that a class must have on either side, at least 3."""
    blocks: int = 10
    """Blocks of each class's jackknife, 3 to 100."""

    def __post_init__(self) -> None:
        within("intra_class_fid.minimum", self.minimum, 3)
        within("intra_class_fid.blocks", self.blocks, 3, 100)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataCopyingOptions:
    """Options of the data-copying statistic."""

    cells: int = 5
    """Cells that k-means makes of the training set, at least 1."""
    smallest: int = 20
    """Generated and held-out items that a cell must hold to count, at least 1."""

    def __post_init__(self) -> None:
        within("memorization_ct.cells", self.cells, 1)
        within("memorization_ct.smallest", self.smallest, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemorisationDistanceOptions:
    """Options of the memorisation-informed Fréchet distance."""

    threshold: float = 0.1
    """Memorisation distance from which on nothing is divided, above 0."""
    blocks: int = 10
    """Blocks of the distance's jackknife, 3 to 100."""

    def __post_init__(self) -> None:
        within("mifid.blocks", self.blocks, 3, 100)
        if not self.threshold > 0:
            raise ValueError(f"mifid.threshold is {self.threshold}; allowed are numbers above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassifierOptions:
    """Options of the classification accuracy score."""

    items: int = 2000
    """Items trained on, of generated and of real ones alike, of more those that the seed draws, at least 2."""
    penalty: float = 1.0
    """Half of it times the squared weights is added to the sum of log-losses, above 0."""

    def __post_init__(self) -> None:
        within("classification_accuracy_score.items", self.items, 2)
        if not 0 < self.penalty < float("inf"):
            raise ValueError(f"classification_accuracy_score.penalty is {self.penalty}; allowed are numbers above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class PsnrOptions:
    """Options of the peak signal-to-noise ratio."""

    average: str = "psnr"
    """``psnr``: mean of the images' ratios. ``mse``: ratio of the images' mean squared error, never above it."""

    def __post_init__(self) -> None:
        if self.average not in {"psnr", "mse"}:
            raise ValueError(f"psnr.average is {self.average!r}; allowed are 'psnr' and 'mse'")


@dataclass(frozen=True, slots=True, kw_only=True)
class SsimOptions:
    """Options of the structural similarity."""

    sigma: float = 1.5
    """Standard deviation of the Gaussian window, in pixels; the window has 2 int(3.5 sigma + 0.5) + 1 of them."""
    k1: float = 0.01
    """Stabilises the comparison of means."""
    k2: float = 0.03
    """Stabilises the comparison of spreads."""
    border: str = "reflect"
    """``reflect``: every pixel is a position, the image mirrored at its edges. ``valid``: whole windows only."""

    def __post_init__(self) -> None:
        if self.border not in {"reflect", "valid"}:
            raise ValueError(f"ssim.border is {self.border!r}; allowed are 'reflect' and 'valid'")
        for name in ("sigma", "k1", "k2"):
            if not 0 < getattr(self, name) < 100:
                raise ValueError(f"ssim.{name} is {getattr(self, name)}; allowed are numbers above 0 and below 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiscaleOptions:
    """Options of the structural similarity over several scales."""

    scales: int = 5
    """Scales, each half as large as the one before, 1 to 5; the published weights of fewer are divided by their sum."""
    sigma: float = 1.5
    """Standard deviation of the Gaussian window, in pixels of each scale."""

    def __post_init__(self) -> None:
        within("ms_ssim.scales", self.scales, 1, 5)
        if not 0 < self.sigma < 100:
            raise ValueError(f"ms_ssim.sigma is {self.sigma}; allowed are numbers above 0 and below 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class PerceptualOptions:
    """Options of the learned perceptual distance."""

    weights: str = ""
    """A TorchScript program that takes two batches of images in [-1, 1] and returns a distance for each pair."""

    def __post_init__(self) -> None:
        if self.weights and not Path(self.weights).is_file():
            raise ValueError(f"lpips.weights is {self.weights!r}, which is no file; give a TorchScript program")


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceOptions:
    """Options of the evidence lower bound and its parts."""

    draws: int = 4
    """Draws from the posterior of each image; the largest that any of these metrics asks for is used by all."""

    def __post_init__(self) -> None:
        within("draws", self.draws, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveUnitsOptions:
    """Options of the number of active units."""

    threshold: float = 0.01
    """Variance of a unit's posterior mean over images above which the unit counts as active."""

    def __post_init__(self) -> None:
        if not 0 < self.threshold < float("inf"):
            raise ValueError(f"active_units.threshold is {self.threshold}; allowed is a number above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class InterpolationOptions:
    """Options of the walks between latents."""

    paths: int | None = None
    """Pairs of latents, at least 2; None for a quarter of the images, at most 500."""
    steps: int = 16
    """Steps of each path, at least 2."""
    interpolation: Literal["slerp", "lerp"] = "slerp"
    """Along the great circle, or along the straight line."""

    def __post_init__(self) -> None:
        within("interpolation_smoothness.paths", 2 if self.paths is None else self.paths, 2)
        within("interpolation_smoothness.steps", self.steps, 2)
