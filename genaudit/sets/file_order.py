"""Files are sorted by path, character by character; whoever numbers them without zeros counts in another order."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError

if TYPE_CHECKING:
    from collections.abc import Sequence

NUMBER = re.compile(r"([0-9]+)")


def check_order(names: Sequence[str], labels: Sequence[str], path: object) -> None:
    """Nothing, if labels that stand in the order of the files are the same whether files are sorted or counted.

    Args:
        names: Of the files, sorted by path.
        labels: Of each, in that order.
        path: The file of the labels, for messages.

    Raises:
        GenauditError: ``10.png`` stands before ``2.png``, and other images would have these labels if 2 came first.

    >>> check_order(["10.png", "2.png"], ["a", "a"], "labels.txt")
    >>> check_order(["02.png", "10.png"], ["a", "b"], "labels.txt")
    """
    swapped = _swapped(names)
    if swapped is None:
        return
    counted = sorted(range(len(names)), key=lambda place: _counted(names[place]))
    if all(labels[place] == labels[number] for number, place in enumerate(counted)):
        return
    raise GenauditError(
        f"{path} gives labels in the order of the images, and '{swapped[0]}' comes before '{swapped[1]}' where images "
        "are sorted by path: which label is of which image cannot be told.",
        "Give lines 'file,label' with that header, or fill the numbers in the names up with zeros (0002.png).",
    )


def _swapped(names: Sequence[str]) -> tuple[str, str] | None:
    """Two files that differ in numbers alone, and stand the larger one first; None if there are none."""
    by_form: dict[str, list[str]] = {}
    for name in names:
        by_form.setdefault(NUMBER.sub("0", name), []).append(name)
    pairs = (pair for alike in by_form.values() for pair in pairwise(alike))
    return next((pair for pair in pairs if _counted(pair[0]) > _counted(pair[1])), None)


def _counted(name: str) -> list[str | int]:
    """Text and number by turns, so that lists of any two names can be compared."""
    return [int(part) if place % 2 else part for place, part in enumerate(NUMBER.split(name))]
