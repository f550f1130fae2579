"""What a flag is worth where more or fewer people are positive: the predictive value against the prevalence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.audit.marks import GROUP_MARKS, by_group, keys_of, shown_of
from genaudit_reports.audit.rates_of_groups import predictive_value
from genaudit_reports.figures.figure import Figure, Key
from genaudit_reports.figures.theme import INK, NARROW, WIDE, Spec, chart, percent_axis
from genaudit_reports.number_format import percent
from genaudit_reports.safe_text import LONGEST_NAME, anchor, clean

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.values.results import Parameter
    from genaudit_reports.audit.rates_of_groups import GroupRates

LOWEST, HIGHEST = 1e-4, 0.9
POINTS = 61
TICKS = [1e-4, 1e-3, 1e-2, 1e-1, 0.5]
TABLED = (0.0001, 0.001, 0.01, 0.1, 0.2, 0.5, 0.9)
NEEDED = {"true_positive_rate", "false_positive_rate"}


def prevalence_figure(attribute: str, groups: list[GroupRates], options: Mapping[str, Parameter]) -> Figure | None:
    """A chart, if both rates are known of a group and some of them are flagged at all."""
    able = [group for group in groups if set(group.rates) >= NEEDED and _can_flag(group)][: len(GROUP_MARKS)]
    if not able:
        return None
    deployed = _deployed(options.get("base_rates.prevalence"), able)
    labels = [group.label for group in able]
    own = [(group, group.value("prevalence")) for group in able if "prevalence" in group.rates]
    tabled = sorted({*TABLED, *deployed.values()})
    sign = "┆" if len(set(deployed.values())) == 1 else "○"
    more = (Key(sign=sign, role="ink", text="deployment"),) if deployed else ()
    return Figure(
        name=f"ppv_at_prevalence_{anchor(attribute).replace('-', '_')}",
        finding=_finding(able, own, deployed),
        caption=f"Share of the flagged who are positive, by the share of positives, for each {attribute}; the rates of "
        "wrong flags and of misses stay as they are in this table. Points: this table's own share of positives. The "
        "lines have the uncertainty of both rates, which is in the table of numbers."
        + shown_of(len(able), len(groups)),
        columns=("Share of positives", *labels),
        rows=tuple((percent_of(share), *(percent(_ppv(group, share)) for group in able)) for share in tabled),
        spec=_spec(able, own, deployed, WIDE),
        narrow=_spec(able, own, deployed, NARROW),
        key=(*keys_of(labels), *more),
    )


def _deployed(given: Parameter, groups: list[GroupRates]) -> dict[str, float]:
    """Label of a group to its declared share of positives where the decisions will be used."""
    if isinstance(given, int | float) and not isinstance(given, bool):
        return {group.label: float(given) for group in groups}
    each = dict(part.rpartition("=")[::2] for part in str(given or "").split(",") if "=" in part)
    own = {clean(level, LONGEST_NAME): float(share) for level, share in each.items()}
    return {group.label: own[group.label] for group in groups if group.label in own}


def percent_of(share: float) -> str:
    """A share in per cent with as few digits as it needs.

    >>> percent_of(0.0001), percent_of(0.5)
    ('0.01\u202f%', '50\u202f%')
    """
    return f"{share * 100:g}\u202f%"


def _can_flag(group: GroupRates) -> bool:
    return group.value("true_positive_rate") > 0 or group.value("false_positive_rate") > 0


def _ppv(group: GroupRates, prevalence: float) -> float:
    return predictive_value(group.value("true_positive_rate"), group.value("false_positive_rate"), prevalence)


def _finding(groups: list[GroupRates], own: list[tuple[GroupRates, float]], deployed: Mapping[str, float]) -> str:
    at = deployed or dict.fromkeys((group.label for group in groups), 0.01)
    there = ", ".join(
        f"{percent(1 - _ppv(group, at[group.label]))} in {group.label}" for group in groups if group.label in at
    )
    here = ", ".join(f"{percent(1 - _ppv(group, share))} in {group.label}" for group, share in own)
    where = " and ".join(map(percent_of, dict.fromkeys(at.values())))
    said = f"Where {where} of people are positive, the share of flags that are wrong is {there}"
    return f"{said}; with this table's own shares of positives it is {here}." if own else f"{said}."


def _deployment(x: Spec, y: Spec, shapes: Spec, deployed: Mapping[str, float]) -> list[Spec]:
    """A line at the one share for all groups, or a hollow point on the curve of each that has its own."""
    if not deployed:
        return []
    if len(set(deployed.values())) == 1:
        line = {"type": "rule", "color": INK, "strokeDash": [3, 3], "strokeWidth": 1.5}
        return [{"mark": line, "encoding": {"x": {"datum": next(iter(deployed.values())), "type": "quantitative"}}}]
    hollow = {"type": "point", "filled": False, "size": 110, "strokeWidth": 2, "opacity": 1}
    return [
        {
            "transform": [{"filter": "isValid(datum.deployed)"}],
            "mark": hollow,
            "encoding": {"x": {**x, "field": "deployed"}, "y": y, "shape": shapes},
        }
    ]


def _spec(
    groups: list[GroupRates], own: list[tuple[GroupRates, float]], deployed: Mapping[str, float], width: int
) -> Spec:
    steps = [LOWEST * (HIGHEST / LOWEST) ** (step / (POINTS - 1)) for step in range(POINTS)]
    values: list[Spec] = [
        {"group": group.label, "share": share, "ppv": _ppv(group, share)} for group in groups for share in steps
    ]
    values += [
        {"group": group.label, "own": share, "ppv": _ppv(group, share)} for group, share in own if share > LOWEST
    ]
    values += [
        {"group": group.label, "deployed": deployed[group.label], "ppv": _ppv(group, deployed[group.label])}
        for group in groups
        if group.label in deployed
    ]
    labels = [group.label for group in groups]

    x = {
        "field": "share", "type": "quantitative",
        "scale": {"type": "log", "domain": [LOWEST, HIGHEST], "nice": False},
        "axis": percent_axis("share of positives", values=TICKS if width == WIDE else TICKS[::2], grid=False),
    }  # fmt: skip
    y = {"field": "ppv", "type": "quantitative", "scale": {"domain": [0, 1]}, "axis": percent_axis(tickCount=5)}
    colour = by_group(labels, "colour")
    layers: list[Spec] = [
        {
            "transform": [{"filter": "isValid(datum.share)"}],
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
    layers += _deployment(x, y, by_group(labels, "shape"), deployed)
    return chart(
        values, layers, width=width, height=300 if width == WIDE else 230, y_title="share of flags that are right"
    )
