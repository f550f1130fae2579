"""A table of the terminal, without knowing how it is drawn."""

from __future__ import annotations

from dataclasses import dataclass

ARROWS = {"higher": "↑", "lower": "↓", "none": ""}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table: headings, rows of cells, and the columns that hold numbers."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: tuple[int, ...]
