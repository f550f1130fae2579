"""Records to a comparison: numbers of one definition side by side, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from genaudit.engine.incomparable import nothing_shared, unlike_protocols, why_missing
from genaudit.errors import BadOption, unknown_name
from genaudit.stats.differences import difference_interval
from genaudit.values.comparability import unlike_fields
from genaudit.values.comparison import Cell, Change, ComparedNumber, ComparedRun, Comparison, Reading, Unlike
from genaudit.values.printable import printable
from genaudit.values.results import Direction
from genaudit.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.values.record import RunRecord
    from genaudit.values.results import Interval, MetricResult

Key = tuple[str, str]
LONGEST_NAME = 80
OUTCOMES = {"parameters.items_of_each_group"}
"""Fields that follow from what was generated: no choice of the user makes two generators agree in them."""


def compare_records(
    records: Sequence[RunRecord],
    labels: Sequence[str] = (),
    *,
    metrics: Sequence[str] = (),
    skip_unlike: bool = False,
) -> Comparison:
    """Every number that the runs define alike, with its change from the first run.

    Args:
        records: Two or more; the first is what the others are compared with.
        labels: A name for each; the generator's name, made unique, where none is given.
        metrics: Identifiers of the numbers to compare; all if empty.
        skip_unlike: Leave out numbers that runs define differently, and list them, instead of refusing. What differs
            only in an outcome, such as how many items a group has, is always left out and listed.

    Raises:
        BadOption: Fewer than two records, or labels that do not fit.
        UnknownName: No run has a metric that is asked for.
        ComparisonError: Two runs define a number differently, or have none in common.
    """
    names = _labels(records, labels)
    keys = _keys(records, metrics)
    unlike = _unlike(records, names, keys)
    chosen = [item for item in unlike if item.field not in OUTCOMES]
    if chosen and not skip_unlike:
        raise unlike_protocols(chosen)
    left_out = {(item.metric, item.group) for item in unlike}
    shared = [key for key in keys if key not in left_out and _holders(records, key) > 1]
    if not shared:
        raise nothing_shared(records, names, unlike, metrics)
    return Comparison(
        genaudit_version=VERSION,
        runs=tuple(_run(record, name) for record, name in zip(records, names, strict=True)),
        numbers=tuple(_number(records, key) for key in shared),
        unlike=tuple(unlike),
        warnings=tuple(_warnings(records, names)),
    )


def _labels(records: Sequence[RunRecord], labels: Sequence[str]) -> list[str]:
    if len(records) < 2:
        raise BadOption(f"A comparison needs at least 2 runs, not {len(records)}.", "Name two run folders or more.")
    if labels:
        if len(labels) != len(records) or len(set(labels)) < len(labels):
            raise BadOption(
                f"{len(records)} runs need as many different labels, not {', '.join(labels)}.",
                "Give --label once for each run, in their order.",
            )
        return list(labels)
    names = [printable(record.request.plugin or record.run_id, LONGEST_NAME) for record in records]
    seen = Counter(names)
    return [name if seen[name] == 1 else f"{name} {place}" for place, name in enumerate(names, start=1)]


def _keys(records: Sequence[RunRecord], metrics: Sequence[str]) -> list[Key]:
    keys = dict.fromkeys((result.metric, result.group) for record in records for result in record.results)
    known = {metric for metric, _ in keys}
    for metric in metrics:
        if metric not in known:
            raise unknown_name("metric", metric, known, listed="In these runs")
    return [key for key in keys if not metrics or key[0] in metrics]


def _found(record: RunRecord, key: Key) -> MetricResult | None:
    try:
        return record.result(*key)
    except KeyError:
        return None


def _holders(records: Sequence[RunRecord], key: Key) -> int:
    return sum(_found(record, key) is not None for record in records)


def _unlike(records: Sequence[RunRecord], names: Sequence[str], keys: Sequence[Key]) -> list[Unlike]:
    """The first differing field of every number that two runs define differently."""
    found = []
    for key in keys:
        first: MetricResult | None = None
        first_run = ""
        for record, name in zip(records, names, strict=True):
            result = _found(record, key)
            if result is None:
                continue
            if first is None:
                first, first_run = result, name
            fields = unlike_fields(first, result)
            if fields:
                field = min(fields, key=lambda each: each.field in OUTCOMES)
                found.append(
                    Unlike(
                        metric=key[0],
                        group=key[1],
                        run=name,
                        field=field.field,
                        first=field.first,
                        second=field.second,
                        first_run=first_run,
                    )
                )
                break
    return found


def _run(record: RunRecord, label: str) -> ComparedRun:
    return ComparedRun(
        label=label,
        run_id=record.run_id,
        created=record.created,
        plugin=record.request.plugin,
        weights_digest=record.generator.digest,
        dataset=record.request.dataset,
        seed=record.request.seed,
        complete=record.complete,
    )


def _number(records: Sequence[RunRecord], key: Key) -> ComparedNumber:
    results = [_found(record, key) for record in records]
    known = next(result for result in results if result is not None)
    titles = {(item.name, item.view): item.title for record in records for item in record.metrics}
    plain = known.metric.replace("_", " ")
    return ComparedNumber(
        metric=known.metric,
        group=known.group,
        title=titles.get((known.metric, known.group)) or titles.get((known.metric, ""), plain),
        unit=known.unit,
        direction=known.direction,
        definition=known.definition,
        cells=tuple(
            _cell(record, key, result, results[0] if place else None)
            for place, (record, result) in enumerate(zip(records, results, strict=True))
        ),
    )


def _cell(record: RunRecord, key: Key, result: MetricResult | None, base: MetricResult | None) -> Cell:
    if result is None:
        return Cell(value=None, interval=None, n=0, reason=why_missing(record, key), change=None)
    return Cell(
        value=result.value,
        interval=result.interval,
        n=result.n,
        reason=result.reason_without,
        change=_change(result, base) if base is not None else None,
    )


def _change(result: MetricResult, base: MetricResult) -> Change:
    difference = result.value - base.value
    ours, theirs = result.interval, base.interval
    if not (ours and theirs and ours.level == theirs.level and _holds(ours, result) and _holds(theirs, base)):
        return Change(difference=difference, interval=None, reading=Reading.NO_INTERVAL)
    interval = difference_interval(result.value, ours, base.value, theirs)
    if interval.low <= 0 <= interval.high:
        return Change(difference=difference, interval=interval, reading=Reading.OPEN)
    if result.direction is Direction.NONE:
        return Change(difference=difference, interval=interval, reading=Reading.DIFFERENT)
    better = (difference > 0) == (result.direction is Direction.HIGHER)
    return Change(difference=difference, interval=interval, reading=Reading.BETTER if better else Reading.WORSE)


def _holds(interval: Interval, result: MetricResult) -> bool:
    """Whether the interval contains its value: one around a debiased value need not."""
    return interval.low <= result.value <= interval.high


def _warnings(records: Sequence[RunRecord], names: Sequence[str]) -> list[str]:
    found = [
        f"The run {name} is not complete." for record, name in zip(records, names, strict=True) if not record.complete
    ]
    same = [name for name, record in zip(names[1:], records[1:], strict=True) if record.run_id == records[0].run_id]
    return [*found, *(f"{name} is the same run as {names[0]}." for name in same)]
