"""From the request for an audit of a table to a plan: all that can be refused before a row is read is refused here."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from genaudit.audits.cost_table import cuts_of
from genaudit.engine.audit_request import FLAGS, AuditInputs
from genaudit.engine.moment import moment
from genaudit.engine.options import flat_options, options_in_force
from genaudit.engine.output import check_writable
from genaudit.errors import BadOption, GenauditError
from genaudit.plugin.catalog import Catalog, Registered
from genaudit.plugin.options import option_fields
from genaudit.plugin.specs import AuditSpec, ReporterSpec
from genaudit.tables.coding import level_name
from genaudit.tables.columns import TableColumns
from genaudit.tables.features import feature_columns
from genaudit.tables.opening import open_table
from genaudit.tables.row_weights import KINDS
from genaudit.tables.score_scale import SCORE_KINDS
from genaudit.tables.source import TableSource, check_columns
from genaudit.values.run import RunRequest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.values.results import Parameter

COUNT_TABLE, FEATURE_TABLE = "count_table", "feature_table"
LABEL_METRICS = "label_metrics"
ON_REQUEST = (LABEL_METRICS, "raking")
"""Audits that are done only if something is declared for them."""
COUNT_NAMES = ("count", "counts", "n", "freq", "frequency", "weight", "weights")
"""Columns, in lower case, that are likely to say how many people a row stands for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPlan:
    """What will be asked of which table, in the order in which it is told."""

    inputs: AuditInputs
    request: RunRequest
    source: TableSource
    columns: TableColumns
    audits: tuple[Registered[AuditSpec], ...]
    options: Mapping[str, Any]
    """Audit name to its options object."""
    reporters: Mapping[str, Registered[ReporterSpec]]
    warnings: tuple[str, ...] = ()

    @property
    def headline(self) -> str:
        """One line on what will be done."""
        columns = self.columns
        about = f"{columns.outcome} against {columns.truth}" if columns.truth else columns.outcome
        held = f", {' × '.join(columns.strata)} held fixed" if columns.strata else ""
        return (
            f"{self.source.facts.name}: {about} by {' × '.join(columns.group)}{held}; {len(self.audits)} audits; "
            f"seed {self.inputs.seed}"
        )


def make_audit_plan(inputs: AuditInputs, catalog: Catalog) -> AuditPlan:
    """The plan of an audit of a table.

    Raises:
        GenauditError: The request cannot be met; what is wrong in independent places is said in one message.
    """
    found: dict[str, Any] = {}

    def keep(name: str, make: Callable[[], Any]) -> Callable[[], None]:
        return lambda: found.update({name: make()})

    audits = tuple(audit for audit in table_audits(catalog) if _is_asked(audit, inputs))
    _together(
        lambda: _check_declared(inputs),
        keep("options", lambda: _options(audits, inputs.options)),
        keep("reporters", lambda: catalog.reporters(("json", *inputs.formats), inputs.layout)),
        lambda: check_writable(inputs.out),
        keep("started", moment),  # a date that is none is refused before any work
        keep("source", lambda: _opened(inputs)),
        lambda: _check_label_metrics(found.get("options", {})),
    )
    source, columns = found["source"]
    costs = found["options"].get("costs")
    columns = replace(columns, cuts=cuts_of(costs)) if columns.score and costs else columns
    _check_judgeable(inputs, source)
    options = _by_shown_names(found["options"])
    return AuditPlan(
        inputs=inputs,
        request=_request(inputs, source, columns, options),
        source=source,
        columns=columns,
        audits=audits,
        options=options,
        reporters=found["reporters"],
        warnings=(*catalog.warnings, *_remarks(inputs, source, columns)),
    )


def table_audits(catalog: Catalog) -> tuple[Registered[AuditSpec], ...]:
    """Every audit that needs a table of counts or of features and nothing else, in the order of registration."""
    return tuple(audit for audit in catalog.all("audit") if audit.spec.needs in {(COUNT_TABLE,), (FEATURE_TABLE,)})


