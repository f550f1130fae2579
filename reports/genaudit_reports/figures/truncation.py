"""Shares of levels under truncation: where each begins, where it ends at the mean style, and where training lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.content.truncation import TruncatedRow, TruncatedTable, truncated_tables
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
from genaudit_reports.number_format import level, percent, percent_range, short
from genaudit_reports.safe_text import anchor

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

MOST_ROWS = 40


def truncation_figures(record: RunRecord) -> list[Figure]:
    """One chart for each attribute."""
    return [_figure(table) for table in truncated_tables(record)]


def _figure(table: TruncatedTable) -> Figure:
    rows = table.rows[:MOST_ROWS]
    interval = rows[0].at[table.least].interval
    others = enumerated(table)
    caption = (
        f"Share of each {table.attribute} among images whose styles are moved towards their mean, from truncation "
        f"{short(table.base)} to {short(table.least)}; small marks are {others} between."
        if others
        else f"Share of each {table.attribute} at truncation {short(table.base)} and at {short(table.least)}."
    )
    caption += f" Lines are {level(interval)} intervals at {short(table.least)}." if interval else ""
    return Figure(
        name=f"share_under_truncation_{anchor(table.attribute).replace('-', '_')}",
        finding=table.finding,
        caption=caption,
        columns=(
            table.attribute,
            "Training data",
            *(f"At {short(psi)}" for psi in reversed(table.truncations)),
            f"Interval at {short(table.least)}",
        ),
        rows=tuple(_cells(row, table) for row in table.rows),
        spec=_spec(rows, table, WIDE),
        narrow=_spec(rows, table, NARROW),
        key=(
            Key(sign="○", role="blue", text="training data"),
            Key(sign="|", role="ink", text=f"truncation {short(table.base)}"),
            Key(sign="◆", role="vermilion", text=f"truncation {short(table.least)}"),
        ),
    )


def enumerated(table: TruncatedTable) -> str:
    """The truncations between the two that are drawn large."""
    return ", ".join(short(psi) for psi in table.truncations if table.least < psi < table.base)


def _cells(row: TruncatedRow, table: TruncatedTable) -> tuple[str, ...]:
    interval = row.at[table.least].interval
    return (
        row.label,
        percent(row.training) if row.training is not None else "unknown",
        *(percent(row.at[psi].value, row.at[psi].interval) for psi in reversed(table.truncations)),
        percent_range(interval) if interval else "none",
    )


def _high(result: MetricResult) -> float:
    return result.interval.high if result.interval else result.value


def _spec(rows: tuple[TruncatedRow, ...], table: TruncatedTable, width: int) -> Spec:
    values: list[dict[str, object]] = []
    for row in rows:
        least = row.at[table.least]
        ends: dict[str, object] = {
            "level": row.label,
            "training": row.training,
            "base": row.at[table.base].value,
            "least": least.value,
            "low": least.interval.low if least.interval else least.value,
            "high": _high(least),
            "between": None,
        }
        values.append(ends)
        between = (psi for psi in table.truncations if table.least < psi < table.base)
        values += [{"level": row.label, "between": row.at[psi].value} for psi in between]
    ends_of_rows = [
        each for row in rows for at in row.at.values() for each in (at.value, _high(at), row.training or 0.0)
    ]
    most = max([0.1, *ends_of_rows])
    y = {"field": "level", "type": "nominal", "sort": None, "axis": label_axis([row.label for row in rows], width)}
    x = {
        "field": "training", "type": "quantitative", "scale": {"domain": [0, min(1.05 * most, 1)], "nice": False},
        "axis": percent_axis(tickCount=5 if width == WIDE else 3),
    }  # fmt: skip

    def only(field: str) -> dict[str, object]:
        return {"transform": [{"filter": f"isValid(datum.{field})"}]}

    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "color": MUTED, "strokeDash": [2, 3]},
            "encoding": {"y": y, "x": {**x, "field": "base"}, "x2": {"field": "least"}},
            **only("base"),
        },
        {
            "mark": {"type": "rule", "color": VERMILION, "strokeWidth": 3},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
            **only("low"),
        },
        {
            "mark": {
                "type": "point", "filled": True, "fill": CARD, "stroke": BLUE, "strokeWidth": 2.5, "size": 95,
                "opacity": 1,
            },
            "encoding": {"y": y, "x": x},
            **only("training"),
        },
        {
            "mark": {"type": "point", "filled": True, "color": VERMILION, "size": 22, "opacity": 1},
            "encoding": {"y": y, "x": {**x, "field": "between"}},
            **only("between"),
        },
        {
            "mark": {"type": "tick", "color": INK, "thickness": 2, "size": 13},
            "encoding": {"y": y, "x": {**x, "field": "base"}},
            **only("base"),
        },
        {
            "mark": {
                "type": "point", "shape": "diamond", "filled": True, "color": VERMILION, "size": 95, "opacity": 1,
            },
            "encoding": {"y": y, "x": {**x, "field": "least"}},
            **only("least"),
        },
    ]  # fmt: skip
    return chart(values, layers, width=width, height=27 * len(rows) + 40)
