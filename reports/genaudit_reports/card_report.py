"""A model card: Markdown with the metadata that model hubs read, made from the record alone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from genaudit_reports.content.families import family_of, place
from genaudit_reports.number_format import count, interval_range, rounded_value
from genaudit_reports.safe_text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from huggingface_hub import EvalResult

    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

DIRECTIONS = {"higher": "higher is better", "lower": "lower is better", "none": "describes"}
_MARKDOWN = re.compile(r"([\\`*_\[\]<>|#&])")


def card_report(record: RunRecord, folder: Path) -> bytes:  # noqa: ARG001 - every reporter is called with both
    """``card.md``: metadata (``model-index``) between dashes, then the numbers, each with interval, n and direction.

    Intended use, training and licence are the author's to write: the card says where.
    """
    from huggingface_hub import ModelCardData

    about = f"decisions in {record.request.dataset}" if record.audits else record.request.plugin
    name = clean(about, 80) or "model"
    card = ModelCardData(
        model_name=name,
        pipeline_tag=task(record),
        tags=["genaudit"],
        eval_results=[_metadata(record, result) for result in _whole(record)],
    )
    # The metadata is YAML, written by the hub's own library; everything below is escaped here.
    return f"---\n{card.to_yaml()}\n---\n\n{''.join(_body(record, name))}".encode()


def task(record: RunRecord) -> str:
    """The hub's own word for what was measured; ``other`` where it has none."""
    if record.audits:
        return "tabular-classification"
    if "Translator" in record.generator.capabilities:
        return "image-to-image"
    if "image_shape" not in record.generator.facts:
        return "other"
    return "unconditional-image-generation"


def _whole(record: RunRecord) -> list[MetricResult]:
    """The numbers of the whole sets; numbers of groups stay in the report."""
    return sorted((result for result in record.results if "=" not in result.group), key=lambda one: place(one.metric))


def _metadata(record: RunRecord, result: MetricResult) -> EvalResult:
    from huggingface_hub import EvalResult

    return EvalResult(
        task_type=task(record),
        dataset_type=clean(record.request.dataset, 80) or "none",
        dataset_name=clean(record.request.dataset, 80) or "none",
        dataset_split=clean(result.protocol.reference.partition("/")[2], 80) or None,
        metric_type=f"{result.metric} {clean(result.group, 80)}".strip(),
        metric_name=f"{result.metric} {clean(result.group, 80)}".strip(),
        metric_value=result.value,
        metric_args={
            "n": result.n,
            "interval": [result.interval.low, result.interval.high] if result.interval else None,
            "level": result.interval.level if result.interval else None,
            "definition": result.definition,
        },
    )


def _body(record: RunRecord, name: str) -> Iterator[str]:
    yield f"# {escaped(name)}\n\n"
    yield f"{escaped(record.generator.summary)}\n\n" if record.generator.summary else ""
    yield (
        f"Measured by genaudit {escaped(record.genaudit_version)} on {escaped(record.request.dataset)}, "
        f"seed {record.request.seed}, run `{clean(record.run_id, 80).replace('`', '')}`. The definition of each number "
        "is in the run's record: only equal definitions may be compared.\n"
    )
    if not record.complete:
        yield "\n**The run is not complete.**\n"
    family = ""
    for result in _whole(record):
        if family_of(result.metric).title != family:
            family = family_of(result.metric).title
            yield f"\n## {family}\n\n| Number | Value | Interval | n | Direction |\n|---|---:|---|---:|---|\n"
        yield f"| {' | '.join(_cells(result))} |\n"
    yield from _findings(record)
    purpose = escaped(record.extra.get("purpose", ""))
    yield f"\n## Intended use\n\n{purpose or 'To be written by the author.'}\n"
    yield "\n## Data and licence\n\nTo be written by the author.\n"


def _cells(result: MetricResult) -> tuple[str, ...]:
    name = f"{result.metric} ({result.group})" if result.group else result.metric
    interval = result.interval
    around = f"{interval_range(interval)} ({interval.level:.0%})" if interval else f"none: {result.reason_without}"
    return (
        escaped(name),
        rounded_value(result.value, interval),
        escaped(around),
        count(result.n),
        DIRECTIONS[result.direction.value],
    )


def _findings(record: RunRecord) -> Iterator[str]:
    if not record.findings:
        return
    yield "\n## Groups\n\n"
    yield (
        "Observations of this table, not causes.\n\n"
        if record.audits
        else "Observations of what this model makes, not causes; labels describe how an image looks.\n\n"
    )
    for finding in record.findings:
        yield f"- {escaped(finding.statement)} ({finding.verdict.value.lower()})\n"


def escaped(text: str) -> str:
    r"""A text that Markdown shows as it is, on one line.

    >>> escaped("a|b *c*\n<d>")
    'a\\|b \\*c\\* \\<d\\>'
    """
    return _MARKDOWN.sub(r"\\\1", clean(text, 400))