def _is_asked(audit: Registered[AuditSpec], inputs: AuditInputs) -> bool:
    """Whether an audit takes part; what is only done by name is not listed as missing without one."""
    if audit.spec.needs == (FEATURE_TABLE,):
        return bool(inputs.columns.features)
    name = audit.spec.name
    return name not in ON_REQUEST or any(option.startswith(f"{name}.") for option in inputs.options)


def _check_judgeable(inputs: AuditInputs, source: TableSource) -> None:
    """Nothing, if no tolerance is to be judged on labels whose reader's errors are still in them."""
    if source.facts.as_read and inputs.options.get("disparities.tolerance") is not None:
        raise BadOption(
            f"--tolerance judges nothing of {source.facts.name}: its groups and labels are as a reader saw them, and "
            "the reader's errors are not taken out of these counts.",
            "Leave it away, or declare it to the run, which corrects: genaudit run --set representation.tolerance=D "
            "--set representation.reference=training.",
        )


def _check_label_metrics(options: Mapping[str, Any]) -> None:
    """Nothing, if every metric that was asked for by name exists; scikit-learn is loaded only to see that."""
    if LABEL_METRICS in options:
        from genaudit.audits.sklearn_metrics import label_metric

        for name in options[LABEL_METRICS].names:
            label_metric(name)


def _together(*checks: Callable[[], object]) -> None:
    """Run every check; what they refuse is said at once."""
    refused: list[GenauditError] = []
    for check in checks:
        try:
            check()
        except GenauditError as error:
            refused.append(error)
    if len(refused) == 1:
        raise refused[0]
    if refused:
        raise GenauditError(" ".join(map(str, refused)))


def _check_declared(inputs: AuditInputs) -> None:
    """Nothing, if the columns that were named make a request."""
    columns, wrong = inputs.columns, []
    if not columns.group:
        wrong.append("No group was named: give --group COLUMN.")
    if not (columns.decision or columns.score):
        wrong.append("No decision was named: give --decision COLUMN, or --score COLUMN with --threshold T.")
    if columns.decision and columns.score:
        wrong.append("Both --decision and --score were given: the decision is either a column or made from a score.")
    wrong += _wrong_score(columns)
    if columns.weight_kind not in {"", *KINDS}:
        wrong.append(f"--weight-kind '{columns.weight_kind}' is neither {' nor '.join(KINDS)}.")
    wrong += _wrong_margins(inputs.options.get("raking.margins"), (*columns.group, *columns.strata))
    wrong += _wrong_roles(inputs.options.get("confounding.role"), columns.strata)
    known = {columns.truth, columns.decision, ""}
    wrong += [f"--positive is for '{name}', which is neither the truth nor the decision."
              for name in columns.positive if name not in known]  # fmt: skip
    if inputs.seed < 0:
        wrong.append(f"--seed {inputs.seed} is not allowed: it must be a whole number of at least 0.")
    if wrong:
        raise BadOption(" ".join(wrong))


def _wrong_score(columns: TableColumns) -> Iterable[str]:
    """What is wrong with what was said of the score."""
    if columns.score and columns.threshold is None:
        yield f"--score {columns.score} needs --threshold T: the decision is yes from there on."
    if columns.threshold is not None and not math.isfinite(columns.threshold):
        yield f"--threshold {columns.threshold} is no value that a score can reach: give a finite number."
    if columns.threshold is not None and not columns.score:
        yield "--threshold is for --score, and no score was named."
    if columns.score_kind and not columns.score:
        yield "--score-kind is for --score, and no score was named."
    if columns.score_kind not in {"", *SCORE_KINDS}:
        yield f"--score-kind '{columns.score_kind}' is neither {' nor '.join(SCORE_KINDS)}."


def _wrong_roles(role: Any, strata: tuple[str, ...]) -> Iterable[str]:  # noqa: ANN401 - checked here
    """What is wrong with the roles that were declared, before it is known whether they are roles."""
    if role and not strata:
        yield "--role says what a stratum variable is, and none was named: give --stratum COLUMN."
    for name in role if isinstance(role, Mapping) and strata else ():
        if name not in strata:
            near = difflib.get_close_matches(name, strata, n=1)
            question = f"did you mean '{near[0]}'?" if near else f"--stratum names {', '.join(strata)}."
            yield f"--role is for '{name}', which is no stratum variable; {question}"


