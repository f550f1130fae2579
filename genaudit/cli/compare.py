"""``genaudit compare``: finished runs side by side, without computing anything again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from genaudit.cli.blocking import block_option, metric_names
from genaudit.cli.output import print_json, print_result
from genaudit.cli.places import Place
from genaudit.cli.writing import format_option, layout_option

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.specs import ComparisonReporterSpec
    from genaudit.values.comparison import Comparison

FORMATS = ("html", "csv", "json")


@click.command("compare")
@click.argument("runs", nargs=-1, type=Place(), metavar="RUN RUN…")
@click.option("--label", "labels", multiple=True, metavar="TEXT", help="What a run is called; once for each run.")
@click.option(
    "--metrics",
    multiple=True,
    callback=metric_names,
    metavar="NAME,…",
    help="Metrics; all that runs share if not given.",
)
@click.option("--skip-unlike", is_flag=True, help="Leave out and list what runs define differently.")
@click.option("--out", "-o", type=Place(), metavar="FOLDER", help="Where to write the comparison's files.")
@format_option(FORMATS, "Files to write with --out.")
@layout_option
@click.option("--json", "as_json", is_flag=True, help="Print the comparison as JSON and nothing else on stdout.")
@block_option
def command(  # noqa: PLR0913 - the options of one command
    *,
    runs: tuple[Path, ...],
    labels: tuple[str, ...],
    metrics: tuple[str, ...],
    skip_unlike: bool,
    out: Path | None,
    formats: tuple[str, ...],
    layout: str,
    as_json: bool,
    block: tuple[str, ...],
) -> None:
    """Compare finished RUNs (folders or run.json files) with the first of them.

    Runs of several models, or several checkpoints of one training: labels that are numbers, such as training steps,
    make the report draw a curve. Numbers that runs define differently are refused, field by field.
    """
    from genaudit.engine.comparing import compare_records
    from genaudit.engine.output import check_writable
    from genaudit.plugin.manager import load_plugins
    from genaudit.values.serialisation import load_record

    catalog = load_plugins(block) if out else None
    reporters = list(catalog.comparison_reporters(formats, layout).values()) if catalog else []
    if out:
        check_writable(out)
    records = [load_record(run) for run in runs]
    comparison = compare_records(records, labels, metrics=metrics, skip_unlike=skip_unlike)
    paths = _publish(comparison, out, reporters) if out else {}
    _print(comparison, paths, as_json=as_json)


def _publish(
    comparison: Comparison, out: Path, reporters: Sequence[Registered[ComparisonReporterSpec]]
) -> dict[str, Path]:
    from genaudit.engine.publishing import publish_comparison

    return publish_comparison(comparison, out, reporters)


def _print(comparison: Comparison, paths: dict[str, Path], *, as_json: bool) -> None:
    if as_json:
        from genaudit.values.comparison import comparison_to_plain

        print_json(comparison_to_plain(comparison))
        return
    from genaudit.cli.comparison_rows import comparison_lines, comparison_sheet

    print_result([comparison_sheet(comparison)], [*comparison_lines(comparison), *_written(paths)])


def _written(paths: dict[str, Path]) -> list[str]:
    """Where the files are, the page last: it is what people open."""
    page = paths.get("html")
    others = [f"written: {path}" for path in paths.values() if path != page]
    return ["", *others, *([f"report: {page}"] if page else [])] if paths else []
