"""Where plugins may print: on stderr, because stdout belongs to the results."""

from __future__ import annotations

import contextlib
import io
import sys
from typing import TYPE_CHECKING, BinaryIO, TextIO

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def talk_on_stderr() -> Iterator[None]:
    """What is printed to ``sys.stdout`` within goes to stderr, whatever the plugin does to the stream."""
    with contextlib.redirect_stdout(_Talk(sys.stderr)):
        yield


class _Talk(io.TextIOBase):
    """Passes text on to another stream, and outlives a plugin that closes what it takes for its own stdout."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    @property
    def encoding(self) -> str:  # type: ignore[override]  # typeshed has a plain attribute
        return self._stream.encoding

    @property
    def buffer(self) -> BinaryIO:
        return self._stream.buffer

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        return self._stream.write(text)

    def flush(self) -> None:
        self._stream.flush()

    def fileno(self) -> int:
        return self._stream.fileno()

    def isatty(self) -> bool:
        return self._stream.isatty()

    def close(self) -> None:
        self.flush()
