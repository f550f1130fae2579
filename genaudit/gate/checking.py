"""The gate from files or objects to a verdict: what ``genaudit.check`` and the commands share."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.gate.baseline import Baseline
from genaudit.gate.baseline_file import read_baseline
from genaudit.gate.settings import GateSettings, gate_settings
from genaudit.gate.verdicts import gate
from genaudit.values.record import RunRecord
from genaudit.values.serialisation import load_record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genaudit.values.gate import GateReport

Run = RunRecord | str | Path


def check(
    runs: Run | Sequence[Run],
    baseline: Baseline | str | Path,
    settings: GateSettings | Mapping[str, Any] | None = None,
    *,
    allowed: Sequence[str] = (),
    strict: bool = False,
) -> GateReport:
    """The verdict on a run, or on several that count as one candidate.

    Args:
        runs: Records, run folders or ``run.json`` files.
        baseline: A baseline or its file.
        settings: What ``[gate]`` says, as a mapping; 5 % of the baseline for every metric if None.
        allowed: Fields that may differ; recorded in the report.
        strict: Whether inconclusive gated metrics count as incomplete.

    Raises:
        GenauditError: Something cannot be read, does not exist or cannot be compared.
    """
    every = [runs] if isinstance(runs, RunRecord | str | Path) else list(runs)
    records = [one if isinstance(one, RunRecord) else load_record(one) for one in every]
    accepted = baseline if isinstance(baseline, Baseline) else read_baseline(Path(baseline))
    origin = "the baseline" if isinstance(baseline, Baseline) else str(baseline)
    tolerated = settings if isinstance(settings, GateSettings) else gate_settings(settings or {}, "settings")
    return gate(accepted, records, tolerated, origin=origin, allowed=allowed, strict=strict)
