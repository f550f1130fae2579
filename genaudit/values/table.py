"""A record as a tidy table: one row a value, in columns that scripts may rely on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from genaudit.values.findings import Verdict

if TYPE_CHECKING:
    import pandas as pd

    from genaudit.values.gate import Change
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult

COLUMNS = (
    "schema_version", "run_id", "plugin", "dataset", "metric", "metric_version", "group", "value", "ci_low", "ci_high",
    "ci_level", "n", "unit", "direction", "status", "reason", "baseline", "change", "verdict", "definition",
)  # fmt: skip
"""Fixed and versioned with the schema: columns are added at the end, never renamed."""

NUMERIC = ("value", "ci_low", "ci_high", "ci_level", "baseline", "change")


def frame_of(record: RunRecord) -> pd.DataFrame:
    """The table of all results, of what is unavailable and of what failed; a missing number is NaN."""
    import pandas as pd

    frame = pd.DataFrame(rows_of(record), columns=list(COLUMNS))
    return frame.astype(dict.fromkeys(NUMERIC, "float64") | {"n": "Int64"})


def rows_of(record: RunRecord) -> list[dict[str, Any]]:
    """The same table as rows, every one with every column in order; a missing number is None. Needs no pandas."""
    changes = {(one.metric, one.group): one for one in record.gate.changes} if record.gate else {}
    judged = _judged(record)
    rows = [
        _result_row(result)
        | judged.get((result.metric, result.group), {})
        | _gate_cells(changes.get((result.metric, result.group)))
        for result in record.results
    ]
    rows += [
        {"metric": item.component, "group": item.group, "status": "unavailable", "reason": item.reason}
        for item in record.not_available
    ]
    rows += [
        {"metric": item.component, "group": item.group, "status": "failed", "reason": item.error}
        for item in record.failures
    ]
    everywhere = {
        "schema_version": record.schema_version,
        "run_id": record.run_id,
        "plugin": record.request.plugin,
        "dataset": record.request.dataset,
    }
    return [dict.fromkeys(COLUMNS, "") | dict.fromkeys((*NUMERIC, "n")) | everywhere | row for row in rows]


def _judged(record: RunRecord) -> dict[tuple[str, str], dict[str, Any]]:
    """Metric and group to the verdict on the difference that a user declared as primary."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for finding in record.findings:
        primary = record.request.options.get(f"{finding.audit}.primary")
        if primary and finding.verdict is not Verdict.DESCRIBED:
            for group in (finding.group, finding.attribute):  # of one table, or of one among several
                found[str(primary), group] = {"verdict": finding.verdict.value}
    return found


def _gate_cells(change: Change | None) -> dict[str, Any]:
    """Baseline, value less baseline, and verdict; nothing for a number that no gate has seen."""
    if change is None:
        return {}
    known = change.value is not None and change.baseline is not None
    return {
        "baseline": change.baseline,
        "change": change.value - change.baseline if known else None,  # type: ignore[operator]
        "verdict": change.verdict.value,
    }


def _result_row(result: MetricResult) -> dict[str, Any]:
    interval = result.interval
    return {
        "metric": result.metric,
        "metric_version": result.version,
        "group": result.group,
        "value": result.value,
        "ci_low": interval.low if interval else None,
        "ci_high": interval.high if interval else None,
        "ci_level": interval.level if interval else None,
        "n": result.n,
        "unit": result.unit,
        "direction": result.direction.value,
        "status": "ok",
        "reason": result.reason_without,
        "definition": result.definition,
    }
