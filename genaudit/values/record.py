"""The record of a run: the canonical output, from which every report is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from genaudit.errors import unknown_name
from genaudit.values.findings import Finding
from genaudit.values.gate import GateReport
from genaudit.values.results import Failure, MetricResult, Series, Unavailable
from genaudit.values.run import (
    AuditDescription,
    ComponentInfo,
    Environment,
    ImageSheet,
    MetricDescription,
    PluginStatus,
    RunRequest,
    Stage,
    TrainingCurve,
)

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

SCHEMA_VERSION = 1
GIVEN_DATE = "source_date_epoch"
"""Key of ``RunRecord.extra``: the date was given from outside, and neither time nor memory was kept."""


@dataclass(frozen=True, kw_only=True)
class RunRecord:
    """Everything that a run found, and all that is needed to read and to repeat it."""

    schema_version: int = SCHEMA_VERSION
    run_id: str
    created: str
    """Start of the run, ISO 8601, UTC."""
    genaudit_version: str
    request: RunRequest
    environment: Environment
    generator: ComponentInfo
    dataset: ComponentInfo
    extractor: ComponentInfo
    metrics: tuple[MetricDescription, ...]
    """The text about each metric that was asked for."""
    audits: tuple[AuditDescription, ...] = ()
    """The text about each audit of a table, in the order in which they are told."""
    results: tuple[MetricResult, ...]
    findings: tuple[Finding, ...] = ()
    not_available: tuple[Unavailable, ...] = ()
    failures: tuple[Failure, ...] = ()
    series: tuple[Series, ...] = ()
    images: tuple[ImageSheet, ...] = ()
    training: TrainingCurve | None = None
    stages: tuple[Stage, ...] = ()
    plugins: tuple[PluginStatus, ...] = ()
    warnings: tuple[str, ...] = ()
    """What a reader must know about the run as a whole."""
    complete: bool = True
    """False if the run was interrupted or had to stop."""
    memory_peak_mib: float = 0.0
    gate: GateReport | None = None
    """The run against a baseline; None if none was compared."""
    extra: Mapping[str, str] = field(default_factory=dict)

    def result(self, metric: str, group: str = "") -> MetricResult:
        """The whole result of a metric.

        Raises:
            KeyError: There is no such number; the message says why, or which exist.
        """
        found = self._by_key.get((metric, group))
        if found is None:
            raise KeyError(self._why_missing(metric, group))
        return found

    def value(self, metric: str, group: str = "") -> float:
        """The value of a metric, in its unit.

        Raises:
            KeyError: There is no such number; the message says why, or which exist.
        """
        return self.result(metric, group).value

    @property
    def unavailable(self) -> Mapping[str, Unavailable]:
        """What does not apply, by component: ``record.unavailable["ppl"].reason``."""
        return {
            f"{item.component}[{item.group}]" if item.group else item.component: item for item in self.not_available
        }

    def to_frame(self) -> pd.DataFrame:
        """The tidy table of the CSV report, one row a value."""
        from genaudit.values.table import frame_of

        return frame_of(self)

    def save(self, path: str | Path) -> Path:
        """Write the canonical JSON.

        Raises:
            OutputError: The place cannot be written.
        """
        from genaudit.values.serialisation import save_record

        return save_record(self, path)

    @cached_property
    def _by_key(self) -> dict[tuple[str, str], MetricResult]:
        return {(result.metric, result.group): result for result in self.results}

    def _why_missing(self, metric: str, group: str) -> str:
        for item in self.not_available:
            if (item.component, item.group) == (metric, group):
                return f"{metric} is not available: {item.reason} {item.hint}".rstrip()
        for failure in self.failures:
            if (failure.component, failure.group) == (metric, group):
                return f"{metric} failed in {failure.stage}: {failure.error}"
        groups = sorted({key[1] for key in self._by_key if key[0] == metric})
        if groups:
            return str(
                unknown_name(f"group of {metric}", group, [repr(name) for name in groups], listed="In this record")
            )
        return str(unknown_name("metric", metric, {key[0] for key in self._by_key}, listed="In this record"))
