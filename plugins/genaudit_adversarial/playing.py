"""The game of a generator and a discriminator (Goodfellow et al. 2014), with losses that do not saturate."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic

import torch
from torch import Tensor, nn
from torch.nn.functional import softplus

from genaudit_adversarial.kept import Network
from genaudit_adversarial.streams import one_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages

R1_INTERVAL = 8
"""Steps between two gradient penalties; each then weighs so many times as much (Karras et al. 2020, section 3.1)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """How the game is played."""

    steps: int
    batch_size: int
    generator_rate: float
    """Adam's learning rate of the generator."""
    discriminator_rate: float
    betas: tuple[float, float]
    r1: float
    """Weight of the gradient penalty on real items (Mescheder et al. 2018, equation 9); 0 for none."""
    average: float
    """Decay of the moving average of the generator's weights, a step."""
    same_items: bool = False
    """Whether the generator learns from the very items that the discriminator was shown before, made once; else new
    ones are made for it."""
    paired: bool = False
    """Whether a generated item is judged against a real one (Jolicoeur-Martineau 2019), with the penalty at both
    (Huang et al. 2024, section 2); else each against the number 0, with the penalty at real items."""
    falling: bool = False
    """Whether both rates fall in a straight line, from what they are at the first step to 0 after the last; else they
    stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Items:
    """What the discriminator is shown as real."""

    values: Tensor
    """``(n, ...)`` float32."""
    labels: Tensor | None = None
    """``(n,)`` classes; None if the game has none."""

    def rows(self, rows: Tensor, device: torch.device) -> tuple[Tensor, Tensor | None]:
        """Some of the items."""
        return self.values[rows].to(device), None if self.labels is None else self.labels[rows].to(device)


Make = Callable[[Network, int, Tensor | None, torch.Generator], Tensor]
"""``(generator, count, labels, draws)`` to as many new items: the latents are drawn here."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Players(Generic[Network]):
    """Both networks with their first weights, on one device, and how items are made with the first."""

    generator: Network
    discriminator: nn.Module
    """``(items, labels)`` to logits ``(n,)``."""
    make: Make[Network]


def play(
    players: Players[Network],
    rules: Rules,
    training: Items,
    validation: Items,
    *,
    draws: torch.Generator,
    progress: TrainingObserver,
) -> Network:
    """The moving average of the generator after the game; on one machine and one version of torch the same bits.

    The losses that ``progress`` hears are the discriminator's, in nats: the cross-entropy of real items plus that of
    generated ones, 2 ln 2 = 1.386 where it cannot tell them apart; in a paired game that of which of two is real, ln 2.
    Validation compares held-out items with those of the average.
    """
    game = _Game(players, rules, draws)
    with one_thread():
        for step, (rows, epoch_ends) in enumerate(batches(len(training.values), rules, draws), start=1):
            game.set_rates(1 - (step - 1) / rules.steps if rules.falling else 1.0)
            items, labels = training.rows(rows, game.device)
            loss = game.round(items, labels, penalised=rules.r1 > 0 and step % R1_INTERVAL == 0)
            progress.step(step, rules.steps, loss)
            if epoch_ends or step == rules.steps:
                progress.epoch(step, game.validation_loss(validation))
    return game.average


def checked_images(split: LabelledImages, name: str) -> NDArray[np.uint8]:
    """The images of a split.

    Raises:
        ValueError: There are none, or they have another shape than ``(n, 3, 16, 16)``.
    """
    if split.images.shape[1:] != (3, 16, 16) or not len(split.images):
        raise ValueError(f"the {name} is trained on images (n, 3, 16, 16), not on {split.images.shape}")
    return split.images


def as_items(split: LabelledImages, name: str, labels: str = "") -> Items:
    """Images in [-1, 1], with the labels of an attribute if one is named.

    Raises:
        ValueError: Images of another shape, or no such labels.
    """
    images = torch.from_numpy(checked_images(split, name)).float() / 127.5 - 1
    if not labels:
        return Items(values=images)
    if labels not in split.labels:
        raise ValueError(f"the {name} is trained on images with labels '{labels}'; there are {sorted(split.labels)}")
    return Items(values=images, labels=torch.from_numpy(split.labels[labels]))


