"""Any metric of labels, group by group, by fairlearn's MetricFrame, with what a frame alone does not say."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from genaudit.audits.cells import described, group_name, number_of, pairs_of, unnamed
from genaudit.audits.sklearn_metrics import LabelMetric, label_metric
from genaudit.errors import NotApplicable
from genaudit.stats.intervals import normal_interval
from genaudit.values.findings import AuditOutcome, AuditValue
from genaudit.values.results import Estimate, Unavailable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from genaudit.audits.label_metric_options import LabelMetricsOptions
    from genaudit.values.counts import CountTable
    from genaudit.values.findings import Finding
    from genaudit.values.results import Interval

HOW = "delete-one jackknife over people (four kinds of person, each left out once)"
WEIGHTED = "A sum of weights is no number of people, so nobody can be left out of it."
ALIKE = "Leaving any one person out changes nothing, so that nothing shows how much the value would vary."
LARGEST_REPEATED = 5_000_000
"""People whose rows are written out for a metric that knows no weights."""
CELLS = ((0, 0), (0, 1), (1, 0), (1, 1))


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupValue:
    """The metric in one group."""

    index: int
    value: float
    error: float | None
    """Standard error; None if it is not known, 0 if nobody's absence changes the value, which is no certainty."""
    people: float


def label_metrics(
    table: CountTable,
    *,
    options: LabelMetricsOptions,
    rng: np.random.Generator,  # noqa: ARG001 - exact from counts
) -> AuditOutcome:
    """Every metric that was named, in each group and between each pair of groups.

    Four counts of a group say all that a metric of its labels can depend on, so the frame is given four weighted rows
    a group and not a row a person. Groups below the minimum are suppressed and listed, undefined values too; people
    without a group are compared with nobody. There is no test of the largest difference: a percentile bootstrap of it
    is above 0 even where groups do not differ.

    Args:
        table: Counts with a truth.
        options: Names, smallest groups, level of the intervals.
        rng: Not used; every audit is given one.

    Raises:
        NotApplicable: The table has no truth.
    """
    if not table.has_truth:
        raise NotApplicable("no_truth", "The table has no column of what was the case.", "Name one with --truth.")
    values: list[AuditValue] = []
    missing: list[Unavailable] = []
    findings: list[Finding] = []
    for name in options.names:
        metric = label_metric(name)
        found, left_out = _of_groups(metric, table, options)
        missing += left_out
        values += [_value(metric, table, one, options) for one in found]
        named = [one for one in found if not unnamed(table, one.index)]
        values += list(_pairs(metric, table, named, options))
        if len(named) > 1:
            findings.append(_finding(metric, table, named, options))
    return AuditOutcome(values=tuple(values), findings=tuple(findings), unavailable=tuple(missing))


def _of_groups(
    metric: LabelMetric, table: CountTable, options: LabelMetricsOptions
) -> tuple[list[GroupValue], list[Unavailable]]:
    """The metric in each group that is large enough and in which it is defined; and why not in the others."""
    cells = table.confusion.reshape(len(table.groups), 4)
    people = cells.sum(axis=1)
    name, found, missing = f"sklearn_{metric.name}", [], []
    enough = [index for index in range(len(table.groups)) if people[index] >= options.min_count]
    for index in sorted(set(range(len(table.groups))) - set(enough)):
        said = f"{number_of(people[index])} in {group_name(table, index)}: fewer than {options.min_count}."
        missing.append(
            Unavailable(component=name, reason_code="below_min_n", reason=said, group=group_name(table, index))
        )
    if not metric.takes_weights and (table.weighted or people.sum() > LARGEST_REPEATED):
        said = f"{metric.name} knows no weights, and this table is weighted or too large to be written out row by row."
        return [], [*missing, Unavailable(component=name, reason_code="needs_rows", reason=said)]
    frame = _by_group(metric, cells[enough])
    for index, value in zip(enough, frame, strict=True):
        if math.isnan(value):
            said = f"scikit-learn says that {metric.name} is undefined in {group_name(table, index)}."
            missing.append(
                Unavailable(component=name, reason_code="empty_cell", reason=said, group=group_name(table, index))
            )
            continue
        error = None if table.weighted else _jackknife_error(metric, cells[index])
        found.append(GroupValue(index=index, value=value, error=error, people=float(people[index])))
    return found, missing


