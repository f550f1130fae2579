"""Rows in memory, counted by their values: the way of data frames and of pieces of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from genaudit.errors import GenauditError
from genaudit.tables.cells import MOST_CELLS, Tally, normalised, too_many_cells
from genaudit.tables.row_weights import check_weights
from genaudit.tables.source import not_a_number

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd
    from numpy.typing import NDArray

    from genaudit.tables.cells import Key
    from genaudit.tables.columns import TableColumns
    from genaudit.tables.score_scale import ScoreScale

LARGEST_CODE = 2**40


def count_rows(
    rows: pd.DataFrame,
    columns: TableColumns,
    *,
    scale: ScoreScale | None = None,
    commas: frozenset[str] = frozenset(),
    before: int = 0,
) -> Iterator[tuple[Key, Tally]]:
    """The combinations of values in some rows, with their counts.

    Args:
        rows: The columns ``columns.named``, under these names.
        columns: Which column is what.
        scale: The cells of the score, if a score makes the decision.
        commas: Columns whose texts of numbers have a decimal comma.
        before: Rows of the table that were read before these.

    Raises:
        GenauditError: A weight is missing, negative or no number; a score is no number, or the columns tell single
            people apart.
    """
    weights = weights_of(rows, columns, commas=commas, before=before)
    scores = numbers(rows[columns.score], columns.score, commas=commas, before=before) if scale else None
    coded = [
        _in_cells(scores, scale) if scale and scores is not None and name == columns.score else _coded(rows[name], name)
        for name in columns.keys
    ]
    first, cell_of = _cells_of_rows([codes for codes, _ in coded], [len(levels) for _, levels in coded])
    if len(first) > MOST_CELLS:
        raise too_many_cells(columns.keys)
    counts = np.bincount(cell_of)
    sums, squares = np.bincount(cell_of, weights), np.bincount(cell_of, weights * weights)
    known = np.zeros(len(rows)) if scores is None else np.nan_to_num(scores)
    means, spreads = (np.bincount(cell_of, weights * power) for power in (known, known * known))
    for cell, row in enumerate(first):
        key = tuple(levels[codes[row]] if codes[row] >= 0 else None for codes, levels in coded)
        yield (
            key,
            Tally(int(counts[cell]), float(sums[cell]), float(squares[cell]), float(means[cell]), float(spreads[cell])),
        )


def _cells_of_rows(codes: list[NDArray[np.int64]], sizes: list[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The first row of each combination of codes, and the number of the combination of each row."""
    combined = np.zeros(len(codes[0]), dtype=np.int64)
    size = 1
    for code, levels in zip(codes, sizes, strict=True):
        if size * (levels + 1) > LARGEST_CODE:  # columns that tell single people apart
            combined = np.unique(combined, return_inverse=True)[1]
            size = int(combined.max(initial=0)) + 1
        combined = combined * (levels + 1) + code + 1
        size *= levels + 1
    _, first, cell_of = np.unique(combined, return_index=True, return_inverse=True)
    return first, cell_of


def _in_cells(scores: NDArray[np.float64], scale: ScoreScale) -> tuple[NDArray[np.int64], list[str]]:
    """The cell of each row's score, -1 where it has none."""
    cell = np.searchsorted(np.array(scale.bounds), scores, side="right")
    return np.where(np.isnan(scores), -1, cell).astype(np.int64), list(map(str, range(len(scale.bounds) + 1)))


def _coded(column: pd.Series[Any], name: str) -> tuple[NDArray[np.int64], list[str]]:
    """A code for each row, -1 where the value is missing, and the text of each code."""
    import pandas as pd

    try:
        codes, levels = pd.factorize(column, use_na_sentinel=True)
    except TypeError:
        raise GenauditError(
            f"Column '{name}' holds lists or other values that cannot be told apart by equality.",
            "Give texts, numbers or True and False.",
        ) from None
    return np.asarray(codes, dtype=np.int64), [_text(level) for level in levels]


def numbers(
    column: pd.Series[Any], name: str, *, commas: frozenset[str] = frozenset(), before: int = 0
) -> NDArray[np.float64]:
    """The numbers of a column, NaN where one is missing.

    Raises:
        GenauditError: A value is no number, or not a finite one.
    """
    import pandas as pd

    if not pd.api.types.is_numeric_dtype(column):
        codes, levels = pd.factorize(column, use_na_sentinel=True)
        plain = _plain_numbers(np.asarray(levels))
        if plain is not None:
            return np.append(plain, np.nan)[codes]
        read = [_number(str(level), comma=name in commas) for level in levels]
        for place, (level, value) in enumerate(zip(levels, read, strict=True)):
            if value is None:
                raise not_a_number(name, str(level), row=before + 1 + int(np.argmax(np.asarray(codes) == place)))
        return np.asarray([*read, np.nan], dtype=np.float64)[codes]
    values = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if np.isinf(values).any():
        place = int(np.argmax(np.isinf(values)))
        raise not_a_number(name, f"{values[place]:g}", row=before + 1 + place)
    return values


def _plain_numbers(texts: NDArray[Any]) -> NDArray[np.float64] | None:
    """All texts as finite numbers at once; None if one of them needs a closer look."""
    try:
        values = texts.astype(np.float64)
    except (TypeError, ValueError):
        return None
    return values if np.isfinite(values).all() else None


def _number(text: str, *, comma: bool) -> float | None:
    """A number, NaN if none is there; None for what is no number or not a finite one."""
    known = normalised(text)
    if known is None:
        return np.nan
    try:
        value = float(known.replace(",", ".") if comma else known)
    except ValueError:
        return None
    return value if np.isfinite(value) else None


def weights_of(
    rows: pd.DataFrame, columns: TableColumns, *, commas: frozenset[str] = frozenset(), before: int = 0
) -> NDArray[np.float64]:
    """How many people each row stands for.

    Raises:
        GenauditError: As ``check_weights``.
    """
    if not columns.weight:
        return np.ones(len(rows))
    values = numbers(rows[columns.weight], columns.weight, commas=commas, before=before)
    check_weights(columns.weight, values, kind=columns.weight_kind, before=before)
    return values


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
