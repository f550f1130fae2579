"""``genaudit metrics``: which numbers there are and what they mean."""

from __future__ import annotations

from dataclasses import MISSING, asdict
from typing import TYPE_CHECKING, Any

import click

from genaudit.cli.audit_explanation import (
    audit_as_text,
    audits_as_markdown,
    explained_audits,
    needs_in_words,
)
from genaudit.cli.blocking import block_option
from genaudit.cli.commands import Group
from genaudit.cli.explanation import as_markdown, as_text, needed
from genaudit.cli.output import print_columns, print_json
from genaudit.cli.sheet import ARROWS
from genaudit.errors import unknown_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.plugin.catalog import Registered
    from genaudit.plugin.specs import AuditSpec, MetricSpec


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
@click.option("--audits", is_flag=True, help="Explain the audits in place of the metrics.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else on stdout.")
@click.option("--markdown", is_flag=True, help="Print a document: the source of docs/metrics.md and docs/audits.md.")
@block_option
def explain(*, name: str | None, audits: bool, as_json: bool, markdown: bool, block: tuple[str, ...]) -> None:
    """What a metric needs, how it is made, what it tells and what it cannot tell; every metric without a NAME.

    NAME may also be an audit, or a value that an audit gives, such as break_even_high.
    """
    from genaudit.plugin.manager import load_plugins

    if as_json and markdown:
        raise click.UsageError("--json and --markdown exclude each other; give one of them.")
    catalog = load_plugins(block)
    chosen = explained_audits(catalog.all("audit"), name) if audits or name else []
    if audits and not chosen:
        raise unknown_name("audit", name or "", catalog.names("audit"))
    if chosen:
        _explain_audits(chosen, name, as_json=as_json, markdown=markdown)
        return
    metrics: list[Registered[MetricSpec]] = list(catalog.metrics(name) if name else catalog.all("metric"))
    if as_json:
        print_json([_described(metric) for metric in metrics])
    elif markdown:
        click.echo(as_markdown(metrics), nl=False)
    else:
        click.echo("\n\n".join(as_text(metric) for metric in metrics))


def _explain_audits(
    audits: Sequence[Registered[AuditSpec]], name: str | None, *, as_json: bool, markdown: bool
) -> None:
    if as_json:
        print_json([_described(audit) for audit in audits])
    elif markdown:
        click.echo(audits_as_markdown(audits), nl=False)
    else:
        click.echo("\n\n".join(audit_as_text(audit, name or "") for audit in audits))


def _described(metric: Registered[Any]) -> dict[str, Any]:
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
        "conditions": needs_in_words(metric.spec) if metric.spec.kind == "audit" else needed(metric.spec.needs),
        "options": options,
        "plugin": metric.plugin,
        "distribution": metric.origin,
    }


def _plain(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str | list | tuple) else str(value)
