"""``genaudit audit``: a table of decisions about people, group by group."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from genaudit.cli.blocking import block_option, names
from genaudit.cli.declarations import margins, one_or_each, pairs, positives, purpose_text, shares_text, two_costs
from genaudit.cli.leaving import say
from genaudit.cli.request import DEFAULT, ConfiguredCommand, origin_of
from genaudit.cli.writing import format_option, layout_option, out_option
from genaudit.engine.audit_request import DECLARED, declared_options
from genaudit.engine.device import let_idle_threads_sleep
from genaudit.engine.request import DEFAULT_FORMATS
from genaudit.plugin.options import parse_settings
from genaudit.plugin.talk import talk_on_stderr

if TYPE_CHECKING:
    from collections.abc import Callable

    from genaudit.engine.audit_plan import AuditPlan
    from genaudit.engine.execution import FinishedRun
    from genaudit.plugin.catalog import Catalog

EPILOG = (
    "Embedded tables: compas, berkeley-admissions, kidney-stones, death-penalty. What is not declared is not assessed, "
    "and the report says so. Exit codes: 1 a tolerance is not kept, 2 the request cannot be met, 3 something could not "
    "be computed, or with --strict a tolerance could not be decided."
)
FROM_FILE = ("seed", "out", "formats", "layout", "block")
"""Keys of ``[run]`` that mean the same here; the others are about a generator."""
INSTEAD = {"decision": ("score", "threshold", "score_kind"), "score": ("decision",)}
"""A flag to what it stands in the place of, where that comes from the file."""
REPEATED = {
    "group": "--group", "strata": "--stratum", "role": "--role", "positive": "--positive", "margin": "--margin",
    "cost": "--cost", "actions": "--action", "who_pays": "--who-pays", "prevalence": "--prevalence",
    "metric": "--metric", "features": "--features", "settings": "--set",
}  # fmt: skip
SINGLE = (
    "truth", "decision", "score", "threshold", "score_kind", "weight", "weight_kind", "population", "population_source",
    "primary", "tolerance", "tolerance_source", "purpose", "seed",
)  # fmt: skip


COLUMNS = ("truth", "decision", "score", "weight")
COLUMN_ROLES = ("group", *COLUMNS, "weight_kind", "threshold", "score_kind", "positive", "features")
OF_COLUMNS = ("group", "strata", *COLUMNS, "weight_kind", "threshold", "score_kind", "features")
NOT_RECORDED = ("as_json", "quiet", "block", "out", "formats", "strict")
"""What changes no number."""


class AuditCommand(ConfiguredCommand):
    """A command whose flags may stand in ``[audit]``, and that takes from ``[run]`` what is not about a generator."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click, with other defaults from the file."""
        shared = {key: value for key, value in (ctx.default_map or {}).items() if key in FROM_FILE}
        ctx.default_map = {**shared, **(ctx.obj.audit if ctx.obj else {})}
        left = super().parse_args(ctx, args)
        typed = {name for name in ctx.params if ctx.get_parameter_source(name) is ParameterSource.COMMANDLINE}
        for name, instead in INSTEAD.items():
            if name in typed and not typed & set(instead):
                ctx.params.update(dict.fromkeys(instead))
        return left


