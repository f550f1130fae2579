"""Reporters: a run record in, one file out. This module is light; a format is imported when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genaudit.plugin import ComparisonReporterSpec, ReporterSpec, hookimpl

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.values.record import RunRecord


@hookimpl
def genaudit_reporters() -> Iterable[ReporterSpec]:
    """The canonical record, the table for scripts and the page for people."""
    return (
        ReporterSpec(
            name="json",
            summary="The canonical record: everything that the run found.",
            target="genaudit_reports.json_report:json_report",
            filename="run.json",
        ),
        ReporterSpec(
            name="csv",
            summary="One row a number, in fixed columns.",
            target="genaudit_reports.csv_report:csv_report",
            filename="results.csv",
        ),
        ReporterSpec(
            name="html",
            summary="One self-contained page for people, with charts and samples.",
            target="genaudit_reports.html_report:html_files",
            filename="report.html",
            as_folder="html-dir",
        ),
        ReporterSpec(
            name="html-dir",
            summary="The same page in a folder, with its style, script and images as files beside it.",
            target="genaudit_reports.html_report:html_folder",
            filename="report/index.html",
        ),
        ReporterSpec(
            name="parquet",
            summary="The table for scripts, typed, for programs that read columns.",
            target="genaudit_reports.parquet_report:parquet_report",
            filename="results.parquet",
            requires=("pyarrow",),
            install="genaudit[parquet]",
        ),
        ReporterSpec(
            name="card",
            summary="A model card in Markdown, with the metadata that model hubs read.",
            target="genaudit_reports.card_report:card_report",
            filename="card.md",
            requires=("huggingface_hub",),
            install="genaudit[hub]",
        ),
        ReporterSpec(
            name="junit",
            summary="The gate's verdicts as JUnit XML, for pipelines.",
            target="genaudit_reports.junit_report:junit_report",
            filename="junit.xml",
        ),
        ReporterSpec(
            name="md",
            summary="The gate's verdicts as Markdown, for a step summary or a comment.",
            target="genaudit_reports.markdown_report:markdown_report",
            filename="summary.md",
        ),
    )


@hookimpl
def genaudit_comparison_reporters() -> Iterable[ComparisonReporterSpec]:
    """A comparison for people, for scripts and for programs."""
    return (
        ComparisonReporterSpec(
            name="html",
            summary="One self-contained page: every number of every run, each change with its interval, curves.",
            target="genaudit_reports.comparison.html_file:html_files",
            filename="comparison.html",
            as_folder="html-dir",
        ),
        ComparisonReporterSpec(
            name="html-dir",
            summary="The same page in a folder, with its style and script as files beside it.",
            target="genaudit_reports.comparison.html_file:html_folder",
            filename="comparison/index.html",
        ),
        ComparisonReporterSpec(
            name="csv",
            summary="One row a number and run, in fixed columns.",
            target="genaudit_reports.comparison.csv_file:csv_file",
            filename="comparison.csv",
        ),
        ComparisonReporterSpec(
            name="json",
            summary="Everything that was compared.",
            target="genaudit_reports.comparison.json_file:json_file",
            filename="comparison.json",
        ),
    )


def charts(record: RunRecord) -> dict[str, dict[str, Any]]:
    """The charts of the report as Vega-Lite specifications, for those who want to plot them again.

    Returns:
        Chart name to specification, data included; empty if the record has nothing to draw. A run folder keeps them
        as ``charts/NAME.vl.json``.
    """
    from genaudit_reports.audit.figures import audit_figures
    from genaudit_reports.figures import figures

    drawn = [one for some in audit_figures(record).values() for one in some] if record.audits else figures(record)
    return {figure.name: figure.spec for figure in drawn}
