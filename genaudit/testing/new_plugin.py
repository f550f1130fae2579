"""A new distribution with a generator that works, to be made one's own."""

from __future__ import annotations

from importlib import metadata
from importlib.resources import files
from importlib.util import find_spec
from keyword import iskeyword
from string import Template
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError, OutputError
from genaudit.plugin.validation import NAME
from genaudit.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

TEXTS = {
    "pyproject.toml": "pyproject.txt",
    "README.md": "readme.txt",
    "src/$package/__init__.py": "plugin.txt",
    "src/$package/options.py": "options.txt",
    "src/$package/model.py": "model.txt",
    "tests/test_contract.py": "test_contract.txt",
    "tests/test_run.py": "test_run.txt",
}
"""File of the distribution to its text in ``template/``."""


def write_plugin(name: str, folder: Path, taken: Collection[str]) -> list[Path]:
    """Write a complete distribution into ``folder / name``: it passes its own tests as it is.

    Args:
        name: Of the generator, of its entry point and of the distribution.
        folder: Where the distribution's own folder is made.
        taken: Names of generators that there are.

    Returns:
        The files.

    Raises:
        GenauditError: The name is not allowed, or taken by a generator, a module or a distribution.
        OutputError: The folder is there already, or cannot be written.
    """
    package = name.replace("-", "_")
    if not (NAME.fullmatch(name) and len(name) <= 64) or iskeyword(package):
        raise GenauditError(
            f"'{name}' is no name for a generator.", "Use lower-case letters and digits, with '-' between words."
        )
    if name in taken:
        raise GenauditError(f"There is a generator '{name}' already.", "Take a name that no plugin brings.")
    _refuse_to_hide(name, package)
    place = folder / name
    if place.exists():
        raise OutputError(f"{place} is there already.", "Take another --dir or name; nothing is overwritten.")
    words = _words(name, package)
    written = []
    try:
        for path, text in TEXTS.items():
            file = place / Template(path).substitute(words)
            file.parent.mkdir(parents=True, exist_ok=True)
            template = (files("genaudit.testing.template") / text).read_text(encoding="utf-8")
            file.write_text(Template(template).substitute(words), encoding="utf-8")
            written.append(file)
    except OSError as error:
        raise OutputError(f"Cannot write {error.filename}: {error.strerror}.", "Take another --dir.") from error
    return written


def _refuse_to_hide(name: str, package: str) -> None:
    """Installed under a name that is taken, the new distribution would replace or hide what has it."""
    module = find_spec(package)
    if module is not None and module.origin is not None:  # a folder without a module is none
        raise GenauditError(
            f"There is a Python module '{package}' already, and the generator's package would take its place.",
            "Take another name, such as one with a word before it.",
        )
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return
    raise GenauditError(
        f"A distribution '{name}' is installed already, and pip would replace it.",
        "Take another name, such as one with a word before it.",
    )


def _words(name: str, package: str) -> dict[str, str]:
    major, minor, *_ = VERSION.split(".")
    following = f"{major}.{int(minor) + 1}" if major == "0" else f"{int(major) + 1}"
    title = name.replace("-", " ").replace("_", " ").capitalize()
    return {"name": name, "package": package, "title": title, "least": f"{major}.{minor}", "next": following}
