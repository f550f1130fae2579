"""The plan of an audit becomes a record: the table is counted, the audits ask, reporters write."""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from genaudit.engine.audit_checks import check_against_tables, options_for
from genaudit.engine.audit_plan import COUNT_TABLE, FEATURE_TABLE, AuditPlan
from genaudit.engine.environment import describe_environment, library_versions, memory_peak_mib
from genaudit.engine.evaluation import Answers, Evaluator, together
from genaudit.engine.execution import FinishedRun
from genaudit.engine.log import RunLog
from genaudit.engine.moment import moment, without_measured_time
from genaudit.engine.output import create_run_folder
from genaudit.engine.protocols import own_parameters
from genaudit.engine.publishing import ResultsLog, publish
from genaudit.tables.coding import CodedTables, code_tables
from genaudit.tables.features import read_features
from genaudit.tables.writing import counts_csv
from genaudit.values.counts import CountTable
from genaudit.values.features import FeatureTable
from genaudit.values.record import RunRecord
from genaudit.values.results import EvaluationProtocol
from genaudit.values.run import AuditDescription, ComponentInfo, Stage
from genaudit.values.unfinished import Answered, not_reached
from genaudit.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from genaudit.engine.progress import RunObserver
    from genaudit.plugin.catalog import Catalog, Registered
    from genaudit.plugin.specs import AuditSpec, MetricSpec
    from genaudit.values.findings import Finding
    from genaudit.values.results import Estimate, Unavailable

COUNTS = "counts.csv"
"""What a run leaves of the table: enough to audit it again, and nobody's row."""
NUMERIC = ("numpy", "scipy")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadTables:
    """The counts of a plan's table, and what reading cost."""

    coded: CodedTables
    features: FeatureTable | None
    remarks: tuple[str, ...]
    digest: str
    seconds: float


def read_tables(plan: AuditPlan, observer: RunObserver) -> ReadTables:
    """Count the table and see whether what was declared fits it; nothing is computed or written yet.

    Raises:
        GenauditError: The table cannot be read, or a declaration names a group that it does not have.
    """
    began = time.perf_counter()
    observer.planned(plan.headline)
    observer.stage_started("reading", 0)
    facts = plan.source.facts
    cells = plan.source.read(plan.columns, lambda rows: observer.stage_advanced("reading", rows))
    coded = code_tables(cells, plan.columns, source=facts.source or facts.name, caveats=facts.caveats)
    check_against_tables(plan.options, coded.tables)
    features, left_out = read_features(plan.source, plan.columns, coded) if plan.columns.features else (None, ())
    digest = plan.source.digest()
    seconds = time.perf_counter() - began
    observer.stage_finished("reading", seconds)
    remarks = (*facts.caveats, *coded.remarks, *left_out)
    return ReadTables(coded=coded, features=features, remarks=remarks, digest=digest, seconds=seconds)


def execute_audit(plan: AuditPlan, tables: ReadTables, catalog: Catalog, observer: RunObserver) -> FinishedRun:
    """Ask every audit of every count table and write the run folder.

    Raises:
        GenauditError: The folder cannot be had.
        KeyboardInterrupt: Passed on after what was finished has been written.
    """
    started = moment()
    table_name = re.sub(r"[^\w.-]+", "-", plan.request.dataset).strip("-.") or "table"
    folder = create_run_folder(plan.inputs.out, f"audit-{table_name[:60]}-{started:%Y%m%d-%H%M%S}", subfolders=())
    audit = _Audit(plan, tables, catalog, observer, folder, started)
    try:
        audit.answer_everything()
    except KeyboardInterrupt:
        audit.finish(complete=False)
        raise
    return audit.finish(complete=True)


