"""A record as rows of text: what stdout says of a run, without knowing how it is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.cli.gate_lines import gate_lines
from genaudit.cli.gate_rows import gate_sheet
from genaudit.cli.numbers import shown, shown_range
from genaudit.cli.sheet import ARROWS, Sheet
from genaudit.cli.verdict_lines import verdict_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult, Unavailable

FEW_GROUPS = 3
"""Groups without a number of which each is told why."""
WITHOUT_SKILL = {"most_common_level": "most common level", "reached_at_random": "at random", "ends": "ends of paths"}
"""Details that a number is held against, as they are called beside it."""
MOST_ACROSS = 5
"""Groups that stand side by side, at most."""
MOST_NAMED = 6
"""Names of one reason that are written out."""


def sheets_of(record: RunRecord) -> list[Sheet]:
    """A sheet for each set of attributes that groups are made of, then the numbers of all, and last what was judged."""
    whole = [result for result in record.results if "=" not in result.group]
    notes = notes_of(record)
    by_attributes: dict[str, list[MetricResult]] = {}
    for result in record.results:
        if "=" in result.group:
            by_attributes.setdefault(_attributes(result.group), []).append(result)
    sheets = [_group_sheet(attributes, results) for attributes, results in by_attributes.items()]
    sheets += [_whole_sheet(whole, notes)] if whole else []
    return [*sheets, gate_sheet(record.gate)] if record.gate and record.gate.changes else sheets


def notes_of(record: RunRecord) -> dict[str, int]:
    """What a reader of some number must know, each once, with the mark that stands beside the number."""
    whole = (result for result in record.results if "=" not in result.group)
    texts = dict.fromkeys(result.note or result.reason_without for result in whole)
    return {text: mark for mark, text in enumerate((text for text in texts if text), start=1)}


def closing_lines(record: RunRecord, reports: Mapping[str, Path], folder: Path) -> list[str]:
    """What is missing and why, what failed, what was judged, and where the report is; equal reasons in one line."""
    failed = (
        (f"{_name(item.component, item.group)} ({item.stage})", f"{item.error} {item.hint}") for item in record.failures
    )
    notes = [f"[{mark}] {text}" for text, mark in notes_of(record).items()]
    lines = [*notes, *([""] if notes else []), *missing_lines(record.not_available), *_by_reason("failed", failed)]
    if not record.complete:
        lines.append("The run is not complete.")
    judged = verdict_lines(record.findings)
    lines += [*([""] if lines and judged else []), *judged]
    if record.gate:
        lines += [*([""] if lines else []), *gate_lines(record.gate)]
    return [*lines, *([""] if lines else []), f"report: {reports.get('html') or folder}"]


def missing_lines(unavailable: Iterable[Unavailable]) -> list[str]:
    """What does not apply and why; of a number that is missing for many groups the first is told, and how many more."""
    alike: dict[tuple[str, ...], list[Unavailable]] = {}
    for item in unavailable:
        group = "" if "=" in item.group else item.group
        alike.setdefault((item.component, group, item.reason_code, item.hint), []).append(item)
    return _by_reason("not available", (line for items in alike.values() for line in _told(items)))


def _told(items: list[Unavailable]) -> Iterator[tuple[str, str]]:
    """Name and reason of each, or of the first of many groups."""
    first = items[0]
    if len(items) > FEW_GROUPS:
        name = f"{_name(first.component, first.group)} and {len(items) - 1} more groups"
        yield name, f"{first.reason} {first.hint}"
        return
    for item in items:
        yield _name(item.component, item.group), f"{item.reason} {item.hint}"


def _whole_sheet(results: list[MetricResult], notes: Mapping[str, int]) -> Sheet:
    rows = tuple(
        (
            _name(result.metric, result.group),
            ARROWS[result.direction.value],
            shown(result.value, result.interval),
            shown_range(result.interval) if result.interval else "-",
            f"{result.n:,}",
            _beside(result, notes),
        )
        for result in results
    )
    return Sheet(header=("metric", "", "value", "95 % interval", "n", "note"), rows=rows, numeric=(2, 3, 4))


def _beside(result: MetricResult, notes: Mapping[str, int]) -> str:
    """What stands beside a number: what it is to be held against, and the mark of what must be known of it."""
    mark = notes.get(result.note or result.reason_without)
    beside = (_debiased(result), _ideal(result), _without_skill(result))
    return " ".join(filter(None, (*beside, "" if mark is None else f"[{mark}]")))


def _debiased(result: MetricResult) -> str:
    """The value without its small-sample bias, where the metric knows it."""
    value = result.details.get("debiased")
    return "" if value is None else f"debiased {shown(value, result.interval)}"


def _ideal(result: MetricResult) -> str:
    """What a perfect model would have at these sizes, where that is not 0 or 1."""
    value = result.details.get("expected_of_a_perfect_model")
    return "" if value is None else f"perfect model {shown(value, result.interval)}"


def _without_skill(result: MetricResult) -> str:
    """What would be reached by always saying one level, by steps at random, or where paths begin."""
    found = ((name, result.details[name]) for name in WITHOUT_SKILL if name in result.details)
    return ", ".join(f"{WITHOUT_SKILL[name]} {shown(value, result.interval)}" for name, value in found)


def _group_sheet(attributes: str, results: list[MetricResult]) -> Sheet:
    """Groups down, metrics across; few groups of many metrics the other way round, which is narrower."""
    groups = list(dict.fromkeys(result.group for result in results))
    metrics = list(dict.fromkeys(result.metric for result in results))
    if len(groups) < min(len(metrics), MOST_ACROSS):
        every = {(result.group, result.metric): _cell(result, _sized(result.n)) for result in results}
        across = tuple((metric, *(every.get((group, metric), "-") for group in groups)) for metric in metrics)
        return Sheet(header=(attributes, *map(_levels, groups)), rows=across, numeric=())
    return _groups_down(attributes, groups, metrics, results)


def _groups_down(attributes: str, groups: list[str], metrics: list[str], results: list[MetricResult]) -> Sheet:
    """An n that all groups share stands in the heading, else in each cell."""
    sizes: dict[str, set[int]] = {}
    for result in results:
        sizes.setdefault(result.metric, set()).add(result.n)
    headings = [f"{metric}, {_sized(min(ns))}" if len(ns) == 1 else metric for metric, ns in sizes.items()]
    cells = {
        (result.group, result.metric): _cell(result, "" if len(sizes[result.metric]) == 1 else _sized(result.n))
        for result in results
    }
    rows = tuple((_levels(group), *(cells.get((group, metric), "-") for metric in metrics)) for group in groups)
    return Sheet(header=(attributes, *headings), rows=rows, numeric=())


def _cell(result: MetricResult, size: str) -> str:
    around = "; ".join(filter(None, (shown_range(result.interval) if result.interval else "", size)))
    value = shown(result.value, result.interval)
    return f"{value} ({around})" if around else value


def _sized(n: int) -> str:
    return f"n {n:,}"


def _attributes(group: str) -> str:
    """Attribute names of a group.

    >>> _attributes("digit=4, colour=blue")
    'digit, colour'
    """
    return ", ".join(part.partition("=")[0].strip() for part in group.split(","))


def _levels(group: str) -> str:
    return ", ".join(part.partition("=")[2].strip() for part in group.split(","))


def _by_reason(state: str, items: Iterable[tuple[str, str]]) -> list[str]:
    names: dict[str, list[str]] = {}
    for name, reason in items:
        names.setdefault(" ".join(reason.split()), []).append(name)
    return [f"{state}: {_first(found)}: {reason}" for reason, found in names.items()]


def _first(names: list[str]) -> str:
    """The first few names; the report, ``run.json`` and ``--json`` have all."""
    more = len(names) - MOST_NAMED
    return ", ".join(names) if more <= 1 else f"{', '.join(names[:MOST_NAMED])} and {more} more"


def _name(component: str, group: str) -> str:
    return f"{component} [{group}]" if group else component
