"""What probes observed of a translator: images of one domain as they look in another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from genaudit.values.observations import FeaturePair, Integers

Images = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Translation:
    """One direction on held-out images; every array is ``(n, c, h, w)`` in [0, 1], row by row the same things."""

    source: str
    target: str
    inputs: Images
    """As they look in the source domain."""
    outputs: Images
    """What the model makes of them."""
    truth: Images
    """As they look in the target domain."""
    kept: Images
    """What the same translator makes of ``truth``, which needs no translation any more."""
    returned: Images | None = None
    """``outputs`` translated back; None if the model knows no way back."""
    clusters: Integers | None = None
    """``(n,)`` source item of each image."""
    labels: Mapping[str, Integers] = field(default_factory=dict)
    """Attribute to the true level ``(n,)`` of each input."""

    @property
    def direction(self) -> str:
        """In words, such as ``orange to blue``."""
        return f"{self.source} to {self.target}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranslationFeatures:
    """Translations, their ground truth and their inputs, each beside other images of the target domain."""

    direction: str
    translated: FeaturePair
    truth: FeaturePair
    untranslated: FeaturePair


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeFlips:
    """One attribute of the images of one direction, as its annotator reads it."""

    attribute: str
    levels: tuple[str, ...]
    source: str
    target: str
    before: Integers
    """``(n,)`` levels read from the inputs."""
    after: Integers
    """``(n,)`` levels read from the translations."""
    truth: Integers
    """``(n,)`` levels read from the true translations: where these differ from ``before``, the annotator errs."""
    clusters: Integers | None = None
    known: Integers | None = None
    """``(n,)`` true levels of the inputs; None if the data are not labelled with this attribute."""

    @property
    def direction(self) -> str:
        """In words, such as ``orange to blue``."""
        return f"{self.source} to {self.target}"

    @property
    def translated(self) -> bool:
        """Whether this attribute is what the translation is meant to change: both domains are levels of it."""
        return self.source in self.levels and self.target in self.levels
