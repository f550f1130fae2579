"""``genaudit report``: write the reports of a run again, without computing anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from genaudit.cli.blocking import block_option
from genaudit.cli.leaving import say
from genaudit.cli.output import print_json, print_lines
from genaudit.cli.places import Place
from genaudit.cli.writing import format_option, layout_option
from genaudit.errors import IncompleteRun
from genaudit.values.results import NOT_REACHED

if TYPE_CHECKING:
    from pathlib import Path


@click.command("report")
@click.argument("run", type=Place())
@format_option(("html", "csv"))
@layout_option
@click.option("--json", "as_json", is_flag=True, help="Print format and path as JSON and nothing else on stdout.")
@block_option
@click.pass_context
def command(
    context: click.Context,
    /,
    *,
    run: Path,
    formats: tuple[str, ...],
    layout: str,
    as_json: bool,
    block: tuple[str, ...],
) -> None:
    """Write the reports of a RUN (its folder or its run.json) again.

    Of a run that was interrupted or killed, they hold what it had found by then and list what it did not come to: exit
    code 3.
    """
    from genaudit.engine.publishing import render_reports
    from genaudit.plugin.manager import load_plugins

    record, paths = render_reports(run, formats, load_plugins(block), layout)
    if as_json:
        print_json({name: str(path) for name, path in paths.items()})
    else:
        print_lines(map(str, paths.values()))
    if not record.complete:
        left = sum(item.reason_code == NOT_REACHED for item in record.not_available)
        say(f"warning: the run is not complete: it ended before {left} of its metrics and audits.")
        context.exit(IncompleteRun.exit_code)
