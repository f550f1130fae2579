"""The training that all of them share: Adam on a loss of batches."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn

from genaudit_adversarial.playing import checked_images
from genaudit_adversarial.streams import one_thread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.plugin.capabilities import TrainingObserver
    from genaudit.plugin.components import LabelledImages

GRADIENT_LIMIT = 200.0
"""Largest norm of a gradient, nats a unit; met in the first steps only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What a loss sees at once."""

    images: Tensor
    """``(n, 3, 16, 16)`` in [0, 1]."""
    labels: Tensor | None
    """``(n,)`` classes, where the model has any."""
    step: int
    """Number of the step, from 1; 0 for validation."""
    draws: torch.Generator

    def normal(self, shape: tuple[int, ...]) -> Tensor:
        """Standard normal numbers."""
        return torch.randn(shape, generator=self.draws).to(self.images)


Loss = Callable[[Batch], Tensor]
"""A batch to the mean loss of its images."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Data:
    """A split as tensors."""

    levels: Tensor
    labels: Tensor | None = None

    def batch(self, rows: Tensor, step: int, draws: torch.Generator, device: torch.device) -> Batch:
        """Some of the images."""
        labels = None if self.labels is None else self.labels[rows].to(device)
        return Batch(images=self.levels[rows].to(device).float() / 255, labels=labels, step=step, draws=draws)


def data_of(split: LabelledImages, name: str, labels: str = "") -> Data:
    """The images of a split, and the labels of an attribute if one is named.

    Raises:
        ValueError: Images of another shape, or no such labels.
    """
    images = torch.from_numpy(checked_images(split, name))
    if not labels:
        return Data(levels=images)
    if labels not in split.labels:
        raise ValueError(f"the {name} is trained on images with labels '{labels}'; there are {sorted(split.labels)}")
    return Data(levels=images, labels=torch.from_numpy(split.labels[labels]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How long and how fast."""

    steps: int
    batch_size: int
    learning_rate: float
    before: int = 0
    """Steps of an earlier course of the same training."""
    after: int = 0
    """Steps of a later one."""

    @property
    def total(self) -> int:
        """Steps of the whole training."""
        return self.before + self.steps + self.after


def descend(
    network: nn.Module,
    loss: Loss,
    splits: tuple[Data, Data],
    course: Course,
    *,
    draws: torch.Generator,
    progress: TrainingObserver,
) -> None:
    """Train a network in place, on one thread; on one machine and one version of torch the same bits every time.

    Args:
        network: Its parameters are changed.
        loss: Of a batch.
        splits: Training and validation.
        course: Steps, batch size, learning rate: constant, then linear to 0 over the second half.
        draws: Random numbers of batches and losses.
        progress: Hears the loss of each step, and that of validation after each epoch, with the same noise every time.
    """
    training, validation = splits
    device = next(network.parameters()).device
    optimiser = torch.optim.Adam(network.parameters(), lr=course.learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimiser, lambda step: min(1.0, 2 * (1 - step / course.steps)))
    with one_thread():
        for step, (rows, epoch_ends) in enumerate(_batches(len(training.levels), course, draws), start=1):
            value = loss(training.batch(rows, step, draws, device))
            optimiser.zero_grad()
            torch.autograd.backward(value)
            torch.nn.utils.clip_grad_norm_(network.parameters(), GRADIENT_LIMIT)
            optimiser.step()
            schedule.step()
            progress.step(course.before + step, course.total, float(value.detach()))
            if epoch_ends or step == course.steps:
                progress.epoch(course.before + step, _validated(loss, validation, device))


def _validated(loss: Loss, data: Data, device: torch.device) -> float:
    draws, total = torch.Generator().manual_seed(0), 0.0
    with torch.no_grad():
        for rows in torch.split(torch.arange(len(data.levels)), 256):
            total += len(rows) * float(loss(data.batch(rows, 0, draws, device)))
    return total / len(data.levels)


def _batches(count: int, course: Course, draws: torch.Generator) -> Iterator[tuple[Tensor, bool]]:
    """Rows of each step, every image once an epoch, and whether the epoch ends with it."""
    done = 0
    while done < course.steps:
        parts = torch.split(torch.randperm(count, generator=draws), course.batch_size)
        for number, rows in enumerate(parts[: course.steps - done], start=1):
            yield rows, number == len(parts)
        done += len(parts)
