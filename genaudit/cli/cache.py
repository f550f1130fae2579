"""``genaudit cache``: what is kept for later runs, and how much room it takes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import click

from genaudit.cli.cache_clear import clear_cache
from genaudit.cli.cache_rows import kinds_option, mebibytes, place_option, rows_of
from genaudit.cli.cache_verify import verify_cache
from genaudit.cli.commands import Group
from genaudit.cli.output import print_columns, print_json, print_lines
from genaudit.cli.places import near
from genaudit.cli.request import ConfiguredCommand

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.cache.contents import KeptFile


@click.group(cls=Group)
def command() -> None:
    """Show, check or remove the features and weights that are kept for later runs."""


command.add_command(verify_cache)
command.add_command(clear_cache)


@command.command("list", cls=ConfiguredCommand)
@place_option
@kinds_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
def list_cache(*, cache: Path, kinds: tuple[str, ...], as_json: bool) -> None:
    """What is kept in the cache: how it was made, how much it is, and when it was last of use."""
    rows = rows_of(cache, kinds)
    if as_json:
        print_json({"cache": str(cache), "kept": [{**row.facts, **_size(row.files)} for row in rows]})
        return
    if not rows:
        print_lines([f"Nothing is kept in {near(cache)}."])
        return
    header = ("kind", "name", "files", "MiB", "last used", "made with")
    print_columns(header, [(row.kind, row.name, *_shown(row.files), row.made) for row in rows])
    print_lines(["", f"{mebibytes(tuple(file for row in rows for file in row.files))} MiB in {near(cache)}."])


def _size(files: tuple[KeptFile, ...]) -> dict[str, Any]:
    return {"files": len(files), "bytes": sum(file.bytes for file in files), "last_used": _moment(files)}


def _shown(files: tuple[KeptFile, ...]) -> tuple[str, str, str]:
    return f"{len(files):,}", mebibytes(files), _moment(files)[:10] or "-"


def _moment(files: tuple[KeptFile, ...]) -> str:
    """The last use of any of them, in UTC; empty of none."""
    last = max((file.last_used for file in files), default=None)
    return "" if last is None else datetime.fromtimestamp(last, UTC).isoformat(timespec="seconds")
