"""Labels of the items of a set in a CSV or Parquet file, brought into the order of the items."""

from __future__ import annotations

import csv
import hashlib
import io
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import GenauditError, unknown_name
from genaudit.sets.file_order import check_order
from genaudit.values.sorting import sort_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

FILE, INDEX = "file", "index"
DELIMITERS = (",", ";", "\t", "|")
PARQUET = (".parquet", ".pq")
MOST_LEVELS = 100
"""Levels of an attribute: more look like a name or a number, and nobody reads their shares."""
MOST_ATTRIBUTES = 6
LONGEST = 60
"""Characters of a name."""
FORM = (
    "Write a row for each image and a column for each attribute, and in a column 'file' or 'index' which image it is; "
    "without one, in the order of the images."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelFile:
    """The cells of a file, as text."""

    path: Path
    columns: Mapping[str, tuple[str, ...]] = field(repr=False)
    digest: str
    """SHA-256 of the file."""

    @property
    def count(self) -> int:
        """Rows."""
        return len(next(iter(self.columns.values())))


def read_label_file(path: Path) -> LabelFile:
    """The columns of a CSV or Parquet file.

    Raises:
        GenauditError: It cannot be read, has no row, a column without a name or twice, or rows of several lengths.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise GenauditError(f"Cannot read the labels {path}: {error.strerror}.", FORM) from error
    header, rows = _parquet(path) if path.suffix.lower() in PARQUET else _csv(path, content)
    twice = [name or "(no name)" for name, count in Counter(header).items() if count > 1 or not name]
    if twice:
        raise GenauditError(f"The labels {path} have the column '{twice[0]}' twice or without a name.", FORM)
    if not rows:
        raise GenauditError(f"The labels {path} hold no row.", FORM)
    uneven = next((number for number, row in enumerate(rows) if len(row) != len(header)), None)
    if uneven is not None:
        raise GenauditError(
            f"Row {uneven + 1} of the labels {path} has {len(rows[uneven])} cells, and the header {len(header)}.", FORM
        )
    return LabelFile(
        path=path,
        columns=dict(zip(header, zip(*rows, strict=True), strict=True)),
        digest=hashlib.sha256(content).hexdigest(),
    )


def _csv(path: Path, content: bytes) -> tuple[list[str], list[list[str]]]:
    """Header and rows; empty lines are passed over."""
    try:
        text = content.decode("utf-8-sig")
        first = text.splitlines()[0] if text.strip() else ""
        delimiter = max(DELIMITERS, key=first.count)
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        rows = [[cell.strip() for cell in row] for row in reader if any(map(str.strip, row))]
    except (UnicodeDecodeError, csv.Error) as error:
        raise GenauditError(f"Cannot read the labels {path}: {error}.", "Save them as CSV in UTF-8.") from error
    return (rows[0], rows[1:]) if rows else ([], [])


def _parquet(path: Path) -> tuple[list[str], list[list[str]]]:
    if find_spec("pyarrow") is None:
        raise GenauditError(
            f"Reading {path} needs pyarrow, which is not installed.", "pip install 'genaudit[parquet]', or give CSV."
        )
    import pandas as pd

    try:
        frame = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise GenauditError(f"Cannot read the labels {path}: {error}.", "Give a Parquet file, or CSV.") from error
    cells = [[_text(cell) for cell in frame[name]] for name in frame.columns]
    return [str(name).strip() for name in frame.columns], [list(row) for row in zip(*cells, strict=True)]


def _text(cell: object) -> str:
    """A cell as a CSV file would hold it: nothing for what is missing, ``6`` for 6.0."""
    if cell is None or cell != cell:  # noqa: PLR0124 - what is not equal to itself is missing
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def levels_in(name: str, columns: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The levels of an attribute: all values of its columns, of one set each, as people sort.

    Raises:
        GenauditError: They are too many, or cannot stand in the name of a group.

    >>> levels_in("digit", [("9", "10"), ("", "0")])
    ('0', '9', '10')
    """
    found = sorted({cell for column in columns for cell in column if cell}, key=sort_key)
    if len(found) > MOST_LEVELS:
        raise GenauditError(
            f"The column '{name}' of the labels has {len(found):,} different values, and at most {MOST_LEVELS} levels "
            "are compared: it looks like a name or a number.",
            "Put values into classes, or leave the column away.",
        )
    for what, text in (("a column", name), *((f"in column {name[:40]!r} the level", level) for level in found)):
        if not text.isprintable() or "," in text or "=" in text or len(text) > LONGEST:
            raise GenauditError(
                f"The labels have {what} {text[:40]!r}. A name has no comma, no '=', no control character and at most "
                f"{LONGEST} characters, because numbers are named attribute=level, attribute=level.",
                "Rename it.",
            )
    return tuple(found)


def pairs_of(attributes: Iterable[str]) -> tuple[tuple[str, str], ...]:
    """Each attribute with each one after it; of one attribute alone, its share in all items.

    >>> pairs_of(["tone", "shape"]), pairs_of(["tone"])
    ((('tone', 'shape'),), (('', 'tone'),))
    """
    names = tuple(attributes)
    return tuple(combinations(names, 2)) if len(names) > 1 else tuple(("", name) for name in names)


def labels_in_order(
    labels: LabelFile,
    attribute: str,
    levels: tuple[str, ...],
    *,
    samples: int,
    items: int,
    names: Sequence[str],
    what: str = "generated",
) -> NDArray[np.int64]:
    """Index of the level of the first ``samples`` images of a set, ``generated`` or ``reference``.

    Raises:
        GenauditError: There is no such column, a row is about an image that there is not or about one twice, an image
            has no row or no label, a label is no level, or which image a row is about cannot be told.
    """
    cells = labels.columns.get(attribute)
    if cells is None or attribute in {FILE, INDEX}:
        others = [name for name in labels.columns if name not in {FILE, INDEX}]
        raise unknown_name(f"column of {labels.path}", attribute, others, FORM, listed="There are")
    rows = _rows(labels, samples=samples, items=items or samples, names=names, what=what)
    found = [cells[row] for row in rows]
    if FILE not in labels.columns:
        check_order(names[:samples], found, labels.path)
    empty = [number for number, cell in enumerate(found) if not cell]
    if empty:
        raise GenauditError(
            f"{labels.path} gives {_image(empty[0], names)} no {attribute}; {len(empty):,} of {len(found):,} lack one.",
            "Label every image; leave out those that nobody can label from the set itself.",
        )
    index = {name: number for number, name in enumerate(levels)}
    wrong = [(number, cell) for number, cell in enumerate(found) if cell not in index]
    if wrong:
        number, cell = wrong[0]
        raise GenauditError(
            f"{labels.path} gives {_image(number, names)} the {attribute} '{cell}'; {len(wrong):,} of {len(found):,} "
            f"labels are no level of {attribute}.",
            f"Levels are {', '.join(levels)}.",
        )
    return np.array([index[cell] for cell in found], dtype=np.int64)


def _rows(labels: LabelFile, *, samples: int, items: int, names: Sequence[str], what: str) -> list[int]:
    """The row of each of the first ``samples`` images."""
    keys = [name for name in (FILE, INDEX) if name in labels.columns]
    if len(keys) > 1:
        raise GenauditError(f"{labels.path} has a column '{FILE}' and a column '{INDEX}'.", "Leave one of them away.")
    if not keys:
        if labels.count not in {samples, items}:
            raise GenauditError(
                f"{labels.path} holds {labels.count:,} labels for {samples:,} {what} images.",
                f"{FORM} Empty lines do not count.",
            )
        return list(range(samples))
    if keys == [FILE] and not names:
        raise GenauditError(f"{labels.path} names files, and the {what} images have no names.", "Use 'index'.")
    cells = labels.columns[keys[0]]
    known = dict.fromkeys(names) if keys == [FILE] else dict.fromkeys(map(str, range(items)))
    strange = [cell for cell in cells if cell not in known]
    if strange:
        there = f"files such as '{names[0]}'" if keys == [FILE] else f"0 to {items - 1}"
        raise GenauditError(
            f"{labels.path} is about {keys[0]} '{strange[0]}', which is no {what} image; {len(strange):,} of "
            f"{labels.count:,} rows are about none.",
            f"There are {there}.",
        )
    twice = [cell for cell, count in Counter(cells).items() if count > 1]
    if twice:
        raise GenauditError(f"{labels.path} labels {keys[0]} '{twice[0]}' twice.", "Leave one of the rows away.")
    place = {cell: row for row, cell in enumerate(cells)}
    lacking = [name for name in list(known)[:samples] if name not in place]
    if lacking:
        raise GenauditError(
            f"{labels.path} has no row for {keys[0]} '{lacking[0]}'; {len(lacking):,} of {samples:,} {what} images "
            "lack one.",
            FORM,
        )
    return [place[name] for name in list(known)[:samples]]


def _image(number: int, names: Sequence[str]) -> str:
    return f"'{names[number]}'" if names else f"image {number}"
