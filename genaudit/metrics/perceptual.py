"""The learned perceptual distance, computed by a program that the user gives."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged
from genaudit.plugin.network_file import load_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from genaudit.metrics.options import PerceptualOptions
    from genaudit.values.observations import Floats, Reconstructions
    from genaudit.values.results import Estimate

CHUNK = 32
"""Pairs that the program sees at once."""


def lpips(pairs: Reconstructions, *, options: PerceptualOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of the program's distance between an image and its reconstruction."""
    import torch

    if not options.weights:
        raise NotApplicable(
            "no-weights",
            "It needs a trained network, and none comes with genaudit.",
            "--set lpips.weights=FILE with a TorchScript program of an LPIPS network.",
        )
    network = load_network(Path(options.weights), torch.device("cpu"))
    values = _distances(network.program, pairs)
    return replace(
        averaged(values, pairs.clusters, bounds=(None, None)),
        n_generated=len(values),
        n_reference=len(values),
        parameters={"weights_digest": network.digest},
    )


def _distances(program: Callable[..., Any], pairs: Reconstructions) -> Floats:
    """What the program says of each pair.

    Raises:
        ValueError: It returns something else than one finite number a pair.
    """
    import torch

    found = []
    for first in range(0, len(pairs.originals), CHUNK):
        x, y = (
            torch.from_numpy(side[first : first + CHUNK].copy()) * 2 - 1
            for side in (pairs.originals, pairs.reconstructions)
        )
        with torch.no_grad():
            distances = program(x, y).double().reshape(-1).numpy()
        if len(distances) != len(x) or not np.isfinite(distances).all():
            raise ValueError(
                f"lpips.weights returned {len(distances)} numbers for {len(x)} pairs, or some that are not finite; "
                "a program returns one distance a pair"
            )
        found.append(distances)
    return np.concatenate(found).astype(np.float64)
