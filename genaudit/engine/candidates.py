"""Several runs judged as one: more seeds of the same weights until the gate can decide, or several trainings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from genaudit.engine.publishing import publish
from genaudit.errors import BadOption, PluginError
from genaudit.gate.checking import check
from genaudit.gate.measured import measured
from genaudit.values.findings import Verdict
from genaudit.values.gate import GateLevel

if TYPE_CHECKING:
    from genaudit.engine.execution import FinishedRun
    from genaudit.engine.plan import Plan
    from genaudit.engine.request import RunInputs
    from genaudit.plugin.catalog import Registered
    from genaudit.values.gate import GateReport

Runner = Callable[["RunInputs"], "FinishedRun"]
"""Plans and executes a run."""


def resolved(first: FinishedRun, plan: Plan, run: Runner) -> tuple[FinishedRun, ...]:
    """The run, judged again with twice as many seeds each time, while gated metrics are inconclusive.

    Every further run has as many images as the first and another seed: its numbers have the same definition, also those
    that depend on the number of images, so that nothing becomes incomparable. Only what is open is measured again.

    Args:
        first: A judged run.
        plan: Its plan, with baseline and tolerances.
        run: Executes the inputs of a further run.

    Returns:
        The first run with its last verdict, and the further ones.

    Raises:
        GenauditError: A further run cannot be made, or is not of the same weights.
    """
    runs, report = [first], first.record.gate
    samples, most = plan.request.samples, plan.inputs.gate.max_samples
    while report and (names := _open(report, first)) and 2 * len(runs) * samples <= most:
        for offset in range(len(runs), 2 * len(runs)):
            runs.append(run(_further(plan, plan.request.seed + offset, names)))
            if runs[-1].record.generator.digest != first.record.generator.digest:
                raise PluginError(
                    "The generator has other weights than in the run that is to be decided.", "Run again."
                )
        report = _judged(runs, plan)
    if len(runs) == 1 or report is None:
        return (first,)
    bought = f"{len(runs) * samples:,} images in {len(runs)} runs of other seeds were asked what was open at first"
    rest = f"; still open: {', '.join(_open(report, first))}" if _open(report, first) else ""
    report = replace(report, warnings=(*report.warnings, f"{bought}{rest}."))
    return (with_report(first, report, plan), *runs[1:])


def trainings(finished: Sequence[FinishedRun], plan: Plan) -> tuple[FinishedRun, ...]:
    """Runs of several trainings, each with the verdict on all of them together; as they are without a baseline.

    Raises:
        GenauditError: They cannot be compared with the baseline.
    """
    digests = {one.record.generator.digest for one in finished}
    if len(digests) < len(finished):
        raise BadOption("Two of the weights files hold the same weights.", "Give each training once.")
    if plan.inputs.baseline is None:
        return tuple(finished)
    report = _judged(finished, plan)
    return tuple(with_report(one, report, plan) for one in finished)


def with_report(finished: FinishedRun, report: GateReport, plan: Plan) -> FinishedRun:
    """The run with a verdict, its record and its reports written again."""
    record = replace(finished.record, gate=report)
    record, paths = publish(record, finished.folder, plan.reporters, lambda _: None)
    return replace(finished, record=record, reports=paths)


def _judged(runs: Sequence[FinishedRun], plan: Plan) -> GateReport:
    inputs = plan.inputs
    return check(
        [one.record for one in runs],
        inputs.baseline or "",
        inputs.gate,
        folder=runs[0].folder,
        allowed=inputs.allow_mismatch,
        strict=inputs.strict,
    )


def _open(report: GateReport, first: FinishedRun) -> list[str]:
    """Gated metrics that more images may decide: inconclusive, judged by their own samples, with a tolerance."""
    numbers = measured(first.record)
    return [
        change.name
        for change in report.changes
        if change.level is GateLevel.ERROR
        and change.verdict is Verdict.INCONCLUSIVE
        and change.interval
        and change.tolerance
        and not change.paired
        and numbers[change.name].samples
    ]


def _further(plan: Plan, seed: int, names: Sequence[str]) -> RunInputs:
    components: list[Registered[Any]] = [plan.generator, plan.dataset, plan.extractor, *plan.annotators.values()]
    part = {found.spec.name for found in components} | {name.partition(" [")[0] for name in names}
    part.add(f"extractor.{plan.extractor.spec.name}")
    return replace(
        plan.inputs,
        seed=seed,
        metrics=tuple(names),
        skip=(),
        options={key: value for key, value in plan.inputs.options.items() if key.rpartition(".")[0] in part},
        baseline=None,
        keep_features=False,
        formats=("json",),
        track=(),
    )
