"""Rates of a table of truth and decision, as shares with a named denominator; light: specs quote the texts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray

Cells = tuple[tuple[int, int], tuple[int, int]]
"""Which cells of ``[[true negatives, wrong flags], [misses, right flags]]`` are counted."""
EVERYBODY: Cells = ((1, 1), (1, 1))
NEGATIVES: Cells = ((1, 1), (0, 0))
POSITIVES: Cells = ((0, 0), (1, 1))
FLAGGED: Cells = ((0, 1), (0, 1))
UNFLAGGED: Cells = ((1, 0), (1, 0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share of some of the people of a table."""

    counted: Cells
    """The numerator."""
    among: Cells
    """The denominator."""
    text: str
    """The share in words."""
    needs_truth: bool = True

    @property
    def without(self) -> str:
        """Reason code for a group in which the denominator is empty."""
        return EMPTY[self.among][0]

    @property
    def people(self) -> str:
        """Whom the denominator counts, in words: ``people of whom the truth is no``."""
        return EMPTY[self.among][1]

    def parts(self, confusion: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Numerator and denominator of each ``(..., 2, 2)`` table, of shape ``(...)``.

        >>> import numpy as np
        >>> parts = RATES["false_positive_rate"].parts(np.array([[[990.0, 805.0], [532.0, 1369.0]]]))
        >>> [part.tolist() for part in parts]
        [[805.0], [1795.0]]
        """
        return (confusion * self.counted).sum(axis=(-2, -1)), (confusion * self.among).sum(axis=(-2, -1))


EMPTY: dict[Cells, tuple[str, str]] = {
    EVERYBODY: ("empty_cell", "people"),
    NEGATIVES: ("no_negatives", "people of whom the truth is no"),
    POSITIVES: ("no_positives", "people of whom the truth is yes"),
    FLAGGED: ("no_predicted_positives", "people of whom the decision is yes"),
    UNFLAGGED: ("no_predicted_negatives", "people of whom the decision is no"),
}
"""Denominator to the reason code if nobody is in it, and to whom it counts."""

RATES: Mapping[str, Rate] = {
    "selection_rate": Rate(
        counted=FLAGGED, among=EVERYBODY, needs_truth=False, text="P(decision yes), (TP + FP) / all"
    ),
    "true_positive_rate": Rate(
        counted=((0, 0), (0, 1)), among=POSITIVES, text="P(decision yes | truth yes), TP / (TP + FN)"
    ),
    "false_positive_rate": Rate(
        counted=((0, 1), (0, 0)), among=NEGATIVES, text="P(decision yes | truth no), FP / (FP + TN)"
    ),
    "true_negative_rate": Rate(
        counted=((1, 0), (0, 0)), among=NEGATIVES, text="P(decision no | truth no), TN / (FP + TN)"
    ),
    "false_negative_rate": Rate(
        counted=((0, 0), (1, 0)), among=POSITIVES, text="P(decision no | truth yes), FN / (TP + FN)"
    ),
    "positive_predictive_value": Rate(
        counted=((0, 0), (0, 1)), among=FLAGGED, text="P(truth yes | decision yes), TP / (TP + FP)"
    ),
    "negative_predictive_value": Rate(
        counted=((1, 0), (0, 0)), among=UNFLAGGED, text="P(truth no | decision no), TN / (TN + FN)"
    ),
    "false_discovery_rate": Rate(
        counted=((0, 1), (0, 0)), among=FLAGGED, text="P(truth no | decision yes), FP / (TP + FP)"
    ),
    "false_omission_rate": Rate(
        counted=((0, 0), (1, 0)), among=UNFLAGGED, text="P(truth yes | decision no), FN / (TN + FN)"
    ),
    "prevalence": Rate(counted=POSITIVES, among=EVERYBODY, text="P(truth yes), (TP + FN) / all"),
    "accuracy": Rate(counted=((1, 0), (0, 1)), among=EVERYBODY, text="P(decision = truth), (TP + TN) / all"),
}
"""Every rate of a group, by its identifier."""
