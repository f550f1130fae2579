"""``genaudit doctor``: what a run would find on this machine, and what is broken."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from genaudit.cli.blocking import block_option, load_option
from genaudit.cli.output import columns, print_json, print_lines
from genaudit.cli.request import INCEPTION_WEIGHTS, read_nearest_configuration
from genaudit.errors import GenauditError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genaudit.engine.checkup import Finding


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@block_option
@load_option
@click.pass_context
def command(context: click.Context, *, as_json: bool, block: tuple[str, ...], load: tuple[str, ...]) -> None:
    """Show what a run depends on beside its own request, and what of it is broken.

    Versions of Python and of every library (imported, so that versions that do not fit are found), extras, devices,
    memory and room, weights, plugins with their errors, the configuration file and the variables in force. Exit code 1
    if something is broken. 'genaudit selftest' tells whether numbers are right.
    """
    found = [*_examined(block, load), *_configuration(), *_variables()]
    broken = [one for one in found if one.state == "broken"]
    if as_json:
        print_json({"healthy": not broken, "findings": [asdict(one) for one in found]})
    else:
        print_lines(_shown(found, broken))
    if broken:
        context.exit(1)


def _examined(block: tuple[str, ...], load: tuple[str, ...]) -> Iterator[Finding]:
    from genaudit.cache.place import VARIABLE, cache_folder
    from genaudit.engine.checkup import examine
    from genaudit.plugin.manager import load_plugins

    named = os.environ.get(VARIABLE, "")
    with suppress(GenauditError):  # what is wrong with the file is a finding of its own
        named = named or read_nearest_configuration().run.get("cache", "")
    yield from examine(
        load_plugins(block, load),
        out=Path.cwd(),
        cache=cache_folder(),
        features=Path(named) if named else None,
        inception=os.environ.get(INCEPTION_WEIGHTS, ""),
    )


def _configuration() -> Iterator[Finding]:
    """The file that is in force, or what is wrong with it."""
    from genaudit.engine.checkup import Finding, State

    try:
        path = read_nearest_configuration().path
    except GenauditError as error:
        yield Finding(part="configuration", name="file", found=error.message, state=State.BROKEN, hint=error.hint)
        return
    state = State.FINE if path else State.ABSENT
    yield Finding(part="configuration", name="file", found=str(path or "none from here upwards"), state=state)


def _variables() -> Iterator[Finding]:
    """What the environment says to genaudit."""
    from genaudit.engine.checkup import Finding

    for name in sorted(os.environ):
        if name.startswith("GENAUDIT_"):
            yield Finding(part="variable", name=name, found=os.environ[name])


def _shown(found: Sequence[Finding], broken: Sequence[Finding]) -> list[str]:
    """A line for each, then what to do about those that are broken."""
    rows = [(one.state.value, one.part, one.name, one.found) for one in found]
    mending = [f"{one.part} {one.name}: {one.found.removesuffix('.')}. {one.hint}".rstrip() for one in broken]
    many = "1 thing is broken" if len(broken) == 1 else f"{len(broken)} things are broken"
    closing = f"{many}:" if broken else "Nothing is broken. 'genaudit selftest' recomputes known results."
    return [*columns([("state", "part", "name", "found"), *rows]), "", closing, *mending]
