"""Shares of a group in the training data and among generated images: dumbbells."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.content.shares import ShareRow, ShareTable, share_tables
from genaudit_reports.figures.figure import Figure, Key
from genaudit_reports.figures.theme import (
    BLUE,
    CARD,
    INK,
    MUTED,
    NARROW,
    VERMILION,
    WIDE,
    Spec,
    chart,
    label_axis,
    percent_axis,
)
from genaudit_reports.number_format import count, level, percent, percent_range
from genaudit_reports.safe_text import anchor

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

MOST_ROWS = 40


def share_figures(record: RunRecord) -> list[Figure]:
    """One dumbbell chart for every share that was read in both places."""
    return [_figure(table) for table in share_tables(record) if len(table.drawable) > 1]


def _figure(table: ShareTable) -> Figure:
    rows = table.drawable[:MOST_ROWS]
    first = next((row.interval for row in rows if row.interval), None)
    caption = f"{table.title}; {table.correction}"
    caption += f"; lines are {level(first)} intervals." if first else "."
    if len(rows) < len(table.drawable):
        caption += f" The first {len(rows)} of {len(table.drawable)} are shown."
    read = any(row.as_read is not None for row in rows)
    return Figure(
        name=f"share_{anchor(table.title).replace('-', '_')}",
        finding=table.finding,
        caption=caption,
        columns=(
            table.row_title,
            f"{table.compared.capitalize()} data",
            "n",
            *(("As read",) if read else ()),
            "Generated",
            "Interval",
            "n",
        ),
        rows=tuple(_cells(row, read=read) for row in table.rows),
        spec=_spec(rows, WIDE),
        narrow=_spec(rows, NARROW),
        key=(
            Key(sign="○", role="blue", text=f"{table.compared} data"),
            *((Key(sign="|", role="ink", text="generated, as read"),) if read else ()),
            Key(sign="◆", role="vermilion", text="generated, corrected" if read else "generated"),
        ),
    )


def _cells(row: ShareRow, *, read: bool) -> tuple[str, ...]:
    return (
        row.label,
        percent(row.reference) if row.reference is not None else "unknown",
        count(row.n_reference) if row.n_reference else "unknown",
        *((percent(row.as_read) if row.as_read is not None else "unknown",) if read else ()),
        percent(row.generated, row.interval) if row.generated is not None else "not estimable",
        percent_range(row.interval) if row.interval else row.missing or "none",
        count(row.n_generated) if row.n_generated else "–",
    )


def _spec(rows: list[ShareRow], width: int) -> Spec:
    values = [
        {
            "group": row.label,
            "training": row.reference,
            "as_read": row.as_read,
            "generated": row.generated,
            "low": row.interval.low if row.interval else None,
            "high": row.interval.high if row.interval else None,
        }
        for row in rows
    ]
    y = {"field": "group", "type": "nominal", "sort": None, "axis": label_axis([row.label for row in rows], width)}
    scale = {"domain": [0, 1], "nice": False}
    ticks = [0, 0.25, 0.5, 0.75, 1]
    x = {"field": "training", "type": "quantitative", "scale": scale, "axis": percent_axis(values=ticks)}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "color": MUTED, "strokeDash": [2, 3]},
            "encoding": {"y": y, "x": x, "x2": {"field": "generated"}},
        },
        {
            "mark": {"type": "rule", "color": VERMILION, "strokeWidth": 3},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {
                "type": "point", "filled": True, "fill": CARD, "stroke": BLUE, "strokeWidth": 2.5, "size": 95,
                "opacity": 1,
            },
            "encoding": {"y": y, "x": x},
        },
        {
            "mark": {"type": "tick", "color": INK, "thickness": 2, "size": 13},
            "encoding": {"y": y, "x": {**x, "field": "as_read"}},
            "transform": [{"filter": "isValid(datum.as_read)"}],
        },
        {
            "mark": {
                "type": "point", "shape": "diamond", "filled": True, "color": VERMILION, "size": 95, "opacity": 1,
            },
            "encoding": {"y": y, "x": {**x, "field": "generated"}},
        },
    ]  # fmt: skip
    return chart(values, layers, width=width, height=27 * len(values) + 40)
