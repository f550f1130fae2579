"""``genaudit run``: sample, measure, audit and report."""

from __future__ import annotations

import contextlib
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from genaudit.cli.blocking import block_option, load_option, metric_names, names
from genaudit.cli.cache_options import cache_options, idle_cache
from genaudit.cli.leaving import internal_error, say
from genaudit.cli.output import print_json_text, print_result
from genaudit.cli.places import Place, near, working_directory_kept
from genaudit.cli.processes import divide_threads, helpers_of, is_helper, processes_option
from genaudit.cli.request import ConfiguredCommand, Request, build_request
from genaudit.cli.writing import LAYOUT_HELP, out_option
from genaudit.engine.device import let_idle_threads_sleep
from genaudit.engine.request import DEFAULT_FORMATS, PROFILES, RunInputs
from genaudit.errors import BadOption, GenauditError, PluginError
from genaudit.plugin.talk import talk_on_stderr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from genaudit.engine.execution import FinishedRun
    from genaudit.engine.plan import Plan
    from genaudit.engine.sharing import Helper
    from genaudit.plugin.catalog import Catalog

EPILOG = (
    "Values come from a flag, else from the environment (GENAUDIT_RUN_SEED for --seed), else from genaudit.toml or "
    "[tool.genaudit] in pyproject.toml, else from the defaults; --dry-run shows which. The result goes to stdout, "
    "progress to stderr."
)
DEFAULTS = RunInputs(plugin="")


