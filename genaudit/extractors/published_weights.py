"""The published Inception weights, downloaded once and only when they are asked for with ``--allow-download``."""

from __future__ import annotations

import hashlib
import os
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

from genaudit.cache.place import cache_folder
from genaudit.errors import WeightsError
from genaudit.extractors.options import PUBLISHED, PUBLISHED_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import TracebackType

URL = "https://github.com/toshas/torch-fidelity/releases/download/v0.2.0/weights-inception-2015-12-05-6726825d.pth"
"""Where torch-fidelity publishes the file of pytorch-fid."""
LARGEST = 256 * 2**20
"""Bytes; the file has 95,628,359. A server that sends more is not believed."""
PIECE = 2**20
HINT = f"Get {PUBLISHED_NAME} by other means and name it: --weights inception=FILE."


class Response(Protocol):
    """What ``urllib.request.urlopen`` returns, as far as it is used."""

    def read(self, amount: int, /) -> bytes:
        """The next bytes, empty at the end."""

    def geturl(self) -> str:
        """Where they come from after redirections."""

    def __enter__(self) -> Self: ...
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> bool | None: ...


def published_weights(
    folder: Path | None = None, open_url: Callable[[str], Response] | None = None, digest: str = PUBLISHED
) -> Path:
    """The file of weights in the cache, downloaded if it is not there; its SHA-256 is compared either way.

    Args:
        folder: The cache; None for ``GENAUDIT_CACHE``, else ``XDG_CACHE_HOME/genaudit``, else ``~/.cache/genaudit``.
        open_url: Opens an address; None for urllib's, which checks certificates.
        digest: SHA-256 that the file must have.

    Raises:
        WeightsError: There is no way to the file, it comes from elsewhere than HTTPS, or it is another file. Nothing
            that failed is kept.
    """
    folder = cache_folder() if folder is None else folder
    path = folder / PUBLISHED_NAME
    try:
        if path.is_file() and _digest(path) == digest:
            with suppress(OSError):
                os.utime(path)  # when it was last of use
            return path
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, delete=False) as file, _removed_on_error(Path(file.name)):
            _download(open_url or _open_url, file.write, digest)
        Path(file.name).replace(path)
    except OSError as error:  # no network, no such host, no certificate, no room
        raise WeightsError(f"Cannot download {URL} to {folder}: {error}.", HINT) from error
    return path


def awaited(folder: Path | None = None) -> tuple[str, ...]:
    """One line for a dry run: what would be downloaded, from where, to where, and its digest; none if it is there."""
    path = (cache_folder() if folder is None else folder) / PUBLISHED_NAME
    if path.is_file() and _digest(path) == PUBLISHED:
        return ()
    return (f"{URL} (95,628,359 bytes, SHA-256 {PUBLISHED}) to {path}",)


def _download(open_url: Callable[[str], Response], write: Callable[[bytes], int], digest: str) -> None:
    found, size = hashlib.sha256(), 0
    with open_url(URL) as response:
        if not response.geturl().startswith("https://"):
            raise WeightsError(f"Refused the download of {URL}: it leads to an address without HTTPS.", HINT)
        while piece := response.read(PIECE):
            size += len(piece)
            if size > LARGEST:
                raise WeightsError(f"Refused the download of {URL}: it is larger than {LARGEST // 2**20} MiB.", HINT)
            found.update(piece)
            write(piece)
    if found.hexdigest() != digest:
        raise WeightsError(
            f"Refused the download of {URL}: its SHA-256 is {found.hexdigest()[:16]}…, and that of the published file "
            f"{digest[:16]}….",
            HINT,
        )


def _open_url(url: str) -> Response:
    from urllib.request import urlopen

    opened: Response = urlopen(url, timeout=60)  # noqa: S310 - the address above, over HTTPS
    return opened


@contextmanager
def _removed_on_error(path: Path) -> Iterator[None]:
    """Takes a file away if what stands inside raises."""
    try:
        yield
    except BaseException:
        with suppress(OSError):
            path.unlink()
        raise


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
