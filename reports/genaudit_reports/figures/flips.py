"""What a translation changes: a matrix of what images show and what is read from their translations."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.content.flips import FlipRow, FlipTable, flip_tables
from genaudit_reports.figures.figure import Figure, Key
from genaudit_reports.figures.theme import BLUE, HAIRLINE, INK, NARROW, VERMILION, WIDE, Spec, axis, chart
from genaudit_reports.number_format import count, interval_range, rounded_value
from genaudit_reports.safe_text import anchor

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

MOST_LEVELS = 12
"""More columns would not be read on a telephone."""
FULL = 0.1
"""A difference from which a cell is drawn at full strength."""


def flip_figures(record: RunRecord) -> list[Figure]:
    """One matrix for every attribute and direction."""
    return [_figure(table) for table in flip_tables(record) if 1 < len(table.levels) <= MOST_LEVELS]


def _figure(table: FlipTable) -> Figure:
    columns = tuple(f"read as {level}" for level in table.levels)
    return Figure(
        name=f"flips_{anchor(f'{table.direction} {table.attribute}').replace('-', '_')}",
        finding=table.finding,
        caption=(
            f"{table.attribute.capitalize()} that images show (rows) and that is read from their translation "
            f"{table.direction} (columns), of 1\u202f000 images each; empty where there are none. The colour is the "
            "difference to what is read from their true translations, which is the reader's own error."
        ),
        columns=(table.attribute, *columns, "Beyond the reader's errors", "Interval", "n"),
        rows=tuple(_cells(row, table) for row in table.rows),
        spec=_spec(table, WIDE),
        narrow=_spec(table, NARROW),
        key=(
            Key(sign="■", role="vermilion", text="more often than in true translations"),
            Key(sign="■", role="blue", text="less often"),
        ),
    )


def _cells(row: FlipRow, table: FlipTable) -> tuple[str, ...]:
    cells = [row.cell(level) for level in table.levels]
    interval = row.excess.interval
    return (
        row.label,
        *("unknown" if cell is None else f"{1000 * cell[0]:.0f} (truly {1000 * cell[1]:.0f})" for cell in cells),
        rounded_value(row.excess.value, interval),
        interval_range(interval) if interval else "none",
        count(row.excess.n),
    )


def _spec(table: FlipTable, width: int) -> Spec:
    values = []
    for row in table.rows:
        for level in table.levels:
            cell = row.cell(level)
            if cell is None:
                continue
            read, truly = cell
            values.append(
                {
                    "shown": row.label,
                    "read": level,
                    "text": f"{1000 * read:.0f}" if read else "",
                    "more": read > truly,
                    "strength": min(abs(read - truly) / FULL, 1.0),
                }
            )
    x = {
        "field": "read", "type": "nominal", "sort": None,
        "axis": axis(f"{table.attribute} read from the translation", orient="top", labelAngle=0),
    }  # fmt: skip
    y = {"field": "shown", "type": "nominal", "sort": None, "axis": axis()}
    layers: list[Spec] = [
        {"mark": {"type": "rect", "filled": False, "stroke": HAIRLINE}, "encoding": {"x": x, "y": y}},
        {
            "mark": {"type": "rect"},
            "encoding": {
                "x": x,
                "y": y,
                "color": {"condition": {"test": "datum.more", "value": VERMILION}, "value": BLUE},
                "opacity": {
                    "field": "strength", "type": "quantitative", "legend": None,
                    "scale": {"domain": [0, 1], "range": [0, 0.75]},
                },
            },
        },
        {
            "mark": {"type": "text", "color": INK, "fontSize": 13 if width == WIDE else 10},
            "encoding": {"x": x, "y": y, "text": {"field": "text", "type": "nominal"}},
        },
    ]  # fmt: skip
    return chart(values, layers, width=width, height=26 * len(table.rows) + 70, y_title=f"{table.attribute} shown")
