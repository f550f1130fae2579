"""Results on stdout: JSON for programs, plain columns for people."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from genaudit.values.printable import printable, printable_json

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from genaudit.cli.sheet import Sheet


def print_json(value: Any) -> None:  # noqa: ANN401 - any JSON value
    """One JSON text and nothing else."""
    print_json_text(json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def print_json_text(text: str) -> None:
    """JSON that is text already."""
    click.echo(printable_json(text), nl=False)


def print_lines(lines: Iterable[str]) -> None:
    """Lines of text, in which nothing can steer the terminal."""
    for line in lines:
        click.echo(printable(line))


def print_columns(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Left-aligned columns, each as wide as its longest cell.

    >>> print_columns(("name", "state"), [("vae", "loaded")])
    name  state
    vae   loaded
    """
    print_lines(columns([header, *rows]))


def columns(rows: Sequence[Sequence[str]], numeric: Sequence[int] = ()) -> list[str]:
    """The lines of ``print_columns``; the columns at ``numeric`` are aligned at their right.

    >>> columns([("a", "b"), ("long", "")]), columns([("n",), ("10",)], numeric=[0])
    (['a     b', 'long'], [' n', '10'])
    """
    shown = [[printable(cell) for cell in row] for row in rows]
    widths = [max(map(len, cells)) for cells in zip(*shown, strict=True)]
    return ["  ".join(_padded(row, widths, numeric)).rstrip() for row in shown]


def print_result(sheets: Sequence[Sheet], lines: Sequence[str]) -> None:
    """Tables and lines: drawn to fit a terminal, in plain columns of any width for a pipe."""
    if sys.stdout.isatty():
        from genaudit.cli.terminal import print_sheets

        print_sheets(sheets, lines)
        return
    for sheet in sheets:
        print_lines([*columns([sheet.header, *sheet.rows], sheet.numeric), ""])
    print_lines(lines)


def _padded(row: Sequence[str], widths: Sequence[int], numeric: Sequence[int]) -> list[str]:
    return [
        cell.rjust(width) if column in numeric else cell.ljust(width)
        for column, (cell, width) in enumerate(zip(row, widths, strict=True))
    ]
