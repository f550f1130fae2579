"""``genaudit cache clear``: remove what is kept, all of it or what was of no use for long."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from genaudit.cache.contents import older, remove
from genaudit.cache.place import FEATURES
from genaudit.cli.cache_rows import counted, kinds_option, mebibytes, place_option, rows_of
from genaudit.cli.output import print_json, print_lines
from genaudit.cli.places import near
from genaudit.cli.request import ConfiguredCommand
from genaudit.errors import OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.cache.contents import KeptFile
    from genaudit.cli.cache_rows import Row

SECONDS = {"h": 3_600, "d": 86_400, "w": 604_800}
AGE = re.compile(r"(\d{1,6})([hdw])")


def seconds_of(_context: click.Context, _parameter: click.Parameter, age: str | None) -> int | None:
    """The seconds of an age such as ``30d`` or ``12h``.

    Raises:
        click.BadParameter: It is none.
    """
    if age is None:
        return None
    found = AGE.fullmatch(age)
    if not found:
        raise click.BadParameter(f"'{age}' is no age: write hours, days or weeks, such as 12h, 30d or 8w")
    return int(found[1]) * SECONDS[found[2]]


@click.command("clear", cls=ConfiguredCommand)
@place_option
@kinds_option
@click.option(
    "--older-than", callback=seconds_of, metavar="AGE", help="Only what no run has read for so long: 12h, 30d, 8w."
)
@click.option("--dry-run", is_flag=True, help="Say what would be removed; remove nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
def clear_cache(*, cache: Path, kinds: tuple[str, ...], older_than: int | None, dry_run: bool, as_json: bool) -> None:
    """Remove what is kept in the cache; a run that goes on meanwhile computes what it misses.

    Nothing is touched that genaudit did not put there.
    """
    if (linked := cache / FEATURES).is_symlink() and FEATURES in kinds:
        raise OutputError(
            f"{linked} is a link, and what it leads to is not cleared.",
            "Name the folder in which that lies with --cache.",
        )
    rows = rows_of(cache, kinds)
    found = {row.name: _meant(row, older_than) for row in rows}
    if not dry_run:
        for files in found.values():
            _remove(files)
    every = tuple(file for files in found.values() for file in files)
    if as_json:
        removed = {name: len(files) for name, files in found.items() if files}
        size = sum(file.bytes for file in every)
        print_json({"cache": str(cache), "dry_run": dry_run, "removed": removed, "bytes": size})
        return
    what = "would be removed" if dry_run else "removed"
    print_lines(
        f"{what}: {name}, {counted(len(files))}, {mebibytes(files)} MiB" for name, files in found.items() if files
    )
    print_lines([f"{counted(len(every))}, {mebibytes(every)} MiB in {near(cache)} {what}."])


def _meant(row: Row, older_than: int | None) -> tuple[KeptFile, ...]:
    files = row.files if older_than is None else older(row.files, older_than)
    return (*files, *(row.features.left if row.features else ()))


def _remove(files: tuple[KeptFile, ...]) -> None:
    try:
        remove(files)
    except OSError as error:
        raise OutputError(f"Cannot remove {error.filename}: {error.strerror}.", "Who may write there?") from error
