"""The random numbers of the process, which belong to everybody: who moved them, and how they are put back."""

from __future__ import annotations

import random
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")
States = dict[str, Any]


class GlobalRandomness:
    """Notes who moves the global random numbers of torch, numpy or Python, while the calls are made.

    It costs a tenth of a millisecond a call. The numbers of a GPU are not watched.
    """

    def __init__(self) -> None:
        self._moved: dict[str, tuple[str, ...]] = {}

    @contextmanager
    def watched(self, origin: str) -> Iterator[None]:
        """A call to a plugin; if numbers have moved at its end, the plugin is noted."""
        before = random_states()
        try:
            yield
        finally:
            self._note(origin, moved_since(before))

    def watched_build(self, origin: str, build: Callable[[], T]) -> T:
        """What is built, of a plugin that is noted if building it moves numbers.

        Libraries that are imported on the way may move some too (``sklearn.datasets`` moves those of Python), which is
        not the plugin's doing. Then a second build, that imports nothing and is thrown away, tells.
        """
        before, modules = random_states(), len(sys.modules)
        made = build()
        moved = moved_since(before)
        if moved and len(sys.modules) > modules:
            with suppress(Exception), self.watched(origin):
                build()
        else:
            self._note(origin, moved)
        return made

    def _note(self, origin: str, moved: tuple[str, ...]) -> None:
        if moved:
            self._moved[origin] = tuple(sorted({*self._moved.get(origin, ()), *moved}))

    def moved_by(self, origin: str) -> bool:
        """Whether a plugin has moved some so far."""
        return origin in self._moved

    @property
    def warnings(self) -> tuple[str, ...]:
        """One line a plugin that moved some."""
        return tuple(
            f"{origin} moved the global random numbers of {' and '.join(names)}: the same command may give other "
            "numbers, and the seed in this record does not hold all that was drawn. Its author should draw from a "
            "generator of its own."
            for origin, names in self._moved.items()
        )


@contextmanager
def nowhere_familiar(seed: int) -> Iterator[None]:
    """A time that begins with global random numbers in a state of their own, and ends with those of before it.

    Who seeds them with a constant moves them from here, even if he had done so before.
    """
    before = random_states()
    _put_back(
        {
            "torch": torch.Generator().manual_seed(seed).get_state(),
            "numpy": np.random.MT19937(seed).state,
            "Python": random.Random(seed).getstate(),  # noqa: S311 - no secret
        }
    )
    try:
        yield
    finally:
        _put_back(before)


@contextmanager
def left_as_found() -> Iterator[None]:
    """A stage of a run, after which the global random numbers are where they were."""
    before = random_states()
    try:
        yield
    finally:
        if moved_since(before):
            _put_back(before)


def random_states() -> States:
    """Library to the state of its global random numbers."""
    return {
        "torch": torch.get_rng_state(),
        "numpy": np.random.get_state(),  # noqa: NPY002 - the global one is what is watched
        "Python": random.getstate(),
    }


def moved_since(before: Mapping[str, Any]) -> tuple[str, ...]:
    """The libraries whose state is another one now."""
    return tuple(name for name, state in random_states().items() if not _same(state, before[name]))


def _put_back(states: Mapping[str, Any]) -> None:
    torch.set_rng_state(states["torch"])
    np.random.set_state(states["numpy"])  # noqa: NPY002 - the global one is what is put back
    random.setstate(states["Python"])


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 - states of three libraries
    if isinstance(one, torch.Tensor):
        return torch.equal(one, other)
    return all(np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b for a, b in zip(one, other, strict=True))
