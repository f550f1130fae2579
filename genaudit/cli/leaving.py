"""How the program ends: what is said on stderr, and with which exit code."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError, PluginError
from genaudit.values.printable import printable_lines

if TYPE_CHECKING:
    from pathlib import Path

    import click

LOG = "log.txt"
INTERRUPTED = 130
PIPE_CLOSED = 141
"""What a shell reports for a program whose reader went away; never 1, which means that a gate failed."""
SUSPECTS = "Leave plugins out one by one with --block: 'genaudit plugins list' names them."


class InternalError(GenauditError):
    """A defect of genaudit, or of a plugin in a place where it was not expected."""

    exit_code = 4


def leave(error: BaseException) -> int:
    """Say what happened in one or two lines, without a traceback, and return the exit code."""
    import click

    if isinstance(error, click.exceptions.Exit):
        return error.exit_code
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the interpreter complains at its exit
        return PIPE_CLOSED
    message, code = _message(error)
    say(message)
    return code


def _message(error: BaseException) -> tuple[str, int]:
    import click

    if isinstance(error, KeyboardInterrupt | click.exceptions.Abort):
        return "interrupted", INTERRUPTED
    if isinstance(error, click.ClickException):
        return _usage(error), 2
    if isinstance(error, SystemExit):  # nothing of genaudit raises it
        return f"Code of a plugin tried to end the program (SystemExit: {error}).  {SUSPECTS}", PluginError.exit_code
    if not isinstance(error, GenauditError):
        error = internal_error(error, None)
    between = "\n" if isinstance(error, InternalError) else "  "
    return f"{error.message}{between}{error.hint}".rstrip(), error.exit_code


def say(text: str) -> None:
    """One message on stderr; what plugins and files put into it cannot steer the terminal, nor begin another message.

    A further line is indented: a break may stand in the name of a file, and what follows it could pose as ours.
    """
    lines = printable_lines(text).replace("\n", "\n  ")
    print(f"genaudit: {lines}", file=sys.stderr)  # noqa: T201 - this is where the program speaks


def internal_error(error: BaseException, folder: Path | None) -> InternalError:
    """The two lines for a defect; its traceback goes to the run folder's log if there is a folder."""
    message = f"internal error: {type(error).__name__}: {' '.join(str(error).split())}"
    details = "".join(traceback.format_exception(error))
    if folder is not None:
        with (folder / LOG).open("a", encoding="utf-8") as log:
            log.write(printable_lines(details))
        return InternalError(message, f"This is a defect, not your mistake. The traceback is in {folder / LOG}.")
    if os.environ.get("GENAUDIT_TRACEBACK"):
        return InternalError(message, details)
    return InternalError(message, "This is a defect, not your mistake. GENAUDIT_TRACEBACK=1 shows the traceback.")


def _usage(error: click.ClickException) -> str:
    message = error.format_message()
    context = getattr(error, "ctx", None)
    return f"{message}  See '{context.command_path} --help'." if context else message
