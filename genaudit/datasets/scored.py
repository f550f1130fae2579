"""The two sets of a score run in the places of a generator and of a data set."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from genaudit.plugin.components import LabelledImages
from genaudit.sets.stored_set import Items, StoredSet

if TYPE_CHECKING:
    import numpy as np  # noqa: TC004 - an annotation that nothing reads while the program runs
    import torch
    from numpy.typing import NDArray  # noqa: TC004 - likewise


def as_samples(stored: StoredSet, device: torch.device) -> StoredSet:  # noqa: ARG001 - every generator is built like this
    """The generated set: a ``DrawnSamples`` as it is."""
    return stored


def as_reference(given: ScoredReference) -> ScoredReference:
    """The reference set as a data set of one split: as it is."""
    return given


@dataclass(frozen=True, slots=True)
class RowsOnDemand:
    """As much of an array as a probe asks for: its length and its slices, read when they are asked for."""

    stored: StoredSet

    def __len__(self) -> int:
        return self.stored.count

    def __getitem__(self, rows: slice) -> Items:
        start, stop, _ = rows.indices(self.stored.count)
        return self.stored.drawn(start, stop - start)


@dataclass(frozen=True, slots=True)
class ScoredReference:
    """A data set whose every split is the reference set; a plan asks for ``evaluation`` alone.

    >>> import numpy as np
    >>> from genaudit.sets.stored_set import open_set
    >>> reference = ScoredReference(open_set(np.eye(3)))
    >>> reference.split("evaluation").images[1:2].tolist()
    [[0.0, 1.0, 0.0]]
    """

    stored: StoredSet
    labels: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    """Attribute to ``(n,)`` levels, where somebody labelled the items."""

    def split(self, name: str) -> LabelledImages:  # noqa: ARG002 - there is only one
        """The items, with the labels that were given."""
        # probes take slices of it and nothing else, so a large folder is never in memory as a whole
        rows = cast("NDArray[np.uint8]", RowsOnDemand(self.stored))
        return LabelledImages(images=rows, labels=self.labels, digest=self.stored.digest)
