"""What a run of a generator keeps of its annotated images: counts in a small file, a table for ``genaudit audit``."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from genaudit.errors import GenauditError
from genaudit.tables.cells import Cells, Tally, cells_of
from genaudit.tables.row_weights import MOST_COUNTED
from genaudit.tables.score_scale import no_scores
from genaudit.tables.source import TableFacts
from genaudit.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path  # noqa: TC004 - an annotation that nothing reads while the program runs

    import pandas as pd

    from genaudit.tables.columns import TableColumns
    from genaudit.tables.source import Progress
    from genaudit.values.counts import AttributeReading, LevelCounts

COUNTS = "counts.json"
SCHEMA = 1
SET, COUNT, AS_ASKED = "set", "count", "as asked"
GENERATED, TRAINING = "generated", "training"
AS_READ = (
    "What is called people here are images. Their groups and labels are counted as they were read, and a reader's "
    "errors are not taken out: the run's own report has shares that they are taken out of."
)
GUESS = "Labels are a reader's guess about how an image looks, not about who somebody is."


def counts_json(counts: LevelCounts, *, generator: str, dataset: str) -> str:
    """The counts of a run: a row for each combination of levels, who read them, and how often that errs.

    Training images stand beside the generated ones, by their labels. Of a generator that was asked for a level,
    ``asked ATTRIBUTE`` says for which, and ``as asked`` whether it was read.
    """
    asked = [f"asked {counts.asked}", AS_ASKED] if counts.asked else []
    document = {
        "schema": SCHEMA,
        "generator": generator,
        "dataset": dataset,
        "columns": [SET, *asked, *counts.attributes, COUNT],
        "rows": [*_generated(counts), *_training(counts)],
        "readers": [_reader(reading) for reading in counts.readings],
    }
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")) + "\n"


def _generated(counts: LevelCounts) -> Iterator[list[str | int | None]]:
    if counts.asked_levels is None or counts.asked_counts is None:
        for levels, count in zip(counts.levels.tolist(), counts.generated.tolist(), strict=True):
            if count:
                yield [GENERATED, *_named(counts, levels), count]
        return
    place = counts.attributes.index(counts.asked)
    for (wanted, *levels), count in zip(counts.asked_levels.tolist(), counts.asked_counts.tolist(), strict=True):
        met = "yes" if levels[place] == wanted else "no"
        yield [GENERATED, counts.readings[place].levels[wanted], met, *_named(counts, levels), count]


def _training(counts: LevelCounts) -> Iterator[list[str | int | None]]:
    nothing = [None, None] if counts.asked else []
    for levels, count in zip(counts.levels.tolist(), counts.training.tolist(), strict=True):
        if count:
            yield [TRAINING, *nothing, *_named(counts, levels), count]


def _named(counts: LevelCounts, levels: list[int]) -> list[str]:
    return [reading.levels[level] for reading, level in zip(counts.readings, levels, strict=True)]


def _reader(reading: AttributeReading) -> dict[str, Any]:
    return {
        "attribute": reading.attribute,
        "levels": reading.levels,
        "annotator": reading.annotator,
        "method": reading.method,
        "confusion": None if reading.confusion is None else reading.confusion.tolist(),
        "measured_on": reading.measured_on,
        "design_effect": reading.design_effect,
    }


@dataclass(frozen=True, kw_only=True)
class RunSource:
    """The folder of a run as a table. Only generated images count unless the column ``set`` is named."""

    folder: Path

    @property
    def facts(self) -> TableFacts:
        """As ``TableSource.facts``."""
        document = self._document
        generator, dataset = (printable(str(document.get(name, "")), 60) for name in ("generator", "dataset"))
        total = sum(row[-1] for row in document["rows"] if row[0] == GENERATED)
        return TableFacts(
            name=self.folder.name,
            columns=tuple(document["columns"]),
            how="counts that a run kept of its annotated images",
            summary=f"{total:,} generated images of {generator}, and the training images of {dataset}.",
            source=f"run {self.folder.name}",
            caveats=(*map(_reader_sentence, document.get("readers", ())), AS_READ, GUESS),
            weight=COUNT,
            as_read=True,
        )

    def digest(self) -> str:
        """SHA-256 of the file."""
        return hashlib.sha256(self._content).hexdigest()

    def read(self, columns: TableColumns, progress: Progress) -> Cells:
        """As ``TableSource.read``; every row counts as many images as its ``count`` says."""
        if columns.score:
            raise no_scores(self.folder.name, columns.score)
        document, counted = self._document, []
        for row in document["rows"]:
            named = dict(zip(document["columns"], row, strict=True))
            if SET not in columns.keys and named[SET] != GENERATED:
                continue
            weight = float(named[columns.weight or COUNT])
            counted.append((tuple(named[name] for name in columns.keys), Tally(int(weight), weight, weight)))
        progress(sum(tally.rows for _, tally in counted))
        return cells_of(columns.keys, counted)

    def rows(self, names: tuple[str, ...]) -> pd.DataFrame:  # noqa: ARG002 - as every source
        """As ``TableSource.rows``: there are none."""
        raise GenauditError(f"{self.folder.name} holds counts and no rows.", "Give a table of rows.")

    @cached_property
    def _content(self) -> bytes:
        path = self.folder / COUNTS
        try:
            return path.read_bytes()
        except OSError as error:
            raise GenauditError(f"Cannot read {path}: {error.strerror}.", "Give the folder of a run.") from error

    @cached_property
    def _document(self) -> dict[str, Any]:
        try:
            document = json.loads(self._content)
            wrong = _wrong(document)
        except (ValueError, RecursionError) as error:
            wrong = f"it is no JSON ({printable(str(error), 80)})"
        if wrong:
            raise GenauditError(
                f"Cannot use {self.folder / COUNTS}: {wrong}.", "Run the generator again, or give a CSV file of counts."
            )
        found: dict[str, Any] = document
        return found


def _wrong(document: object) -> str:
    """What keeps a file from being the counts of a run; empty if nothing does."""
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        return f"it is not of schema {SCHEMA}, which this version reads"
    columns, rows = document.get("columns"), document.get("rows")
    if not isinstance(columns, list) or not all(isinstance(name, str) for name in columns):
        return "its columns are no list of names"
    if columns[:1] != [SET] or columns[-1:] != [COUNT]:
        return f"its columns do not begin with '{SET}' and end with '{COUNT}'"
    readers = document.get("readers", [])
    if not isinstance(readers, list) or not all(isinstance(reader, dict) for reader in readers):
        return "its readers are no list"
    if not isinstance(rows, list) or not rows:
        return "it has no row"
    return next(filter(None, (_wrong_row(number, row, len(columns)) for number, row in enumerate(rows, start=1))), "")


def _wrong_row(number: int, row: object, width: int) -> str:
    if not isinstance(row, list) or len(row) != width:
        return f"row {number} has not {width} cells"
    if not all(cell is None or isinstance(cell, str) for cell in row[:-1]):
        return f"row {number} holds a level that is no text"
    if type(row[-1]) is not int or not 0 <= row[-1] <= MOST_COUNTED:
        return f"row {number} counts {printable(str(row[-1]), 20)} images"
    return ""


def _reader_sentence(reader: dict[str, Any]) -> str:
    """Who read an attribute, and how often that errs."""
    attribute, method = (printable(str(reader.get(name, "")), 80) for name in ("attribute", "method"))
    said = f"{attribute.capitalize()} was read by {method}"
    confusion = reader.get("confusion")
    try:
        right = sum(row[place] for place, row in enumerate(confusion or ()))
        total = sum(map(sum, confusion or ()))
    except (TypeError, IndexError):
        right = total = 0
    if not total:
        return f"{said}, whose errors were not measured."
    on = printable(str(reader.get("measured_on", "")), 80)
    return f"{said}, right for {right:,} of {total:,} labelled images of {on}."
