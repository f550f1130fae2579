"""Files of any size, counted by DuckDB in bounded memory: the way of ``genaudit[tables]``."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from genaudit.errors import GenauditError
from genaudit.tables.cells import MOST_CELLS, Cells, Tally, cells_of, normalised, too_many_cells
from genaudit.tables.csv_files import EQUAL_ROWS, CsvSource, Dialect, rows_of
from genaudit.tables.file_digest import file_digest
from genaudit.tables.guarding import unguarded_cells
from genaudit.tables.row_weights import COUNT, MOST_COUNTED, refused_weight
from genaudit.tables.score_scale import (
    MOST_VALUES,
    PROBABILITY,
    RANK,
    TENTHS,
    ScoreSpread,
    check_scores,
    no_probability,
    scale_of,
)
from genaudit.tables.source import TableFacts, not_a_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from genaudit.tables.cells import Key
    from genaudit.tables.columns import TableColumns
    from genaudit.tables.score_scale import ScoreScale
    from genaudit.tables.source import Progress

Connection: TypeAlias = Any
"""DuckDB's own, which is there only with the extra."""

MEMORY = "1GiB"
"""What DuckDB may hold; a table of counts needs a small part of it."""
SURELY_MORE = 3 * MOST_VALUES
"""An estimated number of different scores above which there are surely more than ``MOST_VALUES``."""
EXTRA = "pip install 'genaudit[tables]'"


