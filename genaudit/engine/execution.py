"""A plan becomes a record: components are built, metrics and audits ask, probes answer, reporters write."""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from genaudit.engine.building import Components, build_components
from genaudit.engine.description import dataset_info, extractor_info, generator_info, metric_description
from genaudit.engine.device import choose_device, device_name, use_available_threads
from genaudit.engine.environment import NUMERIC_LIBRARIES, describe_environment, library_versions, memory_peak_mib
from genaudit.engine.evaluation import Answers, Evaluator, together
from genaudit.engine.features import write_features
from genaudit.engine.gating import judged
from genaudit.engine.log import RunLog
from genaudit.engine.moment import moment, without_measured_time
from genaudit.engine.observing import Observations
from genaudit.engine.output import DISK, create_run_folder
from genaudit.engine.probe_context import probe_context
from genaudit.engine.protocols import RunProtocols
from genaudit.engine.publishing import ResultsLog, publish
from genaudit.engine.sharing import Helper, observed
from genaudit.engine.sheets import write_sheets
from genaudit.engine.stored_features import feature_store
from genaudit.engine.teaching import teach
from genaudit.engine.weights import save_weights
from genaudit.errors import PASSED_ON, GenauditError, PluginError
from genaudit.plugin.capabilities import DrawnSamples
from genaudit.plugin.loading import load_target, one_line
from genaudit.tables.run_counts import COUNTS, counts_json
from genaudit.values.findings import Verdict
from genaudit.values.record import RunRecord
from genaudit.values.results import EvaluationProtocol, Failure
from genaudit.values.run import ImageSheet, Stage
from genaudit.values.unfinished import Answered, not_reached
from genaudit.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from genaudit.engine.plan import Plan
    from genaudit.engine.progress import RunObserver
    from genaudit.plugin.catalog import Catalog
    from genaudit.probes.context import ImageReadings
    from genaudit.values.counts import LevelCounts
    from genaudit.values.results import Unavailable


