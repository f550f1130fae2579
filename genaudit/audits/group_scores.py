"""The scores of one group in their bins, as audits ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.audits.cells import Share, group_name, p_text
from genaudit.stats.calibration import expected_calibration_error

if TYPE_CHECKING:
    from genaudit.stats.calibration import CalibrationError
    from genaudit.values.counts import CountTable

MOST_SAID = 6
"""Groups of which each is named in one sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupScores:
    """People of a group by bin; sums of weights where the table is weighted."""

    group: str
    people: NDArray[np.float64]
    """``(bins,)``."""
    positives: NDArray[np.float64]
    sums: NDArray[np.float64]
    """Of the scores."""
    worth: NDArray[np.float64]
    """``(bins,)`` effective people."""
    all_worth: float
    """Effective people of the whole group."""
    gap_variance: float
    """Of ``score - truth`` among all people of the group."""

    @property
    def total(self) -> float:
        """All people of the group."""
        return float(self.people.sum())

    @property
    def mean_scores(self) -> NDArray[np.float64]:
        """``(bins,)``; 0 where nobody is."""
        return np.asarray(self.sums / np.where(self.people > 0, self.people, 1.0), dtype=np.float64)

    @property
    def everybody(self) -> Share:
        """The positives of the group."""
        return Share(counted=float(self.positives.sum()), among=self.total, worth=self.all_worth)

    def share(self, place: int) -> Share:
        """The positives of one bin."""
        return Share(
            counted=float(self.positives[place]), among=float(self.people[place]), worth=float(self.worth[place])
        )

    def effective(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """``(bins,)`` positives and people on the scale of effective people."""
        return self.positives * self.worth / np.where(self.people > 0, self.people, 1.0), self.worth

    def error(self) -> CalibrationError:
        """The expected calibration error, by effective people within bins and by weights between them."""
        positives, people = self.effective()
        return expected_calibration_error(people, positives, np.clip(self.mean_scores, 0.0, 1.0), weights=self.people)


def group_scores(table: CountTable) -> list[GroupScores]:
    """Each group of a table with scores, in the order of the groups."""
    scores = table.scores
    if scores is None:
        return []
    people, sums, squares = (scores.binned(part) for part in (scores.people, scores.sums, scores.square_sums))
    weights = people if scores.weight_squares is None else scores.binned(scores.weight_squares)
    return [
        GroupScores(
            group=group_name(table, index),
            people=people[index].sum(axis=0),
            positives=people[index, 1],
            sums=sums[index].sum(axis=0),
            worth=_worth(people[index].sum(axis=0), weights[index].sum(axis=0)),
            all_worth=float(_worth(people[index].sum(), weights[index].sum())),
            gap_variance=_gap_variance(people[index], sums[index], squares[index]),
        )
        for index in range(len(table.groups))
    ]


def _worth(people: NDArray[np.float64], squares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Kish's effective people; 0 where nobody is."""
    return np.asarray(np.where(squares > 0, people**2 / np.where(squares > 0, squares, 1.0), 0.0), dtype=np.float64)


def _gap_variance(people: NDArray[np.float64], sums: NDArray[np.float64], squares: NDArray[np.float64]) -> float:
    """Of ``score - truth``: its square is ``s² - 2 s + 1`` where the truth is yes."""
    total = people.sum()
    if total == 0:
        return 0.0
    mean = (sums.sum() - people[1].sum()) / total
    return max(float((squares.sum() - 2 * sums[1].sum() + people[1].sum()) / total - mean**2), 0.0)


def seen_calibrated(table: CountTable, *, level: float, min_count: int) -> str:
    """What was seen of the calibration that thresholds need, in a sentence; empty without scores or a truth."""
    if table.scores is None or not table.has_truth:
        return ""
    if not table.scores.probabilities:
        return f"The scores of {table.scores.score} are no probabilities, so no such threshold is one of theirs."
    known = [scores for scores in group_scores(table) if scores.all_worth >= min_count]
    errors = [(scores.group, scores.error()) for scores in known]
    beyond = [f"{group} ({p_text(error.p_value)})" for group, error in errors if error.p_value < 1 - level]
    within = [group for group, error in errors if error.p_value >= 1 - level]
    parts = (
        f"Of {table.scores.score} a departure beyond chance was seen in {_some(beyond)}" if beyond else "",
        f"{'none' if beyond else f'Of {table.scores.score} no departure beyond chance was seen'} in {_some(within)}"
        if within
        else "",
    )
    said = ", ".join(filter(None, parts))
    return f"{said}: see what a score means in each group." if said else ""


def _some(names: list[str]) -> str:
    more = len(names) - MOST_SAID
    return ", ".join(names[:MOST_SAID]) + (f" and {more} more" if more > 0 else "")
