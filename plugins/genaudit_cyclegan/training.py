"""Training without pairs: adversarial, cycle and identity losses (Zhu et al. 2017, section 3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn.functional import l1_loss

from genaudit_adversarial.streams import one_thread, torch_generator
from genaudit_cyclegan.domains import batches, unpaired
from genaudit_cyclegan.network import initialised_discriminator, initialised_generator
from genaudit_cyclegan.pool import ImagePool

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages
    from genaudit_cyclegan.options import CycleGanOptions

BETAS = (0.5, 0.999)
"""Of Adam."""
VALIDATED = 512
"""Images of each domain that the validation loss looks at, the first ones."""


class Networks(nn.Module):
    """Both generators and both discriminators, named by the domain that they put out or judge."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        draws = torch_generator(seed, "cyclegan", "weights")
        self.to_second = initialised_generator(draws)
        self.to_first = initialised_generator(draws)
        self.judge_first = initialised_discriminator(draws)
        self.judge_second = initialised_discriminator(draws)

    @property
    def generators(self) -> nn.ModuleDict:
        """The two that are kept."""
        return nn.ModuleDict({"to_second": self.to_second, "to_first": self.to_first})


def trained(
    options: CycleGanOptions,
    training: LabelledImages,
    validation: LabelledImages,
    *,
    seed: int,
    progress: TrainingObserver,
    device: torch.device,
) -> nn.ModuleDict:
    """Both generators, trained from the start; on one machine and one version of torch the same bits every time.

    The losses that ``progress`` hears are the generators': adversarial, cycle and identity terms with their weights.

    Raises:
        ValueError: The images have another shape, or their domains are not known.
    """
    domains = unpaired(training, "CycleGAN", skew=options.class_skew, seed=seed)
    held_out = [images[:VALIDATED].to(device) for images in unpaired(validation, "CycleGAN", skew=0.0, seed=seed)]
    draws = torch_generator(seed, "cyclegan", "training")
    networks = Networks(seed).to(device)
    game = _Game(networks, options, draws)
    streams = [batches(len(images), options.batch_size, draws) for images in domains]
    epoch = max(1, min(map(len, domains)) // options.batch_size)
    with one_thread():
        for step in range(1, options.steps + 1):
            first, second = (images[next(rows)].to(device) for images, rows in zip(domains, streams, strict=True))
            progress.step(step, options.steps, game.step(first, second))
            if step % epoch == 0 or step == options.steps:
                with torch.no_grad():
                    progress.epoch(step, float(game.generator_loss(*held_out)[0]))
    return networks.generators


class _Game:
    """Networks, optimisers and pools while the training lasts."""

    def __init__(self, networks: Networks, options: CycleGanOptions, draws: torch.Generator) -> None:
        self._networks, self._options = networks, options
        self._judges = (networks.judge_first, networks.judge_second)
        self._pools = (ImagePool(draws), ImagePool(draws))
        self._optimisers = tuple(
            torch.optim.Adam([*one.parameters(), *other.parameters()], lr=options.learning_rate, betas=BETAS)
            for one, other in ((networks.to_first, networks.to_second), self._judges)
        )
        self._schedules = tuple(falling(optimiser, options.steps) for optimiser in self._optimisers)

    def step(self, first: Tensor, second: Tensor) -> float:
        """One step of the generators and one of the discriminators; the generators' loss."""
        for judge in self._judges:
            judge.requires_grad_(requires_grad=False)
        loss, made = self.generator_loss(first, second)
        descend(self._optimisers[0], loss)
        for judge in self._judges:
            judge.requires_grad_(requires_grad=True)
        shown = [pool.exchanged(images) for pool, images in zip(self._pools, made, strict=True)]
        descend(self._optimisers[1], judges_loss(zip(self._judges, (first, second), shown, strict=True)))
        for schedule in self._schedules:
            schedule.step()
        return float(loss.detach())

    def generator_loss(self, first: Tensor, second: Tensor) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """The weighted sum of all terms, and the translations into the first and the second domain."""
        net, options = self._networks, self._options
        made_second, made_first = net.to_second(first), net.to_first(second)
        adversarial = taken_for_real(net.judge_second(made_second)) + taken_for_real(net.judge_first(made_first))
        cycle = l1_loss(net.to_first(made_second), first) + l1_loss(net.to_second(made_first), second)
        loss = adversarial + options.cycle_weight * cycle
        if options.identity_weight:
            kept = l1_loss(net.to_first(first), first) + l1_loss(net.to_second(second), second)
            loss = loss + options.identity_weight * kept
        return loss, (made_first, made_second)


def taken_for_real(verdicts: Tensor) -> Tensor:
    """Mean squared distance of verdicts to 1: the generator's side of least squares (Mao et al. 2017, equation 9)."""
    return ((verdicts - 1) ** 2).mean()


def judges_loss(shown: Iterable[tuple[nn.Module, Tensor, Tensor]]) -> Tensor:
    """Half the squared distance of verdicts on real images to 1 and on translated ones to 0, summed over judges."""
    terms = [(taken_for_real(judge(real)) + (judge(made) ** 2).mean()) / 2 for judge, real, made in shown]
    return torch.stack(terms).sum()


def descend(optimiser: torch.optim.Optimizer, loss: Tensor) -> None:
    """One step down the gradient of a loss."""
    optimiser.zero_grad()
    torch.autograd.backward(loss)
    optimiser.step()


def falling(optimiser: torch.optim.Optimizer, steps: int) -> torch.optim.lr_scheduler.LambdaLR:
    """A learning rate that is constant for half of the steps and then falls to 0 along a line."""
    return torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, 2 * (1 - step / steps)))