WEIGHTS = "weights.safetensors"
"""What a run with --retrain leaves in its folder, to be given to --weights."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedRun:
    """A record and where it lies."""

    record: RunRecord
    folder: Path
    reports: dict[str, Path]
    """Format to file."""
    strict: bool = False
    """Whether a tolerance that could not be decided counts as something that is missing."""
    refusal: GenauditError | None = None
    """Why the run could not be compared with its baseline, although one was given."""

    @property
    def exit_code(self) -> int:
        """0 if all that was asked for was computed, 3 if any or all of it is missing, 1 if a tolerance is not kept.

        2 if the run could not be compared with its baseline.
        """
        if self.refusal:
            return self.refusal.exit_code
        verdicts = {finding.verdict for finding in self.record.findings}
        lacking = self.record.failures or not self.record.complete or not self.record.results
        if lacking or (self.strict and Verdict.INCONCLUSIVE in verdicts):
            return 3
        gate = self.record.gate.exit_code if self.record.gate else 0
        return max(gate, 1 if Verdict.FAIL in verdicts else 0)


def execute(plan: Plan, catalog: Catalog, observer: RunObserver, helpers: Sequence[Helper] = ()) -> FinishedRun:
    """Do what the plan says and write the run folder.

    Args:
        plan: What to do.
        catalog: What is installed.
        observer: Told how it goes.
        helpers: Other processes that read their shares for this run (``genaudit.engine.sharing``), started already.

    Raises:
        GenauditError: The folder, the device or a component cannot be had; nothing has been computed.
        KeyboardInterrupt: Passed on after what was finished has been written.
    """
    started = moment()
    name = f"{plan.request.plugin}-{plan.request.dataset}-{started:%Y%m%d-%H%M%S}"
    folder = create_run_folder(plan.inputs.out, name)
    run = _Run(plan, catalog, observer, folder, started)
    try:
        run.prepare()
    except PluginError as error:
        if error.__cause__ is None:
            _remove(folder)
            raise
        run.log.failure(error.__cause__)
        raise PluginError(error.message, f"{error.hint} The traceback is in {folder / 'log.txt'}.".strip()) from error
    except BaseException:
        _remove(folder)
        raise
    try:
        run.share(helpers)
        run.answer_everything()
    except KeyboardInterrupt:
        run.finish(complete=False)
        raise
    return run.finish(complete=True)


class _Run:
    """The state of one run while it lasts."""

    def __init__(self, plan: Plan, catalog: Catalog, observer: RunObserver, folder: Path, started: datetime) -> None:
        self.plan, self.catalog, self.observer, self.folder, self.started = plan, catalog, observer, folder, started
        self.results = ResultsLog(folder)
        self.log = RunLog(folder)
        self.answers: list[Answers] = []
        self.done: set[tuple[str, str]] = set()
        self.stages: list[Stage] = []
        self.sheets: dict[str, ImageSheet] = {}
        self.doubt = ""

    def prepare(self) -> None:
        """Build all components; whatever is missing is found here."""
        from genaudit.probes.randomness import GlobalRandomness, left_as_found

        began = time.perf_counter()
        self.observer.planned(self.plan.headline)
        self.log.line(f"{self.started.isoformat(timespec='seconds')} {self.plan.headline}")
        self.observer.stage_started("preparing", 0)
        self.threads = use_available_threads()
        self.device = choose_device(self.plan.inputs.device)
        self.environment = describe_environment(device_name(self.device), self.threads)
        self.randomness = GlobalRandomness()
        with left_as_found():
            self.components = build_components(self.plan, self.device, self.observer, self.randomness)
            digest = self.components.extractor.weights_digest
            self.store = feature_store(self.plan, digest, self.device, self.log.line, self._warn)
            context = replace(probe_context(self.plan, self.components, self.device, self.randomness), store=self.store)
            taught = teach(context)
        self.context = context
        self.observations = Observations(context, self.observer)
        self.evaluator = Evaluator(
            seed=self.plan.request.seed,
            options=self.plan.options,
            observe=self.observations.get,
            protocol=RunProtocols(
                plan=self.plan,
                shared=_shared_protocol(self.plan, self.components),
                digest_of_split=lambda split: self.components.dataset.split(split).digest,
            ),
            log=self.log.failure,
        )
        seconds = time.perf_counter() - began
        apart = (*self.components.stages, *taught)
        own = seconds - sum(stage.seconds for stage in apart)
        self.stages += [Stage(name="preparing", seconds=own), *apart]
        if self.plan.inputs.retrain:
            save_weights(self.folder / WEIGHTS, self.plan, self.components)
        self.observer.stage_finished("preparing", seconds)
        self.results.begin(self._record(complete=False))

    def _warn(self, text: str) -> None:
        self.log.line(text)
        self.observer.warning(text)

    def share(self, helpers: Sequence[Helper]) -> None:
        """Read this process's share of what is read together, and wait for the others."""
        if not helpers:
            return
        from genaudit.probes.randomness import left_as_found
        from genaudit.probes.sharing import read_share

        name, began = "shared reading", time.perf_counter()
        self.observer.stage_started(name, 0)
        context = replace(self.context, progress=lambda items: self.observer.stage_advanced(name, items))
        items = 0
        try:
            with left_as_found():
                items = read_share(context, 0, 1 + len(helpers), observed(self.plan))
        except PASSED_ON:
            raise
        except BaseException as error:  # noqa: BLE001 - what a plugin breaks here it breaks again where that is told
            self.log.failure(error)
        for code in [helper.wait() for helper in helpers]:
            if code:
                self._warn(f"A process that shared the work ended with exit code {code}: its share is read here.")
        seconds = time.perf_counter() - began
        self.stages.append(Stage(name=name, seconds=seconds, items=items))
        self.observer.stage_finished(name, seconds)

    def answer_everything(self) -> None:
        """Every metric and audit of the plan, each answer logged as it comes."""
        self._keep(Answers(unavailable=self.plan.unavailable))
        for metric in self.plan.metrics:
            self._keep(self.evaluator.metric(metric), Answered(component=metric.spec.name, group=metric.spec.view))
        for audit in self.plan.audits:
            self._keep(self.evaluator.audit(audit), Answered(component=audit.spec.name))
        if "Sampler" in self.plan.generator.spec.capabilities:
            self._ask_again()

    def _ask_again(self) -> None:
        """Note whether the generator gives the same images for the same latents."""
        from genaudit.probes.randomness import left_as_found
        from genaudit.probes.repetition import unrepeatable

        with left_as_found():
            self.doubt = unrepeatable(self.context)

    @property
    def _warnings(self) -> tuple[str, ...]:
        """What was found of plugins and of what they made while they were asked."""
        return (*self.randomness.warnings, *filter(None, [self.doubt]), *self.observations.remarks)

    def finish(self, *, complete: bool) -> FinishedRun:
        """Write the record, then what is made from it: whatever happens later, the numbers are on disk."""
        record = self._record(complete=complete)
        self.results.finish(record)
        try:
            self._write_pictures()
            record = replace(record, images=tuple(self.sheets.values()))
            _write_samples(self.folder, self.observations, self.components.generator)
            _write_counts(self.folder, self.observations, self.plan)
            if self.plan.inputs.keep_features or (self.plan.baseline and self.plan.baseline.features):
                record = replace(record, extra={**record.extra, **self._features()})
        except OSError as error:
            self.log.failure(error)
            failure = Failure(component="samples", stage="write", error=one_line(error), hint=DISK)
            record = replace(record, failures=(*record.failures, failure))
        report, refusal = judged(self.plan, record, self.folder) if complete else (None, None)
        record = replace(record, gate=report)
        record, paths = publish(record, self.folder, self.plan.reporters, self.log.failure)
        for stage in (*self.stages, *self.observations.stages):
            self.log.line(f"{stage.name}: {stage.seconds:.2f} s, {stage.items} items")
        if self.store:
            self.log.line(self.store.summary)
        for warning in (*self._warnings, *self.catalog.notify_finished(record), *self._track(record)):
            self.observer.warning(warning)
        return FinishedRun(record=record, folder=self.folder, reports=paths, refusal=refusal)

    def _features(self) -> dict[str, str]:
        traceable = together(self.answers).traceable
        return write_features(self.folder, self.plan, self.components.generator, self.observations, traceable)

    def _track(self, record: RunRecord) -> Iterator[str]:
        """Tell the trackers; a line for each that failed."""
        for tracker in self.plan.trackers:
            began, stage = time.perf_counter(), f"telling {tracker.spec.name}"
            self.observer.stage_started(stage, 0)  # a server that does not answer is waited for, by some for minutes
            try:
                load_target(tracker)(record, self.folder, self.plan.options[tracker.spec.name])
            except PASSED_ON:
                raise
            except BaseException as error:  # noqa: BLE001 - a tracker never harms a finished run
                self.log.failure(error)
                yield f"Tracker '{tracker.spec.name}' of {tracker.origin} failed: {one_line(error)}."
            self.observer.stage_finished(stage, time.perf_counter() - began)

    def _keep(self, answers: Answers, *done: Answered) -> None:
        self.results.append((*answers.parts, *done))
        self.answers.append(answers)
        self.done |= {(one.component, one.group) for one in done}
        for answer in answers.told:
            self.observer.result(answer)
        with suppress(OSError):  # it is tried again, and said, at the end
            self._write_pictures()

    def _write_pictures(self) -> None:
        """Every grid of images that is not written yet: whoever kills the run has seen what it made."""
        new = {name: shown for name, shown in self.observations.pictures.items() if name not in self.sheets}
        if not new:
            return
        sheets = write_sheets(self.folder, new)
        self.results.append(sheets)
        self.sheets |= {sheet.name: sheet for sheet in sheets}

    def _not_reached(self) -> tuple[Unavailable, ...]:
        metrics = [(metric.spec.name, metric.spec.view) for metric in self.plan.metrics]
        asked = (*metrics, *((audit.spec.name, "") for audit in self.plan.audits))
        return not_reached(one for one in asked if one not in self.done)

    def _record(self, *, complete: bool) -> RunRecord:
        plan, answers = self.plan, together(self.answers)
        record = RunRecord(
            run_id=self.folder.name,
            created=self.started.isoformat(timespec="seconds"),
            genaudit_version=VERSION,
            request=plan.request,
            environment=self.environment,
            generator=generator_info(plan, self.components),
            dataset=dataset_info(plan, self.components),
            extractor=extractor_info(plan, self.components),
            metrics=tuple(map(metric_description, plan.metrics)),
            results=answers.results,
            findings=answers.findings,
            not_available=(*answers.unavailable, *self._not_reached()),
            failures=answers.failures,
            series=answers.series,
            training=self.components.training,
            stages=(*self.stages, *self.observations.stages),
            plugins=self.catalog.statuses,
            warnings=(*plan.warnings, *self._warnings),
            complete=complete,
            memory_peak_mib=memory_peak_mib(),
            extra={"purpose": plan.inputs.purpose} if plan.inputs.purpose else {},
        )
        return without_measured_time(record)


