"""What is known of the items of each split: by the folder in which an image lies, or by files of labels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from genaudit.errors import GenauditError
from genaudit.sets.label_file import (
    FILE,
    INDEX,
    MOST_ATTRIBUTES,
    labels_in_order,
    levels_in,
    pairs_of,
    read_label_file,
)

if TYPE_CHECKING:
    from genaudit.sets.label_file import LabelFile
    from genaudit.sets.stored_set import StoredSet

CLASS, SOURCE = "class", "source"
"""The attribute that class folders stand for, and the column that says what an item was made from."""
CALLED = {"train": "training", "evaluation": "evaluation", "holdout": "held-out"}
"""How a split's items are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SplitLabels:
    """Labels of some splits, all with the same attributes and levels; empty if nothing is known."""

    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Attribute to its levels: all that occur in any split, numbers by size."""
    codes: Mapping[str, Mapping[str, NDArray[np.int64]]] = field(default_factory=dict)
    """Split to attribute to ``(n,)`` levels of its items, in the order of the set."""
    sources: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    """Split to ``(n,)`` codes of what its items were made from, of those splits of which it is known."""
    remarks: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Each attribute with each one after it; of one attribute alone, its share in all items."""
        return pairs_of(self.attributes)


def labels_of_folders(sets: Mapping[str, StoredSet]) -> SplitLabels:
    """The class of every image: the first folder of its path in the set.

    Raises:
        GenauditError: An image lies in no folder, or all of a set lie in the same.
    """
    found = {split: _folders(stored) for split, stored in sets.items()}
    levels = levels_in(CLASS, found.values())
    index = {name: number for number, name in enumerate(levels)}
    return SplitLabels(
        attributes={CLASS: levels},
        codes={split: {CLASS: np.array([index[name] for name in names])} for split, names in found.items()},
    )


def _folders(stored: StoredSet) -> list[str]:
    hint = "Lay every image into the folder of its class, class/image.png, or give files of labels."
    if not stored.names:
        raise GenauditError(f"The {stored.origin} holds no folders that could be classes.", hint)
    outside = [name for name in stored.names if "/" not in name]
    if outside:
        raise GenauditError(
            f"In the {stored.origin} '{outside[0]}' lies in no class folder; {len(outside):,} of {stored.count:,} "
            "images do not.",
            hint,
        )
    found = [name.partition("/")[0] for name in stored.names]
    if len(set(found)) == 1:
        raise GenauditError(
            f"All {stored.count:,} images of the {stored.origin} lie in one class folder, '{found[0]}'.",
            "Name the folder that holds the class folders, or pack these and not the folder around them.",
        )
    return found


def labels_of_files(sets: Mapping[str, StoredSet], paths: Mapping[str, str]) -> SplitLabels:
    """The labels of the splits that have a file: the attributes that all of these files know.

    Raises:
        GenauditError: A file cannot be read or does not fit its set, or the files share no attribute.
    """
    files = {split: read_label_file(Path(path)) for split, path in paths.items()}
    known = {FILE, INDEX, SOURCE}
    columns = {split: [name for name in file.columns if name not in known] for split, file in files.items()}
    sources = {split: file for split, file in files.items() if SOURCE in file.columns}
    every = list(dict.fromkeys(name for names in columns.values() for name in names))
    shared = [name for name in every if all(name in names for names in columns.values())]
    if len(shared) > MOST_ATTRIBUTES or not (shared or sources):
        named = ", ".join(dict.fromkeys(paths.values()))
        raise GenauditError(
            f"{named} share {len(shared)} columns of labels; allowed: 1 to {MOST_ATTRIBUTES}.",
            "Call the same attribute the same in every file, and leave columns away that are none.",
        )
    attributes = {name: levels_in(name, (file.columns[name] for file in files.values())) for name in shared}
    alone = [name for name in every if name not in shared]
    said = f"Labels {', '.join(alone)} do not stand in every file of labels and are not used."
    return SplitLabels(
        attributes=attributes,
        codes={
            split: {name: _in_order(file, name, levels, sets[split], split) for name, levels in attributes.items()}
            for split, file in files.items()
        },
        sources={
            split: _in_order(file, SOURCE, tuple(dict.fromkeys(filter(None, file.columns[SOURCE]))), sets[split], split)
            for split, file in sources.items()
        },
        remarks=(*([said] if alone else []), *_shared_sources(sources)),
    )


def _in_order(file: LabelFile, name: str, levels: tuple[str, ...], stored: StoredSet, split: str) -> NDArray[np.int64]:
    return labels_in_order(
        file, name, levels, samples=stored.count, items=stored.count, names=stored.names, what=CALLED[split]
    )


def _shared_sources(files: Mapping[str, LabelFile]) -> list[str]:
    """A sentence for every two splits that hold items of one source: these are no fresh items."""
    found = {split: set(file.columns[SOURCE]) for split, file in files.items()}
    return [
        f"{len(found[one] & found[other]):,} of {len(found[one]):,} sources of the split '{one}' have items in the "
        f"split '{other}' too: these are no fresh items."
        for one, other in combinations(found, 2)
        if files[one].path != files[other].path and found[one] & found[other]
    ]
