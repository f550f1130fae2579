"""What a gate says: how far each number moved from a baseline, and whether it kept the tolerance that was set."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from genaudit.values.findings import Verdict
from genaudit.values.results import Direction, Interval


class GateLevel(StrEnum):
    """What a worsening of a metric does."""

    OFF = "off"
    """Nothing: the change is described."""
    WARN = "warn"
    """It is judged and said, and fails nothing."""
    ERROR = "error"
    """It fails the gate."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One metric against its baseline."""

    metric: str
    group: str
    level: GateLevel
    verdict: Verdict
    """DESCRIBED where the metric is not gated; the sentence says why."""
    sentence: str
    """The verdict's grounds with the numbers."""
    direction: Direction
    value: float | None
    """None if the run has no such number."""
    baseline: float | None
    """None if the baseline has no such number."""
    worsening: float | None = None
    """How far the value moved in its bad direction, in its unit: above 0 is worse. None if nothing can be said.

    Of a number whose neither way is better, the size of the change.
    """
    interval: Interval | None = None
    """Of the worsening."""
    tolerance: float | None = None
    """The largest worsening that is allowed, in the value's unit."""
    rule: str = ""
    """How the tolerance was set, such as ``3 % of the baseline``."""
    p_value: float | None = None
    """That the worsening is no larger than the tolerance; Holm-adjusted over the metrics of this level."""
    n_needed: int = 0
    """Items, instead of ``n``, at which an unchanged model would usually pass; 0 if that is not known or not needed."""
    paired: bool = False
    """Whether both numbers are about the same items, so that what they share cancels."""
    missing: bool = False
    """Whether the metric was to be judged and the run has no such number, or none with an interval any more."""
    advice: str = ""

    @property
    def name(self) -> str:
        """Metric and group as users write them.

        >>> Change(metric="fid", group="low-level", level=GateLevel.OFF, verdict=Verdict.DESCRIBED, sentence="",
        ...        direction=Direction.LOWER, value=None, baseline=None).name
        'fid [low-level]'
        """
        return name_of(self.metric, self.group)


@dataclass(frozen=True, slots=True, kw_only=True)
class GateReport:
    """A run against a baseline."""

    verdict: Verdict
    """The worst of the metrics that can fail the gate; DESCRIBED if there is none."""
    sentence: str
    question: str
    """What the intervals cover: other samples of these weights, or other trainings too."""
    baseline: str
    """The file's name."""
    baseline_created: str
    baseline_git: str
    baseline_reason: str
    changes: tuple[Change, ...]
    warnings: tuple[str, ...] = ()
    """What differs between both runs, and what the comparison cannot see."""
    allowed: tuple[str, ...] = ()
    """Fields that differ and were compared all the same, because the user said so."""
    strict: bool = False
    """Whether a gated metric that stays inconclusive ends with exit code 3."""

    @property
    def exit_code(self) -> int:
        """3 if a gated metric is missing, or inconclusive under ``strict``; else 1 if one failed; else 0."""
        gated = [change for change in self.changes if change.level is GateLevel.ERROR]
        if any(change.missing for change in gated):
            return 3
        if self.strict and any(change.verdict is Verdict.INCONCLUSIVE for change in gated):
            return 3
        return 1 if any(change.verdict is Verdict.FAIL for change in gated) else 0

    @property
    def worst_first(self) -> tuple[Change, ...]:
        """The changes as a reader wants them: missing and failed, undecided, kept, described; the largest first."""
        order = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS, Verdict.DESCRIBED)

        def place(change: Change) -> tuple[bool, int, float]:
            moved = (change.worsening or 0.0) / change.tolerance if change.tolerance else 0.0
            return not change.missing, order.index(change.verdict), -moved

        return tuple(sorted(self.changes, key=place))

    def change(self, metric: str, group: str = "") -> Change | None:
        """What is said of a metric, or None."""
        return next((one for one in self.changes if (one.metric, one.group) == (metric, group)), None)


def name_of(metric: str, group: str = "") -> str:
    """Metric and group as users write them.

    >>> name_of("fid"), name_of("fid", "low-level")
    ('fid', 'fid [low-level]')
    """
    return f"{metric} [{group}]" if group else metric


def roughly(number: int) -> int:
    """Two digits of a count, rounded up: what rests on an estimated spread is known no better.

    >>> roughly(267_990), roughly(1_529), roughly(97)
    (270000, 1600, 97)
    """
    unit = int(10 ** max(0, len(str(number)) - 2))
    return -(-number // unit) * unit
