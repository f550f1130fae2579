"""What can be set about the metrics of path lengths and styles."""

from __future__ import annotations

import math
from dataclasses import dataclass

from genaudit.metrics.limits import within


@dataclass(frozen=True, slots=True, kw_only=True)
class PathLengthOptions:
    """Options of the perceptual path length."""

    paths: int | None = None
    """Pairs of latents, at least 2; None for a quarter of the images, at most 1,000."""
    epsilon: float = 1e-4
    """Length of a step, as a fraction of the path, above 0 and at most 0.1."""
    trim: float = 0.01
    """Share of the shortest and of the longest steps that are left out, from 0 to below 0.5."""

    def __post_init__(self) -> None:
        within("ppl.paths", 2 if self.paths is None else self.paths, 2)
        if not 0 < self.epsilon <= 0.1:
            raise ValueError(f"ppl.epsilon is {self.epsilon}; allowed are numbers above 0, at most 0.1")
        if not 0 <= self.trim < 0.5:
            raise ValueError(f"ppl.trim is {self.trim}; allowed are numbers from 0 and below 0.5")


@dataclass(frozen=True, slots=True, kw_only=True)
class StyleMixingOptions:
    """Options of the mixing of styles."""

    pairs: int = 300
    """Pairs of latents, at least 2."""

    def __post_init__(self) -> None:
        within("style_mixing_consistency.pairs", self.pairs, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoiseOptions:
    """Options of the effect of noise inputs."""

    images: int = 100
    """Images whose noise is drawn again, at least 2."""

    def __post_init__(self) -> None:
        within("noise_input_effect.images", self.images, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class TruncationOptions:
    """Options of the trade of precision against recall."""

    truncations: tuple[float, ...] = (0.3, 0.5, 0.7, 1.0, 1.3)
    """Factors by which styles are moved towards the mean style: 0 all at the mean, 1 as they are."""
    items: int = 1000
    """Samples at each truncation, and reference items, at least 2."""
    k: int = 3
    """A ball reaches to the k-th nearest other item of its set."""

    def __post_init__(self) -> None:
        within("truncation_tradeoff.items", self.items, 2)
        within("truncation_tradeoff.k", self.k, 1)
        if not self.truncations or not all(math.isfinite(each) and each >= 0 for each in self.truncations):
            raise ValueError(
                f"truncation_tradeoff.truncations is {self.truncations}; allowed is a list of finite numbers from 0"
            )
