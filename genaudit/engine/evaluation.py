"""Metrics and audits over observations: each isolated, each answer with its protocol."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from genaudit.engine.observing import ProbeFailure
from genaudit.errors import PASSED_ON, NotApplicable
from genaudit.plugin.loading import load_target, one_line
from genaudit.plugin.specs import AuditSpec, MetricSpec
from genaudit.stats.seeds import generator
from genaudit.values.findings import Finding
from genaudit.values.gate import name_of
from genaudit.values.results import (
    Direction,
    Estimate,
    EvaluationProtocol,
    Failure,
    MetricResult,
    Series,
    Unavailable,
)
from genaudit.values.serialisation import check_part

if TYPE_CHECKING:
    from genaudit.plugin.catalog import Registered
    from genaudit.values.findings import AuditOutcome
    from genaudit.values.unfinished import Part


ROUNDING = 1e-9
"""By how much of itself, or of 1, a value may lie outside of what holds it."""
SEE_LOG = "The traceback is in log.txt of the run folder."


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What one component had to say."""

    results: tuple[MetricResult, ...] = ()
    findings: tuple[Finding, ...] = ()
    series: tuple[Series, ...] = ()
    unavailable: tuple[Unavailable, ...] = ()
    failures: tuple[Failure, ...] = ()
    traceable: Mapping[str, Estimate] = field(default_factory=dict)
    """Metric, or ``metric [group]``, to an estimate that knows what each item adds to it."""

    @property
    def parts(self) -> tuple[Part, ...]:
        """All of it that a record holds."""
        return (*self.results, *self.findings, *self.series, *self.unavailable, *self.failures)

    @property
    def told(self) -> tuple[MetricResult | Unavailable | Failure, ...]:
        """What an observer hears of."""
        return (*self.results, *self.unavailable, *self.failures)


