"""Points of the plane as their own features, and which mode of a known mixture each belongs to."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from genaudit.stats.plane import GRID, RING, PlaneMixture

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from genaudit.plugin.options import NoOptions


def build_ring(options: NoOptions, device: torch.device) -> PlaneModes:  # noqa: ARG001 - every extractor is called so
    """The modes of the ring."""
    return PlaneModes(mixture=RING)


def build_grid(options: NoOptions, device: torch.device) -> PlaneModes:  # noqa: ARG001
    """The modes of the grid."""
    return PlaneModes(mixture=GRID)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaneModes:
    """Bayes' classifier of a mixture that is known exactly: nothing here was learnt.

    >>> outputs = PlaneModes(mixture=RING).extract(torch.tensor([[2.0, 0.02]]))
    >>> {name: tuple(tensor.shape) for name, tensor in outputs.items()}
    {'features': (1, 2), 'logits': (1, 8), 'mode_distances': (1, 8)}
    """

    mixture: PlaneMixture

    @property
    def weights_digest(self) -> str:
        """SHA-256 of centres and width."""
        said = json.dumps([self.mixture.centres, self.mixture.deviation])
        return hashlib.sha256(said.encode()).hexdigest()

    def extract(self, images: Tensor) -> Mapping[str, Tensor]:
        """What is known of points ``(n, 2)``, float64.

        Returns:
            ``features``: the points. ``logits``: log-probabilities of the modes, up to a constant. ``mode_distances``:
            distance to each centre in standard deviations of a mode.

        Raises:
            ValueError: They are no points of the plane.
        """
        if images.ndim != 2 or images.shape[1] != 2:
            raise ValueError(f"modes of the plane are read from points (n, 2), not from {tuple(images.shape)}")
        points = images.double()
        distances = torch.from_numpy(self.mixture.distances(points.cpu().numpy())).to(points.device)
        return {"features": points, "logits": -0.5 * distances**2, "mode_distances": distances}
