"""``--processes``: several processes read images for one run, and the first of them makes the record."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from genaudit.cli.leaving import say
from genaudit.errors import BadOption

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from genaudit.engine.plan import Plan

WORDS = "genaudit.words"
"""Under which the context holds the words that the program was started with."""


def processes_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """``--processes``, and ``--share``, by which a process knows that it is one of the others."""
    several = click.option(
        "--processes",
        type=click.IntRange(min=1),
        default=1,
        show_default=True,
        metavar="N",
        help="Let N processes read images for this run, one on each accelerator; needs --cache. No number changes.",
    )
    share = click.option("--share", type=int, hidden=True, default=0)
    return several(share(command))


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
    processes, number = context.params["processes"], context.params["share"]
    if processes == 1:
        return False
    from genaudit.engine.sharing import check_shared, read_share_of

    check_shared(plan)
    if context.params.get("resolve") or (context.command.name == "run" and len(context.params["weights"]) > 1):
        raise BadOption("Several processes work for one run.", "Leave --resolve and further --weights away.")
    if not 0 < number < processes:
        return False
    read_share_of(plan, number, processes, say)
    return True


@contextmanager
def helpers_of(context: click.Context) -> Iterator[Sequence[subprocess.Popen[bytes]]]:
    """The other processes of this command, started; whatever ends the run ends them."""
    verb, *words = context.meta[WORDS]
    numbers = range(1, context.params["processes"])
    others = [
        subprocess.Popen(  # noqa: S603 - this program with the user's own words
            [sys.executable, "-m", "genaudit", verb, "--share", str(number), *words], stdout=subprocess.DEVNULL
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
