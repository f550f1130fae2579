"""The plugins that a command must not import, and modules that it loads like plugins: ``--block``, ``--load``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import click

from genaudit.errors import BadOption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


NAME = re.compile(r"[^\s,\[]+(?:\s*\[[^\]]*\])?|\[[^\s,]*")
"""A name, perhaps with the view of a metric in brackets behind it."""


def names(_context: click.Context, _parameter: click.Parameter, given: Iterable[str]) -> tuple[str, ...]:
    """Names that were given in several words, each perhaps a list with commas; click's callback.

    >>> names(None, None, ["fid,kid", "recall, fid [low-level]", "fid"])
    ('fid', 'kid', 'recall', 'fid [low-level]')
    """
    return tuple(dict.fromkeys(name for text in given for name in NAME.findall(text)))


def metric_names(context: click.Context, parameter: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    """As ``names``, and an empty text is refused: it would else mean every metric.

    Raises:
        BadOption: Something was given, and no name is in it.
    """
    found = names(context, parameter, given)
    if given and not found:
        raise BadOption("--metrics names no metric.", "Leave it away for all that apply. See 'genaudit metrics list'.")
    return found


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


def load_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add ``--load`` to a command; no configuration file can say it: what comes with data names no code to run."""
    return click.option(
        "--load",
        multiple=True,
        callback=names,
        envvar="GENAUDIT_LOAD",
        metavar="MODULE,…",
        help="Modules with hooks, to be loaded like installed plugins (also GENAUDIT_LOAD).",
    )(command)
