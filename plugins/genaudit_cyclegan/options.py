"""Choices about the translators; light, so that they are checked before torch is loaded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from genaudit_adversarial.checking import check_positive, check_whole

Domains = Literal["colour", "thickness"]
DOMAINS: dict[str, tuple[str, str]] = {"colour": ("orange", "blue"), "thickness": ("thin", "thick")}
"""What ``domains`` may be, and the names under which data sets know the two."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleGanOptions:
    """What may be set with ``--set cyclegan.NAME=VALUE``.

    Raises:
        ValueError: A value is not allowed; the message says what is.

    >>> CycleGanOptions(domains="thickness").names
    ('thin', 'thick')
    """

    domains: Domains = "colour"
    """``colour``: orange and blue. ``thickness``: thin and thick strokes."""
    class_skew: float = 0.0
    """0: both domains show every digit equally often. 1: their classes differ as much as colours do in the data set (of
    a digit 6 nine in ten are orange), and the model learns to change classes; a deliberate defect."""
    cycle_weight: float = 10.0
    """Weight of the cycle loss."""
    identity_weight: float = 5.0
    """Weight of the identity loss; 0 for none."""
    steps: int = 400
    """Optimiser steps of a training."""
    batch_size: int = 16
    """Images a step and domain."""
    learning_rate: float = 1e-3
    """Of Adam, in the first half of a training; it falls to 0 in the second."""

    def __post_init__(self) -> None:
        _check_domains(self.domains)
        if not 0 <= self.class_skew <= 1:
            raise ValueError(f"class_skew is {self.class_skew}; allowed: from 0 to 1")
        check_positive(cycle_weight=self.cycle_weight, learning_rate=self.learning_rate)
        if not 0 <= self.identity_weight < float("inf"):
            raise ValueError(f"identity_weight is {self.identity_weight}; allowed: a finite number from 0")
        check_whole(steps=self.steps, batch_size=self.batch_size)

    @property
    def names(self) -> tuple[str, str]:
        """The two domains."""
        return DOMAINS[self.domains]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pix2PixOptions:
    """What may be set with ``--set pix2pix.NAME=VALUE``.

    Raises:
        ValueError: A value is not allowed; the message says what is.
    """

    domains: Domains = "thickness"
    """``thickness``: thin to thick strokes. ``colour``: orange to blue."""
    pixel_weight: float = 100.0
    """Weight of the absolute error to the true translation."""
    steps: int = 400
    """Optimiser steps of a training."""
    batch_size: int = 16
    """Pairs a step."""
    learning_rate: float = 1e-3
    """Of Adam, in the first half of a training; it falls to 0 in the second."""

    def __post_init__(self) -> None:
        _check_domains(self.domains)
        check_positive(pixel_weight=self.pixel_weight, learning_rate=self.learning_rate)
        check_whole(steps=self.steps, batch_size=self.batch_size)

    @property
    def names(self) -> tuple[str, str]:
        """The source and the target."""
        return DOMAINS[self.domains]


def _check_domains(given: str) -> None:
    if given not in get_args(Domains):
        raise ValueError(f"domains is '{given}'; allowed: {', '.join(get_args(Domains))}")
