"""Files whose reading comes to an end: a pipe would keep a run waiting, and a device such as /dev/zero fill memory."""

from __future__ import annotations

import errno
import stat
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def check_regular(path: Path) -> None:
    """Nothing, if a path leads to a file. What a folder is, who opens it says.

    Raises:
        OSError: It is not there, or is a pipe, a socket or a device.

    >>> from pathlib import Path
    >>> check_regular(Path("/dev/null"))
    Traceback (most recent call last):
    OSError: [Errno 22] No regular file, but a pipe, a socket or a device
    """
    mode = path.stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise OSError(errno.EINVAL, "No regular file, but a pipe, a socket or a device")


def read_regular(path: Path) -> bytes:
    """The bytes of a file that its user named.

    Raises:
        OSError: As ``check_regular``, or it cannot be read.
    """
    check_regular(path)
    return path.read_bytes()
