"""Sets that an option names: opened, and what is wrong with them said in the words of ``--set``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError

if TYPE_CHECKING:
    from genaudit.sets.stored_set import StoredSet

FOLDER = " or a folder ('.' for the working directory)"


def check_paths(files: dict[str, str | None], folders: dict[str, str | None]) -> None:
    """Nothing, if no path is empty, such as a variable of the shell that is not set: Path("") is the working directory.

    Raises:
        ValueError: One is; the message names the option.
    """
    for allowed, paths in (("", files), (FOLDER, folders)):
        for option, path in paths.items():
            if path == "":
                raise ValueError(f"{option} is empty; allowed: the path of a file{allowed}")


def open_named(
    component: str, option: str, path: str, *, resize: int | None, policy: str, skip_corrupt: bool
) -> StoredSet:
    """The set at a path.

    Raises:
        GenauditError: It cannot be read; the option is named, and so is what ``genaudit score`` calls a flag.
    """
    from genaudit.sets.stored_set import open_set

    try:
        return open_set(Path(path), resize=resize, policy=policy, skip_corrupt=skip_corrupt)
    except GenauditError as error:
        message = f"{component}.{option}: {_in_settings(component, error.message)}"
        raise type(error)(message, _in_settings(component, error.hint)) from error


def _in_settings(component: str, text: str) -> str:
    said = {"--resize": f"--set {component}.resize=", "--skip-corrupt": f"--set {component}.skip_corrupt=true"}
    for flag, setting in said.items():
        text = text.replace(f"{flag} N", f"{setting}N").replace(flag, setting)
    return text
