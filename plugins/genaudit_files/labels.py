"""The file that says which class every given item was asked for."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.errors import GenauditError
from genaudit.sets.file_order import check_order

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.sets.stored_set import StoredSet

FORM = (
    "Write one line an item: 'label' in the order of the items, or 'file,label' with the file's path in the set; "
    "commas separate columns."
)
TWICE = (
    "If the file stands in the second column, write the header label,file; if one file has two lines, leave one of "
    "them away."
)
HEADERS = (["label"], ["file", "label"], ["label", "file"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Labels:
    """Classes and what each item was asked for."""

    classes: tuple[str, ...]
    numbers: NDArray[np.int64]
    """``(n,)`` index into the classes, in the order of the items."""


def read_labels(path: Path, stored: StoredSet, classes: tuple[str, ...]) -> Labels:
    """The labels of a set's items.

    Args:
        path: A text file in UTF-8; a first line ``file,label``, ``label,file`` or ``label`` is a header, and names the
            columns.
        stored: The items.
        classes: The classes in their order; empty for the labels that there are: by number if all are, else by name.

    Raises:
        GenauditError: The file cannot be read, does not fit the items, names a class that is none, or gives labels
            in the order of files whose names have numbers of several lengths.
    """
    named = _in_order(path, _rows(path), stored)
    known = classes or tuple(sorted(set(named), key=_order))
    if len(set(known)) < len(known) or len(known) < 2:
        raise GenauditError(f"The classes of {path} are {', '.join(known)}.", "Give two or more, each once.")
    wrong = [(item, label) for item, label in enumerate(named) if label not in known]
    if wrong:
        raise GenauditError(
            f"{path} gives item {wrong[0][0]} the label '{wrong[0][1]}', which is none of the classes "
            f"{', '.join(known)}; {len(wrong):,} of {len(named):,} labels are none.",
            "Name every class in samples.classes, or mend the file.",
        )
    index = {name: number for number, name in enumerate(known)}
    return Labels(classes=known, numbers=np.array([index[label] for label in named], dtype=np.int64))


def _rows(path: Path) -> list[list[str]]:
    """``[label]`` or ``[file, label]`` of each line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = [[cell.strip() for cell in row] for row in csv.reader(file) if any(map(str.strip, row))]
    except UnicodeDecodeError as error:
        raise GenauditError(f"Cannot read the labels {path}: they are not UTF-8.", "Save the file as UTF-8.") from error
    except (OSError, csv.Error) as error:
        said = getattr(error, "strerror", None) or str(error)
        raise GenauditError(f"Cannot read the labels {path}: {said}.", FORM) from error
    _check_commas(path, rows)
    header = rows[0] if rows and rows[0] in HEADERS else None
    rows = rows[1:] if header else rows
    widths = {len(row) for row in rows}
    if widths not in ({1}, {2}):
        found = f"lines of {' and '.join(map(str, sorted(widths)))} columns" if rows else "no line"
        raise GenauditError(f"The labels {path} hold {found}.", FORM)
    odd = next((row for row in rows if header and len(row) != len(header)), None)
    if odd is not None:
        raise GenauditError(
            f"The labels {path} have the header '{','.join(header or ())}', and the line '{','.join(odd)}'.", FORM
        )
    return [row[::-1] for row in rows] if header == ["label", "file"] else rows


def _check_commas(path: Path, rows: list[list[str]]) -> None:
    """A file of another separator is one column to us, and would be refused for what it is not."""
    for other, called in ((";", "semicolons"), ("\t", "tabs")):
        if rows and all(len(row) == 1 and other in row[0] for row in rows):
            raise GenauditError(
                f"The columns of the labels {path} are separated by {called}.", "Separate them by commas."
            )


def _in_order(path: Path, rows: list[list[str]], stored: StoredSet) -> list[str]:
    """The label of each item."""
    if len(rows[0]) == 1:
        if len(rows) != stored.count:
            raise GenauditError(
                f"The labels file {path} holds {len(rows):,} labels, and the {stored.origin} {stored.count:,} items.",
                FORM,
            )
        labels = [label for (label,) in rows]
        check_order(stored.names, labels, f"The labels file {path}")
        return labels
    if not stored.names:
        raise GenauditError(f"The labels {path} name files, and the {stored.origin} holds none.", FORM)
    twice = [name for name, count in Counter(name for name, _ in rows).items() if count > 1]
    if twice:
        raise GenauditError(f"The labels {path} name the file '{twice[0]}' twice.", TWICE)
    by_name, known = {row[0]: row[1] for row in rows}, {*stored.names, *stored.skipped}
    strange = [name for name in by_name if name not in known]
    if strange:
        raise GenauditError(
            f"The labels {path} are about the file '{strange[0]}', which is none of the {stored.count:,} images; "
            f"{len(strange):,} of {len(rows):,} lines are about none.",
            f"There are files such as '{stored.names[0]}'; they stand first, unless a header says label,file.",
        )
    lacking = [name for name in stored.names if name not in by_name]
    if lacking:
        others = f" and for {len(lacking) - 1:,} more" if len(lacking) > 1 else ""
        raise GenauditError(
            f"The labels {path} have no line for '{lacking[0]}'{others} of the {stored.count:,} images.", FORM
        )
    return [by_name[name] for name in stored.names]


def _order(label: str) -> tuple[int, int, str]:
    return (0, int(label), "") if label.isdecimal() else (1, 0, label)
