"""What the targets of specs return, besides generators: data sets, extractors, annotators, reporters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from genaudit.values.comparison import Comparison
    from genaudit.values.record import RunRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledImages:
    """One split of a data set."""

    images: NDArray[np.uint8]
    """``(n, c, h, w)``, 8-bit levels."""
    labels: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    """Attribute name to ``(n,)`` true level indices."""
    clusters: NDArray[np.int64] | None = None
    """``(n,)`` source item of each image; None if images are independent."""
    strata: NDArray[np.int64] | None = None
    """``(n,)`` codes whose shares were fixed when the split was drawn; None for a random sample.

    Codes of two attributes with fixed joint shares are best ``first * levels of second + second``, the first constant
    within clusters.
    """
    digest: str = ""
    """SHA-256 of the bytes of ``images``."""


class Dataset(Protocol):
    """Reference data."""

    def split(self, name: str) -> LabelledImages:
        """The images of ``train``, ``evaluation`` or ``holdout``."""


class TranslationTruth(Protocol):
    """A data set that knows the exact translation of an image, pixel for pixel."""

    def translation_pairs(self, split: str, source: str, target: str) -> tuple[LabelledImages, LabelledImages]:
        """The images of a split as they look in one domain, and the same images in the other, in the same order."""


DOMAIN = "domain"
"""The label of the images that a ``Translator`` is trained on: 0 for its first domain, 1 for its second."""


def of_both_domains(first: LabelledImages, second: LabelledImages) -> LabelledImages:
    """What a ``Translator`` is trained on: all images of one domain, then the same images as they look in the other.

    Row i of the first half and row i of the second one show the same thing. A model that learns without pairs takes no
    image of a cluster from one half if it takes one of it from the other.

    >>> one = LabelledImages(images=np.zeros((2, 3, 4, 4), np.uint8))
    >>> of_both_domains(one, one).labels["domain"].tolist()
    [0, 0, 1, 1]
    """
    labels = {
        name: np.concatenate([first.labels[name], second.labels[name]])
        for name in first.labels
        if name in second.labels
    }
    domains = np.repeat(np.arange(2), [len(first.images), len(second.images)])
    images = np.concatenate([first.images, second.images])
    clusters = None
    if first.clusters is not None and second.clusters is not None:
        clusters = np.concatenate([first.clusters, second.clusters])
    return LabelledImages(
        images=images,
        labels={**labels, DOMAIN: domains},
        clusters=clusters,
        digest=hashlib.sha256(images.tobytes()).hexdigest(),
    )


class Extractor(Protocol):
    """Images to named outputs."""

    @property
    def weights_digest(self) -> str:
        """SHA-256 of the weights, for the protocol of every number."""

    def extract(self, images: Tensor) -> Mapping[str, Tensor]:
        """Outputs ``(n, dim)`` for images ``(n, c, h, w)`` on the extractor's device; float64 where it can.

        Images are uint8 levels, or float32 levels in [0, 255] if the spec says that it ``reads`` them.
        """


class Annotator(Protocol):
    """Images to the levels of one attribute."""

    def annotate(self, images: NDArray[np.uint8], outputs: Mapping[str, NDArray[np.float64]]) -> NDArray[np.float64]:
        """``(n, levels)`` probabilities; the reading is the largest."""


@runtime_checkable
class LearningAnnotator(Annotator, Protocol):
    """An annotator that is taught with labelled images first; they are never those on which its errors are measured."""

    def learn(self, outputs: Mapping[str, NDArray[np.float64]], labels: NDArray[np.int64], *, levels: int) -> None:
        """Learn from the extractor's outputs ``(n, dim)`` and the true levels ``(n,)``; the same from the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLabels:
    """The level of one attribute that somebody assigned to each generated item, by its number."""

    codes: NDArray[np.int64]
    """``(n,)`` index of the level of each item."""
    annotator: str
    """Name of what gave them, with a digest of the file: it is part of every number's protocol."""
    method: str
    """How they were made, as a sentence's subject: ``two people``."""
    confusion: NDArray[np.int64] | None = None
    """``(levels, levels)``: rows are the truth, columns the label; counts of items. None if nobody measured it."""
    measured_on: str = ""
    """What these items were."""


class Reporter(Protocol):
    """A record and its run folder (for images that lie there) to a file, or to several."""

    def __call__(self, record: RunRecord, folder: Path) -> bytes | Mapping[str, bytes]:
        """The bytes of the spec's ``filename``, or path in the run folder to bytes, ``filename`` among them."""


class ComparisonReporter(Protocol):
    """A comparison of runs to a file, or to several."""

    def __call__(self, comparison: Comparison) -> bytes | Mapping[str, bytes]:
        """The bytes of the spec's ``filename``, or path in the comparison's folder to bytes."""


class Tracker(Protocol):
    """A finished run, told elsewhere: a log of experiments, a server."""

    def __call__(self, record: RunRecord, folder: Path, options: Any) -> None:  # noqa: ANN401 - the tracker's own
        """Tell of the run; what is raised is a warning of the run, never its failure."""
