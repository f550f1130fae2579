"""The translator that learns from pairs, behind genaudit's capabilities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch.nn.functional import l1_loss

from genaudit_adversarial.kept import Keeper
from genaudit_adversarial.streams import one_thread, torch_generator
from genaudit_cyclegan.domains import batches, paired
from genaudit_cyclegan.network import Generator, in_parts, initialised_discriminator, initialised_generator
from genaudit_cyclegan.training import BETAS, VALIDATED, descend, falling, judges_loss, taken_for_real

if TYPE_CHECKING:
    from torch import Tensor

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_cyclegan.options import Pix2PixOptions


def build(options: Pix2PixOptions, device: torch.device) -> Pix2Pix:
    """The model with untrained weights; see ``load_state`` and ``fit``."""
    return Pix2Pix(options, initialised_generator(torch_generator(0, "pix2pix", "weights")), device)


class Pix2Pix(Keeper["Pix2PixOptions", Generator]):
    """A translator one way, trained on pairs (Isola et al. 2017); it draws no noise, so an image has one translation.

    Images go in and come out as float32 ``(n, 3, 16, 16)`` in [0, 1].
    """

    @property
    def domains(self) -> tuple[str, ...]:
        """Source and target."""
        return self._options.names

    @property
    def directions(self) -> tuple[tuple[str, str], ...]:
        """The one way that it knows."""
        return (self._options.names,)

    def translate(self, images: Tensor, source: str, target: str) -> Tensor:
        """The images as they would look in the target domain; differentiable in ``images``.

        Raises:
            ValueError: It is another way.
        """
        if (source, target) != self._options.names:
            raise ValueError(f"pix2pix translates {' to '.join(self.domains)}, not {source} to {target}")
        return in_parts(self._kept.exact, self._kept.wide(images))

    def fit(
        self,
        training: LabelledImages,
        validation: LabelledImages,
        *,
        budget: int | None,
        seed: int,
        progress: TrainingObserver,
    ) -> None:
        """Train from new weights for ``budget`` steps (None: the option ``steps``) on pairs.

        Raises:
            ValueError: The budget is below 1, the images have another shape, or their domains are not known.
        """
        options = self._options if budget is None else replace(self._options, steps=budget)
        self._kept.take(_trained(options, training, validation, seed=seed, progress=progress, device=self._device))


def _trained(
    options: Pix2PixOptions,
    training: LabelledImages,
    validation: LabelledImages,
    *,
    seed: int,
    progress: TrainingObserver,
    device: torch.device,
) -> Generator:
    """The losses that ``progress`` hears: the generator's adversarial term and the weighted absolute error."""
    pairs = paired(training, "pix2pix")
    held_out = [images[:VALIDATED].to(device) for images in paired(validation, "pix2pix")]
    game = _Game(options, torch_generator(seed, "pix2pix", "weights"), device)
    rows = batches(len(pairs[0]), options.batch_size, torch_generator(seed, "pix2pix", "training"))
    epoch = max(1, len(pairs[0]) // options.batch_size)
    with one_thread():
        for step in range(1, options.steps + 1):
            chosen = next(rows)
            progress.step(step, options.steps, game.step(*(images[chosen].to(device) for images in pairs)))
            if step % epoch == 0 or step == options.steps:
                with torch.no_grad():
                    progress.epoch(step, float(game.generator_loss(*held_out)[0]))
    return game.generator


class _Game:
    """Generator, discriminator of pairs and their optimisers while the training lasts."""

    def __init__(self, options: Pix2PixOptions, draws: torch.Generator, device: torch.device) -> None:
        self._options = options
        self.generator = initialised_generator(draws).to(device)
        self._judge = initialised_discriminator(draws, 6).to(device)
        self._optimisers = [
            torch.optim.Adam(network.parameters(), lr=options.learning_rate, betas=BETAS)
            for network in (self.generator, self._judge)
        ]
        self._schedules = [falling(optimiser, options.steps) for optimiser in self._optimisers]

    def step(self, source: Tensor, target: Tensor) -> float:
        """One step of the generator and one of the discriminator; the generator's loss."""
        self._judge.requires_grad_(requires_grad=False)
        loss, made = self.generator_loss(source, target)
        descend(self._optimisers[0], loss)
        self._judge.requires_grad_(requires_grad=True)
        real, false = (torch.cat([source, other], dim=1) for other in (target, made.detach()))
        descend(self._optimisers[1], judges_loss([(self._judge, real, false)]))
        for schedule in self._schedules:
            schedule.step()
        return float(loss.detach())

    def generator_loss(self, source: Tensor, target: Tensor) -> tuple[Tensor, Tensor]:
        """Adversarial term and weighted absolute error, and the translations."""
        made = self.generator(source)
        fooled = taken_for_real(self._judge(torch.cat([source, made], dim=1)))
        return fooled + self._options.pixel_weight * l1_loss(made, target), made
