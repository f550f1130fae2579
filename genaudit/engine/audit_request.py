"""What a caller asks of the audit of a table, before it is checked."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from genaudit.engine.request import DEFAULT_FORMATS
from genaudit.errors import BadOption
from genaudit.tables.columns import TableColumns


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditInputs:
    """The arguments of ``genaudit audit --table`` and of ``genaudit.audit``."""

    table: Any
    """The name of an embedded table, the path of a CSV or Parquet file or of the folder of a run, or a DataFrame."""
    columns: TableColumns
    options: Mapping[str, Any] = field(default_factory=dict)
    """``audit.option`` to a value, or to its text: what was declared."""
    purpose: str = ""
    """What the decisions are for, as the report prints it."""
    seed: int = 0
    out: Path = Path("runs")
    formats: tuple[str, ...] = DEFAULT_FORMATS
    layout: str = "file"
    """As of ``RunInputs``."""
    strict: bool = False
    """Whether an undecided tolerance counts as incomplete."""
    command: str = ""
    """The command line that repeats the audit, for the report."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """Option of an audit, ``table.COLUMN``, ``seed`` and the like to where its value was said."""


DECLARED = {
    "role": "confounding.role",
    "metric": "label_metrics.names",
    "population": "sampling.population",
    "population_source": "sampling.population_source",
    "margin": "raking.margins",
    "prevalence": "base_rates.prevalence",
    "primary": "disparities.primary",
    "tolerance": "disparities.tolerance",
    "tolerance_source": "disparities.tolerance_source",
    "actions": "costs.actions",
}
"""What a user declares to the option of the audit that reads it."""
FLAGS = {option: f"--{name.replace('_', '-')}" for name, option in DECLARED.items()} | {
    "raking.population_source": "--population-source",
    **{f"costs.{name}": "--cost fp|fn|tp|tn|third=NUMBER" for name in ("fp", "fn", "tp", "tn", "third")},
    "costs.who_pays": "--who-pays COST=TEXT",
    "costs.actions": "--action NAME=IF_NO/IF_YES",
}
"""The option of an audit to the flag that sets it; the others are set with ``--set``."""
EXAMPLES = {"cost": "{'fp': 1, 'fn': 5}", "who_pays": "{'fp': 'the defendant'}"}
COSTS = ("fp", "fn", "tp", "tn", "third")


def declared_options(
    given: Mapping[str, Any], cost: Mapping[str, Any] | None = None, who_pays: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Declarations as ``audit.option`` to value; what is None or empty was not declared.

    Raises:
        BadOption: Costs or payers are no mapping, or a cost is named for an outcome that does not exist.

    >>> declared_options({"tolerance": 0.05, "role": None}, cost={"fp": 1, "fn": 5})
    {'disparities.tolerance': 0.05, 'costs.fp': 1, 'costs.fn': 5}
    """
    options = {DECLARED[name]: value for name, value in given.items() if value is not None and value not in ("", ())}
    if DECLARED["margin"] in options and DECLARED["population_source"] in options:
        options["raking.population_source"] = options[DECLARED["population_source"]]
    for argument, mapping in (("cost", cost), ("who_pays", who_pays)):
        if mapping is not None and not isinstance(mapping, Mapping):
            raise BadOption(f"{argument} is {mapping!r}, not a mapping such as {EXAMPLES[argument]}.")
    for name, value in (cost or {}).items():
        if name not in COSTS:
            near = difflib.get_close_matches(str(name), COSTS, n=1)
            question = f" Did you mean '{near[0]}'?" if near else ""
            raise BadOption(
                f"No outcome '{name}' for --cost.{question} There are: {', '.join(COSTS)}.",
                "The costs of another action are given with --action NAME=IF_NO/IF_YES.",
            )
        options[f"costs.{name}"] = value
    if who_pays:
        options["costs.who_pays"] = dict(who_pays)
    return options
