"""A run from its arguments to its folder, for the Python interface."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.engine.execution import execute
from genaudit.engine.plan import make_plan
from genaudit.engine.progress import SilentObserver
from genaudit.engine.request import RunInputs
from genaudit.errors import BadOption
from genaudit.plugin.manager import load_plugins

if TYPE_CHECKING:
    from genaudit.engine.execution import FinishedRun


def run_request(*, block: tuple[str, ...] = (), **given: Any) -> FinishedRun:  # noqa: ANN401 - fields of RunInputs
    """Plan and execute the run that the fields of ``RunInputs`` describe.

    Raises:
        GenauditError: The request cannot be met.
    """
    known = {field.name for field in fields(RunInputs)}
    unknown = sorted(set(given) - known)
    if unknown:
        raise BadOption(f"No argument '{unknown[0]}' of run. Allowed: {', '.join(sorted(known))}.")
    if isinstance(given.get("metrics"), str):
        raise BadOption(f"metrics is a list of identifiers, not the text {given['metrics']!r}.")
    given |= {name: Path(given[name]) for name in ("out", "weights") if given.get(name) is not None}
    given |= {name: tuple(given[name]) for name in ("skip", "formats") if name in given}
    catalog = load_plugins(block=block)
    return execute(make_plan(RunInputs(**given), catalog), catalog, SilentObserver())
