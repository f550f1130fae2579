"""What decisions cost: a map of policies by group, and the curves over all prevalences and costs at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.audit.marks import GROUP_MARKS, by_group, keys_of, shown_of
from genaudit_reports.figures.figure import Figure, Key
from genaudit_reports.figures.theme import CARD, MUTED, NARROW, WIDE, Spec, chart, label_axis, percent_axis, plain_axis
from genaudit_reports.number_format import interval_range, percent, rounded_value
from genaudit_reports.safe_text import LONGEST_NAME, anchor, clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult, Parameter
    from genaudit_reports.audit.rates_of_groups import GroupRates

NEEDED = {"false_positive_rate", "false_negative_rate"}
STEPS = 41
MOST_CELLS = 400
CIVIDIS = ["#fee838", "#bcae6c", "#7c7b78", "#414d6b", "#00204c"]
"""Light to dark: read without colour, too."""


def cost_curves(attribute: str, groups: list[GroupRates], options: Mapping[str, Parameter]) -> Figure | None:
    """Normalised expected cost against the cost-weighted share of positives (Drummond and Holte 2006)."""
    able = [group for group in groups if set(group.rates) >= NEEDED][: len(GROUP_MARKS)]
    wrong_flag, miss = _beyond(options, "fp", "tn"), _beyond(options, "fn", "tp")
    if not able or wrong_flag is None or miss is None:
        return None
    labels = [group.label for group in able]
    own = [(group, _weighted(group.value("prevalence"), wrong_flag, miss))
           for group in able if "prevalence" in group.rates]  # fmt: skip
    return Figure(
        name=f"cost_curves_{anchor(attribute).replace('-', '_')}",
        finding=_finding(able, own),
        caption="Expected cost as a part of the largest possible one, against the share of positives weighted by what "
        "a miss costs. A line below the grey roof is better than treating everybody alike; points: this table's own "
        "shares under the declared costs." + shown_of(len(able), len(groups)),
        columns=("Weighted share of positives", *labels, "treating all alike"),
        rows=tuple(
            (
                percent(step / 10),
                *(rounded_value(_cost(group, step / 10)) for group in able),
                rounded_value(_roof(step / 10)),
            )
            for step in range(11)
        ),
        spec=_curves(able, own, WIDE),
        narrow=_curves(able, own, NARROW),
        key=(*keys_of(labels), Key(sign="∧", role="muted", text="the better of never and always")),
    )


def _beyond(options: Mapping[str, Parameter], wrong: str, right: str) -> float | None:
    """What a wrong decision costs beyond the right one for the same truth; None if that was not declared."""
    cost, least = options.get(f"costs.{wrong}"), options.get(f"costs.{right}", 0.0)
    if not isinstance(cost, int | float) or not isinstance(least, int | float):
        return None
    return float(cost) - float(least)


def _weighted(prevalence: float, fp: float, fn: float) -> float:
    return prevalence * fn / (prevalence * fn + (1 - prevalence) * fp)


def _cost(group: GroupRates, weighted: float) -> float:
    return group.value("false_negative_rate") * weighted + group.value("false_positive_rate") * (1 - weighted)


def _roof(weighted: float) -> float:
    return min(weighted, 1 - weighted)


def _finding(groups: list[GroupRates], own: list[tuple[GroupRates, float]]) -> str:
    window = []
    for group in groups:
        fpr, fnr = group.value("false_positive_rate"), group.value("false_negative_rate")
        low, high = (
            fpr / (1 - fnr + fpr) if fpr < 1 or fnr < 1 else 1.0,
            (1 - fpr) / (1 - fpr + fnr) if fpr < 1 else 0.0,
        )
        said = (
            f"between {percent(low)} and {percent(high)} in {group.label}"
            if low < high
            else f"nowhere in {group.label}"
        )
        window.append(said)
    text = f"The decisions cost less than treating everybody alike where the weighted share lies {', '.join(window)}"
    here = ", ".join(f"{percent(share)} in {group.label}" for group, share in own)
    return f"{text}; in this table it is {here}." if own else f"{text}."


def _curves(groups: list[GroupRates], own: list[tuple[GroupRates, float]], width: int) -> Spec:
    steps = [step / (STEPS - 1) for step in range(STEPS)]
    values: list[Spec] = [
        {"group": group.label, "weighted": step, "cost": _cost(group, step)} for group in groups for step in (0.0, 1.0)
    ]
    values += [{"roof": _roof(step), "weighted": step} for step in steps]
    values += [{"group": group.label, "own": share, "cost": _cost(group, share)} for group, share in own]
    labels = [group.label for group in groups]

    x = {
        "field": "weighted", "type": "quantitative", "scale": {"domain": [0, 1], "nice": False},
        "axis": percent_axis("share of positives, weighted by cost", values=[0, 0.25, 0.5, 0.75, 1], grid=False),
    }  # fmt: skip
    y = {"field": "cost", "type": "quantitative", "scale": {"domainMin": 0}, "axis": plain_axis(tickCount=5)}
    colour = by_group(labels, "colour")
    layers: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.roof)"}],
            "mark": {"type": "line", "color": MUTED, "strokeWidth": 1.5},
            "encoding": {"x": x, "y": {**y, "field": "roof"}},
        },
        {
            "transform": [{"filter": "isValid(datum.weighted) && isValid(datum.group)"}],
            "mark": {"type": "line", "strokeWidth": 2},
            "encoding": {"x": x, "y": y, "color": colour, "strokeDash": by_group(labels, "dash")},
        },
        {
            "transform": [{"filter": "isValid(datum.own)"}],
            "mark": {"type": "point", "filled": True, "size": 110, "opacity": 1},
            "encoding": {
                "x": {**x, "field": "own"}, "y": y, "color": colour,
                "shape": by_group(labels, "shape"),
            },
        },
    ]  # fmt: skip
    return chart(values, layers, width=width, height=300 if width == WIDE else 230, y_title="part of the largest cost")


def cost_map(attribute: str, groups: list[GroupRates], record: RunRecord) -> Figure | None:
    """Expected cost per person, by group and policy: a heat map with its numbers written in."""
    cells = _map_cells(attribute, record)
    policies = list(dict.fromkeys(policy for _, policy, _ in cells))
    if len(policies) < 2 or len(cells) > MOST_CELLS or not groups:
        return None
    cheapest = min(cells, key=lambda cell: cell[2].value)
    dearest = max(cells, key=lambda cell: cell[2].value)
    return Figure(
        name=f"cost_map_{anchor(attribute).replace('-', '_')}",
        finding=f"Expected cost per person goes from {_said(cheapest)} to {_said(dearest)}.",
        caption=f"Expected cost per person under the declared costs, by {attribute} and policy; darker costs more.",
        columns=(attribute, "Policy", "Expected cost", "Interval"),
        rows=tuple(
            (group, policy, rounded_value(result.value, result.interval), _range(result))
            for group, policy, result in cells
        ),
        spec=_map(cells, WIDE),
        narrow=_map(cells, NARROW),
    )


def _map_cells(attribute: str, record: RunRecord) -> list[tuple[str, str, MetricResult]]:
    """Group, policy and cost, of groups such as ``race=Black, never``."""
    found = []
    for result in record.results:
        group, comma, policy = result.group.partition(", ")
        name, equals, level = group.partition("=")
        if result.metric == "expected_cost" and comma and equals and name == attribute:
            found.append((clean(level, LONGEST_NAME), clean(policy, LONGEST_NAME), result))
    return found


def _said(cell: tuple[str, str, MetricResult]) -> str:
    group, policy, result = cell
    return f"{rounded_value(result.value, result.interval)} ({group}, {policy})"


def _range(result: MetricResult) -> str:
    return interval_range(result.interval) if result.interval else "none"


def _map(cells: list[tuple[str, str, MetricResult]], width: int) -> Spec:
    top = max(result.value for _, _, result in cells) or 1.0
    values = [
        {"group": group, "policy": policy, "cost": result.value, "text": rounded_value(result.value, result.interval),
         "dark": result.value > 0.53 * top}
        for group, policy, result in cells
    ]  # fmt: skip
    names = {"group": list(dict.fromkeys(group for group, _, _ in cells)),
             "policy": list(dict.fromkeys(policy for _, policy, _ in cells))}  # fmt: skip
    across, down = sorted(names, key=lambda side: len(names[side]))  # the longer side down, where there is room
    labels, room = names[down], 0.6 * width / len(names[across])
    y = {"field": down, "type": "nominal", "sort": None, "axis": label_axis(labels, width)}
    top_axis = {"title": None, "orient": "top", "labelAngle": 0, "labelExpr": "split(datum.label, ' ')",
                "labelLimit": room}  # fmt: skip
    x = {"field": across, "type": "nominal", "sort": None, "axis": top_axis}
    colour = {"field": "cost", "type": "quantitative", "legend": None, "scale": {"domain": [0, top], "range": CIVIDIS}}
    layers: list[Spec] = [
        {
            "mark": {"type": "rect", "stroke": CARD, "strokeWidth": 1},
            "encoding": {"x": x, "y": y, "color": colour},
        },
        {
            "mark": {"type": "text", "fontSize": 14 if room > 50 else 11},
            "encoding": {
                "x": x, "y": y, "text": {"field": "text"},
                "color": {"condition": {"test": "datum.dark", "value": "#fffffe"}, "value": "#000001"},
            },
        },
    ]  # fmt: skip
    return chart(values, layers, width=width, height=44 * len(labels) + 60)
