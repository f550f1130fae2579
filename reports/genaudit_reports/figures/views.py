"""One distance, seen from the stations of a model: its samples, its reconstructions, its aggregate posterior."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.content.views import View, comparable_views, view_sentence
from genaudit_reports.figures.figure import Figure
from genaudit_reports.figures.theme import BLUE, NARROW, WIDE, Spec, axis, chart, label_axis
from genaudit_reports.number_format import count, interval_range, level, rounded_value

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

ROW = 44


def view_figure(record: RunRecord) -> Figure | None:
    """Points with intervals on an axis that holds zero, one row a view."""
    views = comparable_views(record)
    if len(views) < 2:
        return None
    first = next((view.interval for view in views if view.interval), None)
    caption = f"{views[0].title}: distance to the data, in the same features"
    return Figure(
        name="fid_views",
        finding=view_sentence(record) or "; ".join(f"{view.label}: {rounded_value(view.value)}" for view in views),
        caption=caption + (f"; lines are {level(first)} intervals." if first else "."),
        columns=("What is compared with the data", "Value", "Interval", "n"),
        rows=tuple(
            (
                view.label,
                rounded_value(view.value, view.interval),
                interval_range(view.interval) if view.interval else "none",
                count(view.n),
            )
            for view in views
        ),
        spec=_spec(views, WIDE),
        narrow=_spec(views, NARROW),
    )


def _spec(views: list[View], width: int) -> Spec:
    values = [
        {
            "view": view.label,
            "value": view.value,
            "low": view.interval.low if view.interval else None,
            "high": view.interval.high if view.interval else None,
            "text": rounded_value(view.value, view.interval),
        }
        for view in views
    ]
    y = {"field": "view", "type": "nominal", "sort": None, "axis": label_axis([view.label for view in views], width)}
    x = {"field": "value", "type": "quantitative", "scale": {"zero": True, "nice": True}, "axis": axis(tickCount=5)}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "color": BLUE, "strokeWidth": 3},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1}, "encoding": {"y": y, "x": x}},
        {
            "mark": {"type": "text", "dy": -14, "fontWeight": 600},
            "encoding": {"y": y, "x": x, "text": {"field": "text"}},
        },
    ]
    return chart(values, layers, width=width, height=ROW * len(values) + 40)
