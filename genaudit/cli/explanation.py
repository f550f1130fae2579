"""A metric explained: the one source of ``genaudit metrics explain`` and of ``docs/metrics.md``."""

from __future__ import annotations

import dataclasses
import textwrap
from typing import TYPE_CHECKING, Any

from genaudit.probes import PROBES
from genaudit.values.printable import printable, printable_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.specs import MetricSpec

BETTER = {"higher": "higher", "lower": "lower", "none": "neither: it describes"}
WIDTH = 100
LABEL = 14
PREAMBLE = """# Metrics

<!-- written by: genaudit metrics explain --markdown > docs/metrics.md -->

What each number is, what it tells and what it cannot tell: the text of `genaudit metrics explain NAME`. A number is
given with its interval or the reason why it has none; [interval-coverage.md](interval-coverage.md) says how often the
intervals hold what they are about, and `genaudit selftest` which metric reacts to which flaw. Options are set with
`--set NAME.OPTION=VALUE`."""


def as_text(metric: Registered[MetricSpec]) -> str:
    """The explanation for a terminal: a heading, then a paragraph for each fact."""
    lines = [paragraph(label, text) for label, text in facts(metric) if text]
    return f"{printable(heading(metric.spec))}\n\n" + "\n".join(lines)


def as_markdown(metrics: Sequence[Registered[MetricSpec]]) -> str:
    """A document on all of them, with a table of contents."""
    contents = "\n".join(_contents_row(metric.spec) for metric in metrics)
    head = "| metric | better | unit | what it is |\n|---|---|---|---|"
    return printable_lines("\n\n".join([PREAMBLE, f"{head}\n{contents}", *map(_section, metrics)])) + "\n"


def facts(metric: Registered[MetricSpec]) -> list[tuple[str, str]]:
    """Label and text of all that is known of a metric; an option is a fact of its own."""
    spec = metric.spec
    return [
        ("what it is", spec.summary),
        ("meaning", spec.meaning),
        ("caveat", spec.caveat),
        ("better", BETTER[spec.direction.value]),
        ("unit", f"{spec.unit}, from {_bound(spec.bounds[0], '-∞')} to {_bound(spec.bounds[1], '∞')}"),
        ("formula", spec.formula),
        ("needs", needed(spec.needs)),
        ("defined from", f"{spec.min_samples} {'item' if spec.min_samples == 1 else 'items'} on either side"),
        ("source", spec.source),
        *option_facts(metric),
        ("version", f"{spec.version}, of {metric.origin}"),
    ]


def heading(spec: MetricSpec) -> str:
    """Name, view if it is not the samples that are compared, and title."""
    view = f" [{spec.view}]" if spec.view else ""
    return f"{spec.name}{view}: {spec.title}"


def needed(observations: Iterable[str]) -> str:
    """What a metric reads, and what a run must have for it: capabilities, extractor outputs, splits of the data.

    >>> needed(["features"])
    'features (generator: Sampler or DrawnSamples; extractor output: features; data split: evaluation)'
    """
    return ", ".join(f"{name.replace('_', ' ')}{_conditions(name)}" for name in observations)


def _conditions(observation: str) -> str:
    probes = [PROBES[name] for name in _behind(observation)]
    generator = dict.fromkeys(
        " or ".join(filter(None, (" and ".join(probe.capabilities), probe.instead)))
        for probe in probes
        if probe.capabilities
    )
    outputs = dict.fromkeys(probe.output for probe in probes if probe.output)
    splits = dict.fromkeys(probe.split for probe in probes if probe.split)
    parts = [
        f"{what}: {', '.join(found)}"
        for what, found in (("generator", generator), ("extractor output", outputs), ("data split", splits))
        if found
    ]
    return f" ({'; '.join(parts)})" if parts else ""


def _behind(observation: str) -> list[str]:
    """An observation and all that it is made from; a stranger's own is not in the table."""
    if observation not in PROBES:
        return []
    made_from = [name for need in PROBES[observation].needs for name in _behind(need)]
    return list(dict.fromkeys([*made_from, observation]))


def option_facts(metric: Registered[Any]) -> list[tuple[str, str]]:
    """Label and text of each option of a component."""
    from genaudit.plugin.option_texts import option_texts
    from genaudit.plugin.options import option_fields

    meanings = option_texts(metric)
    found = [
        ("option", f"{metric.spec.name}.{field.name} {_default(field.default)}: {meanings.get(field.name, field.type)}")
        for field in option_fields(metric)
    ]
    return found or [("options", "none")]


def _default(value: object) -> str:
    return "(must be given)" if value is dataclasses.MISSING else f"= {'not set' if value in (None, '') else value}"


def _bound(value: float | None, unbounded: str) -> str:
    return unbounded if value is None else f"{value:g}"


def paragraph(label: str, text: str) -> str:
    """A fact for a terminal: its label, then its text in a column."""
    return textwrap.fill(printable(text), width=WIDTH, initial_indent=label.ljust(LABEL), subsequent_indent=" " * LABEL)


def _section(metric: Registered[MetricSpec]) -> str:
    rows = [f"- **{label}**: {escaped(text)}" for label, text in facts(metric) if text and label != "version"]
    return f"## {escaped(heading(metric.spec))}\n\n" + "\n".join(rows)


def _contents_row(spec: MetricSpec) -> str:
    view = f" [{spec.view}]" if spec.view else ""
    cells = (f"`{spec.name}`{view}", BETTER[spec.direction.value].partition(":")[0], spec.unit, spec.summary)
    return f"| {' | '.join(escaped(cell) for cell in cells)} |"


def escaped(text: str) -> str:
    """Text that Markdown shows as it is: bars, stars and angles would be read as marks."""
    return text.replace("\\", "\\\\").replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;")
