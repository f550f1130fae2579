"""Choices about the mixture density network; light, so that they are checked before torch is loaded."""

from __future__ import annotations

from dataclasses import dataclass

from genaudit_adversarial.checking import check_positive, check_whole


@dataclass(frozen=True, slots=True, kw_only=True)
class MdnOptions:
    """What may be set with ``--set mdn.NAME=VALUE``.

    Raises:
        ValueError: A value is not allowed; the message says what is.
    """

    components: int = 5
    """Normals in each mixture; 1 is regression with a variance, which puts its mean between the answers."""
    hidden: int = 64
    """Units of each of the two hidden layers."""
    steps: int = 2000
    """Optimiser steps of a training."""
    batch_size: int = 256
    """Points a step of a training."""
    learning_rate: float = 5e-3
    """Of Adam, in the first half of a training; it falls to 0 in the second."""

    def __post_init__(self) -> None:
        check_whole(components=self.components, hidden=self.hidden, steps=self.steps, batch_size=self.batch_size)
        check_positive(learning_rate=self.learning_rate)
