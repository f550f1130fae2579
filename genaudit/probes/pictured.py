"""Which items of a set that was drawn before a picture shows, and how the caption says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.probes.reading import KEPT_IMAGES, as_shown
from genaudit.stats.seeds import generator
from genaudit.stats.units import some_places

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

SHEET = 64
"""Images of a picture; of points as many as are kept."""


def pictured(
    at: Callable[[int, int], NDArray[Any]], count: int, seed: int, of_what: str
) -> tuple[NDArray[np.uint8], str]:
    """Some items of a set, drawn by chance: files often lie sorted by class, and the first would be a class.

    Args:
        at: Items from a place on, that many.
        count: How many there are.
        seed: Of the run.
        of_what: What they are of, for the caption: ``of the generated set``.

    Returns:
        Images or points in their order, and the caption.

    >>> pictured(lambda start, count: np.zeros((count, 3, 2, 2), np.uint8), 100, 0, "of the generated set")[1]
    '64 of 100 images of the generated set, drawn by seed 0, in order.'
    """
    things, most = ("images", SHEET) if at(0, 1).ndim == 4 else ("points", KEPT_IMAGES)
    places = some_places(count, most, generator(seed, "pictured"))
    shown = as_shown(np.concatenate([at(place, 1) for place in places.tolist()]))
    if len(places) == count:
        return shown, f"All {count:,} {things} {of_what}, in order."
    return shown, f"{len(places):,} of {count:,} {things} {of_what}, drawn by seed {seed}, in order."
