"""``log.txt``: the stages of a run and the tracebacks of what failed, for whoever has to mend it."""

from __future__ import annotations

import traceback
from contextlib import suppress
from typing import TYPE_CHECKING

from genaudit.values.printable import printable_lines

if TYPE_CHECKING:
    from pathlib import Path


class RunLog:
    """Appends to the run folder's log; a log that cannot be written stops nothing."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "log.txt"
        self._told: list[BaseException] = []

    def line(self, text: str) -> None:
        """One line, or several; nothing in them steers the terminal of whoever looks at them."""
        with suppress(OSError), self._path.open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(printable_lines(text) + "\n")

    def failure(self, error: BaseException) -> None:
        """The traceback of a failure, once, causes included."""
        if any(error is told for told in self._told):
            return
        self._told.append(error)
        self.line("".join(traceback.format_exception(error)).rstrip())