def _wrong_margins(margins: Any, columns: tuple[str, ...]) -> Iterable[str]:  # noqa: ANN401 - checked here
    for name in margins if isinstance(margins, Mapping) else ():
        if name not in columns:
            near = difflib.get_close_matches(name, columns, n=1)
            question = f"did you mean '{near[0]}'?" if near else f"there are {', '.join(columns)}."
            yield f"--margin is for '{name}', which is no column of --group or --stratum; {question}"


def _options(audits: tuple[Registered[AuditSpec], ...], given: Mapping[str, Any]) -> dict[str, Any]:
    """As ``options_in_force``; what is wrong with an option is said with the flag that sets it."""
    try:
        return options_in_force(audits, given)
    except BadOption as error:
        name = error.message.partition(":")[0]
        wrong = next((audit for audit in audits if audit.spec.name == name), None)
        if wrong is None:
            raise
        options = [field.name for field in option_fields(wrong)]
        flags = ", ".join(dict.fromkeys(FLAGS[key] for option in options if (key := f"{name}.{option}") in FLAGS))
        others = ", ".join(option for option in options if f"{name}.{option}" not in FLAGS)
        said = (flags and f"Flags: {flags}.", others and f"With --set {name}.OPTION=VALUE: {others}.")
        raise BadOption(error.message, " ".join(filter(None, said))) from error


def _by_shown_names(options: dict[str, Any]) -> dict[str, Any]:
    """The options with what is declared of columns under the names that tables give to these."""
    shown = dict(options)
    for audit, option in (("confounding", "role"), ("raking", "margins")):
        declared = getattr(options.get(audit), option, None)
        if isinstance(declared, Mapping):
            by_name = {level_name(name): one for name, one in declared.items()}
            shown[audit] = replace(options[audit], **{option: by_name})
    return shown


def _opened(inputs: AuditInputs) -> tuple[TableSource, TableColumns]:
    source = open_table(inputs.table)
    columns = inputs.columns
    if not columns.weight and source.facts.weight:
        columns = replace(columns, weight=source.facts.weight)
    if columns.weight_kind and not columns.weight:
        raise BadOption("--weight-kind says what a weight is, and none was named.", "Give --weight COLUMN.")
    check_columns(source.facts, columns)
    feature_columns(source.facts, columns)
    return source, columns


def _request(inputs: AuditInputs, source: TableSource, columns: TableColumns, options: Mapping[str, Any]) -> RunRequest:
    return RunRequest(
        plugin="",
        dataset=source.facts.name,
        extractor="",
        profile="",
        samples=0,
        seed=inputs.seed,
        metrics=(),
        options={**_columns_as_options(columns), **flat_options(options)},
        command=inputs.command,
        origins=inputs.origins,
    )


def _columns_as_options(columns: TableColumns) -> dict[str, Parameter]:
    """The roles of columns, as the record keeps them beside the options."""
    positive = "; ".join(f"{name}={','.join(values)}".lstrip("=") for name, values in columns.positive.items())
    said: dict[str, Parameter] = {
        "table.group": ", ".join(columns.group),
        "table.truth": columns.truth,
        "table.decision": columns.outcome,
        "table.stratum": ", ".join(columns.strata),
        "table.weight": columns.weight,
        "table.weight_kind": columns.weight_kind,
        "table.score_kind": columns.score_kind,
        "table.positive": positive,
        "table.features": ", ".join(columns.features),
    }
    return {name: value for name, value in said.items() if value}


def _remarks(inputs: AuditInputs, source: TableSource, columns: TableColumns) -> Iterable[str]:
    """What a user may have forgotten."""
    if not columns.weight:
        likely = [name for name in source.facts.columns if name.casefold() in COUNT_NAMES]
        free = [name for name in likely if name not in columns.named]
        if free:
            yield (
                f"{source.facts.name} has a column '{free[0]}', and every row was counted as one person. If it says "
                f"how many people a row stands for, give --weight {free[0]}."
            )
    declared = inputs.options.get("sampling.population") or inputs.options.get("raking.margins")
    if declared and not inputs.options.get("sampling.population_source"):
        yield "Where the shares of the population come from was not said: give --population-source."
