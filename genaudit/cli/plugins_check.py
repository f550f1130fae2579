"""``genaudit plugins check``: whether a generator keeps its contract, check by check."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from genaudit.cli.blocking import block_option, load_option
from genaudit.cli.leaving import say
from genaudit.cli.output import print_columns, print_json, print_lines
from genaudit.testing.contract.table import CHECKS

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Catalog
    from genaudit.testing.contract import CheckResult

EPILOG = "Checks: " + ", ".join(check.name for check in CHECKS) + ". Exit code 1 if one of them is broken."


@click.command("check", epilog=EPILOG)
@click.argument("name")
@click.option("--set", "settings", multiple=True, metavar="NAME.OPTION=VALUE", help="Set an option; may be repeated.")
@click.option("--device", default="cpu", show_default=True, help="Where it is built: cpu, cuda, cuda:0, …")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@block_option
@load_option
@click.pass_context
def check_plugin(
    context: click.Context,
    *,
    name: str,
    settings: tuple[str, ...],
    device: str,
    as_json: bool,
    block: tuple[str, ...],
    load: tuple[str, ...],
) -> None:
    """Whether generator NAME (or every one of plugin NAME) keeps its contract, and what to mend if not."""
    from genaudit.plugin.manager import load_plugins
    from genaudit.plugin.talk import talk_on_stderr

    catalog = load_plugins(block, load)
    for warning in catalog.warnings:
        say(f"warning: {warning}")
    with talk_on_stderr():
        found = {one: _checked(one, catalog, settings, device) for one in _generators(name, catalog)}
    if as_json:
        print_json(
            {
                "generators": [
                    {"generator": one, "checks": [asdict(result) for result in results]}
                    for one, results in found.items()
                ]
            }
        )
    else:
        for one, results in found.items():
            _print(one, results)
    if any(result.verdict == "broken" for results in found.values() for result in results):
        context.exit(1)


def _generators(name: str, catalog: Catalog) -> list[str]:
    """The generator of that name, or all of the plugin of that name."""
    known = catalog.names("generator")
    of_plugin = [found.spec.name for found in catalog.all("generator") if found.plugin == name]
    return [name] if name in known or not of_plugin else of_plugin


def _checked(name: str, catalog: Catalog, settings: tuple[str, ...], device: str) -> list[CheckResult]:
    from genaudit.engine.device import choose_device
    from genaudit.plugin.options import parse_settings, split_settings
    from genaudit.testing.contract import run_checks
    from genaudit.testing.contract.subject import subject_of

    catalog.generator(name)  # whether there is one is said before options are looked at
    given = split_settings(parse_settings(settings), [name])[name]
    return run_checks(subject_of(name, catalog, given, str(choose_device(device))))


def _print(name: str, results: list[CheckResult]) -> None:
    promises = {check.name: check.promise for check in CHECKS}
    print_lines([f"{name}:"])
    print_columns(
        ("check", "found", "promise"), [(one.check, one.verdict.value, promises[one.check]) for one in results]
    )
    counts = {verdict: sum(one.verdict == verdict for one in results) for verdict in ("kept", "broken")}
    same: dict[str, list[str]] = {}  # one cause breaks many promises: it is told once
    for one in results:
        same.setdefault(one.said, []).append(one.check)
    said = [f"{', '.join(checks)}: {text}" for text, checks in same.items() if text]
    print_lines(["", *said, f"{counts['kept']} kept, {counts['broken']} broken, of {len(results)}."])
