"""What can be set about importance weights, about annealing, and about codes."""

from __future__ import annotations

from dataclasses import dataclass

from genaudit.metrics.limits import within


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportanceOptions:
    """Options of the importance-weighted bound and of the gap below it."""

    k: int = 64
    """Draws from the posterior of each image, at least 1; the bound rises with them."""
    images: int = 128
    """Held-out images, at least 2, drawn at random; all if there are fewer."""

    def __post_init__(self) -> None:
        within("k", self.k, 1)
        within("images", self.images, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class RefinementOptions:
    """Options of what the encoder loses."""

    images: int = 32
    """Held-out images, at least 2, drawn at random; all if there are fewer. Each costs some hundred gradients."""

    def __post_init__(self) -> None:
        within("images", self.images, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnealingOptions:
    """Options of the log-likelihood by annealing, and of the gap below it."""

    images: int = 16
    """Held-out images, at least 2, drawn at random; all if there are fewer. Each costs some hundred gradients."""
    chains: int = 4
    """Chains of each image, at least 2, of whose spread the uncertainty of an image is made."""
    temperatures: int = 30
    """Steps from the refined posterior to the true one, at least 1; the more, the nearer to the log-likelihood."""

    def __post_init__(self) -> None:
        within("images", self.images, 2)
        within("chains", self.chains, 2)
        within("temperatures", self.temperatures, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class LatentInformationOptions:
    """Options of the information that codes carry."""

    draws: int = 1
    """Draws from the posterior of each image, at least 1."""
    images: int = 5000
    """Held-out images, at least 2, drawn at random; all if there are fewer. No more than their ln can be found."""

    def __post_init__(self) -> None:
        within("latent_mutual_information.draws", self.draws, 1)
        within("latent_mutual_information.images", self.images, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregateOptions:
    """Options of what the codes of all images are together."""

    images: int = 2000
    """Held-out images, at least 2, drawn at random; all if there are fewer. The largest that is asked for holds."""

    def __post_init__(self) -> None:
        within("images", self.images, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class MidpointOptions:
    """Options of what lies half-way between two latents."""

    paths: int = 1000
    """Pairs of latents, at least 2; half of the generated images if that is fewer."""
    blocks: int = 10
    """Blocks of the jackknife, from 3 to 100."""

    def __post_init__(self) -> None:
        within("interpolation_realism.paths", self.paths, 2)
        if not 3 <= self.blocks <= 100:
            raise ValueError(f"interpolation_realism.blocks is {self.blocks}; allowed is 3 to 100")


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorOptions:
    """Options of the linear classifiers of codes."""

    penalty: float = 1.0
    """Of half the squared weights, beside the log-likelihood of standardised posterior means; above 0. The largest that
    any of these metrics asks for is used by all."""

    def __post_init__(self) -> None:
        if not 0 < self.penalty < float("inf"):
            raise ValueError(f"penalty is {self.penalty}; allowed is a number above 0")


@dataclass(frozen=True, slots=True, kw_only=True)
class DirectionOptions:
    """Options of the steps along directions of attributes."""

    step: float = 3.0
    """Length of a step, in standard deviations of a latent unit, above 0."""
    images: int = 500
    """Generated images that are moved, at least 2; half of them all if that is fewer."""

    def __post_init__(self) -> None:
        if not 0 < self.step < float("inf"):
            raise ValueError(f"attribute_direction_accuracy.step is {self.step}; allowed is a number above 0")
        within("attribute_direction_accuracy.images", self.images, 2)
