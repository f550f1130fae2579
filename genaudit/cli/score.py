"""``genaudit score``: two sets on disk, the metrics between them, no generator."""

from __future__ import annotations

import os
import shlex
import time
from typing import TYPE_CHECKING, Any

import click

from genaudit.cli.blocking import block_option, metric_names, names
from genaudit.cli.cache_options import cache_of, cache_options, idle_cache
from genaudit.cli.leaving import say
from genaudit.cli.places import Place
from genaudit.cli.processes import divide_threads, helpers_of, is_helper, processes_option
from genaudit.cli.request import INCEPTION, INCEPTION_WEIGHTS, ConfiguredCommand
from genaudit.cli.run import executed, print_finished
from genaudit.cli.writing import format_option, layout_option, out_option
from genaudit.engine.device import let_idle_threads_sleep
from genaudit.engine.request import DEFAULT_FORMATS, RunInputs
from genaudit.errors import BadOption, unknown_name
from genaudit.plugin.catalog import metric_and_view
from genaudit.plugin.options import parse_settings
from genaudit.plugin.talk import talk_on_stderr

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from genaudit.cli.configuration import Configuration
    from genaudit.engine.plan import Plan
    from genaudit.plugin.catalog import Catalog

EPILOG = (
    "A set is a folder or zip file of PNG, JPEG, WebP or BMP images, an .npz or .npy file of images (uint8, or float "
    "in [0, 1]), or one of features (n, d). Inception's weights may also be named by GENAUDIT_INCEPTION_WEIGHTS. "
    "Options of metrics, seed, device, batch_size, out and formats may stand in genaudit.toml."
)
DEFAULTS = RunInputs(plugin="")
POLICY_HELP = (
    "How --resize does it: pil-bicubic (antialiased, unrounded; the default), pil-bicubic-8bit or tf1-bilinear; none: "
    "images stay as they are, without --resize."
)
SECONDS = 5
"""Between two lines that say how far a set has been read."""
SET_OPTIONS = ("generated", "reference", "training", "resize", "resize_policy", "skip_corrupt")
PASSED_ON = ("extractor", "metrics", "skip", "allow_download", "seed", "device", "batch_size", "out")
SHOWN = (
    "extractor",
    "metrics",
    "skip",
    *SET_OPTIONS[2:],
    "allow_download",
    "seed",
    "device",
    "batch_size",
    "formats",
    "layout",
)
"""Options that a command line repeats if they are not their defaults."""
FROM_FILE = ("seed", "device", "batch_size", "out", "cache", "formats", "layout", "block")
"""Keys of ``[run]`` that mean the same here; the others are about a generator."""


class ScoreCommand(ConfiguredCommand):
    """A command that takes from ``[run]`` what is not about a generator."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click, with fewer defaults from the file."""
        ctx.default_map = {key: value for key, value in (ctx.default_map or {}).items() if key in FROM_FILE}
        return super().parse_args(ctx, args)


@click.command("score", cls=ScoreCommand, epilog=EPILOG)
@click.argument("generated", type=Place())
@click.argument("reference", type=Place())
@click.option(
    "--training",
    type=Place(),
    metavar="SET",
    help="What the generator was trained on, for metrics of memorisation; REFERENCE is then data that it never saw.",
)
@click.option("--extractor", metavar="NAME", default="", help="Feature network; chosen by what the sets hold.")
@click.option(
    "--metrics",
    multiple=True,
    callback=metric_names,
    metavar="NAME,…",
    help="Metrics and audits; all that apply if not given.",
)
@click.option("--skip", multiple=True, callback=names, metavar="NAME,…", help="Metrics and audits to leave out.")
@click.option("--labels", metavar="FILE", help="Labels of the generated items: CSV or Parquet, a column an attribute.")
@click.option("--reference-labels", metavar="FILE", help="Labels of the reference items, with the same columns.")
@click.option("--resize", type=int, metavar="N", help="Bring every image to N × N pixels; sizes may then differ.")
@click.option("--resize-policy", metavar="NAME", help=POLICY_HELP)
@click.option("--skip-corrupt", is_flag=True, help="Leave out image files that cannot be read, and warn.")
@click.option("--weights", multiple=True, metavar="NAME=FILE", help="Weights of an extractor, such as inception=FILE.")
@click.option("--allow-download", is_flag=True, help="Download the published Inception weights if none are named.")
@click.option("--seed", type=int, default=DEFAULTS.seed, show_default=True, metavar="N", help="Seed of all randomness.")
@click.option("--device", default=DEFAULTS.device, show_default=True, help="auto, cpu, cuda, cuda:0, …")
@click.option(
    "--batch-size", type=int, default=DEFAULTS.batch_size, show_default=True, metavar="N", help="Items at once."
)
@click.option("--set", "settings", multiple=True, metavar="NAME.OPTION=VALUE", help="Set an option; may be repeated.")
@out_option()
@cache_options
@processes_option
@format_option(DEFAULT_FORMATS)
@layout_option
@click.option("--dry-run", is_flag=True, help="Read both sets, print what would be done; compute and download nothing.")
@block_option
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON and nothing else on stdout.")
@click.option("--quiet", "-q", is_flag=True, help="Nothing on stderr but errors.")
@click.pass_context
def command(context: click.Context, /, *, dry_run: bool, as_json: bool, quiet: bool, **_: object) -> None:
    """Compare GENERATED with REFERENCE: two sets of images or features that are there already."""
    let_idle_threads_sleep()
    divide_threads(context)
    with talk_on_stderr():
        catalog, plan = _planned(context)
        if is_helper(context, plan):
            return
    if not quiet:
        for warning in (*plan.warnings, *idle_cache(context, plan)):
            say(f"warning: {warning}")
    if dry_run:
        from genaudit.cli.dry_run import print_plan, values_of_score

        print_plan(plan, values_of_score(plan, context), as_json=as_json)
        return
    with helpers_of(context) as helpers:
        finished = executed(plan, catalog, helpers, quiet=quiet)
    print_finished(finished, as_json=as_json)
    if finished.exit_code:
        context.exit(finished.exit_code)