def _by_group(metric: LabelMetric, cells: NDArray[np.float64]) -> list[float]:
    """The metric of each row of four counts, by fairlearn."""
    from fairlearn.metrics import MetricFrame

    if not len(cells):
        return []
    rows = [_rows(metric, group) for group in cells]
    truth, decision, weight = (np.concatenate(parts) for parts in zip(*rows, strict=True))
    groups = np.repeat(np.arange(len(cells)), [len(part[0]) for part in rows])
    frame = MetricFrame(
        metrics={metric.name: metric},
        y_true=truth,
        y_pred=decision,
        sensitive_features=groups,
        sample_params={metric.name: {"sample_weight": weight}},
    )
    by_group = frame.by_group[metric.name]
    return [float(by_group.loc[index]) for index in range(len(cells))]


def _rows(
    metric: LabelMetric, counts: NDArray[np.float64]
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Truth, decision and weight: a row a kind of person, or a person a row where the metric knows no weights."""
    there = counts > 0
    labels, weight = np.array(CELLS)[there], counts[there]
    if not metric.takes_weights:
        labels, weight = np.repeat(labels, weight.astype(np.int64), axis=0), np.ones(int(weight.sum()))
    return labels[:, 0], labels[:, 1], weight


def _jackknife_error(metric: LabelMetric, counts: NDArray[np.float64]) -> float | None:
    """Standard error from leaving out one person of each kind (Efron and Tibshirani 1993, equation 11.5)."""
    total, kinds = counts.sum(), np.flatnonzero(counts)
    without = np.array([metric(*_rows(metric, counts - np.eye(4)[kind])) for kind in kinds])
    if np.isnan(without).any():
        return None
    mean = float((counts[kinds] * without).sum() / total)
    return float(np.sqrt((total - 1) / total * (counts[kinds] * (without - mean) ** 2).sum()))


def _value(metric: LabelMetric, table: CountTable, one: GroupValue, options: LabelMetricsOptions) -> AuditValue:
    return AuditValue(
        name=f"sklearn_{metric.name}",
        unit="value",
        estimate=Estimate(
            value=one.value,
            interval=_interval(one.value, one.error, options),
            reason_without=_why_none(table, one.error),
            n_reference=round(one.people),
            group=group_name(table, one.index),
            note=f"Only {number_of(one.people, spec=',.0f')}." if one.people < options.warn_count else "",
        ),
    )


def _pairs(
    metric: LabelMetric, table: CountTable, found: list[GroupValue], options: LabelMetricsOptions
) -> Iterator[AuditValue]:
    by_index = {one.index: one for one in found}
    for first, second in pairs_of(table, list(by_index)):
        a, b = by_index[first], by_index[second]
        error = math.hypot(a.error, b.error) if a.error and b.error else 0.0 if 0.0 in (a.error, b.error) else None
        yield AuditValue(
            name=f"sklearn_{metric.name}_difference",
            unit="value",
            estimate=Estimate(
                value=a.value - b.value,
                interval=_interval(a.value - b.value, error, options),
                reason_without=_why_none(table, error),
                n_reference=round(a.people + b.people),
                group=f"{group_name(table, first)} − {group_name(table, second)}",
            ),
        )


def _interval(value: float, error: float | None, options: LabelMetricsOptions) -> Interval | None:
    return normal_interval(value, error, how=HOW, level=options.level) if error else None


def _why_none(table: CountTable, error: float | None) -> str:
    if error is not None:
        return "" if error else ALIKE
    return WEIGHTED if table.weighted else "Without one person the metric is undefined."


def _finding(metric: LabelMetric, table: CountTable, found: list[GroupValue], options: LabelMetricsOptions) -> Finding:
    high, low = (pick(found, key=lambda one: one.value) for pick in (max, min))
    said = " and ".join(
        f"{one.value:.3g}{_around(one, options)} in {group_name(table, one.index)}" for one in (high, low)
    )
    return described("label_metrics", table, f"{metric.name} is highest and lowest with {said}.")


def _around(one: GroupValue, options: LabelMetricsOptions) -> str:
    interval = _interval(one.value, one.error, options)
    return f" ({100 * options.level:g} % interval {interval.low:.3g} to {interval.high:.3g})" if interval else ""
