"""CSV files as people save them: with a byte order mark, with semicolons, with decimal commas; never all in memory."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from genaudit.errors import GenauditError
from genaudit.tables.cells import Cells, cells_of
from genaudit.tables.counting import count_rows, numbers, weights_of
from genaudit.tables.file_digest import file_digest
from genaudit.tables.guarding import unguarded, unguarded_cells
from genaudit.tables.score_scale import check_probabilities, check_scores, scale_of, spread_of
from genaudit.tables.source import TableFacts

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from genaudit.tables.cells import Key, Tally
    from genaudit.tables.columns import TableColumns
    from genaudit.tables.score_scale import ScoreScale
    from genaudit.tables.source import Progress

DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 256 * 1024
"""Bytes that are looked at before a file is read."""
CHUNK = 500_000
"""Rows that are held at once."""
EQUAL_ROWS = "Give a CSV file with one header line, as many fields in every row, and one kind of line ends."
_COMMA_NUMBER = re.compile(r"-?\d+(,\d+)+")
_POINT_NUMBER = re.compile(r"-?[\d,]*\.\d+")
_MAY_GROUP = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """How a CSV file is written."""

    delimiter: str
    header: tuple[str, ...]
    decimal_commas: frozenset[str] = frozenset()
    """Columns whose numbers are written with a decimal comma, as the beginning of the file shows."""
    unclear: Mapping[str, str] = field(default_factory=dict)
    """Columns whose commas may also group thousands, to a cell of each."""

    def check_numbers(self, *names: str) -> None:
        """Nothing, if it is clear how the numbers of these columns are written.

        Raises:
            GenauditError: A comma of one may be a decimal sign and may group thousands.
        """
        for name in names:
            if name in self.unclear:
                raise GenauditError(
                    f"Column '{name}' holds '{self.unclear[name]}', whose comma may be a decimal sign and may group "
                    "thousands: nothing in the column says which.",
                    "Write its numbers with a decimal point and without grouping.",
                )


def dialect_of(path: Path) -> Dialect:
    """The dialect, from the beginning of the file.

    Raises:
        GenauditError: The file cannot be read, is empty or is no UTF-8 text.
    """
    text = _beginning(path)
    if not text.strip() or not text.splitlines()[0].strip():
        raise GenauditError(f"{path} is empty, or its first line is.", "The first line holds the names of the columns.")
    try:
        delimiter = max(DELIMITERS, key=lambda mark: len(next(csv.reader(io.StringIO(text), delimiter=mark))))
        rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), 1_000))
    except csv.Error as error:
        raise damaged(path, error) from error
    header = _header(rows[0])
    commas, unclear = (frozenset[str](), {}) if delimiter == "," else _commas(header, rows[1:])
    return Dialect(delimiter=delimiter, header=header, decimal_commas=commas, unclear=unclear)


def _commas(header: tuple[str, ...], rows: list[list[str]]) -> tuple[frozenset[str], dict[str, str]]:
    """The columns with decimal commas, and those whose commas may be decimal or not."""
    decimal: set[str] = set()
    unclear: dict[str, str] = {}
    for place, name in enumerate(header):
        cells = [row[place].strip() for row in rows if place < len(row)]
        numbers = [cell for cell in cells if _COMMA_NUMBER.fullmatch(cell)]
        if not numbers:
            continue
        if any(_POINT_NUMBER.fullmatch(cell) for cell in cells) or all(map(_MAY_GROUP.fullmatch, numbers)):
            unclear[name] = numbers[0]
        else:
            decimal.add(name)
    return frozenset(decimal), unclear


def _header(cells: list[str]) -> tuple[str, ...]:
    """The names of the columns, as they were before they were guarded."""
    names = [name.strip() for name in cells]
    before = unguarded(names)
    return tuple(before[name] for name in names)


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvSource:
    """A CSV file, read in pieces by pandas."""

    path: Path
    dialect: Dialect

    @property
    def facts(self) -> TableFacts:
        """As ``TableSource.facts``."""
        return TableFacts(
            name=self.path.name, columns=self.dialect.header, how="CSV, read in pieces by pandas", source=self.path.name
        )

    def digest(self) -> str:
        """SHA-256 of the file."""
        return file_digest(self.path)

    def read(self, columns: TableColumns, progress: Progress) -> Cells:
        """As ``TableSource.read``."""
        import pandas as pd

        self.dialect.check_numbers(columns.weight, columns.score)
        try:
            self._check_rows()
            scale = self._scale(columns) if columns.score and not columns.decision else None
            return unguarded_cells(cells_of(columns.keys, self._counted(columns, scale, progress), scale))
        except (OSError, UnicodeDecodeError, pd.errors.ParserError) as error:
            raise damaged(self.path, error) from error

    def rows(self, names: tuple[str, ...]) -> pd.DataFrame:
        """As ``TableSource.rows``."""
        return rows_of(self.path, self.dialect, names)

    def _check_rows(self) -> None:
        """Nothing, if every row has as many fields as the header; pandas would fill up short ones and cut long ones."""
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, delimiter=self.dialect.delimiter)
            try:
                for row in reader:
                    if row and len(row) != len(self.dialect.header):
                        raise GenauditError(
                            f"Cannot read {self.path}: the header names {len(self.dialect.header)} columns, and line "
                            f"{reader.line_num} has {len(row)} fields.",
                            EQUAL_ROWS,
                        )
            except csv.Error as error:
                raise damaged(self.path, error) from error

    def _counted(
        self, columns: TableColumns, scale: ScoreScale | None, progress: Progress
    ) -> Iterator[tuple[Key, Tally]]:
        before = 0
        for rows in self._pieces(columns.named):
            yield from count_rows(rows, columns, scale=scale, commas=self.dialect.decimal_commas, before=before)
            before += len(rows)
            progress(len(rows))

    def _scale(self, columns: TableColumns) -> ScoreScale:
        """The cells of the score: the whole column is looked at before anything is counted."""
        parts = []
        before, commas = 0, self.dialect.decimal_commas
        for rows in self._pieces(tuple(filter(None, (columns.score, columns.weight)))):
            scores = numbers(rows[columns.score], columns.score, commas=commas, before=before)
            check_probabilities(columns.score, scores, kind=columns.score_kind, before=before)
            weights = weights_of(rows, columns, commas=commas, before=before)
            known = ~np.isnan(scores)
            values, place = np.unique(scores[known], return_inverse=True)
            parts.append((values, np.bincount(place, weights[known], minlength=len(values))))
            before += len(rows)
        values, weights = (np.concatenate([part[side] for part in parts] or [np.zeros(0)]) for side in (0, 1))
        check_scores(columns.score, len(np.unique(values)))
        return scale_of(spread_of(values, weights), columns)

    def _pieces(self, names: tuple[str, ...]) -> Iterator[pd.DataFrame]:
        import pandas as pd

        places = [self.dialect.header.index(name) for name in names]
        with pd.read_csv(
            self.path,
            sep=self.dialect.delimiter,
            header=0,
            names=list(range(len(self.dialect.header))),
            usecols=places,
            dtype=object,  # texts as they stand: as categories, 01 and 1 would be one number
            keep_default_na=False,
            encoding="utf-8-sig",
            chunksize=CHUNK,
            index_col=False,
        ) as pieces:
            for piece in pieces:
                yield piece[places].set_axis(list(names), axis=1)


def rows_of(path: Path, dialect: Dialect, names: tuple[str, ...]) -> pd.DataFrame:
    """Some columns of every row, numbers as numbers.

    Raises:
        GenauditError: The file is damaged.
    """
    import pandas as pd

    places = [dialect.header.index(name) for name in names]
    try:
        found = pd.read_csv(
            path,
            sep=dialect.delimiter,
            header=0,
            names=list(range(len(dialect.header))),
            usecols=places,
            decimal="," if dialect.decimal_commas.intersection(names) else ".",
            encoding="utf-8-sig",
            index_col=False,
            low_memory=False,
        )
    except (OSError, UnicodeDecodeError, pd.errors.ParserError) as error:
        raise damaged(path, error) from error
    return found[places].set_axis(list(names), axis=1)


def damaged(path: Path, error: BaseException) -> GenauditError:
    """The refusal of a file that cannot be read to its end."""
    if isinstance(error, UnicodeDecodeError):
        return GenauditError(f"{path} is not UTF-8 text ({error.reason}).", "Save it as UTF-8.")
    said = " ".join(str(error).split("- do you need")[0].split()).rstrip(".")
    return GenauditError(f"Cannot read {path}: {said}.", EQUAL_ROWS)


def _beginning(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(SAMPLE)
    except OSError as error:
        raise GenauditError(f"Cannot read {path}: {error.strerror}.", "Give a CSV or Parquet file.") from error
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise GenauditError(f"{path} is UTF-16 text.", "Save it as UTF-8.")
    if b"\0" in raw:
        raise GenauditError(f"{path} is no text.", "Give a CSV or Parquet file.")
    try:
        # a character may be cut in two at the end of the sample
        return codecs.getincrementaldecoder("utf-8-sig")().decode(raw, final=len(raw) < SAMPLE)
    except UnicodeDecodeError as error:
        raise damaged(path, error) from error
