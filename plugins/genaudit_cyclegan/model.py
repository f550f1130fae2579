"""The CycleGAN behind genaudit's capabilities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from torch import nn

from genaudit_adversarial.kept import Keeper
from genaudit_cyclegan.network import in_parts
from genaudit_cyclegan.training import Networks, trained

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_cyclegan.options import CycleGanOptions


def build(options: CycleGanOptions, device: torch.device) -> CycleGan:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return CycleGan(options, Networks(0).generators, device)


class CycleGan(Keeper["CycleGanOptions", nn.ModuleDict]):
    """A translator each way between two domains (Zhu et al. 2017).

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1].
    """

    @property
    def domains(self) -> tuple[str, ...]:
        """The two names, such as ``("orange", "blue")``."""
        return self._options.names

    def translate(self, images: Tensor, source: str, target: str) -> Tensor:
        """The images as they would look in the target domain; differentiable in ``images``.

        Raises:
            ValueError: Source and target are not the two domains.
        """
        if {source, target} != set(self.domains):
            raise ValueError(f"the CycleGAN translates between {' and '.join(self.domains)}, not {source} to {target}")
        network = self._kept.exact["to_second" if source == self.domains[0] else "to_first"]
        return in_parts(network, self._kept.wide(images))

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train from new weights for ``budget`` steps (None: the option ``steps``) on images of both domains.

        Raises:
            ValueError: The budget is below 1, the images have another shape, or their domains are not known.
        """
        options = self._options if budget is None else replace(self._options, steps=budget)
        self._kept.take(trained(options, training, validation, seed=seed, progress=progress, device=self._device))
