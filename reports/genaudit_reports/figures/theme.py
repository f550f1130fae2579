"""The frame that every chart stands in: size, type, grid and the colours of the light theme.

Charts are written in the light theme's own colours, so that a specification can be plotted anywhere; the page maps
each colour to a variable that knows both themes.
"""

from __future__ import annotations

from typing import Any

from genaudit_reports.palette import LINES, MARKS, SURFACES, TEXTS

Spec = dict[str, Any]

WIDE = 640
NARROW = 300
"""Widths in pixels for which every chart is drawn: a page column, and a telephone."""

BLUE = MARKS["blue"].light
VERMILION = MARKS["vermilion"].light
INK = TEXTS["ink"].light
MUTED = TEXTS["muted"].light
CARD = SURFACES["card"].light
HAIRLINE = LINES["hairline"].light

SCHEMA = "https://vega.github.io/schema/vega-lite/v5.json"


def chart(values: list[dict[str, Any]], layers: list[Spec], *, width: int, height: int, y_title: str = "") -> Spec:
    """A layered chart of some rows, ``width`` by ``height`` pixels, axes included.

    The title of the vertical axis lies above it, where it is read without turning one's head.
    """
    title = {"title": {"text": y_title, "anchor": "start", "frame": "bounds"}} if y_title else {}
    return {
        **title,
        "$schema": SCHEMA,
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 4,
        "background": None,
        "data": {"values": values},
        "layer": layers,
        "config": _config(width),
    }


def axis(title: str | None = None, **more: Any) -> Spec:  # noqa: ANN401 - Vega-Lite's own properties
    """An axis without a domain line or ticks; the grid carries the eye."""
    return {"title": title, **more}


def plain_axis(title: str | None = None, **more: Any) -> Spec:  # noqa: ANN401 - Vega-Lite's own properties
    """An axis of numbers, thousands apart by a thin space as in the text."""
    return axis(title, labelExpr="replace(datum.label, regexp(',', 'g'), '\u202f')", **more)


def label_axis(labels: list[str], width: int) -> Spec:
    """An axis of names with room for the longest, whatever font the reader's machine has."""
    room = 8.2 * max(map(len, labels), default=0)
    return axis(minExtent=min(room, width * 0.4), labelLimit=width * 0.4)


def percent_axis(title: str | None = None, **more: Any) -> Spec:  # noqa: ANN401 - Vega-Lite's own properties
    """An axis of fractions, labelled in per cent."""
    return axis(title, labelExpr="format(datum.value * 100, '~r') + ' %'", **more)


def _config(width: int) -> Spec:
    size = 13 if width > NARROW else 12
    return {
        "font": "system-ui, sans-serif",
        "view": {"stroke": None},
        "axis": {
            "labelColor": MUTED,
            "labelFontSize": size,
            "titleColor": MUTED,
            "titleFontSize": size,
            "titleFontWeight": "normal",
            "titlePadding": 10,
            "gridColor": HAIRLINE,
            "domain": False,
            "ticks": False,
            "labelPadding": 6,
            "labelLimit": width // 3,
        },
        "axisDiscrete": {"labelColor": INK, "grid": False},
        "title": {"color": MUTED, "fontSize": size, "fontWeight": "normal", "offset": 10},
        "bar": {"color": BLUE},
        "rule": {"color": INK},
        "line": {"color": BLUE},
        "point": {"color": BLUE},
        "text": {"color": INK, "fontSize": size},
    }
