"""Stdout for results alone, below Python too: what a C library or ``os.write(1, …)`` says goes to stderr."""

from __future__ import annotations

import os
import sys
from typing import TextIO

STDOUT, STDERR = 1, 2


def reserve_stdout() -> None:
    """Give ``sys.stdout`` a descriptor of its own, and let descriptor 1 lead to stderr while the process lives.

    Nothing is done where the standard streams are not the process's own, as in a test that captures them.
    """
    if not (_is_own(sys.stdout, sys.__stdout__, STDOUT) and _is_own(sys.stderr, sys.__stderr__, STDERR)):
        return
    sys.stdout.flush()
    encoding, errors = sys.stdout.encoding, sys.stdout.errors
    own = os.dup(STDOUT)  # children do not inherit it
    os.dup2(STDERR, STDOUT)
    sys.stdout = os.fdopen(own, "w", encoding=encoding, errors=errors, buffering=1 if os.isatty(own) else -1)


def _is_own(stream: TextIO | None, first: TextIO | None, descriptor: int) -> bool:
    try:
        return stream is not None and stream is first and stream.fileno() == descriptor
    except (OSError, ValueError):  # it has no descriptor, or is closed
        return False
