"""A chart with all that makes it readable without being seen."""

from __future__ import annotations

from dataclasses import dataclass

from genaudit_reports.figures.theme import Spec


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """One entry of a chart's key: a sign in the mark's colour and shape, and what it stands for."""

    sign: str
    role: str
    """Role of the palette."""
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A chart, its finding as a sentence, and its numbers as a table."""

    name: str
    """Name of the file ``charts/NAME.vl.json``."""
    finding: str
    """What the chart shows, as sentences: what a person hears who cannot see it."""
    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The data, formatted; the first column names the row."""
    spec: Spec
    narrow: Spec
    """The same for a telephone."""
    key: tuple[Key, ...] = ()
    meaning: str = ""
    """What one shape or another of it would mean."""
