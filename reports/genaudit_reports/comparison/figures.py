"""One chart a number: its value and interval in every run; a curve where the labels are numbers."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

from genaudit_reports.content.audit_titles import TITLES
from genaudit_reports.content.families import place
from genaudit_reports.content.grouping import unsaid
from genaudit_reports.figures.figure import Figure
from genaudit_reports.figures.theme import BLUE, NARROW, WIDE, Spec, axis, chart, label_axis, plain_axis
from genaudit_reports.number_format import count, interval_range, rounded_value
from genaudit_reports.safe_text import anchor, capitalised, clean

if TYPE_CHECKING:
    from genaudit.values.comparison import Cell, ComparedNumber, Comparison

MOST_FIGURES = 12
ROW = 40
SIZES = 16
"""Largest label over the smallest from which an axis is logarithmic."""
LONGEST_LABEL = 40


def number_figures(comparison: Comparison) -> list[Figure]:
    """A figure for each of the first numbers of the whole sets."""
    labels = [clean(run.label, LONGEST_LABEL) for run in comparison.runs]
    whole = [number for number in comparison.numbers if "=" not in number.group and _drawable(number)]
    first = sorted(whole, key=lambda number: place(number.metric))[:MOST_FIGURES]
    return [_figure(number, labels) for number in first]


def along(comparison: Comparison) -> str:
    """How the runs of a curve are laid out; empty if their labels are names.

    A curve is drawn where labels are rising numbers, such as training steps.
    """
    numeric = steps([run.label for run in comparison.runs])
    if numeric is None:
        return ""
    return f"Runs stand where their labels lie, {'on a logarithmic axis' if _spreads(numeric) else 'on an even axis'}."


def chip(number: ComparedNumber) -> str:
    """The view or group of a number, unless its title names it."""
    return unsaid(number.group, title_of(number))


def title_of(number: ComparedNumber) -> str:
    """What people call a number: that of an audit has no text of its own in a record."""
    return TITLES.get(number.metric) or capitalised(number.title)


def steps(labels: list[str]) -> list[float] | None:
    """The labels as increasing numbers, such as training steps; None if they are not.

    >>> steps(["50", "500", "3000"]), steps(["vae", "dcgan"]), steps(["2", "1"])
    ([50.0, 500.0, 3000.0], None, None)
    """
    try:
        found = [float(label) for label in labels]
    except ValueError:
        return None
    rising = all(a < b for a, b in pairwise(found))
    return found if rising and all(map(math.isfinite, found)) else None


def _drawable(number: ComparedNumber) -> bool:
    return sum(cell.value is not None for cell in number.cells) > 1


def _figure(number: ComparedNumber, labels: list[str]) -> Figure:
    name = f"{title_of(number)}, {chip(number)}" if chip(number) else title_of(number)
    there = [(label, cell) for label, cell in zip(labels, number.cells, strict=True) if cell.value is not None]
    numeric = steps(labels)
    words = {"higher": "; higher is better", "lower": "; lower is better"}.get(number.direction.value, "")
    finding = f"{name}{_course(there) if numeric else _range(there)}"
    return Figure(
        name=anchor(f"compare {number.metric} {number.group}"),
        finding=f"{finding}.",
        caption=f"{finding} ({number.unit}{words}).",
        columns=("Run", "Value", "Interval", "n"),
        rows=tuple(
            (label, _shown(cell), interval_range(cell.interval) if cell.interval else "none", count(cell.n))
            for label, cell in there
        ),
        spec=_spec(number, labels, WIDE),
        narrow=_spec(number, labels, NARROW),
    )


def _shown(cell: Cell) -> str:
    return rounded_value(cell.value or 0.0, cell.interval)


def _range(there: list[tuple[str, Cell]]) -> str:
    """Where it is lowest and where highest, of runs that have names."""
    (first, low), (last, high) = _extremes(there)
    if _shown(low) == _shown(high):
        return f" is {_shown(low)} in all of them"
    return f" is lowest in {first}, {_shown(low)}, and highest in {last}, {_shown(high)}"


def _course(there: list[tuple[str, Cell]]) -> str:
    """How it goes from the first run to the last, and where it turned if it did."""
    (first, start), (last, end) = there[0], there[-1]
    ends = {first, last}
    turns = [
        f"{word} at {label}, {_shown(cell)}"
        for word, (label, cell) in zip(("lowest", "highest"), _extremes(there), strict=True)
        if label not in ends
    ]
    return f" goes from {_shown(start)} at {first} to {_shown(end)} at {last}{''.join('; ' + turn for turn in turns)}"


def _extremes(there: list[tuple[str, Cell]]) -> list[tuple[str, Cell]]:
    return [pick(there, key=lambda one: one[1].value or 0.0) for pick in (min, max)]


def _spreads(numeric: list[float]) -> bool:
    """Whether the labels span so many sizes that the first would lie on one another on an even axis."""
    return numeric[0] > 0 and numeric[-1] >= SIZES * numeric[0]


def _spec(number: ComparedNumber, labels: list[str], width: int) -> Spec:
    numeric = steps(labels)
    places: list[float] | list[str] = labels if numeric is None else numeric
    values = [
        {
            "run": where,
            "value": cell.value,
            "low": cell.interval.low if cell.interval else cell.value,
            "high": cell.interval.high if cell.interval else cell.value,
            "text": _shown(cell),
        }
        for where, cell in zip(places, number.cells, strict=True)
        if cell.value is not None
    ]
    if numeric is None:
        return chart(values, _rows(labels, width), width=width, height=ROW * len(values) + 40)
    return chart(values, _curve(numeric), width=width, height=260, y_title=number.unit)


def _rows(labels: list[str], width: int) -> list[Spec]:
    y = {"field": "run", "type": "nominal", "sort": None, "axis": label_axis(labels, width)}
    x = {
        "field": "value",
        "type": "quantitative",
        "scale": {"zero": False, "nice": True, "padding": 20},
        "axis": plain_axis(tickCount=4),
    }
    return [
        {
            "mark": {"type": "rule", "color": BLUE, "strokeWidth": 3},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1}, "encoding": {"y": y, "x": x}},
        {
            "mark": {"type": "text", "dy": -13, "fontWeight": 600},
            "encoding": {"y": y, "x": x, "text": {"field": "text"}},
        },
    ]


def _curve(numeric: list[float]) -> list[Spec]:
    scale: Spec = {"type": "log", "nice": False} if _spreads(numeric) else {"zero": False}
    x = {
        "field": "run",
        "type": "quantitative",
        "scale": {**scale, "padding": 12},
        "axis": plain_axis(values=numeric, labelOverlap=True),
    }
    y = {"field": "value", "type": "quantitative", "scale": {"zero": False}, "axis": axis(tickCount=5)}
    return [
        {
            "mark": {"type": "rule", "color": BLUE, "strokeWidth": 3},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
        {"mark": {"type": "line", "strokeWidth": 1.5}, "encoding": {"x": x, "y": y}},
        {"mark": {"type": "point", "filled": True, "size": 80, "opacity": 1}, "encoding": {"x": x, "y": y}},
    ]
