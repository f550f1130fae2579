"""How often the model makes each mode, beside how often the data have it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit_reports.content.modes import ModeShare, mode_sentences, mode_shares
from genaudit_reports.content.scored import items
from genaudit_reports.figures.figure import Figure, Key
from genaudit_reports.figures.theme import INK, NARROW, VERMILION, WIDE, Spec, axis, chart, percent_axis
from genaudit_reports.number_format import count, level, percent, percent_range

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord

MOST_BARS = 30
LINE = 16
"""Pixels that a name aslant needs beside the next."""


def mode_figure(record: RunRecord) -> Figure | None:
    """Bars with whiskers, and the share in the data as a line across each."""
    shares = mode_shares(record)
    if len(shares) < 2:
        return None
    drawn = _furthest(shares)
    first = next((share.interval for share in drawn if share.interval), None)
    caption = f"Share of each {shares[0].kind} among generated {items(record)}"
    caption += f"; whiskers are {level(first)} intervals." if first else "."
    if len(drawn) < len(shares):
        caption += f" Shown are the {len(drawn)} of {len(shares)} that differ most from the data."
    return Figure(
        name="mode_share",
        finding=" ".join(mode_sentences(record)),
        caption=caption,
        columns=(shares[0].kind.capitalize(), "Generated", "Interval", "n", "Data"),
        rows=tuple(_row(share) for share in shares),
        spec=_spec(drawn, WIDE),
        narrow=_spec(drawn, NARROW),
        key=(Key(sign="■", role="blue", text="generated"), Key(sign="━", role="vermilion", text="in the data")),
    )


def _furthest(shares: list[ModeShare]) -> list[ModeShare]:
    if len(shares) <= MOST_BARS:
        return shares
    chosen = sorted(shares, key=lambda share: -abs(share.value - (share.reference or 0.0)))[:MOST_BARS]
    return [share for share in shares if share in chosen]


def _row(share: ModeShare) -> tuple[str, ...]:
    return (
        share.mode,
        percent(share.value, share.interval),
        percent_range(share.interval) if share.interval else "none",
        count(share.n),
        percent(share.reference) if share.reference is not None else "unknown",
    )


def _names(shares: list[ModeShare], width: int) -> Spec:
    """Names that do not run into one another: level, aslant, or small and upright where there is least room."""
    if width / len(shares) < LINE:
        return axis(labelAngle=-90, labelFontSize=10, labelOverlap=True)
    crowded = len(shares) > 12 or any(len(share.mode) > 8 for share in shares)
    return axis(labelAngle=-50 if crowded else 0)


def _spec(shares: list[ModeShare], width: int) -> Spec:
    values = [
        {
            "mode": f"{share.mode}",
            "share": share.value,
            "low": share.interval.low if share.interval else None,
            "high": share.interval.high if share.interval else None,
            "reference": share.reference,
        }
        for share in shares
    ]
    x = {"field": "mode", "type": "nominal", "sort": None, "axis": _names(shares, width)}
    y = {"field": "share", "type": "quantitative", "axis": percent_axis(tickCount=5)}
    band = 0.62 * width / len(shares)
    layers: list[Spec] = [
        {"mark": {"type": "bar", "width": {"band": 0.62}}, "encoding": {"x": x, "y": y}},
        {
            "mark": {
                "type": "tick",
                "color": VERMILION,
                "thickness": 3,
                "opacity": 1,
                "size": max(6, band),
                "orient": "horizontal",
            },
            "encoding": {"x": x, "y": {**y, "field": "reference"}},
        },
        {
            "mark": {"type": "rule", "color": INK, "strokeWidth": 2},
            "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}},
        },
    ]
    return chart(values, layers, width=width, height=300 if width == WIDE else 230)