def duckdb_is_installed() -> bool:
    """Whether the extra is there and can be imported."""
    try:
        import duckdb  # noqa: F401 - what is tried is whether it can be
    except ImportError:
        return False
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class DuckdbSource:
    """A CSV or Parquet file."""

    path: Path
    names: tuple[str, ...]
    """Its columns, in order."""
    dialect: Dialect | None = None
    """None for Parquet."""

    @property
    def facts(self) -> TableFacts:
        """As ``TableSource.facts``."""
        kind = "CSV" if self.dialect else "Parquet"
        return TableFacts(
            name=self.path.name, columns=self.names, how=f"{kind}, counted by DuckDB", source=self.path.name
        )

    def digest(self) -> str:
        """SHA-256 of the file."""
        return file_digest(self.path)

    def read(self, columns: TableColumns, progress: Progress) -> Cells:
        """As ``TableSource.read``."""
        import duckdb

        if self.dialect:
            self.dialect.check_numbers(columns.weight, columns.score)
        with _connection() as connection:
            try:
                relation, parameters = self._relation()
                scale = self._check_numbers(connection, relation, parameters, columns)
                cells = cells_of(columns.keys, self._counted(connection, relation, parameters, columns, scale), scale)
                cells = unguarded_cells(cells) if self.dialect else cells
            except duckdb.Error as error:
                raise _damaged(self.path, error) from error
        progress(cells.rows)
        return cells

    def rows(self, names: tuple[str, ...]) -> pd.DataFrame:
        """As ``TableSource.rows``."""
        if self.dialect:
            return rows_of(self.path, self.dialect, names)
        import duckdb

        relation, parameters = self._relation()
        listed = ", ".join(f"{_quoted(name)} AS c{place}" for place, name in enumerate(names))
        with _connection() as connection:
            try:
                found: pd.DataFrame = connection.execute(f"SELECT {listed} FROM {relation}", parameters).df()  # noqa: S608
            except duckdb.Error as error:
                raise _damaged(self.path, error) from error
        return found.set_axis(list(names), axis=1)

    def _counted(
        self,
        connection: Connection,
        relation: str,
        parameters: list[Any],
        columns: TableColumns,
        scale: ScoreScale | None,
    ) -> Iterator[tuple[Key, Tally]]:
        inner = [self._text(name) if name != columns.score or not scale else "NULL" for name in columns.keys]
        outer = [_cell(scale) if scale and name == columns.score else f"k{at}" for at, name in enumerate(columns.keys)]
        read = ", ".join(f"{text} AS k{at}" for at, text in enumerate(inner))
        score = self._number(columns.score) if scale else "0"
        source = f"(SELECT {read}, {self._weight(columns)} AS w, {score} AS s FROM {relation})"  # noqa: S608
        sums = "count(*), sum(w)::DOUBLE, sum(w * w)::DOUBLE, fsum(w * s)::DOUBLE, fsum(w * s * s)::DOUBLE"
        places = ", ".join(map(str, range(1, len(outer) + 1)))
        query = f"SELECT {', '.join(outer)}, {sums} FROM {source} GROUP BY {places} LIMIT {MOST_CELLS + 1}"  # noqa: S608
        found = connection.execute(query, parameters).fetchall()
        if len(found) > MOST_CELLS:
            raise too_many_cells(columns.keys, [row[: len(outer)] for row in found])
        for row in found:
            rows, weights, squares, scores, score_squares = row[len(outer) :]
            known = Tally(int(rows), float(weights), float(squares), float(scores or 0), float(score_squares or 0))
            yield row[: len(outer)], known

    def _check_numbers(
        self,
        connection: Connection,
        relation: str,
        parameters: list[Any],
        columns: TableColumns,
    ) -> ScoreScale | None:
        """The cells of the score, if there is one; numbers that cannot be used are refused."""
        scale = None
        for name in filter(None, (columns.weight, "" if columns.decision else columns.score)):
            wrong, number = self._wrong(name, columns), self._number(name)
            asked = f"count(*) FILTER ({wrong}), approx_count_distinct({number}), min({number}), max({number})"
            refused, about, low, high = connection.execute(f"SELECT {asked} FROM {relation}", parameters).fetchone()  # noqa: S608
            if refused:
                raise self._refusal(connection, name, wrong, columns)
            if name != columns.weight:
                counted = f"(SELECT {number} AS s, {self._weight(columns)} AS w FROM {relation})"  # noqa: S608
                scale = scale_of(_spread(connection, counted, parameters, (about, low, high), columns), columns)
        return scale

    def _weight(self, columns: TableColumns) -> str:
        return self._number(columns.weight) if columns.weight else "1"

    def _wrong(self, name: str, columns: TableColumns) -> str:
        """What is true of a row whose weight or score cannot be one."""
        text, number = self._text(name), self._number(name)
        known = f"lower(trim({text})) NOT IN ('', 'na', 'n/a', 'nan', 'null', '<na>', 'nat', '#n/a')"
        no_number = f"({known} AND ({number} IS NULL OR NOT isfinite({number})))"
        if name != columns.weight:
            outside = f" OR {number} < 0 OR {number} > 1" if columns.score_kind == PROBABILITY else ""
            return f"{no_number}{outside}"
        fraction = f" OR {number} <> floor({number})" if columns.weight_kind == COUNT else ""
        return f"{no_number} OR {number} IS NULL OR {number} < 0 OR {number} > {MOST_COUNTED}{fraction}"

    def _refusal(self, connection: Connection, name: str, wrong: str, columns: TableColumns) -> GenauditError:
        """Why the first such row is refused."""
        if self.dialect:  # lines of a CSV file are read by many at once, and none knows its number
            try:
                CsvSource(path=self.path, dialect=self.dialect).read(columns, lambda _: None)
            except GenauditError as error:
                return error
            return GenauditError(f"Column '{name}' of {self.path.name} holds what is no number.", "Mend the column.")
        numbered = "read_parquet(?, file_row_number = true)"
        query = (
            f"SELECT file_row_number, {self._text(name)}, {self._number(name)} FROM {numbered} WHERE {wrong} ORDER BY 1"  # noqa: S608
        )
        row, text, value = connection.execute(f"{query} LIMIT 1", [_literal_path(self.path)]).fetchone()
        if normalised(text) is None:
            return refused_weight(name, math.nan, row + 1)
        if value is None or not math.isfinite(value):
            return not_a_number(name, text, row=row + 1)
        if name == columns.score:
            return no_probability(name, value, row + 1)
        return refused_weight(name, value, row + 1)

    def _text(self, name: str) -> str:
        return f"CAST({self._column(name)} AS VARCHAR)"

    def _number(self, name: str) -> str:
        text = self._text(name)
        if self.dialect and name in self.dialect.decimal_commas:
            text = f"replace({text}, ',', '.')"
        return f"nullif(TRY_CAST({text} AS DOUBLE), 'nan'::DOUBLE)"

    def _column(self, name: str) -> str:
        """A column of a CSV file by its place, so that no name has to be trusted; of Parquet by its quoted name."""
        if self.dialect:
            return f"c{self.names.index(name)}"
        return _quoted(name)

    def _relation(self) -> tuple[str, list[Any]]:
        if self.dialect is None:
            return "read_parquet(?)", [_literal_path(self.path)]
        columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(len(self.names)))
        reading = f"columns = {{{columns}}}, auto_detect = false, header = true"
        marks = f"delim = {_text_literal(self.dialect.delimiter)}, quote = '\"', escape = '\"', strict_mode = true"
        return f"read_csv(?, {reading}, {marks})", [_literal_path(self.path)]


