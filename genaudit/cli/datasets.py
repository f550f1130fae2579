"""``genaudit datasets``: which reference data there is."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from genaudit.cli.blocking import block_option
from genaudit.cli.commands import Group
from genaudit.cli.output import print_columns, print_json

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.specs import DatasetSpec


@click.group(cls=Group)
def command() -> None:
    """Show which reference data there is."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@block_option
def list_datasets(*, as_json: bool, block: tuple[str, ...]) -> None:
    """Every data set with its shape, splits, attributes and licence."""
    from genaudit.plugin.manager import load_plugins

    datasets: list[Registered[DatasetSpec]] = load_plugins(block).all("dataset")
    if as_json:
        print_json([{**asdict(found.spec), "plugin": found.plugin, "distribution": found.origin} for found in datasets])
        return
    header = ("name", "shape", "items", "attributes", "licence", "what it is")
    print_columns(header, [_row(found.spec) for found in datasets])


def _row(spec: DatasetSpec) -> tuple[str, ...]:
    return (
        spec.name,
        "×".join(map(str, spec.image_shape)),
        ", ".join(f"{size:,} {split}" for split, size in spec.splits.items()),
        ", ".join(spec.attributes),
        spec.licence,
        spec.summary,
    )
