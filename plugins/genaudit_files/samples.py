"""Given samples as a generator that can draw no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.sets.stored_set import StoredSet
from genaudit_files.labels import Labels

if TYPE_CHECKING:
    import numpy as np
    import torch
    from numpy.typing import NDArray

    from genaudit.sets.stored_set import Items
    from genaudit_files.samples_options import SamplesOptions


def build(options: SamplesOptions, device: torch.device) -> StoredSet | LabelledSet:  # noqa: ARG001 - every generator is built like this
    """The items, with their labels if there are some."""
    labelled = options.labelled
    return options.stored if labelled is None else LabelledSet(options.stored, labelled)


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Items that were drawn before, and the class that each was asked for."""

    stored: StoredSet
    given: Labels

    @property
    def digest(self) -> str:
        """SHA-256 of the items."""
        return self.stored.digest

    @property
    def classes(self) -> tuple[str, ...]:
        """Names of the classes."""
        return self.given.classes

    def drawn(self, start: int, count: int) -> Items:
        """Items ``start`` to ``start + count``."""
        return self.stored.drawn(start, count)

    def labels(self, start: int, count: int) -> NDArray[np.int64]:
        """Labels of items ``start`` to ``start + count``."""
        return self.given.numbers[start : start + count]