def _column(flag: str, *words: str, **settings: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:  # noqa: ANN401
    return click.option(flag, *words, metavar="COLUMN", **settings)


@click.command("audit", cls=AuditCommand, epilog=EPILOG)
@click.option(
    "--table",
    required=True,
    metavar="FILE|NAME|RUN",
    help="CSV or Parquet file, an embedded table, or the folder of a run of a generator.",
)
@_column("--group", multiple=True, help="Who is compared; of several columns, each alone and all combinations.")
@_column("--truth", default="", help="What was the case; without it only decisions are compared.")
@_column("--decision", default="", help="What was decided or predicted.")
@_column("--score", default="", help="Make the decision from this score; needs --threshold.")
@click.option("--threshold", type=float, metavar="T", help="The decision is yes where the score is at least T.")
@click.option(
    "--score-kind",
    default="",
    metavar="probability|rank",
    help="What --score is; else scores in [0, 1] are taken as probabilities of the truth.",
)
@_column("--stratum", "strata", multiple=True, help="What is held fixed; of several columns, all combinations.")
@click.option(
    "--role",
    multiple=True,
    metavar="[COLUMN=]ROLE",
    help="What a stratum variable is thought to be: confounder, mediator, collider or unknown.",
)
@_column("--weight", default="", help="How many people a row stands for, or a survey weight.")
@click.option(
    "--weight-kind",
    default="",
    metavar="count|survey",
    help="What --weight is; else whole numbers count people, and fractions weigh them.",
)
@click.option(
    "--positive", multiple=True, metavar="[COLUMN=]VALUE,…", help="Values of truth or decision that mean yes."
)
@click.option("--population", metavar="GROUP=SHARE,…", help="The population that the table should stand for.")
@click.option(
    "--margin",
    multiple=True,
    metavar="COLUMN:LEVEL=SHARE,…",
    help="What is known of that population in each column alone; once for each.",
)
@click.option("--population-source", metavar="TEXT", help="Where these shares come from.")
@click.option("--cost", multiple=True, metavar="fp|fn|tp|tn|third=NUMBER", help="What an outcome costs, in one unit.")
@click.option(
    "--action",
    "actions",
    multiple=True,
    metavar="NAME=IF_NO/IF_YES",
    help="What another action costs if the truth is no, and if it is yes; once for each.",
)
@click.option(
    "--who-pays",
    multiple=True,
    metavar="COST=TEXT",
    help="Who bears a cost: of fp, fn, tp, tn, third, or of another action, NAME or NAME/no and NAME/yes.",
)
@click.option(
    "--prevalence", multiple=True, metavar="[GROUP=]P", help="Share of positives where the decisions will be used."
)
@click.option("--primary", metavar="DIFFERENCE", help="The difference that was chosen before looking.")
@click.option("--tolerance", type=float, metavar="D", help="Largest difference of the primary that is tolerated.")
@click.option("--tolerance-source", metavar="TEXT", help="Who set the tolerance, and why there.")
@click.option("--metric", multiple=True, callback=names, metavar="sklearn:NAME,…", help="Further metrics of labels.")
@click.option(
    "--features", multiple=True, callback=names, metavar="COLUMN,…|all", help="Screen these for associations."
)
@click.option("--purpose", metavar="FILE|TEXT", default="", help="What the decisions are for; the report prints it.")
@click.option("--set", "settings", multiple=True, metavar="AUDIT.OPTION=VALUE", help="Set an option; may be repeated.")
@click.option("--seed", type=int, default=0, show_default=True, metavar="N", help="Seed of all randomness.")
@out_option("audit")
@format_option(DEFAULT_FORMATS)
@layout_option
@click.option("--strict", is_flag=True, help="Exit code 3 if a tolerance could not be decided.")
@block_option
@click.option("--json", "as_json", is_flag=True, help="Print the record as JSON and nothing else on stdout.")
@click.option("--quiet", "-q", is_flag=True, help="Nothing on stderr but errors.")
@click.pass_context
def command(context: click.Context, /, *, as_json: bool, quiet: bool, **_: object) -> None:
    """Audit a table of decisions about people: rates, burdens, costs and confounding, group by group."""
    let_idle_threads_sleep()
    with talk_on_stderr():
        catalog, plan = _planned(context)
    if not quiet:
        for warning in plan.warnings:
            say(f"warning: {warning}")
    finished = _executed(plan, catalog, quiet=quiet)
    _print_finished(finished, as_json=as_json)
    if finished.exit_code:
        context.exit(finished.exit_code)


def _planned(context: click.Context) -> tuple[Catalog, AuditPlan]:
    from genaudit.engine.audit_plan import make_audit_plan
    from genaudit.engine.audit_request import AuditInputs
    from genaudit.plugin.manager import load_plugins
    from genaudit.tables.columns import TableColumns

    given: dict[str, Any] = {
        name: "" if value is None and name in (*COLUMNS, "score_kind") else value
        for name, value in context.params.items()
    }
    catalog = load_plugins(given["block"])
    from_file = _file_options(context, catalog)
    columns = TableColumns(
        **{name: given[name] for name in OF_COLUMNS},
        positive=positives(given["positive"], (given["truth"], given["decision"])),
    )
    inputs = AuditInputs(
        table=given["table"],
        columns=columns,
        options={**from_file, **_declared(given), **parse_settings(given["settings"])},
        purpose=purpose_text(given["purpose"]),
        **{name: given[name] for name in ("seed", "out", "formats", "layout", "strict")},
        command=command_line({**given, "settings": (*_as_settings(from_file), *given["settings"])}),
        origins=_origins(context, given, from_file),
    )
    return catalog, make_audit_plan(inputs, catalog)


def _origins(context: click.Context, given: dict[str, Any], from_file: dict[str, Any]) -> dict[str, str]:
    """Where each value was said, by its name in the record; defaults are left out."""
    found = dict.fromkeys(from_file, context.obj.path.name if context.obj.path else "")
    for name, value in given.items():
        origin = origin_of(context, name, context.obj)
        if origin == DEFAULT or value in (None, "", ()) or name in NOT_RECORDED:
            continue
        recorded = {"strata": "table.stratum", **dict.fromkeys(COLUMN_ROLES, f"table.{name}")}.get(name, name)
        if name == "cost":
            found |= {f"costs.{text.partition('=')[0].strip()}": origin for text in value}
        elif name == "who_pays":
            found["costs.who_pays"] = origin
        elif name == "settings":
            found |= dict.fromkeys(parse_settings(value), origin)
        else:
            found[DECLARED.get(name, recorded)] = origin
    return found


def _as_settings(options: dict[str, Any]) -> list[str]:
    """Options of the file as they would be typed behind ``--set``."""
    return [
        f"{key}={','.join(map(str, value)) if isinstance(value, list | tuple) else value}"
        for key, value in options.items()
    ]


def _declared(given: dict[str, Any]) -> dict[str, Any]:
    """Flags as options of the audits that read them."""
    return declared_options(
        {
            **{name: given[name] for name in DECLARED},
            "population": shares_text(given["population"]),
            "margin": margins(given["margin"]),
            "role": one_or_each("--role", given["role"], "COLUMN=ROLE"),
            "prevalence": one_or_each("--prevalence", given["prevalence"], "GROUP=P"),
            "actions": two_costs(given["actions"]),
        },
        cost=pairs("--cost", given["cost"], "--cost fp=1 --cost fn=5"),
        who_pays=pairs("--who-pays", given["who_pays"], "--who-pays 'fp=the defendant'"),
    )


def _file_options(context: click.Context, catalog: Catalog) -> dict[str, Any]:
    """Options that the configuration file gives to the audits of tables."""
    from genaudit.engine.audit_plan import table_audits

    part = {audit.spec.name for audit in table_audits(catalog)}
    return {
        f"{name}.{option}": value
        for name, options in context.obj.plugins.items()
        if name in part
        for option, value in options.items()
    }


def command_line(given: dict[str, Any]) -> str:
    """The shortest command that repeats an audit.

    >>> command_line({"table": "compas", "group": ("race",), "decision": "flagged", "cost": ("fp=1", "fn=2")})
    'genaudit audit --table compas --group race --decision flagged --cost fp=1 --cost fn=2'
    """
    words = ["genaudit", "audit", "--table", str(given["table"])]
    flags = {**{name: f"--{name.replace('_', '-')}" for name in SINGLE}, **REPEATED}
    order = ("group", "truth", "decision", "score", "threshold", "strata", "role")
    for name in dict.fromkeys((*order, *flags)):
        value = given.get(name)
        listed = value if isinstance(value, tuple) else (value,)
        for one in listed:
            words += [flags[name], str(one)] if one not in {None, ""} and (name, one) != ("seed", 0) else []
    if tuple(given.get("formats", DEFAULT_FORMATS)) != DEFAULT_FORMATS:
        words += ["--format", ",".join(given["formats"])]
    if given.get("layout", "file") != "file":
        words += ["--layout", given["layout"]]
    return shlex.join([*words, *(["--strict"] if given.get("strict") else [])])


def _executed(plan: AuditPlan, catalog: Catalog, *, quiet: bool) -> FinishedRun:
    from genaudit.cli.progress import progress_on
    from genaudit.cli.run import kept
    from genaudit.engine.audit_execution import execute_audit, read_tables

    with kept(plan.inputs.out), progress_on(sys.stderr, quiet=quiet) as observer, talk_on_stderr():
        return execute_audit(plan, read_tables(plan, observer), catalog, observer)


def _print_finished(finished: FinishedRun, *, as_json: bool) -> None:
    if as_json:
        from genaudit.cli.output import print_json_text
        from genaudit.values.serialisation import record_to_json

        print_json_text(record_to_json(finished.record))
    else:
        from genaudit.cli.audit_print import print_audit

        print_audit(finished)
