"""Translations of earlier steps, shown to the discriminator again so that it does not chase the latest ones."""

from __future__ import annotations

import torch
from torch import Tensor

SIZE = 50


class ImagePool:
    """Keeps up to 50 translations (Shrivastava et al. 2017, section 2.3; Zhu et al. 2017, section 4).

    Args:
        draws: Random numbers of the training.
    """

    def __init__(self, draws: torch.Generator) -> None:
        self._draws = draws
        self._kept: list[Tensor] = []

    def exchanged(self, images: Tensor) -> Tensor:
        """The images, of which every second one on average has changed places with one that was kept."""
        return torch.stack([self._one(image) for image in images.detach()])

    def _one(self, image: Tensor) -> Tensor:
        if len(self._kept) < SIZE:
            self._kept.append(image)
            return image
        if float(torch.rand((), generator=self._draws)) < 0.5:
            return image
        place = int(torch.randint(SIZE, (), generator=self._draws))
        former, self._kept[place] = self._kept[place], image
        return former
