"""``genaudit check``: a finished run against a baseline. Nothing is computed again, and torch is not imported."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genaudit.cli.blocking import block_option, names
from genaudit.cli.leaving import say
from genaudit.cli.output import print_json, print_lines, print_result
from genaudit.cli.places import Place
from genaudit.cli.request import read_nearest_configuration
from genaudit.errors import BadOption, GenauditError, OutputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.gate.baseline import Baseline
    from genaudit.gate.settings import GateSettings
    from genaudit.values.gate import GateReport
    from genaudit.values.record import RunRecord

JUNIT, SUMMARY = "junit", "md"
"""Reporters of the gate's files."""


@click.command("check")
@click.argument("runs", type=Place(), nargs=-1, required=True, metavar="RUN...")
@click.option("--baseline", type=Place(), metavar="FILE", help="The accepted numbers; else of [gate].")
@click.option("--resolve", is_flag=True, help="Run more seeds while a gated metric is inconclusive (imports torch).")
@click.option("--strict", is_flag=True, help="Exit code 3 if a gated metric stays inconclusive.")
@click.option("--allow-mismatch", "allowed", multiple=True, metavar="FIELD", help="Compare although FIELD differs.")
@click.option("--update-baseline", "update", is_flag=True, help="Accept the run's numbers instead of judging them.")
@click.option("--reason", default="", metavar="TEXT", help="Why the new numbers are right; kept in the baseline.")
@click.option("--only", multiple=True, callback=names, metavar="NAME,…", help="Accept only these metrics.")
@click.option("--allow-in-ci", is_flag=True, help="Let --update-baseline work where the variable CI is set.")
@click.option("--junit", type=Place(), metavar="FILE", help="Write the verdicts as JUnit XML.")
@click.option("--summary", type=Place(), metavar="FILE", help="Write the verdicts as Markdown.")
@click.option(
    "--github",
    type=click.Choice(["auto", "on", "off"]),
    default="auto",
    show_default=True,
    help="Annotations and step summary of GitHub Actions.",
)
@block_option
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON and nothing else on stdout.")
@click.pass_context
def command(context: click.Context, /, *, runs: tuple[Path, ...], update: bool, as_json: bool, **given: object) -> None:
    """Compare a finished RUN (its folder or its run.json) with a baseline.

    Several RUNs count as one candidate: seeds of the same weights are averaged, and trainings with different weights
    are judged by how much they differ. Exit code 1 if a gated metric is worse than its tolerance, 2 if the comparison
    cannot be made, 3 if a metric is missing.
    """
    from genaudit.values.serialisation import load_record

    del given
    if context.params["resolve"] and len(runs) > 1:
        raise BadOption("--resolve runs more seeds of one run, and several were given.", "Give one run.")
    settings = read_nearest_configuration().gate
    path = _baseline_path(context, settings.baseline)
    records = [load_record(run) for run in runs]
    if update:
        _update(context, path, records, settings, runs[0])
        return
    from genaudit.gate.checking import check, folder_of

    allowed, strict = context.params["allowed"], context.params["strict"]
    report = check(records, path, settings, folder=folder_of(runs[0]), allowed=allowed, strict=strict)
    if context.params["resolve"] and report.verdict.value == "INCONCLUSIVE" and len(runs) == 1:
        from genaudit.cli.resolving import resolved_report

        report = resolved_report(context, replace(records[0], gate=report), path, settings)
    record = replace(records[0], gate=report)
    _print(report, as_json=as_json)
    _write_files(context, record, runs[0])
    incomplete = any(one.failures or not one.complete for one in records)
    code = 3 if incomplete else report.exit_code
    if code:
        context.exit(code)


def _baseline_path(context: click.Context, configured: str) -> Path:
    given: Path | None = context.params["baseline"]
    if given is None and not configured:
        raise GenauditError("No baseline was named.", "Give --baseline FILE, or baseline = in [gate] of genaudit.toml.")
    for flag in ("reason", "only", "allow_in_ci"):
        if context.params[flag] and not context.params["update"]:
            raise BadOption(f"--{flag.replace('_', '-')} belongs to --update-baseline.", "Give both, or neither.")
    return given or Path(configured)


