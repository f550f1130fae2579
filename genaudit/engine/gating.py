"""A run and its baseline: refused before any work where that can be known, judged when the numbers are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.errors import GenauditError
from genaudit.gate.baseline_file import read_baseline
from genaudit.gate.checking import check
from genaudit.gate.comparability import Incomparable, check_fields
from genaudit.values.gate import name_of

if TYPE_CHECKING:
    from pathlib import Path

    from genaudit.engine.plan import Plan
    from genaudit.gate.baseline import Baseline
    from genaudit.plugin.catalog import Catalog
    from genaudit.values.gate import GateReport
    from genaudit.values.record import RunRecord


def accepted_for(plan: Plan, catalog: Catalog) -> Baseline | None:
    """The baseline of a plan, if it can be compared with as far as that is known before the run; None if none is asked.

    Raises:
        GenauditError: The file cannot be read, ``[gate]`` names a metric that does not exist, or data set, extractor or
            number of items differ.
    """
    path = plan.inputs.baseline
    allowed = check_fields(plan.inputs.allow_mismatch)
    if path is None:
        return None
    baseline = read_baseline(path)
    names = {name_of(found.spec.name, found.spec.view) for found in catalog.all("metric")}
    named_groups = {name for name in plan.inputs.gate.metrics if "=" in name}  # known when the run has them
    plan.inputs.gate.check_names({*names, *baseline.metrics, *named_groups})
    old = baseline.fingerprint
    pairs = (
        ("dataset", old.dataset, plan.dataset.spec.name),
        ("extractor", old.extractor, plan.extractor.spec.name),
        ("samples", old.samples, plan.request.samples),
    )
    for field, before, now in pairs:
        if before != now and field not in allowed:
            raise Incomparable(
                f"This run cannot be compared with {path}: {field} is {before} in the baseline and would be {now}.",
                f"Run as the baseline was run, give --no-gate, or --allow-mismatch {field}.",
            )
    return baseline


def judged(plan: Plan, record: RunRecord, folder: Path) -> tuple[GateReport | None, GenauditError | None]:
    """The verdict on a finished run, or why there is none although one was asked for."""
    inputs = plan.inputs
    if inputs.baseline is None:
        return None, None
    try:
        report = check(
            record,
            inputs.baseline,
            inputs.gate,
            folder=folder,
            allowed=inputs.allow_mismatch,
            strict=inputs.strict,
        )
    except GenauditError as error:
        return None, error
    return report, None
