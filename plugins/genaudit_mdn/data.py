"""Points of a curve that is a function of t and none of x."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import numpy as np

from genaudit.errors import unknown_name
from genaudit.plugin.components import LabelledImages
from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from genaudit.plugin.options import NoOptions

SPLITS = {"train": 5_000, "evaluation": 2_000, "holdout": 2_000}
NOISE = 0.1
"""The noise of x is uniform within this distance of the curve."""


def build(options: NoOptions) -> InverseProblem:  # noqa: ARG001 - every target of a data set takes options
    """The data set."""
    return InverseProblem()


@dataclass(frozen=True, slots=True)
class InverseProblem:
    """Uniform t in [0, 1] and x = t + 0.3 sin(2 pi t) + noise (Bishop 2006, figure 5.19).

    >>> InverseProblem().split("evaluation").images.shape
    (2000, 2)
    """

    def split(self, name: str) -> LabelledImages:
        """Points float32 ``(n, 2)`` of ``train``, ``evaluation`` or ``holdout``: x, then t.

        Raises:
            UnknownName: There is no such split.
        """
        if name not in SPLITS:
            raise unknown_name("split of inverse-problem", name, SPLITS)
        t, noise = generator(0, "inverse-problem", name).random((2, SPLITS[name]))
        x = t + 0.3 * np.sin(2 * np.pi * t) + NOISE * (2 * noise - 1)
        points = np.stack([x, t], axis=1).astype(np.float32)
        return LabelledImages(
            images=cast("NDArray[np.uint8]", points),  # vectors travel in the same field
            digest=hashlib.sha256(points.tobytes()).hexdigest(),
        )
