"""What a command writes: which reports, how they are laid out, and where a run's folder is made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from genaudit.cli.blocking import names
from genaudit.cli.places import Place, absolute
from genaudit.engine.request import RunInputs

if TYPE_CHECKING:
    from collections.abc import Callable

LAYOUT_HELP = "One self-contained page, or a folder of page, style and images for places that forbid styles in a page."


def format_option(
    default: tuple[str, ...], text: str = "Reports to write."
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """``--format`` of a command that writes these unless it is told otherwise."""
    return click.option(
        "--format",
        "formats",
        multiple=True,
        callback=names,
        metavar="NAME,…",
        default=default,
        show_default=",".join(default),
        help=text,
    )


def layout_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--layout`` to a command."""
    return click.option("--layout", default="file", show_default=True, metavar="file|dir", help=LAYOUT_HELP)(command)


def out_option(whose: str = "run", **more: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401
    """``--out`` of a command that makes a folder of its own there.

    Args:
        whose: What the folder is of.
        **more: Further settings of the option.
    """
    return click.option(
        "--out",
        "-o",
        type=Place(),
        callback=absolute,
        default=RunInputs(plugin="").out,
        show_default=True,
        metavar="FOLDER",
        help=f"Where the {whose}'s own folder is made.",
        **more,
    )
