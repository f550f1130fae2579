"""The numbers that a project has accepted: what it compares with, made from what, and why they changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from genaudit.errors import GenauditError, unknown_name
from genaudit.gate.candidates import candidate
from genaudit.gate.fingerprint import Fingerprint, fingerprint
from genaudit.gate.settings import GateSettings
from genaudit.values.results import Direction, Parameter
from genaudit.values.serialisation import SIGNIFICANT_DIGITS

if TYPE_CHECKING:
    from genaudit.gate.measured import Measured
    from genaudit.values.record import RunRecord

BASELINE_SCHEMA = 1
EVERYTHING = "*"


class BaselineError(GenauditError):
    """A baseline that is missing, damaged, or cannot be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstValue:
    """The oldest value of a metric that is comparable with today's: slow slides are measured from it."""

    date: str
    value: float
    standard_error: float
    degrees_of_freedom: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """One accepted number."""

    value: float
    standard_error: float | None
    """None where the number has no interval: it is then described and never judged."""
    degrees_of_freedom: float | None = None
    reason_without: str = ""
    """Why there is no interval."""
    n: int
    direction: Direction
    definition: str
    """``metric/version:hash``."""
    samples: int = 0
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    trainings: int = 1
    first: FirstValue | None = None
    """None while the number is the first of its definition."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureFile:
    """Features of the accepted run, beside the baseline."""

    path: str
    """Relative to the baseline's folder."""
    sha256: str
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One acceptance."""

    date: str
    git: str
    reason: str
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """What a baseline file holds."""

    schema_version: int = BASELINE_SCHEMA
    created: str
    """Date of the last acceptance, ISO 8601."""
    git: str
    genaudit: str
    reason: str
    fingerprint: Fingerprint
    metrics: Mapping[str, Accepted]
    features: FeatureFile | None = None
    history: tuple[HistoryEntry, ...] = ()


def updated(
    old: Baseline | None,
    records: Sequence[RunRecord],
    reason: str,
    *,
    only: Sequence[str] = (),
    settings: GateSettings | None = None,
) -> tuple[Baseline, tuple[str, ...]]:
    """The baseline that accepts a run, and the names of what it changes.

    Args:
        old: What was accepted before; None for a first baseline.
        records: One run, or several trainings that count as one candidate.
        reason: Why the new numbers are right, for the reviewer.
        only: Accept these metrics and leave the others as they are; everything if empty.
        settings: The tolerances in force. A number that is accepted although it moved farther than its tolerance was
            accepted openly, and slides are measured from it; smaller moves keep the older first value.

    Raises:
        BaselineError: There is no reason, or the run is not complete.
        UnknownName: ``only`` names a metric that the run does not have.
    """
    if not reason.strip():
        raise BaselineError("A baseline changes only with a reason.", "Give --reason TEXT; the reviewer will read it.")
    for record in records:
        if not record.complete or record.failures:
            raise BaselineError(
                f"Run {record.run_id} is not complete: a baseline is not made from it.", "Run again, then update."
            )
    limits = settings or GateSettings()
    now = acceptable(records, limits)
    for name in only:
        if name not in now:
            raise unknown_name("metric for --only", name, now, listed="In this run")
    record = records[0]
    if old and only and fingerprint(records).samples != old.fingerprint.samples:
        raise BaselineError("--only needs a run of as many samples as the baseline.", "Update all metrics together.")
    chosen = {name: one for name, one in now.items() if not only or name in only}
    before = dict(old.metrics) if old else {}
    kept = before if only else {}
    accepted = {name: _accepted(one, _first(one, before.get(name), old, limits)) for name, one in chosen.items()}
    metrics = {**kept, **accepted}
    changed = tuple(name for name in {**before, **metrics} if _changed(before.get(name), metrics.get(name)))
    entry = HistoryEntry(
        date=record.created[:10],
        git=record.environment.git[:12],
        reason=reason.strip(),
        changed=(EVERYTHING,) if not old or len(changed) == len(metrics) else changed,
    )
    made = Baseline(
        created=record.created[:10],
        git=record.environment.git[:12],
        genaudit=record.genaudit_version,
        reason=reason.strip(),
        fingerprint=_joined(old.fingerprint, fingerprint(records)) if old and only else fingerprint(records),
        metrics=metrics,
        history=(*(old.history if old else ()), entry),
    )
    return made, changed


def acceptable(records: Sequence[RunRecord], settings: GateSettings) -> dict[str, Measured]:
    """The numbers that a baseline keeps: those that say which way is better, and those that the settings name."""
    return {
        name: one
        for name, one in candidate(records).items()
        if name in settings.metrics or (one.direction is not Direction.NONE and not one.about_groups)
    }


def _accepted(one: Measured, first: FirstValue | None) -> Accepted:
    return Accepted(
        value=_as_written(one.value),
        standard_error=None if one.standard_error is None else _as_written(one.standard_error),
        degrees_of_freedom=None if one.degrees_of_freedom is None else _as_written(one.degrees_of_freedom),
        reason_without="" if one.standard_error is not None else one.method,
        n=one.n,
        direction=one.direction,
        definition=one.definition,
        samples=one.samples,
        parameters=one.parameters,
        trainings=one.trainings,
        first=first,
    )


def _as_written(number: float) -> float:
    """As the file holds it, so that the same run accepted again changes nothing."""
    return float(f"{number:.{SIGNIFICANT_DIGITS}g}")


def _joined(old: Fingerprint, new: Fingerprint) -> Fingerprint:
    """Of numbers that come from both: the new circumstances, and every weights file and seed."""
    return replace(
        new,
        weights=tuple(dict.fromkeys([*old.weights, *new.weights])),
        seeds=tuple(dict.fromkeys([*old.seeds, *new.seeds])),
    )


def _first(one: Measured, before: Accepted | None, old: Baseline | None, limits: GateSettings) -> FirstValue | None:
    """What slides are measured from: the value kept before, or what was accepted before; None to begin anew."""
    if old is None or before is None or before.definition != one.definition:
        return None
    if abs(one.value - before.value) > limits.of(one.name).allowed(before.value):
        return None
    if before.first or before.standard_error is None:
        return before.first
    return FirstValue(
        date=old.created,
        value=before.value,
        standard_error=before.standard_error,
        degrees_of_freedom=before.degrees_of_freedom,
    )


def _changed(before: Accepted | None, after: Accepted | None) -> bool:
    return before is None or after is None or replace(before, first=None) != replace(after, first=None)
