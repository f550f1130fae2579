"""Reading ahead: the next batch is decoded while the present one goes through the network."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")


def read_ahead(read: Callable[[int, int], T], batches: Iterable[tuple[int, int]]) -> Iterator[T]:
    """``read(start, count)`` of every batch, in order, one batch ahead of whoever consumes them.

    One thread reads, so files are opened one at a time; two batches are in memory at most. What ``read`` raises is
    raised where that batch would have come, as it was raised. Decoders of images leave Python's lock, so that a forward
    pass goes on beside them.

    >>> list(read_ahead(lambda start, count: list(range(start, start + count)), [(0, 2), (2, 1)]))
    [[0, 1], [2]]
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="read-ahead") as thread:
        waiting: Future[T] | None = None
        for start, count in batches:
            following = thread.submit(read, start, count)
            if waiting is not None:
                yield waiting.result()
            waiting = following
        if waiting is not None:
            yield waiting.result()
