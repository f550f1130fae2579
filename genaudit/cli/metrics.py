"""``genaudit metrics``: which numbers there are and what they mean."""

from __future__ import annotations

import textwrap
from dataclasses import MISSING, asdict
from typing import TYPE_CHECKING, Any

import click

from genaudit.cli.blocking import block_option
from genaudit.cli.commands import Group
from genaudit.cli.output import columns, print_columns, print_json

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.specs import MetricSpec

ARROWS = {"higher": "↑", "lower": "↓", "none": ""}


@click.group(cls=Group)
def command() -> None:
    """Show which numbers there are and what they mean."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@block_option
def list_metrics(*, as_json: bool, block: tuple[str, ...]) -> None:
    """Every metric with its direction, unit and one line on what it is."""
    from genaudit.plugin.manager import load_plugins

    metrics: list[Registered[MetricSpec]] = load_plugins(block).all("metric")
    if as_json:
        print_json([_described(metric) for metric in metrics])
        return
    rows = [
        (metric.spec.name, metric.spec.view, ARROWS[metric.spec.direction.value], metric.spec.unit, metric.spec.summary)
        for metric in metrics
    ]
    print_columns(("name", "view", "", "unit", "what it is"), rows)


@command.command("explain")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@block_option
def explain(*, name: str, as_json: bool, block: tuple[str, ...]) -> None:
    """What a metric needs, how it is made, what it tells and what it cannot tell."""
    from genaudit.plugin.manager import load_plugins

    metrics = load_plugins(block).metrics(name)
    if as_json:
        print_json([_described(metric) for metric in metrics])
        return
    click.echo("\n\n".join(_explanation(metric) for metric in metrics))


def _described(metric: Registered[MetricSpec]) -> dict[str, Any]:
    from genaudit.plugin.options import option_fields

    options = {
        field.name: {"type": field.type, "default": None if field.default is MISSING else _plain(field.default)}
        for field in option_fields(metric)
    }
    facts = asdict(metric.spec)
    return {**facts, "options": options, "plugin": metric.plugin, "distribution": metric.origin}


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str | list | tuple) else str(value)


def _explanation(metric: Registered[MetricSpec]) -> str:
    from genaudit.plugin.options import option_fields

    spec = metric.spec
    low, high = ("-∞" if spec.bounds[0] is None else spec.bounds[0], "∞" if spec.bounds[1] is None else spec.bounds[1])
    view = f" [{spec.view}]" if spec.view else ""
    facts = {
        "what it is": spec.summary,
        "meaning": spec.meaning,
        "caveat": spec.caveat,
        "better": {"higher": "higher", "lower": "lower", "none": "neither: it describes"}[spec.direction.value],
        "unit": f"{spec.unit}, from {low} to {high}",
        "formula": spec.formula,
        "needs": ", ".join(spec.needs),
        "defined from": f"{spec.min_samples} items on either side",
        "source": spec.source,
        "options": "; ".join(f"{spec.name}.{field}" for field in option_fields(metric)) or "none",
        "version": f"{spec.version}, of {metric.origin}",
    }
    return f"{spec.name}{view}: {spec.title}\n\n" + "\n".join(_paragraph(*fact) for fact in facts.items() if fact[1])


def _paragraph(label: str, text: str) -> str:
    (head,) = columns([(label.ljust(12), "")])
    return textwrap.fill(text, width=100, initial_indent=head.ljust(14), subsequent_indent=" " * 14)
