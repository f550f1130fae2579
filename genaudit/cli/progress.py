"""Progress on stderr: live on a terminal, else one line a stage."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, TextIO

from genaudit.engine.progress import RunObserver
from genaudit.values.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.values.results import Failure, MetricResult, Unavailable


class LineProgress(RunObserver):
    """One line when the plan stands and one when a stage is over: for logs, where a moving bar is a thousand lines."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._totals: dict[str, int] = {}
        self._failures: set[str] = set()

    def planned(self, headline: str) -> None:
        """The headline as it is."""
        self._write(headline)

    def stage_started(self, name: str, total: int) -> None:
        """Nothing is written yet."""
        self._totals[name] = total

    def stage_finished(self, name: str, seconds: float) -> None:
        """Name, size and time."""
        self._write(stage_line(name, self._totals.get(name, 0), seconds))

    def result(self, result: MetricResult | Unavailable | Failure) -> None:
        """Only a failure is said at once, and once for all views of a metric; the others are in the table."""
        line = failure_line(result)
        if line and line not in self._failures:
            self._failures.add(line)
            self._write(line)

    def warning(self, text: str) -> None:
        """The text, marked."""
        self._write(f"warning: {text}")

    def _write(self, text: str) -> None:
        print(printable(text), file=self._stream, flush=True)


def stage_line(name: str, total: int, seconds: float) -> str:
    """What is left of a stage when it is over.

    >>> stage_line("generated", 10_000, 3.21)
    'generated: 10,000 in 3.2 s'
    """
    size = f"{total:,} in " if total else ""
    return f"{name.replace('_', ' ')}: {size}{seconds:.1f} s"


def failure_line(result: MetricResult | Unavailable | Failure) -> str:
    """One line for a failure, nothing for anything else."""
    from genaudit.values.results import Failure

    return f"failed: {result.component} ({result.stage}): {result.error}" if isinstance(result, Failure) else ""


@contextlib.contextmanager
def progress_on(stream: TextIO, *, quiet: bool) -> Iterator[RunObserver]:
    """The onlooker that suits a stream.

    It is live only on a real terminal: variables that force colour into a log must not fill it with redrawn bars.
    """
    if quiet:
        yield RunObserver()
    elif stream.isatty() and os.environ.get("TERM", "") not in {"", "dumb"}:
        from genaudit.cli.terminal import LiveProgress

        with LiveProgress() as live:
            yield live
    else:
        yield LineProgress(stream)
