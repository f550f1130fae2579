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
    y = {"field": "level", "type": "nominal", "sort": None, "axis": label_axis([row.label for row in rows], width)}
    x = {
        "field": "training", "type": "quantitative", "scale": {"domain": [0, _furthest(rows)], "nice": False},
        "axis": percent_axis(tickCount=5 if width == WIDE else 3),
    }  # fmt: skip
    return chart(_values(rows, table), _layers(x, y), width=width, height=27 * len(rows) + 40)


def _furthest(rows: tuple[TruncatedRow, ...]) -> float:
    """Where the axis of shares ends: beyond all that is drawn, and never beyond 1."""
    drawn = [each for row in rows for at in row.at.values() for each in (at.value, _high(at), row.training or 0.0)]
    return min(1.05 * max(0.1, *drawn), 1)


def _values(rows: tuple[TruncatedRow, ...], table: TruncatedTable) -> list[dict[str, object]]:
    """Of each row one entry with its ends, then one for each truncation between them."""
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
    return values


def _layers(x: Spec, y: Spec) -> list[Spec]:
    """The way between both ends, the interval, training, what lies between, then the ends themselves."""

    def layer(field: str, mark: Spec, end: str = "") -> Spec:
        encoding = {"y": y, "x": {**x, "field": field}} | ({"x2": {"field": end}} if end else {})
        return {"mark": mark, "encoding": encoding, "transform": [{"filter": f"isValid(datum.{field})"}]}

    point = {"type": "point", "filled": True, "opacity": 1}
    return [
        layer("base", {"type": "rule", "color": MUTED, "strokeDash": [2, 3]}, "least"),
        layer("low", {"type": "rule", "color": VERMILION, "strokeWidth": 3}, "high"),
        layer("training", {**point, "fill": CARD, "stroke": BLUE, "strokeWidth": 2.5, "size": 95}),
        layer("between", {**point, "color": VERMILION, "size": 22}),
        layer("base", {"type": "tick", "color": INK, "thickness": 2, "size": 13}),
        layer("least", {**point, "shape": "diamond", "color": VERMILION, "size": 95}),
    ]