def _print(report: GateReport, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(report))
        return
    from genaudit.cli.gate_lines import gate_lines
    from genaudit.cli.gate_rows import gate_sheet

    print_result([gate_sheet(report)], gate_lines(report))


def _write_files(context: click.Context, record: RunRecord, run: Path) -> None:
    """JUnit and Markdown where they were asked for, and GitHub's own page and annotations."""
    from genaudit.cli.github import announce, on_github

    given = context.params
    github = given["github"] == "on" or (given["github"] == "auto" and on_github())
    wanted = {JUNIT: given["junit"], SUMMARY: given["summary"]}
    formats = {name for name, path in wanted.items() if path} | ({SUMMARY} if github else set())
    if not formats:
        return
    folder = run if run.is_dir() else run.parent
    files = rendered(record, folder, sorted(formats), given["block"])
    for name, path in wanted.items():
        if path:
            _write(path, files[name])
    if github and record.gate:
        announce(record.gate, files[SUMMARY].decode())


def rendered(record: RunRecord, folder: Path, formats: Sequence[str], block: Sequence[str]) -> dict[str, bytes]:
    """What reporters make of a record, by format."""
    from genaudit.plugin.loading import load_target
    from genaudit.plugin.manager import load_plugins

    catalog = load_plugins(tuple(block))
    return {name: load_target(catalog.reporter(name))(record, folder) for name in formats}


def _write(path: Path, content: bytes) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        raise OutputError(f"Cannot write {path}: {error.strerror}.", "Give another place.") from error


def _update(
    context: click.Context, path: Path, records: Sequence[RunRecord], settings: GateSettings, run: Path
) -> None:
    from genaudit.gate.baseline import BaselineError, updated
    from genaudit.gate.baseline_file import fitting, replace_baseline
    from genaudit.gate.checking import features_of, folder_of

    given = context.params
    if os.environ.get("CI", "").lower() not in {"", "0", "false"} and not given["allow_in_ci"]:
        raise BaselineError(
            "A baseline is not updated in CI: there, nobody reads the change before it counts.",
            "Update it in a branch and let it be reviewed, or give --allow-in-ci.",
        )
    before: list[Baseline | None] = []
    changed: list[str] = []

    def change(old: Baseline | None) -> Baseline:
        made, names_ = updated(old, records, given["reason"], only=given["only"], settings=settings)
        before.append(old)
        changed.extend(names_)
        kept = features_of(records[0], folder_of(run)) if len(records) == 1 and not given["only"] else None
        if kept is None:
            return made
        from genaudit.gate.feature_file import write_for_baseline

        fitting(made, path)  # a file that will be refused needs no features beside it
        return replace(made, features=write_for_baseline(*kept, path.with_suffix(".features.safetensors")))

    made = replace_baseline(path, change)
    _print_update(before[-1], made, changed, path, as_json=given["as_json"])


def _print_update(old: Baseline | None, new: Baseline, changed: Sequence[str], path: Path, *, as_json: bool) -> None:
    values = {
        name: [side.metrics[name].value if side and name in side.metrics else None for side in (old, new)]
        for name in changed
    }
    if as_json:
        print_json({"baseline": str(path), "changed": values})
        return
    from genaudit.cli.numbers import shown
    from genaudit.cli.sheet import Sheet

    cells = tuple((name, *("-" if value is None else shown(value) for value in pair)) for name, pair in values.items())
    if cells:
        print_result([Sheet(header=("metric", "was", "now"), rows=cells, numeric=(1, 2))], [])
    print_lines([f"{len(changed)} of {len(new.metrics)} metrics changed in {path}: {new.reason}"])
    if old and old.features and not new.features:
        say("note: the baseline has no features any more: runs are compared with it as independent samples.")
    if not new.metrics:
        say("warning: the run has no number that a baseline keeps.")