class _Audit:
    """The state of one audit while it lasts."""

    def __init__(
        self,
        plan: AuditPlan,
        tables: ReadTables,
        catalog: Catalog,
        observer: RunObserver,
        folder: Path,
        started: datetime,
    ) -> None:
        self.plan, self.tables, self.catalog, self.observer = plan, tables, catalog, observer
        self.folder, self.started = folder, started
        self.environment = describe_environment("cpu", 1)
        self.results = ResultsLog(folder)
        self.log = RunLog(folder)
        self.log.line(f"{started.isoformat(timespec='seconds')} {plan.headline}")
        self.answers: list[tuple[str, Answers]] = []
        self.done: set[tuple[str, str]] = set()
        self.said: set[tuple[str, str]] = set()
        self.stages = [Stage(name="reading", seconds=tables.seconds, items=tables.coded.rows)]
        self.results.begin(self._record(complete=False))

    def answer_everything(self) -> None:
        """Every audit in its order, each of every table, each answer logged as it comes."""
        evaluators = [self._evaluator(table) for table in self.tables.coded.tables]
        for audit in self.plan.audits:
            began = time.perf_counter()
            self.observer.stage_started(audit.spec.name, 0)
            asked = self._asked(audit)
            for attribute, evaluator in zip(asked, evaluators, strict=False):
                answers = evaluator.audit(audit)
                self._keep(audit.spec.name, attribute, _told_apart(answers, attribute) if attribute else answers)
            seconds = time.perf_counter() - began
            self.observer.stage_finished(audit.spec.name, seconds)
            self.stages.append(Stage(name=audit.spec.name, seconds=seconds))

    def _asked(self, audit: Registered[AuditSpec]) -> tuple[str, ...]:
        """The attributes of the tables that are asked, or one empty name where answers need not be told apart."""
        tables = self.tables.coded.tables
        once = audit.spec.needs == (FEATURE_TABLE,)  # it asks no group
        return ("",) if once or len(tables) == 1 else tuple(table.group for table in tables)

    def finish(self, *, complete: bool) -> FinishedRun:
        """Write the counts and the record, then what is made from it."""
        record = self._record(complete=complete)
        self.results.finish(record)
        (self.folder / COUNTS).write_text(counts_csv(self.tables.coded.tables[-1]), encoding="utf-8")
        record, paths = publish(record, self.folder, self.plan.reporters, self.log.failure)
        for warning in self.catalog.notify_finished(record):
            self.observer.warning(warning)
        return FinishedRun(record=record, folder=self.folder, reports=paths, strict=self.plan.inputs.strict)

    def _evaluator(self, table: CountTable) -> Evaluator:
        options = options_for(table, self.plan.options)
        observed: dict[str, Any] = {COUNT_TABLE: table, FEATURE_TABLE: self.tables.features}
        return Evaluator(
            seed=self.plan.request.seed,
            options=options,
            observe=observed.__getitem__,
            protocol=_Protocols(
                plan=self.plan,
                options=options,
                table=table,
                digest=counts_digest(table),
                versions=library_versions(NUMERIC),
            ),
            log=self.log.failure,
        )

    def _keep(self, audit: str, attribute: str, answers: Answers) -> None:
        answers = replace(answers, findings=tuple(filter(self._is_news, answers.findings)))
        self.results.append((*answers.parts, Answered(component=audit, group=attribute)))
        self.answers.append((audit, answers))
        self.done.add((audit, attribute))
        for answer in answers.told:
            self.observer.result(answer)

    def _is_news(self, finding: Finding) -> bool:
        """Whether a sentence without a number was not said before, of another way to form groups."""
        said = (finding.audit, finding.statement)
        known = said in self.said and finding.value is None and not finding.group
        self.said.add(said)
        return not known

    def _not_reached(self, audits: Iterable[Registered[AuditSpec]]) -> tuple[Unavailable, ...]:
        asked = ((audit.spec.name, attribute) for audit in audits for attribute in self._asked(audit))
        return not_reached(one for one in asked if one not in self.done)

    def _record(self, *, complete: bool) -> RunRecord:
        plan, answers = self.plan, together(answers for _, answers in self.answers)
        record = RunRecord(
            run_id=self.folder.name,
            created=self.started.isoformat(timespec="seconds"),
            genaudit_version=VERSION,
            request=plan.request,
            environment=self.environment,
            generator=ComponentInfo(name="", version="", distribution=""),
            dataset=_table_info(plan, self.tables),
            extractor=ComponentInfo(name="", version="", distribution=""),
            metrics=(),
            audits=tuple(self._description(audit) for audit in plan.audits),
            results=answers.results,
            findings=answers.findings,
            not_available=(*answers.unavailable, *self._not_reached(plan.audits)),
            failures=answers.failures,
            series=answers.series,
            stages=tuple(self.stages),
            plugins=self.catalog.statuses,
            warnings=(*plan.warnings, *self.tables.remarks),
            complete=complete,
            memory_peak_mib=memory_peak_mib(),
            extra={"purpose": plan.inputs.purpose} if plan.inputs.purpose else {},
        )
        return without_measured_time(record)

    def _description(self, audit: Registered[AuditSpec]) -> AuditDescription:
        spec = audit.spec
        mine = together(answers for name, answers in self.answers if name == spec.name)
        return AuditDescription(
            name=spec.name,
            title=spec.title,
            summary=spec.summary,
            meaning=spec.meaning,
            caveat=spec.caveat,
            source=spec.source,
            version=spec.version,
            values=dict(spec.values),
            gave=tuple(dict.fromkeys(result.metric for result in mine.results)),
            lacks=tuple(dict.fromkeys(item.component for item in (*mine.unavailable, *self._not_reached((audit,))))),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Protocols:
    """The protocol of each number: the counts, the columns and what was declared."""

    plan: AuditPlan
    options: Any
    table: CountTable
    digest: str
    versions: Mapping[str, str]

    def __call__(self, spec: MetricSpec | AuditSpec, estimate: Estimate) -> EvaluationProtocol:
        table = self.table
        columns = {"group": table.group, "truth": table.truth, "decision": table.decision, "stratum": table.stratum}
        return EvaluationProtocol(
            reference=self.plan.request.dataset,
            reference_digest=self.digest,
            seed=self.plan.request.seed,
            parameters={
                **{name: value for name, value in columns.items() if value},
                **own_parameters(self.options[spec.name], estimate),
            },
            versions=self.versions,
        )


def counts_digest(table: CountTable) -> str:
    """SHA-256 of a count table: the same counts under the same names have the same, wherever they were read."""
    said = {
        "names": [table.group, table.truth, table.decision, table.stratum],
        "levels": [table.groups, table.strata],
        "counts": [float(f"{count:.12g}") for count in table.counts.ravel()],
    }
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _told_apart(answers: Answers, attribute: str) -> Answers:
    """The answers with the attribute in the group of each, where several tables answer the same."""

    def named(group: str) -> str:
        return group if group.startswith(f"{attribute}=") else f"{attribute}: {group}".rstrip(": ")

    return replace(
        answers,
        results=tuple(replace(result, group=named(result.group)) for result in answers.results),
        unavailable=tuple(replace(item, group=named(item.group)) for item in answers.unavailable),
        failures=tuple(replace(item, group=named(item.group)) for item in answers.failures),
        series=tuple(replace(one, name=f"{one.name}_{_identifier(attribute)}") for one in answers.series),
    )


def _identifier(text: str) -> str:
    return re.sub(r"\W+", "_", text.casefold()).strip("_") or "group"


def _table_info(plan: AuditPlan, tables: ReadTables) -> ComponentInfo:
    facts, coded = plan.source.facts, tables.coded
    counted = "sum of weights" if coded.tables[0].weighted else "people"
    sizes = {f"groups of {table.group}": len(table.groups) for table in coded.tables}
    held = {f"strata of {coded.tables[0].stratum}": len(coded.tables[0].strata)} if plan.columns.strata else {}
    return ComponentInfo(
        name=facts.name,
        version="",
        distribution=facts.how,
        summary=facts.summary,
        digest=tables.digest,
        source=facts.source,
        facts={"rows": coded.rows, counted: round(coded.tables[0].total), **sizes, **held},
    )
