"""``ring`` and ``grid``: points of the plane, drawn independently from mixtures whose modes are known."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from genaudit.errors import unknown_name
from genaudit.plugin.components import LabelledImages
from genaudit.stats.plane import GRID, RING, PlaneMixture
from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from genaudit.plugin.options import NoOptions

SPLITS = {"train": 10_000, "evaluation": 2_000, "holdout": 2_000}


def build_ring(options: NoOptions) -> PlaneData:  # noqa: ARG001 - every target of a data set takes options
    """The ring of 8."""
    return PlaneData(name="ring", mixture=RING)


def build_grid(options: NoOptions) -> PlaneData:  # noqa: ARG001
    """The grid of 25."""
    return PlaneData(name="grid", mixture=GRID)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneData:
    """A data set of points.

    >>> PlaneData(name="ring", mixture=RING).split("evaluation").images.shape
    (2000, 2)
    """

    name: str
    """Names the random streams."""
    mixture: PlaneMixture

    def split(self, name: str) -> LabelledImages:
        """Points float32 ``(n, 2)`` of ``train``, ``evaluation`` or ``holdout`` with the label ``mode``.

        Raises:
            UnknownName: There is no such split.
        """
        if name not in SPLITS:
            raise unknown_name(f"split of {self.name}", name, SPLITS)
        points, modes = self.mixture.drawn(SPLITS[name], generator(0, self.name, name))
        return LabelledImages(
            images=cast("NDArray[np.uint8]", points),  # vectors travel in the same field
            labels={"mode": modes},
            digest=hashlib.sha256(points.tobytes()).hexdigest(),
        )
