"""Observations on demand: each probe runs once, when something first needs it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from genaudit.errors import PASSED_ON, GenauditError, NotApplicable
from genaudit.plugin.loading import one_line
from genaudit.probes import PROBES
from genaudit.values.run import Stage

if TYPE_CHECKING:
    from collections.abc import Callable

    from genaudit.engine.progress import RunObserver
    from genaudit.probes.context import Observed, Pictures, ProbeContext


class ProbeFailure(Exception):
    """A probe could not observe; everything that needs it fails with this message."""

    def __init__(self, observation: str, message: str) -> None:
        super().__init__(message)
        self.observation = observation


class Observations:
    """Runs probes when asked, remembers what they saw and what they cost."""

    def __init__(self, context: ProbeContext, observer: RunObserver) -> None:
        self._context = context
        self._observer = observer
        self._seen: dict[str, Any] = {}
        self._failed: dict[str, ProbeFailure | NotApplicable] = {}
        self.pictures: dict[str, Pictures] = {}
        self.stages: list[Stage] = []
        self.remarks: tuple[str, ...] = ()

    def get(self, observation: str) -> Any:  # noqa: ANN401 - each observation has its own type
        """What was observed, now or before.

        Raises:
            ProbeFailure: The generator or the data broke their contract, now or before.
            NotApplicable: Only the built components could tell that there is nothing to observe.
        """
        if observation in self._failed:
            raise self._failed[observation]
        if observation not in self._seen:
            needs = [self.get(need) for need in PROBES[observation].needs]
            self._seen[observation] = self._run(observation, needs)
        return self._seen[observation]

    def seen(self, observation: str) -> Any:  # noqa: ANN401
        """What was observed before, or None."""
        return self._seen.get(observation)

    def _run(self, observation: str, needs: list[Any]) -> Any:  # noqa: ANN401
        from genaudit.probes.randomness import left_as_found

        began = time.perf_counter()
        self._observer.stage_started(observation, self._expected(observation))
        try:
            with left_as_found():
                observed: Observed = _probe(observation)(self._watched(observation), *needs)
        except NotApplicable as why:
            self._failed[observation] = why
            raise
        except GenauditError as error:
            raise self._fail(observation, str(error)) from error
        except PASSED_ON:
            raise
        except BaseException as error:  # a plugin's own code ran in here: the run goes on with what does not need it
            message = f"{self._context.generator_origin} failed at stage {observation}: {one_line(error)}."
            raise self._fail(observation, message) from error
        seconds = time.perf_counter() - began
        self._observer.stage_finished(observation, seconds)
        self.stages.append(Stage(name=observation, seconds=seconds, items=observed.items))
        self.pictures |= observed.pictures
        self.remarks += observed.remarks
        read_only(observed.value)
        return observed.value

    def _expected(self, observation: str) -> int:
        return self._context.samples if observation == "generated" else 0

    def _watched(self, observation: str) -> ProbeContext:
        return replace(self._context, progress=lambda items: self._observer.stage_advanced(observation, items))

    def _fail(self, observation: str, message: str) -> ProbeFailure:
        failure = self._failed[observation] = ProbeFailure(observation, message)
        return failure


def read_only(value: object) -> None:
    """Make every array inside a value unwritable: no metric changes what another one sees."""
    import numpy as np

    if isinstance(value, np.ndarray):
        value.flags.writeable = False
    elif isinstance(value, Mapping):
        for item in value.values():
            read_only(item)
    elif isinstance(value, list | tuple):
        for item in value:
            read_only(item)
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            read_only(getattr(value, field.name))


def _probe(observation: str) -> Callable[..., Observed]:
    import importlib

    module, _, function = PROBES[observation].target.partition(":")
    found: Callable[..., Observed] = getattr(importlib.import_module(module), function)
    return found
