"""A run against a baseline: which numbers may be judged, and what the rule says of each."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from genaudit.errors import BadOption
from genaudit.gate.absence import lost_interval, reasons_absent, why_absent
from genaudit.gate.baseline import Accepted, acceptable
from genaudit.gate.candidates import candidate, unasked
from genaudit.gate.comparability import check_fields, compare_protocols, soft_differences
from genaudit.gate.fingerprint import fingerprint
from genaudit.gate.measured import Measured
from genaudit.gate.remarks import about_same_items, cannot_see, newcomers, partly_asked, question, same_items, unlike
from genaudit.gate.rule import Difference, combined_freedom, holm, judged, needed
from genaudit.gate.settings import GateSettings, Tolerance
from genaudit.gate.wording import STORED_TO, change_sentence, moved, report_sentence
from genaudit.values.findings import Verdict
from genaudit.values.gate import Change, GateLevel, GateReport
from genaudit.values.results import Direction

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from genaudit.gate.baseline import Baseline, FirstValue
    from genaudit.values.record import RunRecord

DRIFT = 2.0
"""Tolerances against the oldest kept value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedError:
    """Standard error of the difference of two runs on the same items."""

    standard_error: float
    degrees_of_freedom: float | None
    method: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What one verdict needs."""

    name: str
    now: Measured
    accepted: Accepted
    tolerance: Tolerance
    difference: Difference
    drift: Difference | None
    paired: bool


def gate(
    baseline: Baseline,
    records: Sequence[RunRecord],
    settings: GateSettings | None = None,
    *,
    origin: str = "the baseline",
    allowed: Sequence[str] = (),
    paired: Mapping[str, PairedError] | None = None,
    strict: bool = False,
) -> GateReport:
    """The verdict on a run.

    Args:
        baseline: What was accepted.
        records: One run; or runs of one model with several seeds, or of several trainings, as one candidate.
        settings: Tolerances and levels; 5 % of the baseline for every metric if None.
        origin: The baseline's file, for messages.
        allowed: Fields that may differ although numbers then mean something else; see ``comparability``.
        paired: Metric to the error of its difference, where both runs are about the same items.
        strict: Whether inconclusive gated metrics end with exit code 3.

    Raises:
        Incomparable: Run and baseline are about different things.
        GenauditError: The settings name a metric that neither has, or one about groups without a reason.
    """
    settings = settings or GateSettings()
    allowed = check_fields(allowed)
    now = candidate(records)
    settings.check_names({*now, *baseline.metrics, *(name for one in records for name in reasons_absent(one))})
    shown = {name: now[name] for name in acceptable(records, settings)}
    names = list(dict.fromkeys([*baseline.metrics, *shown]))
    described = {name: _not_judged(name, shown.get(name), baseline, settings, records) for name in names}
    to_judge = [name for name in names if described[name] is None]
    this = fingerprint(records)
    said = compare_protocols(baseline, this, {name: now[name] for name in to_judge}, allowed, origin)
    exact = same_items(baseline.fingerprint, this) and len(records) == 1
    differing = unlike(baseline, {name: now[name] for name in to_judge}, this.device) if exact else []
    errors = paired or {}
    if exact and not differing:
        errors = dict.fromkeys(to_judge, PairedError(standard_error=0.0, degrees_of_freedom=None, method="same items"))
    comparisons = [
        _comparison(name, now[name], baseline.metrics[name], settings, errors.get(name)) for name in to_judge
    ]
    verdicts = _verdicts(comparisons)
    changes = tuple(described[name] or verdicts[name] for name in names)
    verdict = _overall(changes)
    warnings = (
        *said,
        *_named_in_vain(settings, baseline, now, records),
        *newcomers(one.name for one in changes if one.baseline is None and one.level is not GateLevel.OFF),
        *partly_asked({name: runs for name, runs in unasked(records).items() if name in to_judge}),
        *([about_same_items(differing)] if exact else []),
        *soft_differences(baseline.fingerprint, this),
        *cannot_see(
            (
                (one.name, one.difference, one.tolerance, one.accepted.value)
                for one in comparisons
                if not one.paired and one.tolerance.level is GateLevel.ERROR
            ),
            drawn=this.samples > 0,
        ),
        *(f"Run {record.run_id} is not complete." for record in records if not record.complete),
    )
    return GateReport(
        verdict=verdict,
        sentence=report_sentence(changes, verdict),
        question=question(baseline, len({record.generator.digest for record in records})),
        baseline=origin,
        baseline_created=baseline.created,
        baseline_git=baseline.git,
        baseline_reason=baseline.reason,
        changes=changes,
        warnings=warnings,
        allowed=tuple(allowed),
        strict=strict or settings.strict,
    )


def _not_judged(
    name: str, now: Measured | None, baseline: Baseline, settings: GateSettings, records: Sequence[RunRecord]
) -> Change | None:
    """The change of a metric that gets no verdict, with the reason; None if it gets one."""
    accepted, tolerance, named = baseline.metrics.get(name), settings.of(name), name in settings.metrics
    if named and now and now.about_groups and tolerance.level is not GateLevel.OFF and not tolerance.reason:
        raise BadOption(
            f"[gate.metrics]: {name} is about groups and gates only with a reason.",
            f'Say reason = "…" beside its tolerance, or level = "{GateLevel.OFF}".',
        )
    if now and not named and (by_name := _by_name_alone(now, accepted)):
        return _described(name, now, accepted, tolerance, by_name)
    if tolerance.level is GateLevel.OFF:
        return _described(name, now, accepted, tolerance, "is off: its change is described")
    if accepted is None:
        return _described(name, now, accepted, tolerance, "is new: the baseline has no such number")
    if now is None:
        missing = _described(name, now, accepted, tolerance, f"was not measured: {why_absent(records, name)}")
        return replace(missing, verdict=Verdict.INCONCLUSIVE, missing=True)
    lost = lost_interval(now, accepted)
    why = lost or _why_no_verdict(now, accepted)
    if not why:
        return None
    bare = _described(name, now, accepted, tolerance, why)
    return replace(bare, verdict=Verdict.INCONCLUSIVE, missing=bool(lost)) if lost or named else bare


def _by_name_alone(now: Measured, accepted: Accepted | None) -> str:
    """Why a number gates only if the settings name it; empty if it gates as others do, or did when it was accepted."""
    if now.about_groups:
        return "is about groups, and gates only if it is named with a reason"
    fixed = now.parameters.get(HELD_FIXED)
    if accepted and HELD_FIXED not in accepted.parameters:  # another definition, which is refused and not passed over
        return ""
    return ANEW.format(fixed) if fixed else ""


def _why_no_verdict(now: Measured, accepted: Accepted) -> str:
    """What keeps two numbers that are there from being judged; empty if nothing does."""
    if now.parameters.get("corrected") is False:
        return AS_READ
    if now.standard_error is None or accepted.standard_error is None:
        why = now.method if now.standard_error is None else accepted.reason_without
        return f"has no interval, and bare numbers are not compared: {why}"
    return ""


HELD_FIXED = "held_fixed"
"""Choice of a protocol: what an interval holds fixed although every run finds it anew."""
ANEW = (
    "has an interval that holds {} fixed, and another run finds them anew, so that equal models differ by more than it "
    "says: it gates only if it is named"
)
AS_READ = (
    "comes from shares as read, out of which nobody takes the reader's errors: it never passes, and a change of it may "
    "be a change of these errors"
)


def _named_in_vain(
    settings: GateSettings, baseline: Baseline, now: Mapping[str, Measured], records: Sequence[RunRecord]
) -> list[str]:
    """A sentence for each metric that the settings gate and that has no number on either side."""
    return [
        f"[gate.metrics] names {name}, and neither the baseline nor this run has it, so nothing of it is gated: "
        f"{why_absent(records, name)}"
        for name, own in settings.metrics.items()
        if own.level is not GateLevel.OFF and name not in baseline.metrics and name not in now
    ]


def _described(name: str, now: Measured | None, accepted: Accepted | None, tolerance: Tolerance, why: str) -> Change:
    metric, _, view = name.partition(" [")
    direction = now.direction if now else accepted.direction if accepted else Direction.NONE
    worse = _worsening(now.value, accepted.value, direction) if now and accepted else None
    values = f"; {now.value:.4g} after {accepted.value:.4g}" if now and accepted else ""
    return Change(
        metric=metric,
        group=view.removesuffix("]"),
        level=tolerance.level,
        verdict=Verdict.DESCRIBED,
        sentence=f"{name} {why.rstrip('.')}{values}.",
        direction=direction,
        value=now.value if now else None,
        baseline=accepted.value if accepted else None,
        worsening=worse,
    )


def _worsening(value: float, baseline: float, direction: Direction) -> float:
    change = value - baseline
    if direction is Direction.NONE:
        return abs(change)
    return change if direction is Direction.LOWER else -change


def _comparison(
    name: str, now: Measured, accepted: Accepted, settings: GateSettings, paired: PairedError | None
) -> Comparison:
    first = accepted.first if settings.drift_from == "first" else None
    return Comparison(
        name=name,
        now=now,
        accepted=accepted,
        tolerance=settings.of(name),
        difference=_difference(now, accepted, accepted.trainings, paired),
        drift=_difference(now, first, accepted.trainings, None) if first else None,
        paired=paired is not None,
    )


def _difference(now: Measured, before: Accepted | FirstValue, trainings: int, paired: PairedError | None) -> Difference:
    """The worsening with the error of both sides; a baseline of one training is as uncertain as the candidate's are."""
    worsening = _worsening(now.value, before.value, now.direction)
    either = now.direction is Direction.NONE
    known_equal = paired is not None and not paired.standard_error
    if known_equal or abs(worsening) <= STORED_TO * abs(before.value):
        worsening = 0.0  # a baseline keeps fewer digits than a run has: what they differ by is no change
    if paired:
        return Difference(
            worsening=worsening,
            standard_error=paired.standard_error,
            degrees_of_freedom=paired.degrees_of_freedom,
            method=f"paired: {paired.method}",
            either=either,
        )
    own, freedom = now.standard_error or 0.0, now.degrees_of_freedom
    if now.trainings > 1 and trainings == 1:
        own, freedom = math.hypot(own, now.training_spread), now.trainings - 1.0
    parts = [(own, freedom), (before.standard_error or 0.0, before.degrees_of_freedom)]
    return Difference(
        worsening=worsening,
        standard_error=math.hypot(*(error for error, _ in parts)),
        degrees_of_freedom=combined_freedom(parts),
        method=f"unpaired: standard errors of both runs; {now.method}",
        either=either,
    )


