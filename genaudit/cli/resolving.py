"""More seeds for a finished run whose gate is inconclusive: the run is repeated by its own command."""

from __future__ import annotations

import shlex
from dataclasses import replace
from typing import TYPE_CHECKING

from genaudit.cli.request import build_request
from genaudit.cli.run import command as run_command
from genaudit.cli.run import executed
from genaudit.engine.candidates import resolved
from genaudit.engine.execution import FinishedRun
from genaudit.engine.plan import make_plan
from genaudit.errors import GenauditError
from genaudit.gate.checking import folder_of
from genaudit.plugin.manager import load_plugins

if TYPE_CHECKING:
    from pathlib import Path

    import click

    from genaudit.engine.request import RunInputs
    from genaudit.gate.settings import GateSettings
    from genaudit.values.gate import GateReport
    from genaudit.values.record import RunRecord


def resolved_report(context: click.Context, record: RunRecord, baseline: Path, settings: GateSettings) -> GateReport:
    """The verdict after further seeds, which also stands in the run's record from then on.

    Args:
        context: Of ``genaudit check``, with the run's folder.
        record: The run with its inconclusive verdict.
        baseline: The file that it was compared with.
        settings: Tolerances, and how many images may be bought.

    Raises:
        GenauditError: The record does not say how it was made, or the command cannot be repeated.
    """
    words = shlex.split(record.request.command)
    if words[:2] != ["genaudit", "run"]:
        raise GenauditError(
            f"Run {record.run_id} cannot be repeated: its record does not say by which command it was made.",
            "Run again with 'genaudit run --baseline FILE --resolve'.",
        )
    given = context.params
    catalog = load_plugins(tuple(given["block"]))
    folder = folder_of(given["runs"][0])
    with run_command.make_context("run", [*words[2:], "--out", str(folder.absolute().parent)]) as repeated:
        inputs = build_request(repeated, catalog).inputs
    inputs = replace(
        inputs, baseline=baseline, gate=settings, strict=given["strict"], allow_mismatch=tuple(given["allowed"])
    )

    def run(further: RunInputs) -> FinishedRun:
        return executed(make_plan(further, catalog), catalog, quiet=given["as_json"])

    first = FinishedRun(record=record, folder=folder, reports={})
    report = resolved(first, make_plan(inputs, catalog), run)[0].record.gate
    if report is None:
        raise TypeError("a judged run lost its verdict")
    return report