def _shared_protocol(plan: Plan, components: Components) -> EvaluationProtocol:
    return EvaluationProtocol(
        extractor=plan.extractor.spec.name,
        extractor_digest=components.extractor.weights_digest,
        preprocessing=plan.extractor.spec.preprocessing,
        reference=plan.dataset.spec.name,
        seed=plan.request.seed,
        versions=library_versions(NUMERIC_LIBRARIES),
    )


def _write_samples(folder: Path, observations: Observations, generator: object) -> None:
    """Generated images of this run, for people and other tools: ``samples.npz``, array ``images``, NCHW uint8."""
    import numpy as np

    generated: ImageReadings | None = observations.seen("generated")
    if generated is not None and not isinstance(generator, DrawnSamples):  # whoever gave a set has it
        np.savez(folder / "samples.npz", images=generated.first_images)


def _write_counts(folder: Path, observations: Observations, plan: Plan) -> None:
    """How often each combination of levels was read: what ``genaudit audit --table`` takes a run's folder for."""
    counts: LevelCounts | None = observations.seen("level_counts")
    if counts is not None:
        text = counts_json(counts, generator=plan.request.plugin, dataset=plan.request.dataset)
        (folder / COUNTS).write_text(text, encoding="utf-8")


def _remove(folder: Path) -> None:
    """Take the run folder away again: nothing was computed."""
    with suppress(OSError):
        (folder / "log.txt").unlink(missing_ok=True)
        for path in (*folder.iterdir(), folder):
            path.rmdir()
