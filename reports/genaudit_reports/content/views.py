"""A metric seen from several stations of a model, and which of these may stand on one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import Interval
from genaudit_reports.content.grouping import described, pairs_of
from genaudit_reports.content.wording import with_interval
from genaudit_reports.number_format import plain
from genaudit_reports.safe_text import LONGEST_NAME, clean, words

if TYPE_CHECKING:
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

METRIC = "fid"
OTHER_SPACE = ("low-level", "low_level", "low level")
"""Views in features of their own: never on one axis with the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One row: what is compared with the data, and how far it is."""

    title: str
    label: str
    value: float
    interval: Interval | None


def view_results(record: RunRecord) -> list[MetricResult]:
    """The metric itself and its views, in the record's order, the samples first."""
    results = [result for result in record.results if result.metric == METRIC and not pairs_of(result.group)]
    return sorted(results, key=lambda result: bool(result.group))


def comparable_views(record: RunRecord) -> list[View]:
    """Those that share one feature space, from near the data to far."""
    text = described(record, METRIC)
    title = clean(text.title, LONGEST_NAME) if text else METRIC
    views = [
        View(title=title, label=view_label(result.group), value=result.value, interval=result.interval)
        for result in view_results(record)
        if not is_other_space(result.group)
    ]
    return sorted(views, key=lambda view: view.value)


def is_other_space(view: str) -> bool:
    """Whether a view is measured in other features than the samples are."""
    return view.lower().startswith(OTHER_SPACE)


def view_label(view: str) -> str:
    """What the view compares.

    >>> view_label(""), view_label("aggregate-posterior")
    ('samples', 'aggregate posterior')
    """
    return words(view.replace("-", " ")) if view else "samples"


def view_sentence(record: RunRecord) -> str:
    """Samples against reconstructions and aggregate posterior, as a ratio; empty if there is nothing to compare."""
    by_group = {result.group.replace("_", "-").replace(" ", "-"): result for result in view_results(record)}
    samples = by_group.get("")
    near = by_group.get("reconstructions") or by_group.get("aggregate-posterior")
    if samples is None or near is None or near.value <= 0:
        return ""
    what = "reconstructions of held-out images" if near.group.startswith("recon") else "aggregate posterior"
    ratio = samples.value / near.value
    text = f"The model's own {what} lie at {with_interval(near)}"
    if _overlap(samples, near):
        return f"{text}: the intervals overlap, so this run does not tell which of the two is nearer."
    if ratio < 1:
        return f"{text}, further away than its samples."
    times = plain(ratio, 1) if _is_sharp(samples) and _is_sharp(near) else f"about {plain(ratio, 0)}"
    return f"{text}: the samples are {times} times as far from the data."


def _overlap(first: MetricResult, second: MetricResult) -> bool:
    a, b = first.interval, second.interval
    return a is not None and b is not None and a.low <= b.high and b.low <= a.high


def _is_sharp(result: MetricResult) -> bool:
    """Whether the interval is narrow enough for a ratio with a decimal."""
    return result.interval is not None and result.interval.width < 0.2 * result.value
