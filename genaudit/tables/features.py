"""Rows of a table as features and an outcome, for the one audit that needs rows: the screen of associations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.errors import GenauditError, unknown_name
from genaudit.tables.cells import normalised
from genaudit.tables.coding import TIMES
from genaudit.values.features import FeatureTable
from genaudit.values.printable import printable
from genaudit.values.sorting import sort_key

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from genaudit.tables.coding import CodedTables
    from genaudit.tables.columns import TableColumns
    from genaudit.tables.source import TableFacts, TableSource

EVERY = "all"
"""Stands for every column that has no other role."""
MOST_VALUES = 100_000_000
"""Rows times columns that are held in memory."""
MOST_LEVELS = 20
"""Values of a column of texts that become a feature each; a column with more is left out."""


def feature_columns(facts: TableFacts, columns: TableColumns) -> tuple[str, ...]:
    """The columns that are screened.

    Raises:
        GenauditError: One has another role, or the table holds counts and not rows.
    """
    if not columns.features:
        return ()
    if columns.weight:
        raise GenauditError(
            f"--features needs one row a person, and '{columns.weight}' says that a row of {facts.name} is several.",
            "Give the table of rows.",
        )
    taken = {*columns.named, columns.decision, columns.truth, columns.score}
    every = columns.features == (EVERY,) and EVERY not in facts.columns
    unknown = [] if every else [name for name in columns.features if name not in facts.columns]
    if unknown:
        raise unknown_name("column", unknown[0], facts.columns, "It was named by --features.", listed="There are")
    if every:
        return tuple(dict.fromkeys(name for name in facts.columns if name not in taken))
    twice = [name for name in columns.features if name in {columns.decision, columns.truth, columns.score}]
    if twice:
        raise GenauditError(f"'{twice[0]}' is what the features are compared with, so it is none of them.")
    return columns.features


def read_features(
    source: TableSource, columns: TableColumns, coded: CodedTables
) -> tuple[FeatureTable, tuple[str, ...]]:
    """The features of every row whose decision is known, and what was left out.

    Raises:
        GenauditError: There are too many values for the memory, or no feature is left.
    """
    names = feature_columns(source.facts, columns)
    if coded.rows * len(names) > MOST_VALUES:
        raise GenauditError(
            f"{coded.rows:,} rows of {len(names):,} features are more than the {MOST_VALUES:,} values that are held in "
            "memory.",
            "Name fewer columns with --features, or give a sample of the rows.",
        )
    outcome = columns.decision or columns.score
    rows = source.rows((outcome, *names))
    values = _outcome(rows.iloc[:, 0], columns, coded)
    known = ~np.isnan(values)
    found: dict[str, NDArray[np.float64]] = {}
    left = []
    for place, name in enumerate(names, start=1):
        made = _encoded(rows.iloc[:, place], printable(name, 60))
        left += [] if made else [printable(name, 60)]
        found |= {key: column[known] for key, column in made.items() if key not in found}
    if not found:
        raise GenauditError(f"None of {', '.join(names[:10]) or 'the columns'} is a number or has few values.")
    table = FeatureTable(
        names=tuple(found),
        features=np.column_stack(list(found.values())),
        outcome=coded.tables[0].decision,
        values=values[known],
        source=source.facts.name,
    )
    remarks = ((f"Left out of the screen, with more than {MOST_LEVELS} values that are no numbers, or one alone: "
               f"{', '.join(left[:20])}."),) if left else ()  # fmt: skip
    return table, remarks


def _outcome(column: pd.Series[Any], columns: TableColumns, coded: CodedTables) -> NDArray[np.float64]:
    """1 where the decision is yes, 0 where it is no, NaN where it is not known."""
    if not columns.decision:
        scores = _numbers(column)
        return np.where(np.isnan(scores), np.nan, scores >= float(columns.threshold or 0.0))
    yes = coded.yes[columns.decision]
    codes, levels = _factorized(column)
    meaning = np.array([np.nan if level is None else float(level in yes) for level in levels] + [np.nan])
    return np.asarray(meaning[codes], dtype=np.float64)


def _encoded(column: pd.Series[Any], name: str) -> dict[str, NDArray[np.float64]]:
    """A column of numbers as it is, one of few texts as a column of 0 and 1 for each; nothing for any other."""
    numbers = _numbers(column)
    _, levels = _factorized(column)
    present = sorted({level for level in levels if level is not None}, key=sort_key)
    if len(present) < 2:
        return {}
    if not np.isnan(numbers[column.notna().to_numpy()]).any() or _all_numbers(present):
        return {name: numbers}
    if len(present) > MOST_LEVELS:
        return {}
    codes, levels = _factorized(column)
    each = {}
    for level in present[1:] if len(present) == 2 else present:
        meaning = np.array([np.nan if known is None else float(known == level) for known in levels] + [np.nan])
        each[f"{name}{TIMES}{printable(level, 40)}"] = np.asarray(meaning[codes], dtype=np.float64)
    return each


def _factorized(column: pd.Series[Any]) -> tuple[NDArray[np.int64], list[str | None]]:
    """A code for each row, -1 where a value is missing, and what each code stands for."""
    import pandas as pd

    codes, levels = pd.factorize(column, use_na_sentinel=True)
    return np.asarray(codes, dtype=np.int64), [normalised(str(level)) for level in levels]


def _numbers(column: pd.Series[Any]) -> NDArray[np.float64]:
    import pandas as pd

    found = pd.to_numeric(column.astype(str) if column.dtype == "category" else column, errors="coerce")
    values = np.asarray(found.to_numpy(dtype=np.float64, na_value=np.nan), dtype=np.float64)
    return np.where(np.isinf(values), np.nan, values)


def _all_numbers(texts: list[str]) -> bool:
    return all(sort_key(text)[0] == 0 for text in texts)
