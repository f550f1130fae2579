"""Count tables: the only thing that an audit of groups needs to see."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeReading:
    """How well an annotator reads an attribute, measured on labelled images that it was not trained on."""

    attribute: str
    levels: tuple[str, ...]
    annotator: str
    method: str
    """How labels are made, as a sentence's subject: ``a rule on pixels``, ``a classifier``."""
    confusion: NDArray[np.int64]
    """``(levels, levels)``: rows are the truth, columns the reading; counts of images."""
    measured_on: str
    """Data set and split of the confusion matrix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeCounts:
    """Joint counts of two attributes among generated images and in the training data.

    ``t`` is the attribute that defines the rows (a digit, an occupation), ``a`` the one whose share is asked (a
    colour, a group).
    """

    t: AttributeReading
    a: AttributeReading
    generated: NDArray[np.int64]
    """``(levels of t, levels of a)``: as annotated, uncorrected."""
    training: NDArray[np.int64]
    """``(levels of t, levels of a)``: true labels of the training split."""
    confident: NDArray[np.int64]
    """``(levels of t,)``: generated images whose reading of t has a probability above ``confidence``."""
    confidence: float = 0.9
