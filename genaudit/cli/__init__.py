"""The command line. Nothing here computes: verbs turn words into calls, and answers into text."""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING

from genaudit.cli.results_stream import reserve_stdout

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["WORDS", "main"]

WORDS = "genaudit.words"
"""Under which a command's context holds the words that the program was started with."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: Words after the program's name; None for those that the program was started with.

    Returns:
        The exit code: 0 complete, 1 a gate failed or a known result differs, 2 the request cannot be met, 3 something
        that was asked for failed, 4 a defect of genaudit, 130 interrupted.
    """
    if arguments is not None:  # the process is the caller's, and so are its stdout and its end
        return _done(arguments)
    from genaudit.cli.early_exit import refuse_early_exit
    from genaudit.cli.left_threads import end_in_spite_of_threads

    reserve_stdout()
    at_once = refuse_early_exit()
    code = _done(sys.argv[1:])
    end_in_spite_of_threads(code, at_once)
    return code


def _done(arguments: Sequence[str]) -> int:
    """The exit code of one command that has been run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # an arrow is not worth a crash where the terminal knows only ASCII
    try:
        from genaudit.cli.commands import program

        words = list(arguments)
        with program.make_context("genaudit", list(words)) as context:
            context.meta[WORDS] = words
            program.invoke(context)
        sys.stdout.flush()
    except BaseException as error:  # noqa: BLE001 - whatever happened becomes a message and a code
        from genaudit.cli.leaving import leave

        return leave(error)
    return 0
