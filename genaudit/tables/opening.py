"""What a user calls a table: a name, a path or a DataFrame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.errors import GenauditError, unknown_name
from genaudit.tables.embedded import EMBEDDED, EmbeddedSource

if TYPE_CHECKING:
    from genaudit.tables.source import TableSource

PARQUET = (".parquet", ".pq")
GIVE = "Or give the path of a CSV or Parquet file."


def open_table(given: object) -> TableSource:
    """The source of a table.

    Args:
        given: The name of an embedded table, the path of a CSV or Parquet file, the folder of a run of a generator, or
            a pandas DataFrame.

    Raises:
        GenauditError: There is no such table, or the head of the file cannot be read.

    >>> open_table("compas").facts.columns
    ('race', 'reoffended', 'flagged', 'count')
    """
    if isinstance(given, str | Path):
        return _named(given)
    if _is_frame(given):
        from genaudit.tables.data_frames import FrameSource

        return FrameSource(frame=given)  # type: ignore[arg-type]  # checked above, without importing pandas
    raise GenauditError(
        f"A table is a name, a path or a pandas DataFrame, not {type(given).__name__}.",
        f"Embedded tables: {', '.join(EMBEDDED)}.",
    )


def _named(given: str | Path) -> TableSource:
    path = Path(given)
    if str(given) == "-" or path.is_fifo() or path.is_char_device():
        raise GenauditError(
            f"{'Standard input' if str(given) == '-' else path} is a pipe, and a table is read more than once.",
            "Save it as a file first, and give its path.",
        )
    if str(given) in EMBEDDED and not path.is_file():
        return EmbeddedSource(table=EMBEDDED[str(given)])
    if not path.exists() and not path.suffix and len(path.parts) == 1:
        raise unknown_name("table", str(given), EMBEDDED, GIVE, listed="Embedded")
    if path.is_dir():
        return _folder(path)
    if not path.exists():
        raise GenauditError(f"Cannot read {path}: there is no such file.", "Give a CSV or Parquet file.")
    from genaudit.tables.duckdb_files import DuckdbSource, duckdb_is_installed, parquet_source

    if path.suffix.lower() in PARQUET:
        return parquet_source(path)
    from genaudit.tables.csv_files import CsvSource, dialect_of

    dialect = dialect_of(path)
    if duckdb_is_installed():
        return DuckdbSource(path=path, names=dialect.header, dialect=dialect)
    return CsvSource(path=path, dialect=dialect)


def _folder(path: Path) -> TableSource:
    from genaudit.tables.run_counts import COUNTS, RunSource

    if (path / COUNTS).is_file():
        return RunSource(folder=path)
    if (path / "counts.csv").is_file():
        raise GenauditError(f"{path} is the folder of an audit.", f"Audit its counts again: --table {path}/counts.csv.")
    if (path / "run.json").is_file():
        raise GenauditError(
            f"{path} is the folder of a run that kept no counts ({COUNTS}): no annotator read its images, or no audit "
            "took part.",
            "Give a run without --metrics, or with --metrics amplification, on data with annotators: colored-digits.",
        )
    raise GenauditError(f"{path} is a folder.", "Give one CSV or Parquet file, or the folder of a run.")


def _is_frame(given: Any) -> bool:  # noqa: ANN401 - whatever a caller hands over
    kind = type(given)
    return any(part.__module__.partition(".")[0] == "pandas" and part.__name__ == "DataFrame" for part in kind.__mro__)
