"""``--processes``: several processes read images for one run, and the first of them makes the record."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from genaudit.cli import WORDS
from genaudit.cli.leaving import say
from genaudit.errors import BadOption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from genaudit.engine.plan import Plan

SHARE = "GENAUDIT_SHARE"
"""The variable by which one of the others knows its number; a flag would be suggested to whoever mistypes one."""


def processes_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--processes``: how many read images for one run."""
    return click.option(
        "--processes",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        metavar="N",
        help="Let N processes read images for this run, one on each accelerator; needs --cache. No number changes.",
    )(command)


def divide_threads(context: click.Context) -> None:
    """Give each of several processes its part of the processors; only before torch is imported."""
    processes = context.params["processes"]
    if processes > 1:
        available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
        os.environ.setdefault("OMP_NUM_THREADS", str(max(1, available // processes)))


def is_helper(context: click.Context, plan: Plan) -> bool:
    """Whether this process is one of the others; then its share is read by now.

    Raises:
        GenauditError: Several processes cannot do this plan, or a component cannot be had.
    """
    processes, number = context.params["processes"], os.environ.get(SHARE, "")
    if processes == 1:
        return False
    from genaudit.engine.sharing import check_shared, read_share_of

    check_shared(plan)
    if context.params.get("resolve") or (context.command.name == "run" and len(context.params["weights"]) > 1):
        raise BadOption("Several processes work for one run.", "Leave --resolve and further --weights away.")
    if not number:
        return False
    read_share_of(plan, int(number), processes, say)
    return True


@contextmanager
def helpers_of(context: click.Context) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    """The other processes of this command, started; whatever ends the run ends them."""
    words = context.meta.get(WORDS, sys.argv[1:])
    numbers = range(1, context.params["processes"])
    others = [
        subprocess.Popen(  # noqa: S603 - this program with the user's own words
            [sys.executable, "-m", "genaudit", *words],
            stdout=subprocess.DEVNULL,
            env={**os.environ, SHARE: str(number)},
        )
        for number in numbers
    ]
    try:
        yield others
    finally:
        for other in others:
            if other.poll() is None:
                other.terminate()
            other.wait()
