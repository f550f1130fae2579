"""The plugins that a command must not import: ``--block`` and ``GENAUDIT_BLOCK``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable


def names(_context: click.Context, _parameter: click.Parameter, given: Iterable[str]) -> tuple[str, ...]:
    """Names that were given in several words, each perhaps a list with commas; click's callback.

    >>> names(None, None, ["fid,kid", "recall", "fid"])
    ('fid', 'kid', 'recall')
    """
    found = (name for text in given for name in re.split(r"[,\s]+", text) if name)
    return tuple(dict.fromkeys(found))


def block_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--block`` to a command."""
    return click.option(
        "--block",
        multiple=True,
        callback=names,
        envvar="GENAUDIT_BLOCK",
        metavar="NAME,…",
        help="Plugins or distributions that are not imported (also GENAUDIT_BLOCK).",
    )(command)