def _planned(context: click.Context) -> tuple[Catalog, Plan]:
    from genaudit.engine.scored_labels import label_options
    from genaudit.engine.scoring import ScoredSets, make_score_plan
    from genaudit.plugin.manager import load_plugins

    given = context.params
    catalog = load_plugins(given["block"])
    settings = {
        **_weights(given["weights"], catalog.names("extractor")),
        **label_options(given["labels"], given["reference_labels"]),
        **parse_settings(given["settings"]),
    }
    inputs = RunInputs(
        plugin="",
        **{name: given[name] for name in PASSED_ON},
        cache=cache_of(context),
        formats=given["formats"],
        layout=given["layout"],
        options={**_file_options(context.obj, given, catalog), **settings},
        command=command_line(given, settings),
    )
    sets = ScoredSets(
        **{name: given[name] for name in SET_OPTIONS if given[name] is not None},
        heard=None if given["quiet"] else _now_and_then(),
        known_weights={INCEPTION: os.environ[INCEPTION_WEIGHTS]} if os.environ.get(INCEPTION_WEIGHTS) else {},
    )
    return catalog, make_score_plan(sets, inputs, catalog)


def _now_and_then() -> Callable[[str, int, int], None]:
    """Says how far a set has been read, every few seconds: a large folder is read for minutes before any work."""
    last = time.monotonic()

    def heard(origin: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SECONDS:
            say(f"reading the {origin}: {done:,} of {total:,}")
            last = time.monotonic()

    return heard


def command_line(given: dict[str, Any], settings: dict[str, str]) -> str:
    """The shortest command that repeats a score run.

    >>> command_line({"generated": "a", "reference": "b c", "resize": 8, "metrics": ("fid",)}, {"kid.subsets": "9"})
    "genaudit score a 'b c' --metrics fid --resize 8 --set kid.subsets=9"
    """
    words = ["genaudit", "score", str(given["generated"]), str(given["reference"])]
    for name in SHOWN:
        value = given.get(name)
        if not value or value == getattr(DEFAULTS, name, None):
            continue
        flag = "--format" if name == "formats" else f"--{name.replace('_', '-')}"
        words += [flag] if value is True else [flag, ",".join(value) if isinstance(value, tuple) else str(value)]
    for key, text in settings.items():
        words += ["--set", f"{key}={text}"]
    return shlex.join(words)


def _weights(given: Iterable[str], extractors: Iterable[str]) -> dict[str, str]:
    """``NAME=FILE`` as the option ``NAME.weights``."""
    found = {}
    for text in given:
        name, equals, path = text.partition("=")
        if not (equals and name and path):
            raise BadOption(f"Cannot read --weights '{text}'.", "Write --weights inception=FILE.")
        if name not in extractors:
            raise unknown_name("extractor", name, extractors, hint="Write --weights inception=FILE.")
        found[f"{name}.weights"] = path
    return found


def _file_options(configuration: Configuration, given: dict[str, Any], catalog: Catalog) -> dict[str, Any]:
    """Options that the file gives to what takes part."""
    named = {metric_and_view(name)[0] for name in given["metrics"]}
    part = {*(named or catalog.names("metric")), given["extractor"]} - set(given["skip"])
    return {
        f"{name}.{option}": value
        for section in (configuration.metrics, configuration.plugins)
        for name, options in section.items()
        if name in part
        for option, value in options.items()
    }
