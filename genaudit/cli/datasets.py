"""``genaudit datasets``: which reference data and which tables of decisions there are."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from genaudit.cli.blocking import block_option
from genaudit.cli.commands import Group
from genaudit.cli.output import print_columns, print_json, print_lines

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.specs import DatasetSpec
    from genaudit.tables.embedded import EmbeddedTable

DATASET, TABLE = "data set", "audit table"
"""What a generator is held against, and what ``genaudit audit --table`` takes by name."""


@click.group(cls=Group)
def command() -> None:
    """Show which reference data and which tables of decisions there are."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@block_option
def list_datasets(*, as_json: bool, block: tuple[str, ...]) -> None:
    """Every data set with its shape, splits, attributes and licence, and every embedded table with its source."""
    from genaudit.plugin.manager import load_plugins
    from genaudit.tables.embedded import EMBEDDED

    datasets: list[Registered[DatasetSpec]] = load_plugins(block).all("dataset")
    if as_json:
        sets = [
            {"kind": DATASET, **asdict(found.spec), "plugin": found.plugin, "distribution": found.origin}
            for found in datasets
        ]
        print_json([*sets, *({"kind": TABLE, **asdict(table)} for table in EMBEDDED.values())])
        return
    header = ("name", "kind", "shape", "items", "attributes", "licence", "what it is")
    print_columns(header, [*(_row(found.spec) for found in datasets), *map(_table_row, EMBEDDED.values())])
    for table in EMBEDDED.values():
        caveats = " ".join(table.caveats)
        print_lines(["", f"{table.name}: genaudit audit --table {table.name} {table.example}",
                     f"  Source: {table.source}", f"  Caveats: {caveats}"])  # fmt: skip


def _row(spec: DatasetSpec) -> tuple[str, ...]:
    return (
        spec.name,
        DATASET,
        "×".join(map(str, spec.image_shape)) or "as given",
        ", ".join(f"{size:,} {split}" for split, size in spec.splits.items()) or "as given",
        ", ".join(spec.attributes),
        spec.licence,
        spec.summary,
    )


def _table_row(table: EmbeddedTable) -> tuple[str, ...]:
    from genaudit.tables.embedded import COUNT, EmbeddedSource

    source = EmbeddedSource(table=table)
    columns = [name for name in source.facts.columns if name != COUNT]
    return table.name, TABLE, "counts", f"{source.people:,} people", ", ".join(columns), "public counts", table.summary
