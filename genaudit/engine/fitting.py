"""Whether what is asked for can be kept in the memory of this machine, from what is known before any work."""

from __future__ import annotations

import os
from math import prod
from typing import TYPE_CHECKING

from genaudit.errors import BadOption

if TYPE_CHECKING:
    from genaudit.plugin.specs import DatasetSpec, ExtractorSpec

USUAL_MEMORY = 2**36
"""Bytes that are taken for the memory of a machine that does not tell: 64 GiB."""
NUMBER = 8
"""Bytes of a float64."""


def memory() -> int:
    """Bytes of memory that this machine has."""
    names = getattr(os, "sysconf_names", {})
    if not {"SC_PHYS_PAGES", "SC_PAGE_SIZE"} <= set(names):
        return USUAL_MEMORY
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def check_room(samples: int, extractor: ExtractorSpec, dataset: DatasetSpec) -> None:
    """Nothing, if the features of so many items fit into memory; metrics need some more beside them.

    Raises:
        BadOption: They do not.
    """
    numbers = sum(dimension or prod(dataset.image_shape) for dimension in extractor.outputs.values())
    there = memory()
    most = there // (NUMBER * max(1, numbers))
    if samples > most:
        raise BadOption(
            f"--samples {samples:,} is not possible: features of '{extractor.name}' take {numbers * NUMBER:,} bytes an "
            f"item, and this machine has {there / 2**30:,.1f} GiB of memory.",
            f"Allowed here: up to {most:,}. Intervals shrink with the square root: 50,000 are usual for a publication.",
        )
