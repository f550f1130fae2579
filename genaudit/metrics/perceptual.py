"""The learned perceptual distance, computed by a program that the user gives."""

from __future__ import annotations

import hashlib
import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.errors import NotApplicable
from genaudit.metrics.averages import averaged

if TYPE_CHECKING:
    from collections.abc import Callable

    from genaudit.metrics.options import PerceptualOptions
    from genaudit.values.observations import Floats, Reconstructions
    from genaudit.values.results import Estimate

CHUNK = 32
"""Pairs that the program sees at once."""


def lpips(pairs: Reconstructions, *, options: PerceptualOptions, rng: np.random.Generator) -> Estimate:  # noqa: ARG001
    """Mean over images of the program's distance between an image and its reconstruction."""
    if not options.weights:
        raise NotApplicable(
            "no-weights",
            "It needs a trained network, and none comes with genaudit.",
            "--set lpips.weights=FILE with a TorchScript program of an LPIPS network.",
        )
    program = Path(options.weights)
    values = _distances(program, pairs)
    return replace(
        averaged(values, pairs.clusters, bounds=(None, None)),
        n_generated=len(values),
        n_reference=len(values),
        parameters={"weights_digest": hashlib.sha256(program.read_bytes()).hexdigest()},
    )


def _distances(program: Path, pairs: Reconstructions) -> Floats:
    """What the program says of each pair.

    Raises:
        ValueError: It returns something else than one finite number a pair.
    """
    import torch

    with warnings.catch_warnings():  # torch would rather have another format; LPIPS programs are of this one
        warnings.simplefilter("ignore")
        load: Callable[..., Any] = torch.jit.load
        network = load(str(program), map_location="cpu").eval()
    found = []
    for first in range(0, len(pairs.originals), CHUNK):
        x, y = (
            torch.from_numpy(side[first : first + CHUNK].copy()) * 2 - 1
            for side in (pairs.originals, pairs.reconstructions)
        )
        with torch.no_grad():
            distances = network(x, y).double().reshape(-1).numpy()
        if len(distances) != len(x) or not np.isfinite(distances).all():
            raise ValueError(
                f"lpips.weights returned {len(distances)} numbers for {len(x)} pairs, or some that are not finite; "
                "a program returns one distance a pair"
            )
        found.append(distances)
    return np.concatenate(found).astype(np.float64)
