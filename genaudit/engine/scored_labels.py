"""Labels of two scored sets: which attributes both files know, their levels, and the level of each item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from genaudit.errors import BadOption, GenauditError
from genaudit.plugin.catalog import Registered
from genaudit.plugin.components import GivenLabels
from genaudit.plugin.specs import AnnotatorSpec
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
    from genaudit.annotators.label_options import LabelOptions
    from genaudit.sets.stored_set import StoredSet

LABELS = "labels"
BOTH = (
    "Give a file of labels for each set: --labels FILE --reference-labels FILE, with a column for each attribute and a "
    "row for each item."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredLabels:
    """What is known of the items of two sets; empty if nothing was given."""

    attributes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Attribute to its levels: all that occur in either file, numbers by size."""
    annotators: Mapping[str, Registered[AnnotatorSpec]] = field(default_factory=dict)
    given: Mapping[str, GivenLabels] = field(default_factory=dict)
    """Attribute to the labels of the generated items."""
    reference: Mapping[str, NDArray[np.int64]] = field(default_factory=dict)
    """Attribute to ``(n,)`` levels of the reference items."""
    remarks: tuple[str, ...] = ()

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Each column with each one after it; of one attribute alone, its share in all items."""
        return pairs_of(self.attributes)


def label_options(file: object, reference: object) -> dict[str, str]:
    """The options by which files of labels are named; None is left out.

    Raises:
        BadOption: A path is empty, such as a variable of a shell that is not set.

    >>> label_options("g.csv", None)
    {'labels.file': 'g.csv'}
    """
    for flag, path in (("--labels", file), ("--reference-labels", reference)):
        if path == "":
            raise BadOption(f"{flag}: the path is empty.", "Give a file, or leave the flag away.")
    named = {f"{LABELS}.file": file, f"{LABELS}.reference": reference}
    return {option: str(path) for option, path in named.items() if path is not None}


def asks_for_labels(options: Mapping[str, Any]) -> bool:
    """Whether something is said of labels.

    Raises:
        BadOption: Labels are given for one of the sets alone.
    """
    said = [key for key in options if key.partition(".")[0] == LABELS]
    if not said:
        return False
    for option, of in (("file", "generated"), ("reference", "reference")):
        if not options.get(f"{LABELS}.{option}"):
            raise BadOption(f"Labels of the {of} set are missing.", BOTH)
    return True


def scored_labels(
    options: LabelOptions, annotator: Registered[AnnotatorSpec], generated: StoredSet, reference: StoredSet
) -> ScoredLabels:
    """The labels of both sets, each attribute with the levels of both files.

    Raises:
        GenauditError: A file cannot be read or does not fit its set, no column is in both, or one has no levels.
    """
    files = [read_label_file(Path(path)) for path in (options.file, options.reference)]
    columns = [[name for name in one.columns if name not in {FILE, INDEX}] for one in files]
    shared = [name for name in columns[0] if name in columns[1]]
    if not shared:
        raise GenauditError(
            f"{options.file} and {options.reference} share no column: {', '.join(columns[0]) or 'none'}; "
            f"{', '.join(columns[1]) or 'none'}.",
            "Call the same attribute the same in both files.",
        )
    if len(shared) > MOST_ATTRIBUTES:
        raise GenauditError(
            f"{options.file} and {options.reference} share {len(shared)} columns, and at most {MOST_ATTRIBUTES} "
            "attributes are compared.",
            "Leave the other columns away.",
        )
    attributes = {name: levels_in(name, (one.columns[name] for one in files)) for name in shared}
    annotators = {
        name: replace(annotator, spec=replace(annotator.spec, attribute=name, levels=levels))
        for name, levels in attributes.items()
    }
    return ScoredLabels(
        attributes=attributes,
        annotators=annotators,
        given={
            name: options.given(name, levels, samples=generated.count, items=generated.count, names=generated.names)
            for name, levels in attributes.items()
        },
        reference={
            name: labels_in_order(
                files[1],
                name,
                levels,
                samples=reference.count,
                items=reference.count,
                names=reference.names,
                what="reference",
            )
            for name, levels in attributes.items()
        },
        remarks=tuple(_left_out(columns, (options.file, options.reference))),
    )


def _left_out(columns: list[list[str]], files: tuple[str, str]) -> list[str]:
    said = []
    for mine, its, path in ((columns[0], columns[1], files[0]), (columns[1], columns[0], files[1])):
        alone = [name for name in mine if name not in its]
        if alone:
            said.append(f"Labels {', '.join(alone)} stand in {path} alone and are not compared.")
    return said
