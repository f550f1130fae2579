"""Folders as the user names them: kept absolute while plugins run, shown as short as they can be read."""

from __future__ import annotations

import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from os import PathLike


class Place(click.Path):
    """A path that somebody gave: an empty one, such as a variable that is not set, is not the working directory."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: str | PathLike[str], param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ANN401 - as the base says
        """The path.

        Raises:
            click.BadParameter: It is empty.
        """
        if value == "":
            self.fail("the path is empty; for the working directory write '.'", param, ctx)
        return super().convert(value, param, ctx)


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


@contextmanager
def working_directory_kept() -> Iterator[None]:
    """Go back to where the user is, wherever a plugin changed to within: paths that are shown lead from there."""
    try:
        here = Path.cwd()
    except OSError:  # it has been removed, and there is nothing to go back to
        yield
        return
    try:
        yield
    finally:
        with suppress(OSError):
            os.chdir(here)
