"""Whether a report is one file or a folder of files: ``--layout``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

LAYOUT_HELP = "One self-contained page, or a folder of page, style and images for places that forbid styles in a page."


def layout_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--layout`` to a command."""
    return click.option("--layout", default="file", show_default=True, metavar="file|dir", help=LAYOUT_HELP)(command)
