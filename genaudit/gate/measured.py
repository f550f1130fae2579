"""A run's numbers as the gate reads them: value, error and what they are about."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from genaudit.errors import BadOption
from genaudit.gate.rule import combined_freedom
from genaudit.stats.student import quantile
from genaudit.values.gate import name_of
from genaudit.values.results import Direction, Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def candidate(records: Sequence[RunRecord]) -> dict[str, Measured]:
    """The numbers of one candidate: seeds of one training are averaged first, then trainings.

    Raises:
        BadOption: A run is given twice; it would count as two independent ones.
    """
    drawn: dict[tuple[str, int], str] = {}
    trainings: dict[str, list[dict[str, Measured]]] = {}
    for record in records:
        items = (record.generator.digest or record.run_id, record.request.seed)
        if items in drawn:
            raise BadOption(
                f"Runs {drawn[items]} and {record.run_id} have the same weights and the same seed "
                f"({record.request.seed}), so they are one run and not two.",
                "Give runs of other seeds or of other weights.",
            )
        drawn[items] = record.run_id
        trainings.setdefault(record.generator.digest, []).append(measured(record))
    return pooled([pooled(runs, trainings=False) for runs in trainings.values()], trainings=len(trainings) > 1)


def pooled(runs: Sequence[Mapping[str, Measured]], *, trainings: bool) -> dict[str, Measured]:
    """The mean over runs of each number that all of them have.

    Args:
        runs: Of one model with several seeds, or of several trainings.
        trainings: Whether the runs differ in their weights. The error then holds the spread between them, with one
            degree of freedom less than there are; else it is that of one run over the root of their number.
    """
    if len(runs) == 1:
        return dict(runs[0])
    if not trainings:  # what is measured on held-out images is the same whatever the seed, and counts once
        parts = {name: [run[name] for run in runs if name in run] for name in runs[0]}
        return {name: _pooled(some if some[0].samples else some[:1], trainings=False) for name, some in parts.items()}
    names = [name for name in runs[0] if all(name in run for run in runs)]
    return {name: _pooled([run[name] for run in runs], trainings=True) for name in names}


def _pooled(parts: Sequence[Measured], *, trainings: bool) -> Measured:
    count = len(parts)
    if count == 1:
        return parts[0]
    value = math.fsum(part.value for part in parts) / count
    whole = replace(parts[0], value=value, trainings=count if trainings else 1)
    errors = [part.standard_error for part in parts if part.standard_error is not None]
    if len(errors) < count:
        return whole
    sampling = math.sqrt(math.fsum(error**2 for error in errors)) / count
    freedom = combined_freedom([(part.standard_error or 0.0, part.degrees_of_freedom) for part in parts])
    if not trainings:
        method = f"mean over {count} independent runs; {parts[0].method}"
        n = sum(part.n for part in parts) if whole.samples else whole.n
        return replace(whole, standard_error=sampling, degrees_of_freedom=freedom, method=method, n=n)
    spread = math.sqrt(math.fsum((part.value - value) ** 2 for part in parts) / (count - 1) / count)
    return replace(
        whole,
        standard_error=math.hypot(spread, sampling),
        degrees_of_freedom=combined_freedom([(spread, count - 1.0), (sampling, freedom)]),
        method=f"spread over {count} trainings and sampling",
        training_spread=spread * math.sqrt(count),
    )


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
