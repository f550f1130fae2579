"""Results on stdout: JSON for programs, plain columns for people."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Sequence


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """One JSON text and nothing else."""
    click.echo(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False))


def print_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Left-aligned columns, each as wide as its longest cell.

    >>> print_columns(("name", "state"), [("vae", "loaded")])
    name  state
    vae   loaded
    """
    for line in columns([header, *rows]):
        click.echo(line)


def columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of ``print_columns``.

    >>> columns([("a", "b"), ("long", "")])
    ['a     b', 'long']
    """
    widths = [max(map(len, cells)) for cells in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
