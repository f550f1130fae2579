"""Bias amplification of pairs of levels: an arrow from no change to the change, with its interval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.content.amplification import AmplificationTable, amplification_tables
from genaudit_reports.figures.figure import Figure, Key
from genaudit_reports.figures.theme import INK, MUTED, NARROW, VERMILION, WIDE, Spec, axis, chart, label_axis
from genaudit_reports.number_format import count, interval_range, level, rounded_value
from genaudit_reports.safe_text import anchor

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

MOST_ROWS = 40
MEAN = "mean"
LEAST_REACH = 0.05
"""Half of the axis at least, so that noise does not look like a change."""


def amplification_figures(record: RunRecord) -> list[Figure]:
    """One chart for every two attributes whose pairs were compared."""
    return [_figure(table) for table in amplification_tables(record)]


def _figure(table: AmplificationTable) -> Figure:
    rows = [*table.rows[:MOST_ROWS], *([(MEAN, table.mean)] if table.mean else [])]
    first = next((result.interval for _, result in rows if result.interval), None)
    caption = (
        "Change of the share of a level within a row, counted in the direction in which "
        f"{'training' if table.compared == 'training' else 'the reference set'} lies from "
        f"{table.direction.removeprefix('away from ') or 'its reference'}: right of 0 the link is stronger among "
        "generated images, left of 0 weaker"
    )
    caption += f"; lines are {level(first)} intervals." if first else "."
    if len(table.rows) > MOST_ROWS:
        caption += f" The first {MOST_ROWS} of {len(table.rows)} are shown."
    return Figure(
        name=f"amplification_{anchor(table.title).replace('-', '_')}",
        finding=table.finding,
        caption=caption,
        columns=(table.row_title, "Bias amplification", "Interval", "n"),
        rows=tuple(_cells(label, result) for label, result in [*table.rows, *rows[len(table.rows[:MOST_ROWS]) :]]),
        spec=_spec(rows, WIDE),
        narrow=_spec(rows, NARROW),
        key=(
            Key(sign="◆", role="vermilion", text="a pair of levels"),
            *((Key(sign="◆", role="ink", text="their mean"),) if table.mean else ()),
        ),
    )


def _cells(label: str, result: MetricResult) -> tuple[str, ...]:
    interval = result.interval
    return (
        label,
        rounded_value(result.value, interval),
        interval_range(interval) if interval else "none",
        count(result.n),
    )


def _spec(rows: list[tuple[str, MetricResult]], width: int) -> Spec:
    values = [
        {
            "pair": label,
            "zero": 0,
            "change": result.value,
            "low": result.interval.low if result.interval else result.value,
            "high": result.interval.high if result.interval else result.value,
            "mean": label == MEAN,
        }
        for label, result in rows
    ]
    ends = [end for _, result in rows if result.interval for end in (result.interval.low, result.interval.high)]
    reach = max([LEAST_REACH, *(1.08 * abs(end) for end in [*ends, *(result.value for _, result in rows)])])
    y = {"field": "pair", "type": "nominal", "sort": None, "axis": label_axis([label for label, _ in rows], width)}
    labels = axis(
        "weaker  ←  0  →  stronger",
        tickCount=5 if width == WIDE else 3,
        labelExpr="replace(format(datum.value, '.2~f'), '-', '−')",
    )
    x = {"field": "change", "type": "quantitative", "scale": {"domain": [-reach, reach]}, "axis": labels}
    colour = {"condition": {"test": "datum.mean", "value": INK}, "value": VERMILION}
    layers: list[Spec] = [
        {"mark": {"type": "rule", "color": MUTED}, "encoding": {"x": {**x, "field": "zero"}}},
        {
            "mark": {"type": "rule", "color": MUTED, "strokeDash": [2, 3]},
            "encoding": {"y": y, "x": {**x, "field": "zero"}, "x2": {"field": "change"}},
        },
        {
            "mark": {"type": "rule", "strokeWidth": 3},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour},
        },
        {
            "mark": {"type": "point", "shape": "diamond", "filled": True, "size": 95, "opacity": 1},
            "encoding": {"y": y, "x": x, "color": colour},
        },
    ]
    return chart(values, layers, width=width, height=27 * len(values) + 62)
