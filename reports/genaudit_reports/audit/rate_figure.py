"""Rates of groups with their intervals, a row a rate, the groups below one another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.audit.group_numbers import title_of
from genaudit_reports.audit.marks import GROUP_MARKS, by_group, keys_of
from genaudit_reports.figures.figure import Figure
from genaudit_reports.figures.theme import BLUE, NARROW, WIDE, Spec, chart, label_axis, percent_axis
from genaudit_reports.number_format import count, level, percent, percent_range
from genaudit_reports.safe_text import anchor

if TYPE_CHECKING:
    from genaudit.values.results import MetricResult
    from genaudit_reports.audit.rates_of_groups import GroupRates

SHOWN = ("prevalence", "selection_rate", "false_positive_rate", "false_negative_rate", "positive_predictive_value")
ALONE = ("false_positive_rate", "selection_rate")
"""The one rate of a chart with more groups than marks, the first that is defined."""
MOST_GROUPS = 40


def rate_figure(attribute: str, groups: list[GroupRates]) -> Figure | None:
    """A chart, if two groups have a rate in common."""
    few = len(groups) <= len(GROUP_MARKS)
    names = SHOWN if few else tuple(name for name in ALONE if _with(groups, name))[:1]
    rows = [(name, group, group.rates[name]) for name in names for group in groups[:MOST_GROUPS] if name in group.rates]
    if len(rows) < 2:
        return None
    labels = [group.label for group in groups]
    intervals = [result.interval for _, _, result in rows if result.interval]
    what = "Rates" if few else title_of(names[0])
    caption = f"{what} by {attribute}" + (f"; lines are {level(intervals[0])} intervals." if intervals else ".")
    draw = _few if few else _many
    return Figure(
        name=f"group_rates_{anchor(attribute).replace('-', '_')}",
        finding=_finding(attribute, groups, names),
        caption=caption,
        columns=("Rate", attribute, "Value", "Interval", "n"),
        rows=tuple(_cells(name, group.label, result) for name, group, result in rows),
        spec=draw(rows, labels, WIDE),
        narrow=draw(rows, labels, NARROW),
        key=keys_of(labels) if few else (),
    )


def _with(groups: list[GroupRates], name: str) -> list[GroupRates]:
    return [group for group in groups if name in group.rates]


def _finding(attribute: str, groups: list[GroupRates], names: tuple[str, ...]) -> str:
    """The rate that differs most."""
    spread = {}
    for name in names:
        known = _with(groups, name)
        if len(known) > 1:
            ordered = sorted(known, key=lambda group, name=name: group.value(name))  # type: ignore[misc]
            spread[name] = (ordered[-1].value(name) - ordered[0].value(name), ordered[0], ordered[-1])
    if not spread:
        return f"No rate is defined for two groups of {attribute}, with {len(groups)} groups in all."
    name, (_, low, high) = max(spread.items(), key=lambda item: item[1][0])
    first = "Of the rates shown, the " if len(names) > 1 else "The "
    return (
        f"{first}{title_of(name).lower()} differs most between groups of {attribute}: {_said(high, name)}, "
        f"{_said(low, name)}."
    )


def _said(group: GroupRates, name: str) -> str:
    result = group.rates[name]
    around = f" ({percent_range(result.interval)})" if result.interval else ""
    return f"{percent(result.value, result.interval)}{around} in {group.label}"


def _cells(name: str, group: str, result: MetricResult) -> tuple[str, ...]:
    interval = percent_range(result.interval) if result.interval else "none"
    return title_of(name), group, percent(result.value, result.interval), interval, count(result.n)


def _few(rows: list[tuple[str, GroupRates, MetricResult]], labels: list[str], width: int) -> Spec:
    titles = list(dict.fromkeys(title_of(name) for name, _, _ in rows))
    short = {title: _short(title) if width == NARROW else title for title in titles}
    values = [
        {"rate": short[title_of(name)], "group": group.label, "value": result.value, **_bounds(result)}
        for name, group, result in rows
    ]
    colour, shape = by_group(labels, "colour"), by_group(labels, "shape")
    band = {"paddingInner": 0.35, "paddingOuter": 0.15}
    y = {"field": "rate", "type": "nominal", "sort": None, "scale": band,
         "axis": label_axis(list(short.values()), width)}  # fmt: skip
    offset = {"field": "group", "type": "nominal", "sort": labels}
    return _layers(values, {"y": y, "yOffset": offset, "color": colour}, shape, width, 16 * len(values) + 90)


def _many(rows: list[tuple[str, GroupRates, MetricResult]], labels: list[str], width: int) -> Spec:
    values = [{"group": group.label, "value": result.value, **_bounds(result)} for _, group, result in rows]
    y = {"field": "group", "type": "nominal", "sort": None, "axis": label_axis(labels[:MOST_GROUPS], width)}
    return _layers(values, {"y": y, "color": {"value": BLUE}}, {"value": "circle"}, width, 22 * len(values) + 40)


def _layers(values: list[Spec], places: Spec, shape: Spec, width: int, height: int) -> Spec:
    x = {
        "field": "value", "type": "quantitative", "scale": {"domain": [0, 1], "nice": False},
        "axis": percent_axis(values=[0, 0.25, 0.5, 0.75, 1]),
    }  # fmt: skip
    layers: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.low)"}],
            "mark": {"type": "rule", "strokeWidth": 2.5},
            "encoding": {**places, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "mark": {"type": "point", "filled": True, "size": 75, "opacity": 1},
            "encoding": {**places, "x": x, "shape": shape},
        },
    ]
    return chart(values, layers, width=width, height=height)


def _bounds(result: MetricResult) -> dict[str, float | None]:
    interval = result.interval
    return {"low": interval.low if interval else None, "high": interval.high if interval else None}


def _short(title: str) -> str:
    """A label for a telephone.

    >>> _short("Positive predictive value"), _short("False positive rate")
    ('Predictive value', 'False pos. rate')
    """
    return title.replace("Positive predictive", "Predictive").replace("positive", "pos.").replace("negative", "neg.")
