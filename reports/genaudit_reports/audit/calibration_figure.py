"""What a score means in each group: the share of positives against the score, with intervals."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from genaudit_reports.audit.marks import GROUP_MARKS, by_group, keys_of, shown_of
from genaudit_reports.figures.figure import Figure, Key
from genaudit_reports.figures.theme import MUTED, NARROW, WIDE, Spec, chart, percent_axis, plain_axis
from genaudit_reports.number_format import count, level, percent, percent_range, rounded_value
from genaudit_reports.safe_text import LONGEST_NAME, anchor, clean

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1]
AT_SCORE, OF_PROBABILITIES = "positive_share_at_score", "expected_calibration_error"


class _Point(NamedTuple):
    """People of one group with about one score."""

    group: str
    score: str
    """Name of the column."""
    at: str
    """The bin."""
    mean: float
    result: MetricResult


def calibration_figure(attribute: str, record: RunRecord) -> Figure | None:
    """A chart, if a group has shares at two scores."""
    points = _points(attribute, record)
    every = list(dict.fromkeys(point.group for point in points))
    labels = [label for label in every if sum(point.group == label for point in points) > 1][: len(GROUP_MARKS)]
    points = [point for point in points if point.group in labels]
    if not points:
        return None
    score = points[0].score
    probabilities = any(result.metric == OF_PROBABILITIES for result in record.results)
    lines = f"; lines are {level(interval)} intervals" if (interval := points[0].result.interval) else ""
    says = " On the grey line a score is the share that it says." if probabilities else ""
    diagonal = (Key(sign="╱", role="muted", text="a score that is the share"),) if probabilities else ()
    return Figure(
        name=f"calibration_{anchor(attribute).replace('-', '_')}",
        finding=_finding(points, labels),
        caption=f"Share of positives by {score}, for each {attribute}, at the mean score of each bin{lines}.{says}"
        + shown_of(len(labels), len(every)),
        columns=(attribute, score, "Mean score", "Share of positives", "Interval", "n"),
        rows=tuple(map(_cells, points)),
        spec=_spec(points, labels, WIDE, probabilities=probabilities),
        narrow=_spec(points, labels, NARROW, probabilities=probabilities),
        key=(*keys_of(labels), *diagonal),
    )


def _points(attribute: str, record: RunRecord) -> list[_Point]:
    found = []
    for result in record.results:
        group, _, at = result.group.rpartition(", ")
        if result.metric == AT_SCORE and group.partition("=")[0] == attribute:
            score, _, where = at.partition("=")
            name, column, at_score = (clean(text, LONGEST_NAME) for text in (group.partition("=")[2], score, where))
            mean = result.details["mean_score"]
            found.append(_Point(group=name, score=column, at=at_score, mean=mean, result=result))
    return found


def _cells(point: _Point) -> tuple[str, ...]:
    result = point.result
    interval = percent_range(result.interval) if result.interval else "none"
    return (
        point.group, point.at, rounded_value(point.mean), percent(result.value, result.interval), interval,
        count(result.n),
    )  # fmt: skip


def _finding(points: list[_Point], labels: list[str]) -> str:
    """The score at which shares lie farthest apart."""
    by_score: dict[str, list[_Point]] = {}
    for point in points:
        by_score.setdefault(point.at, []).append(point)
    shared = [sorted(each, key=lambda point: point.result.value) for each in by_score.values() if len(each) > 1]
    if not shared:
        return f"No score has a share in two groups, of {len(labels)} that are drawn."
    widest = max(shared, key=lambda each: each[-1].result.value - each[0].result.value)
    said = " and ".join(
        f"{percent(one.result.value, one.result.interval)}"
        f"{f' ({percent_range(one.result.interval)})' if one.result.interval else ''} in {one.group}"
        for one in (widest[-1], widest[0])
    )
    return f"Shares of positives at one score differ most at {widest[0].score} {widest[0].at}: {said}."


def _spec(points: list[_Point], labels: list[str], width: int, *, probabilities: bool) -> Spec:
    values: list[Spec] = [
        {"group": point.group, "score": point.mean, "share": point.result.value}
        | ({"low": point.result.interval.low, "high": point.result.interval.high} if point.result.interval else {})
        for point in points
    ]
    values += [{"says": edge, "score": edge} for edge in (0.0, 1.0)] if probabilities else []

    title = points[0].score
    of_score = percent_axis(title, grid=False, values=TICKS) if probabilities else plain_axis(title, grid=False)
    scale = {"domain": [0, 1], "nice": False} if probabilities else {"zero": False}
    x = {"field": "score", "type": "quantitative", "scale": scale, "axis": of_score}
    y = {"field": "share", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": percent_axis(tickCount=5)}
    colour = by_group(labels, "colour")
    layers: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.says)"}],
            "mark": {"type": "line", "color": MUTED, "strokeWidth": 1.5},
            "encoding": {"x": x, "y": {**y, "field": "says"}},
        },
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 1.5},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": colour},
        },
        {
            "transform": [{"filter": "isValid(datum.share)"}],
            "mark": {"type": "line", "strokeWidth": 1.5},
            "encoding": {"x": x, "y": y, "color": colour, "strokeDash": by_group(labels, "dash")},
        },
        {
            "transform": [{"filter": "isValid(datum.share)"}],
            "mark": {"type": "point", "filled": True, "size": 80, "opacity": 1},
            "encoding": {"x": x, "y": y, "color": colour, "shape": by_group(labels, "shape")},
        },
    ]  # fmt: skip
    return chart(values, layers if probabilities else layers[1:], width=width, height=300 if width == WIDE else 230,
                 y_title="share of positives")  # fmt: skip
