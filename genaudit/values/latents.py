"""What probes observed of the codes of held-out images, and of what moves along directions of the latent space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from genaudit.values.observations import Floats, Integers


@dataclass(frozen=True, slots=True, kw_only=True)
class AggregatePosterior:
    """How likely codes of held-out images are: one code an image, drawn from its posterior. All in nats."""

    joint: Floats
    """``(n,)``: ln r(z), r fitted to the posteriors of images of other sources."""
    units: Floats
    """``(n, d)``: likewise of each latent unit alone."""
    prior: Floats
    """``(n, d)``: ln p(z) of each unit under the prior."""
    divergences: Floats
    """``(n,)``: KL from the image's posterior to the prior, in closed form."""
    above_mixture: Floats
    """``(n,)``: ln q(z | x) - ln q(z), q(z) the mixture of all n posteriors, the image's own among them."""
    clusters: Integers | None = None
    """``(n,)`` source item of each image; None if images are independent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFactor:
    """An attribute of held-out images that is known."""

    name: str
    levels: tuple[str, ...]
    labels: Integers
    """``(n,)``: number of the level of each image."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledCodes:
    """Posteriors of held-out images, and what is known of these images."""

    means: Floats
    """``(n, d)``"""
    log_variances: Floats
    """``(n, d)``"""
    factors: tuple[KnownFactor, ...]
    """Each of two levels or more among these images."""
    clusters: Integers | None = None
    """``(n,)`` source item of each image; None if images are independent."""
    given: str = ""
    """The factor that the model was told, so that its codes need not hold it; empty if none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorClassifier:
    """What a linear classifier from posterior means to one known factor makes of images that it never saw."""

    factor: KnownFactor
    correct: NDArray[np.bool_]
    """``(n,)``: whether it reads an image rightly."""
    lost: Floats
    """``(d,)``: how much less probable the true level is, on average, with one unit taken from another image."""
    left_out: Floats
    """``(blocks, d)``: likewise, by classifiers without one block of sources, of images that are not of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorClassifiers:
    """One for each known factor that can be read."""

    classifiers: tuple[FactorClassifier, ...]
    unread: Mapping[str, str]
    """Factor to why no classifier could be fitted."""
    clusters: Integers | None = None
    """``(n,)`` source item of each image; None if images are independent."""
    given: str = ""
    """The factor that the model was told; empty if none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedAttribute:
    """One attribute of generated images, read before and after their latents moved along a direction meant for it."""

    attribute: str
    levels: tuple[str, ...]
    before: Integers
    """``(n,)`` level of the image as it was drawn."""
    target: Integers
    """``(n,)``: the level that its latent was moved towards, another one."""
    after: Integers
    """``(n,)`` level once it moved."""
    at_random: Integers
    """``(n,)`` level once it moved as far in a random direction instead."""
    kept: Mapping[str, NDArray[np.bool_]]
    """Other attribute to ``(n,)``: whether it is read as before, once the latent moved towards the target."""
    kept_at_random: Mapping[str, NDArray[np.bool_]]
    """Likewise once it moved in a random direction."""
    told_apart: float
    """Share of these images whose level before the linear classifier behind the directions reads from the latent."""
    fitted_to: int
    """Generated images that the classifier was fitted to; none of them is moved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeMoves:
    """All attributes that latents decide."""

    moved: tuple[MovedAttribute, ...]
    left_out: Mapping[str, tuple[str, str]]
    """Attribute to a code and the reason why no direction was sought for it."""
