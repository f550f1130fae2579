"""Every hook of genaudit. A plugin implements those that it needs, in the module that its entry point names.

The entry-point group is ``genaudit``. Keep that module light: it is imported by ``genaudit plugins``; what is heavy
belongs behind the ``target`` of a spec.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.plugin import hookspec

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.plugin.specs import (
        AnnotatorSpec,
        AuditSpec,
        ComparisonReporterSpec,
        DatasetSpec,
        ExtractorSpec,
        GeneratorSpec,
        MetricSpec,
        ReporterSpec,
        TrackerSpec,
    )
    from genaudit.values.record import RunRecord


@hookspec
def genaudit_generators() -> Iterable[GeneratorSpec]:  # type: ignore[empty-body]
    """Generative models. The target is called as ``target(options, device)``."""


@hookspec
def genaudit_datasets() -> Iterable[DatasetSpec]:  # type: ignore[empty-body]
    """Reference data. The target is called as ``target(options)``; see ``components.Dataset``."""


@hookspec
def genaudit_extractors() -> Iterable[ExtractorSpec]:  # type: ignore[empty-body]
    """Feature networks. The target is called as ``target(options, device)``; see ``components.Extractor``."""


@hookspec
def genaudit_annotators() -> Iterable[AnnotatorSpec]:  # type: ignore[empty-body]
    """Readers of attributes. The target is called as ``target(options)``; see ``components.Annotator``."""


@hookspec
def genaudit_metrics() -> Iterable[MetricSpec]:  # type: ignore[empty-body]
    """Numbers. The target is a pure function of the observations that the spec needs."""


@hookspec
def genaudit_audits() -> Iterable[AuditSpec]:  # type: ignore[empty-body]
    """Statements about groups. The target is a pure function of the observations that the spec needs."""


@hookspec
def genaudit_reporters() -> Iterable[ReporterSpec]:  # type: ignore[empty-body]
    """Files made from a record. The target is called as ``target(record, folder)``; see ``components.Reporter``."""


@hookspec
def genaudit_comparison_reporters() -> Iterable[ComparisonReporterSpec]:  # type: ignore[empty-body]
    """Files made from a comparison of runs. The target is called as ``target(comparison)``; see ``components``."""


@hookspec
def genaudit_trackers() -> Iterable[TrackerSpec]:  # type: ignore[empty-body]
    """Where finished runs are told of when asked. The target is called as ``target(record, folder, options)``."""


@hookspec
def genaudit_run_finished(record: RunRecord) -> None:
    """A run is complete and its record is on disk. What an observer raises is a warning, never the run's failure."""
