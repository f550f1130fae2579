"""How far each number moved from its baseline, in units of its tolerance: one axis for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.findings import Verdict
from genaudit_reports.figures.figure import Figure, Key
from genaudit_reports.figures.theme import BLUE, INK, MUTED, NARROW, VERMILION, WIDE, Spec, axis, chart, label_axis
from genaudit_reports.gate_text import change_cells, sign, word
from genaudit_reports.safe_text import LONGEST_NAME, clean

if TYPE_CHECKING:
    from genaudit.values.gate import Change
    from genaudit.values.record import RunRecord

ROW = 26
MOST = 60
FARTHEST = 6.0
"""Tolerances that the axis reaches at most: what lies farther is drawn at its end, and the table has the number."""


def change_figure(record: RunRecord) -> Figure | None:
    """Points with intervals; left of 0 is better, right of 1 is beyond the tolerance."""
    if record.gate is None:
        return None
    judged = [one for one in record.gate.worst_first if one.interval and one.tolerance]
    if not judged:
        return None
    shown = judged[:MOST]
    return Figure(
        name="gate_changes",
        finding=f"Change against the baseline, {len(judged)} judged numbers. {clean(record.gate.sentence)}",
        caption=(
            "Worsening in units of the tolerance, with 95\u202f% intervals. 0 is the baseline, 1 the "
            f"tolerance; right of 1 is worse than allowed. What lies beyond {FARTHEST:g} is drawn at the edge."
        ),
        columns=("Number", "Value", "Baseline", "Worse by", "Interval", "Tolerance", "Verdict"),
        rows=tuple((clean(one.name, LONGEST_NAME), *change_cells(one)) for one in shown),
        spec=_spec(shown, WIDE),
        narrow=_spec(shown, NARROW),
        key=(
            Key(sign="✗", role="vermilion", text="beyond the tolerance"),
            Key(sign="●", role="blue", text="within it, or open"),
        ),
    )


def _spec(changes: list[Change], width: int) -> Spec:
    values = [_point(one) for one in changes]
    names = [str(value["name"]) for value in values]
    y = {"field": "name", "type": "nominal", "sort": None, "axis": label_axis(names, width)}
    low = min(-1.0, *(float(value["low"]) for value in values))
    high = max(2.0, *(float(value["high"]) for value in values))
    x = {
        "type": "quantitative",
        "scale": {"domain": [low, high], "nice": False},
        "axis": axis("better ← 0 → worse, in tolerances", tickCount=6),
    }
    colour = {"condition": {"test": "datum.failed", "value": VERMILION}, "value": BLUE}
    layers: list[Spec] = [
        _line(0.0, INK, []),
        _line(1.0, MUTED, [4, 3]),
        {
            "mark": {"type": "rule", "strokeWidth": 2.5},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": colour},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
            "encoding": {
                "y": y,
                "x": {**x, "field": "value"},
                "color": colour,
                "shape": {"condition": {"test": "datum.failed", "value": "cross"}, "value": "circle"},
            },
        },
    ]
    return chart(values, layers, width=width, height=ROW * len(values) + 50)


def _line(at: float, colour: str, dash: list[int]) -> Spec:
    return {
        "mark": {"type": "rule", "color": colour, "strokeDash": dash, "strokeWidth": 1},
        "encoding": {"x": {"datum": at, "type": "quantitative"}},
    }


def _point(one: Change) -> dict[str, str | float | bool]:
    interval, tolerance = one.interval, one.tolerance or 1.0
    ends = (interval.low, one.worsening or 0.0, interval.high) if interval else (0.0, 0.0, 0.0)
    low, value, high = (max(-FARTHEST, min(FARTHEST, end / tolerance)) for end in ends)
    return {
        "name": f"{sign(one)} {clean(one.name, LONGEST_NAME)}",
        "low": low,
        "value": value,
        "high": high,
        "failed": one.verdict is Verdict.FAIL,
        "word": word(one),
    }
