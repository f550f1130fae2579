"""A run from its arguments to its folder, for the Python interface."""

from __future__ import annotations

import tempfile
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from genaudit.engine.arguments import arguments_of
from genaudit.engine.execution import execute
from genaudit.engine.plan import make_plan
from genaudit.engine.progress import RunObserver
from genaudit.engine.request import RunInputs
from genaudit.engine.scoring import ScoredSets, make_score_plan
from genaudit.errors import BadOption
from genaudit.plugin.manager import load_plugins

if TYPE_CHECKING:
    from genaudit.engine.execution import FinishedRun
    from genaudit.values.record import RunRecord


def run_request(*, block: tuple[str, ...] = (), **given: Any) -> FinishedRun:  # noqa: ANN401 - fields of RunInputs
    """Plan and execute the run that the fields of ``RunInputs`` describe.

    Raises:
        GenauditError: The request cannot be met.
    """
    inputs = _inputs("run", {field.name for field in fields(RunInputs)}, given)
    catalog = load_plugins(block=block, load=inputs.load)
    finished = execute(make_plan(inputs, catalog), catalog, RunObserver())
    if finished.refusal:
        raise finished.refusal
    return finished


SCORE_FIELDS = {
    "allow_download",
    "extractor",
    "metrics",
    "skip",
    "seed",
    "device",
    "batch_size",
    "cache",
    "options",
    "out",
    "formats",
    "layout",
    "command",
}
"""Fields of ``RunInputs`` that a score run reads."""


def score_request(sets: ScoredSets, *, block: tuple[str, ...] = (), **given: Any) -> RunRecord:  # noqa: ANN401 - likewise
    """Plan and execute a score run; without ``out`` nothing is left on disk.

    Raises:
        GenauditError: The request cannot be met.
    """
    catalog = load_plugins(block=block)
    if given.get("out") is not None:
        inputs = _inputs("score", SCORE_FIELDS, {"plugin": "", **given})
        return execute(make_score_plan(sets, inputs, catalog), catalog, RunObserver()).record
    with tempfile.TemporaryDirectory(prefix="genaudit-") as folder:
        inputs = _inputs("score", SCORE_FIELDS, {"plugin": "", "formats": ("json",), **given, "out": folder})
        record = execute(make_score_plan(sets, inputs, catalog), catalog, RunObserver()).record
    return replace(record, images=())


def _inputs(verb: str, known: set[str], given: dict[str, Any]) -> RunInputs:
    unknown = sorted(set(given) - known - {"plugin"})
    if unknown:
        raise BadOption(f"No argument '{unknown[0]}' of {verb}. Allowed: {', '.join(sorted(known))}.")
    inputs = RunInputs(**arguments_of(verb, given))
    # the folders that are meant now, wherever a plugin changes to
    return replace(inputs, out=inputs.out.absolute(), cache=inputs.cache.absolute() if inputs.cache else None)