def _verdicts(comparisons: Sequence[Comparison]) -> dict[str, Change]:
    """Holm's correction runs over all that is asked at one level: changes and drifts alike."""
    found = {}
    for level in (GateLevel.WARN, GateLevel.ERROR):
        asked = [one for one in comparisons if one.tolerance.level is level]
        drifts = [one for one in asked if one.drift]
        tests = [one.difference.p_value(_allowed(one)) for one in asked]
        tests += [one.drift.p_value(_drift_allowed(one)) for one in drifts if one.drift]
        adjusted = holm(tests)
        drift_p = dict(zip((one.name for one in drifts), adjusted[len(asked) :], strict=True))
        for one, p_value in zip(asked, adjusted[: len(asked)], strict=True):
            found[one.name] = _change(one, p_value, drift_p.get(one.name))
    return found


def _change(one: Comparison, p_value: float, drift_p: float | None) -> Change:
    allowed, difference = _allowed(one), one.difference
    verdict = judged(difference, allowed, p_value)
    enough = needed(one.now.n, difference.standard_error, allowed)
    sentence = change_sentence(
        one.name,
        difference,
        value=one.now.value,
        baseline=one.accepted.value,
        tolerance=one.tolerance,
        verdict=verdict,
        n=one.now.n,
        enough=enough,
    )
    improved = verdict is Verdict.PASS and -difference.interval().high > allowed and not difference.either
    if one.drift and one.accepted.first and drift_p is not None:
        slid = judged(one.drift, _drift_allowed(one), drift_p) is Verdict.FAIL
        if slid and verdict is not Verdict.FAIL:
            verdict = Verdict.FAIL
            sentence += (
                f" But it has slid: {moved(one.drift.worsening, abs(one.accepted.first.value) or None)} than on "
                f"{one.accepted.first.date}, beyond twice the tolerance."
            )
    return Change(
        metric=one.now.metric,
        group=one.now.group,
        level=one.tolerance.level,
        verdict=verdict,
        sentence=sentence,
        direction=one.now.direction,
        value=one.now.value,
        baseline=one.accepted.value,
        worsening=difference.worsening,
        interval=difference.interval(),
        tolerance=allowed,
        rule=one.tolerance.rule(one.accepted.value),
        p_value=p_value,
        n_needed=enough if verdict is Verdict.INCONCLUSIVE and enough > one.now.n else 0,
        paired=one.paired,
        advice="Better than the tolerance is wide: consider updating the baseline." if improved else "",
    )


def _allowed(one: Comparison) -> float:
    return one.tolerance.allowed(one.accepted.value)


def _drift_allowed(one: Comparison) -> float:
    return DRIFT * one.tolerance.allowed(one.accepted.first.value if one.accepted.first else one.accepted.value)


def _overall(changes: Sequence[Change]) -> Verdict:
    gated = {change.verdict for change in changes if change.level is GateLevel.ERROR}
    worst = (Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.PASS)
    return next((verdict for verdict in worst if verdict in gated), Verdict.DESCRIBED)