def parquet_source(path: Path) -> DuckdbSource:
    """A Parquet file, with its columns.

    Raises:
        GenauditError: DuckDB is not installed, or the file is no Parquet.
    """
    if not duckdb_is_installed():
        raise GenauditError(f"Reading Parquet ({path.name}) needs DuckDB, which is not installed.", f"{EXTRA}.")
    import duckdb

    if not path.is_file():
        raise GenauditError(f"Cannot read {path}: there is no such file.", "Give a CSV or Parquet file.")
    with _connection() as connection:
        try:
            described = connection.execute("DESCRIBE SELECT * FROM read_parquet(?)", [_literal_path(path)]).fetchall()
        except duckdb.Error as error:
            raise _damaged(path, error) from error
    return DuckdbSource(path=path, names=tuple(str(row[0]) for row in described))


def _cell(scale: ScoreScale) -> str:
    """The number of the cell of the score ``s``, as text."""
    steps = " ".join(f"WHEN s < {bound!r} THEN '{cell}'" for cell, bound in enumerate(scale.bounds))
    return f"CASE WHEN s IS NULL THEN NULL {steps} ELSE '{len(scale.bounds)}' END"


def _spread(
    connection: Connection, counted: str, parameters: list[Any], known: tuple[int, float, float], columns: TableColumns
) -> ScoreSpread:
    """The spread of the scores ``s`` with weights ``w``; exact, in bounded memory."""
    about, low, high = known
    values: list[float] = []
    if about <= SURELY_MORE:
        query = f"SELECT DISTINCT s FROM {counted} WHERE s IS NOT NULL ORDER BY s LIMIT {MOST_VALUES + 1}"  # noqa: S608
        values = [row[0] + 0.0 for row in connection.execute(query, parameters).fetchall()]
        check_scores(columns.score, len(values))
    if 0 < len(values) <= MOST_VALUES:
        return ScoreSpread(low=values[0], high=values[-1], values=tuple(values))
    spread = ScoreSpread(low=low, high=high)
    if spread.within_one and columns.score_kind != RANK:
        return spread
    tenths = ", ".join(f"min(s) FILTER (below >= {tenth!r} * total)" for tenth in TENTHS)
    each = f"SELECT s, sum(w)::DOUBLE AS w FROM {counted} WHERE s IS NOT NULL GROUP BY s"  # noqa: S608
    summed = f"SELECT s, sum(w) OVER (ORDER BY s) AS below, sum(w) OVER () AS total FROM ({each})"  # noqa: S608
    found = connection.execute(f"SELECT {tenths} FROM ({summed})", parameters).fetchone()  # noqa: S608
    return replace(spread, tenths=tuple(map(float, found)))


def _connection() -> Connection:
    import duckdb

    quiet = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    return duckdb.connect(":memory:", config={"memory_limit": MEMORY, "preserve_insertion_order": "false", **quiet})


def _literal_path(path: Path) -> str:
    """The path with every sign that DuckDB would read as a pattern in brackets."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def _quoted(name: str) -> str:
    doubled = name.replace('"', '""')
    return f'"{doubled}"'


def _text_literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _damaged(path: Path, error: BaseException) -> GenauditError:
    told = str(error).split("Possible fixes")[0].split("\n\n")[0]  # fixes are options of DuckDB, which nobody sets here
    said = " ".join(told.split()).rstrip(".")
    return GenauditError(f"Cannot read {path}: {said[:300]}.", f"{EQUAL_ROWS} Or Parquet.")
