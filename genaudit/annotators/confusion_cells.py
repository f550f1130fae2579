"""How often labels err, as a user writes it: cells of a confusion matrix, in a file or on the command line."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import GenauditError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

CELL = re.compile(r"(?P<attribute>[^=]+)=(?P<truth>[^/]+)/(?P<label>.+):(?P<count>[^:]+)")
COLUMNS = ("attribute", "truth", "label", "count")
FORM = (
    "Write cells attribute=truth/label:count, such as colour=orange/orange:97,colour=orange/blue:3, or give a CSV file "
    f"with the columns {', '.join(COLUMNS)}."
)

Cell = tuple[str, str, str, str]


def confusion_of(given: tuple[str, ...], attribute: str, levels: tuple[str, ...]) -> NDArray[np.int64] | None:
    """Counts ``(levels, levels)`` of one attribute, rows the truth; None if nothing is said of it.

    Raises:
        GenauditError: Cells that cannot be read, are given twice, name a level that there is not, or are no counts; or
            labels that tell the levels apart too weakly to be corrected for.

    >>> confusion_of(("colour=orange/orange:97", "colour=orange/blue:3"), "colour", ("orange", "blue")).tolist()
    [[97, 3], [0, 0]]
    """
    table = np.zeros((len(levels), len(levels)), dtype=np.int64)
    seen: set[tuple[str, str]] = set()
    for about, truth, label, count in _cells(given):
        if about != attribute:
            continue
        for level in (truth, label):
            if level not in levels:
                raise GenauditError(
                    f"labels.confusion names the {attribute} '{level}'.", f"Levels are {', '.join(levels)}."
                )
        if (truth, label) in seen:
            raise GenauditError(f"labels.confusion gives {attribute}={truth}/{label} twice.", FORM)
        if not count.isdecimal():
            raise GenauditError(
                f"labels.confusion counts '{count}' images of {attribute}={truth}/{label}.",
                "A count is a whole number of images from 0.",
            )
        seen.add((truth, label))
        table[levels.index(truth), levels.index(label)] = int(count)
    if seen:
        _check_strength(table, attribute)
    return table if seen else None


def _check_strength(table: NDArray[np.int64], attribute: str) -> None:
    """Nothing, if shares can be corrected by such labels, or if some level was never measured, which is said elsewhere.

    Raises:
        GenauditError: The labels tell the levels apart too weakly (``ill_conditioned_classifier``).
    """
    measured = table.sum(axis=1, keepdims=True)
    if not measured.all():
        return
    from genaudit.stats.correction import WEAKEST

    weakest = float(np.abs(np.linalg.eigvals(table / measured)).min())
    if weakest < WEAKEST:
        two = " (sensitivity + specificity - 1)" if len(table) == 2 else ""
        raise GenauditError(
            f"labels.confusion tells the levels of {attribute} apart too weakly: {weakest:.3f} of a possible 1{two}, "
            f"and at least {WEAKEST} is needed to take such errors out (ill_conditioned_classifier).",
            "Leave labels.confusion away to see shares as labelled, uncorrected, or have the images labelled better.",
        )


def _cells(given: tuple[str, ...]) -> Iterator[Cell]:
    if len(given) == 1 and not CELL.fullmatch(given[0]):
        yield from _from_file(Path(given[0]))
        return
    for text in given:
        found = CELL.fullmatch(text)
        if not found:
            raise GenauditError(f"Cannot read the cell '{text}' of labels.confusion.", FORM)
        yield tuple(found[name].strip() for name in COLUMNS)  # type: ignore[misc]  # four of them


def _from_file(path: Path) -> Iterator[Cell]:
    from genaudit.sets.label_file import read_label_file

    columns = read_label_file(path).columns
    lacking = [name for name in COLUMNS if name not in columns]
    if lacking:
        raise GenauditError(f"{path} has no column '{lacking[0]}'.", FORM)
    yield from zip(*(columns[name] for name in COLUMNS), strict=True)