def _option(flag: str, *words: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401
    """A click option with its environment variable."""
    variable = f"GENAUDIT_RUN_{flag.removeprefix('--').upper().replace('-', '_')}"
    return click.option(flag, *words, envvar=variable, **settings)


def _names_option(flag: str, *words: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401
    """An option that takes a list with commas, or is repeated."""
    callback = metric_names if flag == "--metrics" else names
    return _option(flag, *words, multiple=True, callback=callback, metavar="NAME,…", **settings)


@click.command("run", cls=ConfiguredCommand, epilog=EPILOG)
@_option("--plugin", "-p", metavar="NAME", help="The generator; 'genaudit plugins list' shows them.")
@_option(
    "--dataset", "-d", metavar="NAME", help="Reference data; the generator's own, or colored-digits, if not given."
)
@_option("--extractor", metavar="NAME", help="Feature network; the data set's own if not given.")
@_option(
    "--profile",
    default=DEFAULTS.profile,
    show_default=True,
    metavar="|".join(PROFILES),
    help=f"Generated images: {', '.join(f'{images:,}' for images in PROFILES.values())}.",
)
@_option("--samples", "-n", type=int, metavar="N", help="Generated images, instead of the profile's.")
@_names_option(
    "--metrics",
    help="Metrics, one view of one ('fid [low-level]'), audits or numbers of one; all that apply if not given.",
)
@_names_option("--skip", help="Metrics and audits to leave out.")
@_names_option("--annotators", help="ATTRIBUTE=NAME: who reads an attribute, such as digit=probe or colour=labels.")
@_option("--seed", type=int, default=DEFAULTS.seed, show_default=True, metavar="N", help="Seed of all randomness.")
@_option("--device", default=DEFAULTS.device, show_default=True, help="auto, cpu, cuda, cuda:0, …")
@_option("--batch-size", type=int, default=DEFAULTS.batch_size, show_default=True, metavar="N", help="Images at once.")
@_option("--set", "settings", multiple=True, metavar="NAME.OPTION=VALUE", help="Set an option; may be repeated.")
@_option(
    "--weights",
    type=Place(),
    multiple=True,
    metavar="FILE",
    help="Weights in safetensors format; repeated for several trainings that count as one candidate.",
)
@_option("--allow-download", is_flag=True, help="Download the published Inception weights if none are named.")
@_option("--keep-features", is_flag=True, help="Keep what a paired comparison with a later run needs (docs/gate.md).")
@_option("--retrain", is_flag=True, help="Train the generator here first.")
@_option("--purpose", metavar="FILE|TEXT", default="", help="What the model is meant for; the report prints it.")
@out_option(envvar="GENAUDIT_RUN_OUT")
@cache_options
@processes_option
@_names_option(
    "--format", "formats", default=DEFAULT_FORMATS, show_default=",".join(DEFAULT_FORMATS), help="Reports to write."
)
@_option("--layout", default=DEFAULTS.layout, show_default=True, metavar="file|dir", help=LAYOUT_HELP)
@_names_option("--track", help="Tell the finished run to a tracker: tensorboard, mlflow, wandb.")
@_option("--baseline", type=Place(), metavar="FILE", help="Accepted numbers to judge the run by.")
@_option("--no-gate", is_flag=True, help="Judge nothing, whatever the configuration file says.")
@_option("--strict", is_flag=True, help="Exit code 3 if a gated metric stays inconclusive.")
@_option("--resolve", is_flag=True, help="Run more seeds while a gated metric is inconclusive, up to max_samples.")
@_names_option("--allow-mismatch", help="Compare with the baseline although this field differs (docs/gate.md).")
@click.option("--dry-run", is_flag=True, help="Print what would be done and where each value comes from; do nothing.")
@block_option
@load_option
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON and nothing else on stdout.")
@click.option("--quiet", "-q", is_flag=True, help="Nothing on stderr but errors.")
@click.pass_context
def command(context: click.Context, /, *, dry_run: bool, as_json: bool, quiet: bool, **_: object) -> None:
    """Sample, measure, audit and report a generative model."""
    let_idle_threads_sleep()
    divide_threads(context)
    with talk_on_stderr():
        catalog, request, plan = _planned(context)
        if is_helper(context, plan):
            return
    if not quiet:
        for warning in (*plan.warnings, *idle_cache(context, plan)):
            say(f"warning: {warning}")
    if dry_run:
        from genaudit.cli.dry_run import print_plan, values_of_run

        print_plan(plan, values_of_run(plan, request), as_json=as_json)
        return
    with helpers_of(context) as helpers:
        finished = _finished(context, plan, catalog, helpers, quiet=quiet)
    print_finished(finished, as_json=as_json)
    if not finished.record.results:
        say("no number could be computed: the report has the reason of each.")
    announce_on_github(finished, context.params["block"])
    if finished.refusal:
        raise finished.refusal
    if finished.exit_code:
        context.exit(finished.exit_code)


def _finished(
    context: click.Context, plan: Plan, catalog: Catalog, helpers: Sequence[Helper], *, quiet: bool
) -> FinishedRun:
    """The run; with several weights the first of them, judged by all; with --resolve after further seeds."""
    from genaudit.engine.candidates import resolved, trainings
    from genaudit.engine.plan import make_plan

    def run(inputs: RunInputs) -> FinishedRun:
        return executed(make_plan(inputs, catalog), catalog, quiet=quiet)

    files = context.params["weights"]
    if plan.given and (len(files) > 1 or context.params["resolve"]):
        raise BadOption(
            f"The labels of {', '.join(plan.given)} are of the images of one run, and several are asked for.",
            "Leave --resolve and further --weights away, or choose an annotator that reads images.",
        )
    if len(files) > 1:
        if context.params["resolve"]:
            raise BadOption("--resolve is for one training.", "Judge several trainings without it.")
        each = [replace(plan.inputs, weights=path, baseline=None) for path in files]
        return trainings([run(inputs) for inputs in each], plan)[0]
    finished = executed(plan, catalog, helpers, quiet=quiet)
    return resolved(finished, plan, run)[0] if context.params["resolve"] and finished.record.gate else finished


def _planned(context: click.Context) -> tuple[Catalog, Request, Plan]:
    from genaudit.engine.plan import make_plan
    from genaudit.plugin.manager import load_plugins

    catalog = load_plugins(context.params["block"], context.params["load"])
    request = build_request(context, catalog)
    return catalog, request, make_plan(request.inputs, catalog)


def executed(plan: Plan, catalog: Catalog, helpers: Sequence[Helper] = (), *, quiet: bool) -> FinishedRun:
    """What a plan gives, with progress on stderr."""
    from genaudit.cli.progress import progress_on
    from genaudit.engine.execution import execute

    here = working_directory_kept()
    with here, kept(plan.inputs.out), progress_on(sys.stderr, quiet=quiet) as observer, talk_on_stderr():
        return execute(plan, catalog, observer, helpers)


@contextlib.contextmanager
def kept(out: Path) -> Iterator[None]:
    """Say where the finished part lies when a run ends early, and log the traceback of a defect there."""
    before = _folders(out)
    try:
        yield
    except GenauditError:
        raise
    except SystemExit as error:
        raise PluginError(f"A plugin tried to end the program (SystemExit: {error}).", _where(out, before)) from error
    except KeyboardInterrupt:
        say(_where(out, before))
        raise
    except BaseException as error:  # a plugin's, in a place where none was expected
        raise internal_error(error, _newest(out, before)) from error


def _folders(out: Path) -> set[Path]:
    return {path for path in out.iterdir() if path.is_dir()} if out.is_dir() else set()


def _newest(out: Path, before: set[Path]) -> Path | None:
    """The run folder that was made since; a run that starts beside this one may be newer by chance."""
    return max(_folders(out) - before, default=None, key=lambda path: path.stat().st_mtime)


def _where(out: Path, before: set[Path]) -> str:
    folder = _newest(out, before)
    return f"What was finished is in {near(folder)}." if folder else "Nothing had been computed yet."


def announce_on_github(finished: FinishedRun, block: Sequence[str]) -> None:
    """Annotations and step summary, where the run is a step of GitHub Actions and was judged."""
    from genaudit.cli.github import announce, on_github

    if finished.record.gate and on_github():
        from genaudit.cli.check import SUMMARY, rendered

        summary = rendered(finished.record, finished.folder, [SUMMARY], block)[SUMMARY]
        announce(finished.record.gate, summary.decode())


def print_finished(finished: FinishedRun, *, as_json: bool) -> None:
    """The record on stdout, as tables or as JSON."""
    if as_json:
        from genaudit.values.serialisation import record_to_json

        print_json_text(record_to_json(finished.record))
    else:
        from genaudit.cli.result_rows import closing_lines, sheets_of

        reports = {name: near(path) for name, path in finished.reports.items()}
        print_result(sheets_of(finished.record), closing_lines(finished.record, reports, near(finished.folder)))
