"""What options of adversarial trainings may be; light, because options are read before torch is loaded."""

from __future__ import annotations

import math


def check_whole(**numbers: int) -> None:
    """Nothing, if every number is at least 1.

    Raises:
        ValueError: One is not; the message names it.

    >>> check_whole(steps=1)
    """
    for name, number in numbers.items():
        if number < 1:
            raise ValueError(f"{name} is {number}; allowed: a whole number from 1")


def check_positive(**numbers: float) -> None:
    """Nothing, if every number is finite and above 0.

    Raises:
        ValueError: One is not; the message names it.
    """
    for name, number in numbers.items():
        if not (math.isfinite(number) and number > 0):
            raise ValueError(f"{name} is {number}; allowed: a finite number above 0")


def check_batch(batch_size: int) -> None:
    """Nothing, if a batch has at least two items: batch normalisation divides by their spread.

    Raises:
        ValueError: It has not.
    """
    if batch_size < 2:
        raise ValueError(f"batch_size is {batch_size}; allowed: from 2")


def check_penalty(r1: float) -> None:
    """Nothing, if the weight of the gradient penalty is finite and not negative.

    Raises:
        ValueError: It is.
    """
    if not (math.isfinite(r1) and r1 >= 0):
        raise ValueError(f"r1 is {r1}; allowed: a finite number from 0")


def check_average(average: float) -> None:
    """Nothing, if the decay of the moving average is from 0 and below 1.

    Raises:
        ValueError: It is not.
    """
    if not 0 <= average < 1:
        raise ValueError(f"average is {average}; allowed: from 0 (none) and below 1")
