"""The audit of a table from its arguments to its record, for the Python interface."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.engine.audit_execution import execute_audit, read_tables
from genaudit.engine.audit_plan import make_audit_plan
from genaudit.engine.audit_request import DECLARED, AuditInputs, declared_options
from genaudit.engine.progress import RunObserver
from genaudit.engine.request import DEFAULT_FORMATS
from genaudit.errors import BadOption, unknown_name
from genaudit.plugin.manager import load_plugins
from genaudit.tables.columns import TableColumns

if TYPE_CHECKING:
    from collections.abc import Iterable

    from genaudit.values.record import RunRecord

TEXTS = ("truth", "decision", "score", "weight")
COLUMNS = (*TEXTS, "weight_kind", "threshold", "score_kind")
FURTHER = (
    *DECLARED,
    "stratum",
    "features",
    "positive",
    "who_pays",
    "options",
    "purpose",
    "seed",
    "formats",
    "block",
    *COLUMNS,
)


def audit_request(
    table: object,
    *,
    group: object,
    reference: Mapping[str, float] | str | None = None,
    cost: Mapping[str, Any] | None,
    out: str | Path | None,
    **given: Any,  # noqa: ANN401
) -> RunRecord:
    """Plan and execute the audit of a table; without ``out`` nothing is left on disk.

    Raises:
        GenauditError: The request cannot be met.
    """
    unknown = [name for name in given if name not in FURTHER]
    if unknown:
        raise unknown_name("argument", unknown[0], FURTHER, "See help(genaudit.audit).", listed="There are")
    _check_types(given)
    if reference is not None:
        if given.get("population") is not None:
            raise BadOption("reference and population are one declaration, given twice.", "Leave one of them out.")
        given["population"] = reference
    catalog = load_plugins(block=given.get("block", ()))
    columns = TableColumns(
        group=_names("group", group),
        strata=_names("stratum", given.get("stratum")),
        features=_names("features", given.get("features")),
        positive=_positive(given.get("positive")),
        **{name: given[name] for name in COLUMNS if given.get(name) is not None},
    )
    declared = {name: given.get(name) for name in DECLARED}
    options = {**declared_options(declared, cost, given.get("who_pays")), **(given.get("options") or {})}
    shared = {"table": table, "columns": columns, "options": options, "purpose": given.get("purpose") or "",
              "seed": given.get("seed", 0)}  # fmt: skip

    def record_in(folder: str | Path, formats: tuple[str, ...]) -> RunRecord:
        inputs = AuditInputs(**shared, out=Path(folder).absolute(), formats=formats)
        plan = make_audit_plan(inputs, catalog)
        return execute_audit(plan, read_tables(plan, RunObserver()), catalog, RunObserver()).record

    if out is not None:
        return record_in(out, tuple(given.get("formats") or DEFAULT_FORMATS))
    with tempfile.TemporaryDirectory(prefix="genaudit-") as folder:
        return record_in(folder, ("json",))


def _names(argument: str, given: object) -> tuple[str, ...]:
    """One column or several."""
    if given is None:
        return ()
    if isinstance(given, str):
        return (given,)
    if isinstance(given, list | tuple) and all(isinstance(name, str) for name in given):
        return tuple(given)
    raise BadOption(f"{argument} is {given!r}, not a column or a list of columns.", "See help(genaudit.audit).")


def _check_types(given: Mapping[str, Any]) -> None:
    wrong = [f"{name} is {given[name]!r}, not the name of a column" for name in TEXTS if not _is_text(given.get(name))]
    if not isinstance(given.get("seed", 0), int) or isinstance(given.get("seed", 0), bool):
        wrong.append(f"seed is {given['seed']!r}, not a whole number")
    if not isinstance(given.get("threshold"), int | float | None):
        wrong.append(f"threshold is {given['threshold']!r}, not a number")
    if wrong:
        raise BadOption(f"{'; '.join(wrong)}.", "See help(genaudit.audit).")


def _is_text(value: object) -> bool:
    return value is None or isinstance(value, str)


def _positive(given: object) -> dict[str, tuple[str, ...]]:
    """A value, several, or a mapping of columns to them."""
    if given is None:
        return {}
    if not isinstance(given, Mapping):
        return {"": _texts(given)}
    return {str(column): _texts(values) for column, values in given.items()}


def _texts(values: Any) -> tuple[str, ...]:  # noqa: ANN401 - one value or several
    listed: Iterable[Any] = values if isinstance(values, list | tuple | set) else (values,)
    return tuple(map(str, listed))
