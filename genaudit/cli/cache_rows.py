"""A cache as rows: features by how they were made, and weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from genaudit.cache.contents import KeptFeatures, KeptFile, kept_features, kept_weights
from genaudit.cache.place import VARIABLE, cache_folder
from genaudit.cli.places import Place
from genaudit.errors import OutputError
from genaudit.extractors.options import PUBLISHED, PUBLISHED_NAME

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


FEATURES, WEIGHTS = "features", "weights"
KINDS = (FEATURES, WEIGHTS)
DOWNLOADED = {PUBLISHED_NAME: PUBLISHED}
"""Name of each file of weights that genaudit downloads to its SHA-256."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Files that belong together."""

    kind: str
    name: str
    """Of the folder or file."""
    files: tuple[KeptFile, ...]
    made: str
    """How, in a few words."""
    facts: Mapping[str, Any]
    """The same for programs."""
    features: KeptFeatures | None = None


def place_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--cache``: the folder that is looked at."""

    def chosen(_context: click.Context, _parameter: click.Parameter, given: Path | None) -> Path:
        return (given or cache_folder()).absolute()

    return click.option(
        "--cache",
        type=Place(),
        envvar=VARIABLE,
        metavar="FOLDER",
        callback=chosen,
        help="The cache; what GENAUDIT_CACHE or the configuration file name, or where weights are downloaded to.",
    )(command)


def kinds_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--kind``: features, weights or both."""
    return click.option(
        "--kind",
        "kinds",
        multiple=True,
        type=click.Choice(KINDS),
        default=KINDS,
        help="What is meant; all if not given.",
    )(command)


def rows_of(cache: Path, kinds: tuple[str, ...]) -> list[Row]:
    """What lies in a cache.

    Raises:
        OutputError: It cannot be read.
    """
    try:
        features = kept_features(cache) if FEATURES in kinds else ()
        weights = kept_weights(cache, DOWNLOADED) if WEIGHTS in kinds else ()
    except OSError as error:
        raise OutputError(f"Cannot read {cache}: {error.strerror}.", "Name another with --cache.") from error
    return [*map(_of_features, features), *map(_of_weights, weights)]


def mebibytes(files: tuple[KeptFile, ...]) -> str:
    """Size of files, as people read it.

    >>> mebibytes(())
    '0.0'
    """
    return f"{sum(file.bytes for file in files) / 2**20:,.1f}"


def counted(files: int) -> str:
    """How many files, as people say it.

    >>> counted(1), counted(1_200)
    ('1 file', '1,200 files')
    """
    return f"{files:,} {'file' if files == 1 else 'files'}"


def _of_features(kept: KeptFeatures) -> Row:
    made = kept.made
    words = [str(made[key]) for key in ("origin", "device") if key in made]
    words[1:1] = [f"weights {str(made['weights'])[:8]}…"] if "weights" in made else []
    return Row(
        kind=FEATURES,
        name=kept.folder.name,
        files=kept.blocks,
        made="; ".join(words) or "its manifest cannot be read",
        facts={"kind": FEATURES, "name": kept.folder.name, "path": str(kept.folder), "made": dict(made)},
        features=kept,
    )


def _of_weights(file: KeptFile) -> Row:
    name = file.path.name
    return Row(
        kind=WEIGHTS,
        name=name,
        files=(file,),
        made="downloaded",
        facts={"kind": WEIGHTS, "name": name, "path": str(file.path), "sha256": DOWNLOADED[name]},
    )