def batches(count: int, rules: Rules, draws: torch.Generator) -> Iterator[tuple[Tensor, bool]]:
    """Rows of each step, full batches only, every item at most once an epoch, and whether the epoch ends with it."""
    size, done = min(rules.batch_size, count), 0
    while done < rules.steps:
        parts = torch.split(torch.randperm(count, generator=draws)[: count // size * size], size)
        for number, rows in enumerate(parts[: rules.steps - done], start=1):
            yield rows, number == len(parts)
        done += len(parts)


class _Game(Generic[Network]):
    """Both networks, their optimisers and the average while the game lasts."""

    def __init__(self, players: Players[Network], rules: Rules, draws: torch.Generator) -> None:
        self._players, self._rules, self._draws = players, rules, draws
        self.average = copy.deepcopy(players.generator).eval().requires_grad_(requires_grad=False)
        self.device = next(players.discriminator.parameters()).device
        self._generator_optimiser = torch.optim.Adam(
            players.generator.parameters(), lr=rules.generator_rate, betas=rules.betas
        )
        self._discriminator_optimiser = torch.optim.Adam(
            players.discriminator.parameters(), lr=rules.discriminator_rate, betas=rules.betas
        )

    def set_rates(self, share: float) -> None:
        """Both optimisers' rates for the next round, as a share of those of the rules."""
        rules = self._rules
        for optimiser, rate in (
            (self._generator_optimiser, rules.generator_rate),
            (self._discriminator_optimiser, rules.discriminator_rate),
        ):
            for group in optimiser.param_groups:
                group["lr"] = rate * share

    def round(self, items: Tensor, labels: Tensor | None, *, penalised: bool) -> float:
        """One step of the discriminator, one of the generator and of its average; the discriminator's loss."""
        same = self._rules.same_items
        with torch.set_grad_enabled(same):
            made = self._made(len(items), labels)
        loss = self._discriminator_step(items, made.detach(), labels, penalised=penalised)
        self._players.discriminator.requires_grad_(requires_grad=False)
        self._generator_step(items, made if same else self._made(len(items), labels), labels)
        self._players.discriminator.requires_grad_(requires_grad=True)
        self._follow()
        return loss

    def _made(self, count: int, labels: Tensor | None) -> Tensor:
        return self._players.make(self._players.generator, count, labels, self._draws)

    def _discriminator_step(self, items: Tensor, made: Tensor, labels: Tensor | None, *, penalised: bool) -> float:
        """Its loss without the penalty."""
        at = [items, made] if self._rules.paired else [items]
        for each in at if penalised else []:
            each.requires_grad_()
        verdicts = [self._players.discriminator(each, labels) for each in (items, made)]
        loss = self._discriminator_loss(*verdicts)
        self._discriminator_optimiser.zero_grad()
        penalties = [self._penalty(*pair) for pair in zip(verdicts, at, strict=False)] if penalised else []
        torch.autograd.backward(sum(penalties, start=loss))
        self._discriminator_optimiser.step()
        return float(loss.detach())

    def _generator_step(self, items: Tensor, made: Tensor, labels: Tensor | None) -> None:
        loss = self._generator_loss(items.detach(), self._players.discriminator(made, labels), labels)
        self._generator_optimiser.zero_grad()
        torch.autograd.backward(loss)
        self._generator_optimiser.step()

    def _discriminator_loss(self, real: Tensor, generated: Tensor) -> Tensor:
        """The mean over items, in nats, for logits of as many real and generated ones."""
        if self._rules.paired:
            return softplus(generated - real).mean()
        return softplus(-real).mean() + softplus(generated).mean()

    def _generator_loss(self, items: Tensor, generated: Tensor, labels: Tensor | None) -> Tensor:
        if not self._rules.paired:
            return softplus(-generated).mean()
        with torch.no_grad():
            real = self._players.discriminator(items, labels)
        return softplus(real - generated).mean()

    def validation_loss(self, items: Items) -> float:
        """The discriminator's loss on other items and on those of the average, with draws of its own."""
        draws = torch.Generator().manual_seed(0)
        total, count = 0.0, 0
        with torch.no_grad():
            for rows in torch.split(torch.arange(len(items.values)), self._rules.batch_size):
                real, labels = items.rows(rows, self.device)
                made = self._players.make(self.average, len(real), labels, draws)
                verdicts = [self._players.discriminator(each, labels) for each in (real, made)]
                total += len(real) * float(self._discriminator_loss(*verdicts))
                count += len(real)
        return total / count

    def _penalty(self, logits: Tensor, items: Tensor) -> Tensor:
        (gradient,) = torch.autograd.grad(logits.sum(), items, create_graph=True)
        return self._rules.r1 / 2 * R1_INTERVAL * gradient.square().flatten(1).sum(1).mean()

    def _follow(self) -> None:
        with torch.no_grad():
            fast_ones = self._players.generator.state_dict()
            for name, slow in self.average.state_dict().items():
                fast = fast_ones[name]
                if slow.is_floating_point():
                    slow.lerp_(fast, 1 - self._rules.average)
                else:
                    slow.copy_(fast)
