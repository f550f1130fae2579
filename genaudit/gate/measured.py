"""A run's numbers as the gate reads them: value, error and what they are about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from genaudit.stats.student import quantile
from genaudit.values.gate import name_of
from genaudit.values.results import Direction, Parameter

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import Interval, MetricResult

AUDITED = "="
"""Groups of people or things are named ``attribute=level``; views of a metric are not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One number with its error."""

    metric: str
    group: str
    value: float
    standard_error: float | None
    """None where the number has no interval."""
    degrees_of_freedom: float | None
    method: str
    """How the error was found, or why there is none."""
    n: int
    direction: Direction
    unit: str
    version: str
    definition: str
    samples: int
    """Generated items that its definition names; 0 if it depends on none."""
    reference: str
    reference_digest: str
    extractor: str
    extractor_digest: str
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    about_groups: bool = False
    """Whether it is a number of an audit, or about groups."""
    trainings: int = 1
    """Independently trained weights behind it."""
    training_spread: float = 0.0
    """Standard deviation between trainings; 0 if there is one, whose spread nobody knows."""

    @property
    def name(self) -> str:
        """As users write it."""
        return name_of(self.metric, self.group)


def measured(record: RunRecord) -> dict[str, Measured]:
    """Every number of a record by its name."""
    described = {text.name for text in record.metrics}
    found = (_measured(result, about_groups=result.metric not in described) for result in record.results)
    return {one.name: one for one in found}


def _measured(result: MetricResult, *, about_groups: bool) -> Measured:
    protocol, interval = result.protocol, result.interval
    return Measured(
        metric=result.metric,
        group=result.group,
        value=result.value,
        standard_error=_error(result.value, interval) if interval else None,
        degrees_of_freedom=interval.degrees_of_freedom if interval else None,
        method=interval.method if interval else result.reason_without,
        n=result.n,
        direction=result.direction,
        unit=result.unit,
        version=result.version,
        definition=result.definition,
        samples=protocol.samples,
        reference=protocol.reference,
        reference_digest=protocol.reference_digest,
        extractor=protocol.extractor,
        extractor_digest=protocol.extractor_digest,
        parameters=dict(protocol.parameters),
        about_groups=about_groups or AUDITED in result.group,
    )


def _error(value: float, interval: Interval) -> float:
    """The standard error behind an interval; of one that was not made from it, by its wider side."""
    if interval.standard_error is not None:
        return interval.standard_error
    half = max(interval.high - value, value - interval.low)
    return half / quantile(0.5 + interval.level / 2, interval.degrees_of_freedom)
