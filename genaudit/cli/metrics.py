"""``genaudit metrics``: which numbers there are and what they mean."""

from __future__ import annotations

from dataclasses import MISSING, asdict
from typing import TYPE_CHECKING, Any

import click

from genaudit.cli.blocking import block_option
from genaudit.cli.commands import Group
from genaudit.cli.explanation import as_markdown, as_text, needed
from genaudit.cli.output import print_columns, print_json

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
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@click.option("--markdown", is_flag=True, help="Print a Markdown document: the source of docs/metrics.md.")
@block_option
def explain(*, name: str | None, as_json: bool, markdown: bool, block: tuple[str, ...]) -> None:
    """What a metric needs, how it is made, what it tells and what it cannot tell; every metric without a NAME."""
    from genaudit.plugin.manager import load_plugins

    if as_json and markdown:
        raise click.UsageError("--json and --markdown exclude each other; give one of them.")
    catalog = load_plugins(block)
    metrics: list[Registered[MetricSpec]] = list(catalog.metrics(name) if name else catalog.all("metric"))
    if as_json:
        print_json([_described(metric) for metric in metrics])
    elif markdown:
        click.echo(as_markdown(metrics), nl=False)
    else:
        click.echo("\n\n".join(as_text(metric) for metric in metrics))


def _described(metric: Registered[MetricSpec]) -> dict[str, Any]:
    from genaudit.plugin.option_texts import option_texts
    from genaudit.plugin.options import option_fields

    meanings = option_texts(metric)
    options = {
        field.name: {
            "type": field.type,
            "default": None if field.default is MISSING else _plain(field.default),
            "meaning": meanings.get(field.name, ""),
        }
        for field in option_fields(metric)
    }
    facts = asdict(metric.spec)
    return {
        **facts,
        "conditions": needed(metric.spec.needs),
        "options": options,
        "plugin": metric.plugin,
        "distribution": metric.origin,
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str | list | tuple) else str(value)
