"""``genaudit plugins new``: a distribution with a generator that works, to be made one's own."""

from __future__ import annotations

from pathlib import Path

import click

from genaudit.cli.output import print_lines
from genaudit.cli.places import Place, absolute, near


@click.command("new")
@click.argument("name")
@click.option(
    "--dir",
    "folder",
    type=Place(),
    callback=absolute,
    default=Path(),
    metavar="FOLDER",
    help="Where the distribution's own folder is made; the working directory if not given.",
)
def new_plugin(*, name: str, folder: Path) -> None:
    """Write a distribution NAME with a generator NAME that passes its own tests, to be made your own."""
    from genaudit.plugin.manager import load_plugins
    from genaudit.testing.new_plugin import write_plugin

    files = write_plugin(name, folder, load_plugins().names("generator"))
    print_lines(str(near(file)) for file in files)
    print_lines(["", f"Next: pip install -e '{near(folder / name)}[test]' && genaudit plugins check {name}"])
