"""Why runs are not compared: the fields in which they differ, by name and with the values of both."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.errors import ComparisonError
from genaudit.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from genaudit.values.comparison import Unlike
    from genaudit.values.record import RunRecord

MOST_NAMED = 5
LONGEST_LIST = 300


def unlike_protocols(unlike: Sequence[Unlike]) -> ComparisonError:
    """The refusal of runs that define numbers differently."""
    said = list(dict.fromkeys(item.sentence for item in unlike))
    more = f", and {len(said) - MOST_NAMED} more" if len(said) > MOST_NAMED else ""
    numbers = ", ".join(dict.fromkeys(item.metric for item in unlike[: 2 * MOST_NAMED]))
    return ComparisonError(
        f"These runs do not measure the same thing: {'; '.join(said[:MOST_NAMED])}{more}. It concerns {len(unlike)} "
        f"numbers: {numbers}.",
        "Compare runs of one protocol, or give --skip-unlike to leave these numbers out; they will be listed.",
    )


def nothing_shared(
    records: Sequence[RunRecord], names: Sequence[str], unlike: Sequence[Unlike], metrics: Sequence[str]
) -> ComparisonError:
    """The refusal of runs without a number that two of them define alike."""
    fields = dict.fromkeys((*_fields(records, names), *(item.sentence for item in unlike)))
    said = list(fields) or [*_reasons(records, names, metrics)] or [*_holdings(records, names)]
    return ComparisonError(
        f"The runs {', '.join(names)} have no number in common that they define alike: {'; '.join(said[:MOST_NAMED])}.",
        "Compare runs on the same data set with the same extractor, profile and metrics.",
    )


def why_missing(record: RunRecord, key: tuple[str, str]) -> str:
    """The record's own reason, or that it holds no such number."""
    for item in record.not_available:
        if (item.component, item.group) in {key, (key[0], "")}:
            return item.reason
    for failure in record.failures:
        if (failure.component, failure.group) in {key, (key[0], "")}:
            return f"failed in {failure.stage}: {failure.error}"
    return "not among the numbers of this run"


def _fields(records: Sequence[RunRecord], names: Sequence[str]) -> Iterator[str]:
    """What the runs were about, where another differs from the first."""
    for field in ("subject", "dataset", "extractor"):
        first = _about(records[0])[field]
        for record, name in zip(records[1:], names[1:], strict=True):
            value = _about(record)[field]
            if value != first and value and first:
                yield f"{field} is '{printable(first)}' in run {names[0]} and '{printable(value)}' in run {name}"
                break


def _about(record: RunRecord) -> dict[str, str]:
    subject = "decisions in a table" if record.audits else "a generator"
    return {"subject": subject, "dataset": record.request.dataset, "extractor": record.request.extractor}


def _reasons(records: Sequence[RunRecord], names: Sequence[str], metrics: Sequence[str]) -> Iterator[str]:
    """Why a run lacks a metric that was asked for by name."""
    for metric in metrics:
        for record, name in zip(records, names, strict=True):
            if all(result.metric != metric for result in record.results):
                yield f"{name} has no {metric} ({why_missing(record, (metric, '')).rstrip('.')})"


def _holdings(records: Sequence[RunRecord], names: Sequence[str]) -> Iterator[str]:
    """What each run has instead."""
    for record, name in zip(records, names, strict=True):
        held = ", ".join(dict.fromkeys(result.metric for result in record.results))
        yield f"{name} has {printable(held, LONGEST_LIST) or 'no number'}"
