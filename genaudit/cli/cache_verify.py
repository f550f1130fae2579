"""``genaudit cache verify``: whether every file of a cache is what was written."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import click

from genaudit.cache.contents import damaged
from genaudit.cli.cache_rows import DOWNLOADED, counted, kinds_option, place_option, rows_of
from genaudit.cli.output import print_json, print_lines
from genaudit.cli.places import near
from genaudit.cli.request import ConfiguredCommand

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.cache.contents import KeptFile
    from genaudit.cli.cache_rows import Row


@click.command("verify", cls=ConfiguredCommand, epilog="Exit code 1 if a file is damaged.")
@place_option
@kinds_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@click.pass_context
def verify_cache(context: click.Context, *, cache: Path, kinds: tuple[str, ...], as_json: bool) -> None:
    """Read every file of the cache and compare it with its SHA-256.

    A damaged file harms nobody: the next run that needs it computes it again.
    """
    rows = rows_of(cache, kinds)
    bad = {path: why for row in rows for path, why in _damaged(row).items()}
    checked = sum(len(row.files) for row in rows)
    if as_json:
        print_json({"cache": str(cache), "checked": checked, "damaged": bad})
    else:
        print_lines(f"damaged: {path}: {why}" for path, why in bad.items())
        print_lines([f"{counted(checked)} in {near(cache)}, {len(bad):,} damaged."])
    if bad:
        context.exit(1)


def _damaged(row: Row) -> dict[str, str]:
    return damaged(row.features) if row.features else _changed(row.files[0])


def _changed(weights: KeptFile) -> dict[str, str]:
    try:
        with weights.path.open("rb") as file:
            same = hashlib.file_digest(file, "sha256").hexdigest() == DOWNLOADED[weights.path.name]
    except OSError as error:
        return {str(weights.path): str(error.strerror)}
    return {} if same else {str(weights.path): "its SHA-256 is not that of the published file"}
