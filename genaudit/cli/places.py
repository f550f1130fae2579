"""Folders as the user names them: kept absolute while plugins run, shown as short as they can be read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import click


def absolute(_context: click.Context, _parameter: click.Parameter, path: Path) -> Path:
    """The place that is meant now, wherever a plugin may change to later; click's callback."""
    return path.absolute()


def near(path: Path) -> Path:
    """The path from the working directory if it lies in there, else as it is.

    >>> str(near(Path.cwd() / "runs")), str(near(Path("runs")))
    ('runs', 'runs')
    """
    try:
        here = Path.cwd()
    except OSError:  # it has been removed
        return path
    return path.relative_to(here) if path.is_relative_to(here) else path
