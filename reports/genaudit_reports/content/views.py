"""A metric seen from several stations of a model, and which of these may stand on one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit.values.results import Interval
from genaudit_reports.content.debiased import ZERO, Debiased, debiased
from genaudit_reports.content.grouping import described, pairs_of
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
    n: int


def view_results(record: RunRecord) -> list[MetricResult]:
    """The metric itself and its views, in the record's order, the samples first."""
    results = [result for result in record.results if result.metric == METRIC and not pairs_of(result.group)]
    return sorted(results, key=lambda result: bool(result.group))


def comparable_views(record: RunRecord) -> list[View]:
    """Those that share one feature space, from near the data to far; debiased if all are, since their n differ."""
    text = described(record, METRIC)
    title = clean(text.title, LONGEST_NAME) if text else METRIC
    results = [result for result in view_results(record) if not is_other_space(result.group)]
    found = [debiased(result) for result in results]
    if all(found):
        title += ", without small-sample bias"
    labels = without_common_part([view_label(result.group) for result in results])
    views = [
        View(title=title, label=label, value=shown.value, interval=shown.interval, n=result.n)
        for label, result, shown in zip(labels, results, found if all(found) else results, strict=True)
        if shown
    ]
    return sorted(views, key=lambda view: view.value)


def is_other_space(view: str) -> bool:
    """Whether a view is measured in other features than the samples are."""
    return view.lower().startswith(OTHER_SPACE)


def without_common_part(labels: list[str]) -> list[str]:
    """Labels without the words before a comma that all of them begin with: an axis has little room.

    >>> without_common_part(["translations, a to b", "translations, b to a"]), without_common_part(["x, y", "samples"])
    (['a to b', 'b to a'], ['x, y', 'samples'])
    """
    parts = [label.partition(", ") for label in labels]
    alike = len(labels) > 1 and len({first for first, _, _ in parts}) == 1 and all(rest for _, _, rest in parts)
    return [rest for _, _, rest in parts] if alike else labels


def view_label(view: str) -> str:
    """What the view compares.

    >>> view_label(""), view_label("aggregate-posterior")
    ('samples', 'aggregate posterior')
    """
    return words(view.replace("-", " ")) if view else "samples"


def view_sentence(record: RunRecord) -> str:
    """Samples against reconstructions or aggregate posterior, without bias; empty if there is nothing to compare."""
    samples, near, what = _compared(record)
    if samples is None or near is None:
        return ""
    return (
        f"Without small-sample bias, the samples lie at {_placed(samples, with_level=True)} and the "
        f"{what} at {_placed(near)}{_conclusion(samples, near, what)}"
    )


def _compared(record: RunRecord) -> tuple[Debiased | None, Debiased | None, str]:
    """Samples, what they are compared with, and its name: plug-in values of unequal n are never compared."""
    by_group = {result.group.replace("_", "-").replace(" ", "-"): result for result in view_results(record)}
    near = by_group.get("reconstructions") or by_group.get("aggregate-posterior")
    samples = by_group.get("")
    if samples is None or near is None:
        return None, None, ""
    is_reconstructed = near.group.startswith("recon")
    what = "reconstructions of held-out images" if is_reconstructed else "images of the aggregate posterior"
    return debiased(samples), debiased(near), what


def _placed(distance: Debiased, *, with_level: bool = False) -> str:
    text = distance.said(with_level=with_level)
    return f"{text}, {ZERO}" if distance.holds_zero else text


def _conclusion(samples: Debiased, near: Debiased, what: str) -> str:
    if samples.lies_beyond(near):
        return ": the samples lie farther."
    if near.lies_beyond(samples):
        return f": the {what.split(' ', maxsplit=1)[0]} lie farther than the samples."
    if samples.interval is None or near.interval is None:
        return ". Without intervals for both, this run does not tell which is nearer to the data."
    return ". The intervals overlap, so this run does not tell which is nearer to the data."
