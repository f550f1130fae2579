"""Several runs side by side: every number of each, and its change from the first with an interval."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from genaudit.values.results import Direction, Interval
from genaudit.values.serialisation import rounded

SCHEMA_VERSION = 1


class Reading(StrEnum):
    """What the interval of a change says."""

    BETTER = "better"
    """The whole interval lies on the side in which the metric improves."""
    WORSE = "worse"
    """The whole interval lies on the other side."""
    DIFFERENT = "different"
    """The whole interval lies on one side of zero; the metric knows no better side."""
    OPEN = "open"
    """The interval holds zero: which is larger cannot be told from these samples."""
    NO_INTERVAL = "no interval"
    """One of the two values has no interval, so no change can be told from chance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRun:
    """One of the runs."""

    label: str
    """What it is called in the comparison; unique."""
    run_id: str
    created: str
    plugin: str
    weights_digest: str
    dataset: str
    seed: int
    complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A value less that of the first run."""

    difference: float
    interval: Interval | None
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number of one run, or the reason why it is not there."""

    value: float | None
    interval: Interval | None
    n: int
    reason: str
    """Why there is no value, or no interval."""
    change: Change | None
    """None in the first run, and where either value is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedNumber:
    """One metric and group over all runs."""

    metric: str
    group: str
    title: str
    unit: str
    direction: Direction
    definition: str
    """What all values have in common; see ``MetricResult.definition``."""
    cells: tuple[Cell, ...]
    """In the order of the runs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlike:
    """A number that was left out, because two runs define it differently."""

    metric: str
    group: str
    run: str
    """Label of the run whose definition differs from that of the first run with this number."""
    field: str
    first: str
    second: str
    first_run: str = ""
    """Label of the first run with this number."""

    @property
    def sentence(self) -> str:
        """The field and both values, without a full stop.

        >>> Unlike(metric="fid", group="", run="b", field="extractor", first="x", second="y", first_run="a").sentence
        "extractor is 'x' in run a and 'y' in run b"
        """
        return f"{self.field} is '{self.first}' in run {self.first_run or 'one'} and '{self.second}' in run {self.run}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What ``genaudit compare`` found."""

    genaudit_version: str
    runs: tuple[ComparedRun, ...]
    numbers: tuple[ComparedNumber, ...]
    unlike: tuple[Unlike, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def changes(self) -> int:
        """How many changes have an interval."""
        return sum(1 for number in self.numbers for cell in number.cells if cell.change and cell.change.interval)

    @property
    def expected_by_chance(self) -> float:
        """Changes that would look real by chance alone if no run differed: each at the error rate of its interval."""
        return sum(
            1 - cell.change.interval.level
            for number in self.numbers
            for cell in number.cells
            if cell.change and cell.change.interval
        )


def comparison_to_plain(comparison: Comparison) -> dict[str, Any]:
    """The comparison as JSON values: floats with twelve significant digits, no NaN."""
    plain = {
        "schema_version": SCHEMA_VERSION,
        **asdict(comparison),
        "expected_by_chance": comparison.expected_by_chance,
    }
    found: dict[str, Any] = rounded(plain)
    return found
