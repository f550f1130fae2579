"""The two sets of a score run in the places of a generator and of a data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast, overload

import numpy as np

from genaudit.plugin.components import LabelledImages
from genaudit.sets.stored_set import Items, StoredSet

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray  # noqa: TC004 - an annotation that nothing reads while the program runs


def as_samples(stored: StoredSet, device: torch.device) -> StoredSet:  # noqa: ARG001 - every generator is built like this
    """The generated set: a ``DrawnSamples`` as it is."""
    return stored


def as_reference(given: ScoredReference) -> ScoredReference:
    """The reference set as a data set of one split: as it is."""
    return given


@dataclass(frozen=True, slots=True)
class RowsOnDemand:
    """As much of an array as a probe asks for: its length, rows by their places, and slices, read when asked for."""

    stored: StoredSet
    places: NDArray[np.int64] | None = None
    """Rows of the set that are these rows; None for all of them."""

    def __len__(self) -> int:
        return self.stored.count if self.places is None else len(self.places)

    @overload
    def __getitem__(self, rows: slice) -> Items: ...
    @overload
    def __getitem__(self, rows: NDArray[np.int64]) -> RowsOnDemand: ...
    def __getitem__(self, rows: slice | NDArray[np.int64]) -> Items | RowsOnDemand:
        if not isinstance(rows, slice):
            return RowsOnDemand(self.stored, rows if self.places is None else self.places[rows])
        start, stop, _ = rows.indices(len(self))
        if self.places is None:
            return self.stored.drawn(start, stop - start)
        return np.concatenate([self.stored.drawn(place, 1) for place in self.places[start:stop].tolist()])


@dataclass(frozen=True, slots=True)
class ScoredReference:
    """A data set whose splits are the reference set, but for ``train``: what the generator was trained on, if known.

    >>> import numpy as np
    >>> from genaudit.sets.stored_set import open_set
    >>> reference = ScoredReference(open_set(np.eye(3)))
    >>> reference.split("evaluation").images[1:2].tolist()
    [[0.0, 1.0, 0.0]]
    """

    stored: StoredSet
    labels: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    """Attribute to ``(n,)`` levels of the reference items, where somebody labelled them."""
    training: StoredSet | None = None

    def split(self, name: str) -> LabelledImages:
        """The items, with the labels that were given."""
        of_training = name == "train" and self.training is not None
        stored = self.training if of_training and self.training else self.stored
        # probes take slices and places of it and nothing else, so a large folder is never in memory as a whole
        rows = cast("NDArray[np.uint8]", RowsOnDemand(stored))
        return LabelledImages(images=rows, labels={} if of_training else self.labels, digest=stored.digest)