def together(every: Iterable[Answers]) -> Answers:
    """What several components had to say, in their order."""
    answers = tuple(every)
    return Answers(
        results=tuple(result for one in answers for result in one.results),
        findings=tuple(finding for one in answers for finding in one.findings),
        series=tuple(series for one in answers for series in one.series),
        unavailable=tuple(missing for one in answers for missing in one.unavailable),
        failures=tuple(failure for one in answers for failure in one.failures),
        traceable={name: estimate for one in answers for name, estimate in one.traceable.items()},
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluator:
    """Asks components one by one; nothing that one of them raises reaches another."""

    seed: int
    options: Mapping[str, Any]
    """Component name to its options object."""
    observe: Callable[[str], Any]
    """The observation of a name, now or as it was seen before."""
    protocol: Callable[[MetricSpec | AuditSpec, Estimate], EvaluationProtocol]
    """What must agree before a number may be compared with another."""
    log: Callable[[BaseException], None]
    """Keeps the traceback of a failure."""

    def metric(self, metric: Registered[MetricSpec]) -> Answers:
        """The numbers of a metric, or why there are none."""
        return self._isolated(metric, metric.spec.view, self._metric_answers)

    def audit(self, audit: Registered[AuditSpec]) -> Answers:
        """The numbers and findings of an audit, or why there are none."""
        return self._isolated(audit, "", self._audit_answers)

    def _isolated(self, component: Registered[Any], group: str, ask: Callable[[Any], Answers]) -> Answers:
        name = component.spec.name
        try:
            answers = ask(component)
            _check(answers)
        except NotApplicable as why:
            missing = Unavailable(
                component=name, group=group, reason_code=why.reason_code, reason=why.reason, hint=why.hint
            )
            return Answers(unavailable=(missing,))
        except ProbeFailure as failure:
            self.log(failure)
            return _failed(name, group, failure.observation, str(failure), SEE_LOG)
        except PASSED_ON:
            raise
        except BaseException as error:  # noqa: BLE001 - one metric's defect must not cost the others
            self.log(error)
            hint = f"Report it to {component.origin}. {SEE_LOG}"
            return _failed(name, group, component.spec.kind, one_line(error), hint)
        return answers

    def _metric_answers(self, metric: Registered[MetricSpec]) -> Answers:
        spec = metric.spec
        observed = [self.observe(need) for need in spec.needs]
        function, began = load_target(metric), time.perf_counter()
        rng = generator(self.seed, "metric", spec.name, spec.view)
        estimates, missing = _estimates(function(*observed, options=self.options[spec.name], rng=rng))
        seconds = time.perf_counter() - began
        for estimate in estimates:
            _check_within(spec, estimate)
        results = tuple(
            self._result(spec, estimate, spec.name, spec.unit, spec.direction, seconds) for estimate in estimates
        )
        traceable = {
            name_of(result.metric, result.group): one
            for result, one in zip(results, estimates, strict=True)
            if one.terms or one.influences or one.left_out
        }
        return Answers(
            results=results,
            series=tuple(one for estimate in estimates for one in estimate.series),
            unavailable=missing,
            traceable=traceable,
        )

    def _audit_answers(self, audit: Registered[AuditSpec]) -> Answers:
        spec = audit.spec
        observed = [self.observe(need) for need in spec.needs]
        function, began = load_target(audit), time.perf_counter()
        rng = generator(self.seed, "audit", spec.name)
        outcome: AuditOutcome = function(*observed, options=self.options[spec.name], rng=rng)
        seconds = time.perf_counter() - began
        results = tuple(
            self._result(spec, value.estimate, value.name, value.unit, Direction.NONE, seconds)
            for value in outcome.values
        )
        return Answers(
            results=results, findings=outcome.findings, series=outcome.series, unavailable=outcome.unavailable
        )

    def _result(
        self,
        spec: MetricSpec | AuditSpec,
        estimate: Estimate,
        name: str,
        unit: str,
        direction: Direction,
        seconds: float,
    ) -> MetricResult:
        return MetricResult(
            metric=name,
            version=spec.version,
            value=float(estimate.value),
            unit=unit,
            direction=direction,
            interval=estimate.interval,
            reason_without=estimate.reason_without,
            n_generated=int(estimate.n_generated),
            n_reference=int(estimate.n_reference),
            group=_joined(getattr(spec, "view", ""), estimate.group),
            protocol=self.protocol(spec, estimate),
            seconds=seconds,
            details={name: float(value) for name, value in estimate.details.items()},
            note=estimate.note,
        )


def _check_within(spec: MetricSpec, estimate: Estimate) -> None:
    """Nothing, if a value lies within the metric's own bounds and its own interval, but for rounding.

    Raises:
        ValueError: It does not.
    """
    low, high = spec.bounds
    slack = ROUNDING * max(1.0, abs(estimate.value))
    if (low is not None and estimate.value < low - slack) or (high is not None and estimate.value > high + slack):
        allowed = f"{'no bound' if low is None else low} to {'no bound' if high is None else high}"
        raise ValueError(f"it gave {estimate.value:g}, and declares values from {allowed}")
    interval = estimate.interval
    if interval and not interval.low - slack <= estimate.value <= interval.high + slack:
        raise ValueError(f"it gave {estimate.value:g} with an interval from {interval.low:g} to {interval.high:g}")


def _check(answers: Answers) -> None:
    """Nothing, if the record will be able to hold the answers and to give them back.

    Raises:
        ValueError: A field has another type than it should, or two numbers have the same name and group.
    """
    seen: set[tuple[str, str]] = set()
    for result in answers.results:
        if (result.metric, result.group) in seen:
            raise ValueError(f"two numbers are called {result.metric} with the group '{result.group}'")
        seen.add((result.metric, result.group))
    for answer in (*answers.results, *answers.findings, *answers.series):
        check_part(answer)


def _estimates(
    returned: Estimate | Iterable[Estimate | Unavailable],
) -> tuple[tuple[Estimate, ...], tuple[Unavailable, ...]]:
    """What a metric gave, and the groups for which it has no value."""
    every = (returned,) if isinstance(returned, Estimate) else tuple(returned)
    for one in every:
        if not isinstance(one, Estimate | Unavailable):
            raise TypeError(f"a metric returns Estimate values, not {type(one).__name__}")
    estimates = tuple(one for one in every if isinstance(one, Estimate))
    return estimates, tuple(one for one in every if isinstance(one, Unavailable))


def _failed(name: str, group: str, stage: str, error: str, hint: str) -> Answers:
    return Answers(failures=(Failure(component=name, group=group, stage=stage, error=error, hint=hint),))


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)
