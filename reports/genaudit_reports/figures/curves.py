"""Histograms and curves that metrics hand over, drawn as they are."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from genaudit_reports.content.wording import with_interval
from genaudit_reports.figures.figure import Figure
from genaudit_reports.figures.theme import BLUE, MUTED, NARROW, WIDE, Spec, axis, chart, plain_axis
from genaudit_reports.number_format import TO, count, rounded_value, short
from genaudit_reports.safe_text import LONGEST_NAME, anchor, clean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.values.results import MetricResult, Series

MOST_POINTS = 1_000
MOST_WHOLE = 12
"""So many whole numbers on an axis are all written."""
METRIC_OF = {
    "reconstruction_error": "reconstruction_mse",
    "step_length": "interpolation_smoothness",
    "fid_by_items": "fid_infinity",
}
"""The metric whose single items, or whose mean course, a series shows."""

MEANS = {"step_length": "The dashed line is the mean step."}
CAPTIONS = {**MEANS, "fid_by_items": "To the left are more items; at 0 there would be infinitely many."}
"""Series whose mean is worth a line, and what the caption says of it; the mean of a sweep would say nothing."""


MEANINGS = {
    "reconstruction_error": "A long tail to the right holds the images that the model cannot show: see the worst.",
    "step_length": "A level curve means that no place along a path is special; a peak in the middle, that most "
    "changes there. Being a mean over all paths, the curve does not show how uneven single paths are.",
    "style_flips_": "Layers go from coarse to fine. A layer that decides an attribute changes it often, others seldom.",
    "truncation_precision": "Read it beside recall: what is gained here is paid there.",
    "fid_by_items": "The more the line rises to the right, the more of the distance comes from having few items, and "
    "the less may distances of unequal n be compared.",
    "variance_by_unit": "Units near 0 carry nothing about an image: the model does without them.",
}
"""How the names of series begin, and what one shape or another means."""


def series_figure(series: Series, results: Sequence[MetricResult] = ()) -> Figure | None:
    """A histogram as touching bars, anything else as a line; None if there is nothing to draw.

    Exact numbers are said from ``results``: a bin or a mean curve does not know them.
    """
    metric = METRIC_OF.get(series.name)
    result = next((one for one in results if one.metric == metric and not one.group), None)
    is_histogram = series.kind == "histogram"
    points = list(zip(series.x, series.y, strict=False))[:MOST_POINTS]
    if len(points) < 2:
        return None
    draw = _histogram if is_histogram else _line
    return Figure(
        name=anchor(series.name).replace("-", "_"),
        finding=_peak(series, result) if is_histogram else _span(series, result),
        caption=". ".join(filter(None, (clean(series.title).rstrip("."), CAPTIONS.get(series.name, "")))),
        columns=(clean(series.x_label, LONGEST_NAME) or "x", clean(series.y_label, LONGEST_NAME) or "y"),
        rows=tuple(
            (f"{short(left)}{TO}{short(right)}", short(y))
            for (left, right), y in zip(pairwise(series.x), series.y, strict=False)
        )
        if is_histogram
        else tuple((short(x), short(y)) for x, y in points),
        spec=draw(series, WIDE),
        narrow=draw(series, NARROW),
        meaning=next((text for start, text in MEANINGS.items() if series.name.startswith(start)), ""),
    )


def _peak(series: Series, result: MetricResult | None) -> str:
    edges = list(pairwise(series.x))
    at = max(range(min(len(edges), len(series.y))), key=lambda index: series.y[index])
    left, right = edges[at]
    text = f"{_title(series)}: most often between {short(left)} and {short(right)}"
    details = result.details if result else {}
    interval = result.interval if result else None
    if "median" in details:
        text += f"; half of all lie below {rounded_value(details['median'], interval)}"
    if "largest" in details:
        text += f"; the largest is {rounded_value(details['largest'], interval)}"
    return f"{text}."


def _span(series: Series, result: MetricResult | None) -> str:
    if series.name == "fid_by_items":
        return _extrapolated(series, result)
    low, high = min(series.y), max(series.y)
    lowest, highest = (short(series.x[series.y.index(value)]) for value in (low, high))
    label = re.split("[,:]", clean(series.x_label, LONGEST_NAME))[0] or "x"
    text = f"{_title(series)}: highest ({short(high)}) at {label} {highest}, lowest ({short(low)}) at {label} {lowest}."
    if result:
        text += (
            " That is the mean over all paths; on a single path the longest step is on average "
            f"{with_interval(result)} times the mean step."
        )
    return text


def _extrapolated(series: Series, result: MetricResult | None) -> str:
    """The distance of fewest and of most items, and where the line through all of them ends."""
    interval = result.interval if result else None
    points = sorted((1 / x, y) for x, y in zip(series.x, series.y, strict=True) if x > 0)
    (few, far), (many, near) = points[0], points[-1]
    ends = [y for x, y in zip(series.x, series.y, strict=True) if x == 0]
    text = (
        f"From {count(round(few))} generated items the distance is {rounded_value(far, interval)}, from "
        f"{count(round(many))} it is {rounded_value(near, interval)}"
    )
    return text + (f"; the line through all sizes ends at {with_interval(result)}." if ends and result else ".")


def _title(series: Series) -> str:
    return clean(series.title, LONGEST_NAME).rstrip(".") or clean(series.name, LONGEST_NAME)


def _histogram(series: Series, width: int) -> Spec:
    values = [
        {"left": left, "right": right, "y": y} for (left, right), y in zip(pairwise(series.x), series.y, strict=False)
    ]
    scale = {"zero": False, "nice": False}
    x = {"field": "left", "type": "quantitative", "scale": scale, "axis": _x_axis(series, width)}
    y = {"field": "y", "type": "quantitative", "axis": axis(tickCount=4)}
    layer: Spec = {
        "mark": {"type": "rect", "color": BLUE, "stroke": "#ffffff", "strokeWidth": 0.75},
        "encoding": {"x": x, "x2": {"field": "right"}, "y": y, "y2": {"datum": 0}},
    }
    return chart(values[:MOST_POINTS], [layer], width=width, height=_height(width), y_title=clean(series.y_label, 60))


def _line(series: Series, width: int) -> Spec:
    values = [{"x": x, "y": y} for x, y in zip(series.x, series.y, strict=False)][:MOST_POINTS]
    x = {
        "field": "x", "type": "quantitative", "scale": {"zero": False, "nice": False},
        "axis": _x_axis(series, width),
    }  # fmt: skip
    y = {
        "field": "y", "type": "quantitative", "scale": {"zero": True},
        "axis": axis(tickCount=4),
    }  # fmt: skip
    mean: Spec = {
        "mark": {"type": "rule", "color": MUTED, "strokeDash": [4, 4]},
        "encoding": {"y": {**y, "field": "y", "aggregate": "mean"}},
    }
    line: Spec = {"mark": {"type": "line", "strokeWidth": 2, "point": len(values) <= 60}, "encoding": {"x": x, "y": y}}
    layers = [mean, line] if series.name in MEANS else [line]
    return chart(values, layers, width=width, height=_height(width), y_title=clean(series.y_label, 60))


def _height(width: int) -> int:
    return 260 if width == WIDE else 210


def _x_axis(series: Series, width: int) -> Spec:
    ticks: Spec = {"tickCount": 6 if width == WIDE else 3}
    if len(series.x) <= MOST_WHOLE and all(float(x).is_integer() for x in series.x):  # layers have no halves
        ticks = {"values": list(series.x), "format": "d"}
    return plain_axis(clean(series.x_label, 60), grid=False, labelOverlap=True, **ticks)
