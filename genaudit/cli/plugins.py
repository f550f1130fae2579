"""``genaudit plugins``: what is installed and what became of it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from genaudit.cli.blocking import block_option, load_option
from genaudit.cli.commands import Group
from genaudit.cli.output import print_columns, print_json, print_lines
from genaudit.cli.plugins_check import check_plugin
from genaudit.cli.plugins_new import new_plugin

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Catalog
    from genaudit.values.run import PluginStatus


COUNTED = frozenset({"metric", "audit"})
"""Kinds of which a plugin may bring dozens."""


@click.group(cls=Group)
def command() -> None:
    """Show what is installed, hold a generator to its contract, or begin a new one."""


command.add_command(check_plugin)
command.add_command(new_plugin)


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@block_option
@load_option
def list_plugins(*, as_json: bool, block: tuple[str, ...], load: tuple[str, ...]) -> None:
    """Every installed plugin with its distribution, version, state, capabilities and error."""
    from genaudit.plugin.manager import load_plugins

    catalog = load_plugins(block, load)
    if as_json:
        print_json({"plugins": [asdict(status) for status in catalog.statuses], "clashes": list(catalog.clashes)})
    else:
        _print_table(catalog)


def _print_table(catalog: Catalog) -> None:
    header = ("name", "distribution", "version", "state", "brings", "capabilities")
    print_columns(header, [_row(status) for status in catalog.statuses])
    print_lines(f"{status.name}: {status.error}" for status in catalog.statuses if status.error)
    print_lines(catalog.clashes)
    if not catalog.statuses:
        click.echo("No plugin is installed, not even genaudit's own: install it with 'pip install .'.")


def _row(status: PluginStatus) -> tuple[str, ...]:
    return (
        status.name,
        status.distribution,
        status.version,
        status.state,
        _brought(status.components),
        ", ".join(status.capabilities) or "-",
    )


def _brought(components: tuple[str, ...]) -> str:
    """The names that flags take; of many metrics or audits, which ``genaudit metrics list`` shows, how many they are.

    >>> _brought(("generator:vae",)), _brought(tuple(f"metric:m{i}" for i in range(9)))
    ('generator vae', '9 metrics')
    """
    by_kind: dict[str, list[str]] = {}
    for component in components:
        kind, _, name = component.partition(":")
        by_kind.setdefault(kind, []).append(name)
    return ", ".join(
        f"{len(found)} {kind}s" if len(found) > 3 and kind in COUNTED else f"{kind} {', '.join(dict.fromkeys(found))}"
        for kind, found in by_kind.items()
    ) or "-"  # fmt: skip
