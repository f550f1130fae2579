"""Images of two domains as the translators are trained on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import torch

from genaudit.plugin.components import DOMAIN
from genaudit.stats.seeds import generator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from torch import Tensor

    from genaudit.plugin.components import LabelledImages

CLASSES = "digit"
"""The label whose shares ``class_skew`` changes."""
SKEW = (0.0, 0.0, 0.2, -0.2, 0.3, -0.3, 0.4, -0.4, 0.2, -0.2)
"""How far from a half the share of the first domain lies within each class, at ``class_skew`` 1."""


def paired(split: LabelledImages, name: str) -> tuple[Tensor, Tensor]:
    """All images in both domains, row by row the same, in [-1, 1].

    Raises:
        ValueError: The images have another shape, or their domains are not known.
    """
    domain = _checked_domains(split, name)
    images = torch.from_numpy(split.images).float() / 127.5 - 1
    first, second = (images[torch.from_numpy(domain == number)] for number in (0, 1))
    if len(first) != len(second):
        raise ValueError(
            f"the {name} is trained on as many images of either domain, not on {len(first)} and {len(second)}"
        )
    return first, second


def unpaired(split: LabelledImages, name: str, *, skew: float, seed: int) -> tuple[Tensor, Tensor]:
    """Images of either domain, in [-1, 1]; no source item is in both, so that nothing could be learnt by heart.

    Raises:
        ValueError: As for ``paired``, or shares are to be changed and the classes are not known.
    """
    first, second = paired(split, name)
    clusters = np.arange(len(first)) if split.clusters is None else split.clusters[: len(first)]
    classes = _classes(split, name, len(first), needed=skew > 0)
    sources, row = np.unique(clusters, return_index=True)
    in_first = _allotted(classes[row], skew, generator(seed, "cyclegan", "domains"))
    chosen = torch.from_numpy(np.isin(clusters, sources[in_first]))
    return first[chosen], second[~chosen]


def _allotted(classes: NDArray[np.int64], skew: float, rng: np.random.Generator) -> NDArray[np.bool_]:
    """Which source items the first domain shows: within each class exactly the share that it should have, rounded."""
    chosen = np.zeros(len(classes), dtype=bool)
    for level in np.unique(classes):
        members = np.flatnonzero(classes == level)
        share = 0.5 + (skew * SKEW[level] if skew else 0.0)
        order = np.argsort(rng.random(len(members)), kind="stable")
        chosen[members[order[: round(share * len(members))]]] = True
    return chosen


def batches(count: int, size: int, draws: torch.Generator) -> Iterator[Tensor]:
    """Rows without end, every item once before any comes again; full batches only."""
    size = min(size, count)
    while True:
        yield from torch.split(torch.randperm(count, generator=draws)[: count // size * size], size)


def _checked_domains(split: LabelledImages, name: str) -> NDArray[np.int64]:
    if split.images.shape[1:] != (3, 16, 16) or not len(split.images):
        raise ValueError(f"the {name} is trained on images (n, 3, 16, 16), not on {split.images.shape}")
    domain = split.labels.get(DOMAIN)
    if domain is None or set(np.unique(domain)) != {0, 1}:
        raise ValueError(f"the {name} is trained on images of both its domains, and this data set does not know them")
    return domain


def _classes(split: LabelledImages, name: str, count: int, *, needed: bool) -> NDArray[np.int64]:
    """The class of each image of the first domain; all 0 if they are neither known nor needed."""
    classes = split.labels.get(CLASSES)
    if needed and (classes is None or classes.max() >= len(SKEW)):
        raise ValueError(f"class_skew of the {name} needs images with the label '{CLASSES}', 0 to {len(SKEW) - 1}")
    return np.zeros(count, dtype=np.int64) if classes is None else classes[:count]
