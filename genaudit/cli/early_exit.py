"""``os._exit`` in the code of a plugin: it does not end a command with success before the command is done."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, NoReturn

from genaudit.errors import IncompleteRun

if TYPE_CHECKING:
    from collections.abc import Callable


def refuse_early_exit() -> Callable[[int], NoReturn]:
    """From now on ``os._exit`` raises ``SystemExit`` in the main thread of this process, as ``sys.exit`` does.

    So it is told of as the failure of the plugin that called it, and the exit code is ours. In another thread, where
    nobody would see what is raised, it ends the process as it says, but never with 0. A process that was forked ends as
    it likes: that is what ``os._exit`` is for.
    """
    own, at_once = os.getpid(), os._exit

    def refused(status: int) -> NoReturn:
        if os.getpid() != own:
            at_once(status)
        if threading.current_thread() is threading.main_thread():
            raise SystemExit(f"os._exit({status})")
        from genaudit.cli.leaving import say

        code = status or IncompleteRun.exit_code
        name = threading.current_thread().name
        say(f"code of a plugin ended this process in thread '{name}' (os._exit({status})): exit code {code}.")
        at_once(code)

    os._exit = refused
    return at_once
