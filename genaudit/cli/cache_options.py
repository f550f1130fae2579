"""``--cache`` and ``--no-cache``: whether features are kept for later runs, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import click
from click.core import ParameterSource

from genaudit.cache.place import VARIABLE
from genaudit.cli.places import Place
from genaudit.errors import BadOption

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from genaudit.engine.plan import Plan

Command = TypeVar("Command", bound="Callable[..., Any]")


def cache_options(command: Command) -> Command:
    """Both options, for a verb that has ``cache_of`` look at them."""
    keep = click.option(
        "--cache",
        type=Place(),
        envvar=VARIABLE,
        metavar="FOLDER",
        help="Keep features there, and compute none that are there already: to go on with a run that was killed, or to "
        "use a reference again. No number changes; what a quick extractor such as digits says is not kept.",
    )
    keep_none = click.option("--no-cache", is_flag=True, help="Keep no features, whatever environment or file say.")
    return keep(keep_none(command))


def cache_of(context: click.Context) -> Path | None:
    """The folder in which features are kept, wherever a plugin may change to later; None if none are.

    Raises:
        BadOption: Both options are given.
    """
    cache: Path | None = context.params["cache"]
    if context.params["no_cache"]:
        if cache and context.get_parameter_source("cache") is ParameterSource.COMMANDLINE:
            raise BadOption("--cache and --no-cache exclude each other.", "Give one of them.")
        return None
    return cache.absolute() if cache else None


def idle_cache(context: click.Context, plan: Plan) -> tuple[str, ...]:
    """What to say to somebody who typed ``--cache`` where nothing will be kept."""
    typed = context.get_parameter_source("cache") is ParameterSource.COMMANDLINE
    if not typed or plan.inputs.cache is None or plan.extractor.spec.costly:
        return ()
    return (f"--cache keeps nothing in this run: what extractor '{plan.extractor.spec.name}' says is computed quickly",)
