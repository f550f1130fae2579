"""Threads that the code of a plugin has left running: a command that is done ends, and names them."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, NoReturn

from genaudit.cli.leaving import INTERRUPTED, say

if TYPE_CHECKING:
    from collections.abc import Callable

SOON = 2.0
"""Seconds in which a thread may end without a word."""
PATIENCE = 300.0
"""Seconds that threads are waited for: a tracker may be sending still, and a pipeline pays for each."""
MACHINERY = frozenset({"threading", "concurrent.futures.thread", "multiprocessing.pool"})
"""Modules that call what a thread was started for."""


def end_in_spite_of_threads(code: int, at_once: Callable[[int], NoReturn]) -> None:
    """Let this process end with ``code`` though threads go on that the interpreter would wait for without an end.

    Args:
        code: The exit code of the command that is done.
        at_once: Ends the process without waiting for anything.
    """
    if not _left():
        return
    from genaudit.cli.processes import SHARE

    if os.environ.get(SHARE):
        at_once(code)  # another process waits for this one, which has nothing to tell
    # the interpreter asks the idle threads of executors to end before it waits: who is left is seen from aside
    threading.Thread(target=_watch, args=(code, at_once), name="genaudit-end", daemon=True).start()
    signal.signal(signal.SIGINT, lambda *_: at_once(INTERRUPTED))


def _watch(code: int, at_once: Callable[[int], NoReturn]) -> None:
    time.sleep(SOON)
    if not _left():
        return
    say(
        f"done; still running: {', '.join(map(_described, _left()))}. A thread that code of a plugin left keeps the "
        f"process alive: it is ended in {PATIENCE:g} s, or by Ctrl-C.  Its author joins it, or makes it a daemon."
    )
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if not _left():
            return
        time.sleep(0.1)
    at_once(code)


def _left() -> list[threading.Thread]:
    return [one for one in threading.enumerate() if not one.daemon and one is not threading.main_thread()]


def _described(thread: threading.Thread) -> str:
    """Its name, and the function that it was started for."""
    frame = sys._current_frames().get(thread.ident or 0)  # noqa: SLF001 - documented, for debuggers
    function = ""
    while frame is not None:  # from where it is now to where it began
        module = str(frame.f_globals.get("__name__"))
        function = f" ({module}.{frame.f_code.co_name})" if module not in MACHINERY else function
        frame = frame.f_back
    return f"thread '{thread.name}'{function}"
