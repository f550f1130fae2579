"""The gate from files or objects to a verdict: what ``genaudit.check`` and the commands share."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.gate.baseline import Baseline
from genaudit.gate.baseline_file import read_baseline
from genaudit.gate.fingerprint import fingerprint
from genaudit.gate.measured import measured
from genaudit.gate.remarks import same_items, unlike
from genaudit.gate.settings import GateSettings, gate_settings
from genaudit.gate.verdicts import gate
from genaudit.values.record import RunRecord
from genaudit.values.serialisation import load_record

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genaudit.gate.verdicts import PairedError
    from genaudit.values.gate import GateReport

Run = RunRecord | str | Path


def check(
    runs: Run | Sequence[Run],
    baseline: Baseline | str | Path,
    settings: GateSettings | Mapping[str, Any] | None = None,
    *,
    folder: Path | None = None,
    allowed: Sequence[str] = (),
    strict: bool = False,
) -> GateReport:
    """The verdict on a run, or on several that count as one candidate.

    Args:
        runs: Records, run folders or ``run.json`` files.
        baseline: A baseline or its file.
        settings: What ``[gate]`` says, as a mapping; 5 % of the baseline for every metric if None.
        folder: The folder of a run that is given as a record; it may hold features.
        allowed: Fields that may differ; recorded in the report.
        strict: Whether inconclusive gated metrics count as incomplete.

    Raises:
        GenauditError: Something cannot be read, does not exist or cannot be compared.
    """
    every = [runs] if isinstance(runs, RunRecord | str | Path) else list(runs)
    records = [one if isinstance(one, RunRecord) else load_record(one) for one in every]
    accepted = baseline if isinstance(baseline, Baseline) else read_baseline(Path(baseline))
    origin = "the baseline" if isinstance(baseline, Baseline) else _place(Path(baseline))
    tolerated = settings if isinstance(settings, GateSettings) else gate_settings(settings or {}, "settings")
    run = folder or (None if isinstance(every[0], RunRecord) else folder_of(Path(every[0])))
    one_training = len({record.generator.digest for record in records}) == 1
    paired, remark = (
        ({}, "")
        if isinstance(baseline, Baseline) or not one_training or run is None
        else _paired(accepted, Path(baseline).parent, records[0], run)
    )
    again = {name for record in records[1:] for name, one in measured(record).items() if one.samples}
    paired = {name: error for name, error in paired.items() if name not in again}  # averages are of other items, too
    report = gate(accepted, records, tolerated, origin=origin, allowed=allowed, strict=strict, paired=paired)
    return replace(report, warnings=(*report.warnings, remark)) if remark else report


def _place(baseline: Path) -> str:
    """The file as a report names it, which goes to others: from the working directory on where it lies below that."""
    whole, here = baseline.resolve(), Path.cwd()
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(baseline)


def folder_of(run: Path) -> Path:
    """The folder of a run that is named by its folder or by its ``run.json``."""
    return run if run.is_dir() else run.parent


def features_of(record: RunRecord, folder: Path) -> tuple[Path, str] | None:
    """The file with a run's features and its digest; None if it kept none."""
    name, digest = record.extra.get("features", ""), record.extra.get("features_sha256", "")
    return (folder / Path(name).name, digest) if name and digest else None


def _paired(baseline: Baseline, beside: Path, record: RunRecord, folder: Path) -> tuple[Mapping[str, PairedError], str]:
    """Errors of differences on shared items, and what stands in their way."""
    own = features_of(record, folder)
    this, numbers = fingerprint([record]), measured(record)
    common = {name: one for name, one in numbers.items() if name in baseline.metrics}
    same = same_items(baseline.fingerprint, this) and not unlike(baseline, common, this.device)
    if baseline.features is None or same:  # equal runs need no arrays to be compared
        return {}, ""
    if own is None:
        return {}, "The baseline has features and this run kept none: run with --keep-features to compare item by item."
    from genaudit.gate.feature_file import read_features
    from genaudit.gate.pairing import paired_errors

    old = read_features(beside / Path(baseline.features.path).name, baseline.features.sha256)
    new = read_features(*own)
    if old is None or new is None:
        missing = baseline.features.path if old is None else own[0].name
        return {}, f"The features {missing} are not there, so runs were compared as independent samples."
    return paired_errors(old, new, numbers, baseline.metrics), ""
