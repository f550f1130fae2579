"""The table of verbs. Help is written from this table: a verb's module is imported when it is called."""

from __future__ import annotations

import difflib
from importlib import import_module

import click

from genaudit.version import VERSION

VERBS = {
    "run": ("genaudit.cli.run", "Sample, measure, audit and report a generative model."),
    "score": ("genaudit.cli.score", "Compare two sets of images or features that are there already."),
    "compare": ("genaudit.cli.compare", "Put finished runs side by side: every change with its interval."),
    "check": ("genaudit.cli.check", "Compare a finished run with a baseline; exit code 1 if it has become worse."),
    "audit": ("genaudit.cli.audit", "Audit a table of decisions about people, group by group."),
    "report": ("genaudit.cli.report", "Write the reports of a finished run again."),
    "selftest": ("genaudit.cli.selftest", "Recompute known results: whether numbers can be trusted on this machine."),
    "plugins": ("genaudit.cli.plugins", "Show what is installed, check a generator, or begin a new one."),
    "metrics": ("genaudit.cli.metrics", "Show which numbers there are and what they mean."),
    "cache": ("genaudit.cli.cache", "Show, check or remove the features and weights that are kept for later runs."),
    "doctor": ("genaudit.cli.doctor", "Show what a run would find on this machine, and what is broken."),
    "datasets": ("genaudit.cli.datasets", "Show which reference data and tables of decisions there are."),
}
"""Verb to its module, which has a ``command``, and one line on what it does."""

CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}


class Group(click.Group):
    """A group of commands that suggests the nearest one, and shows its help when it is given none."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """As click, but without a command the help goes to stderr and the exit code is 2."""
        if not args:
            click.echo(ctx.get_help(), err=True)
            ctx.exit(2)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click, with a suggestion also for commands that are not imported yet."""
        names = self.list_commands(ctx)
        if args[0] not in names and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0], names, n=1)
            question = f" Did you mean '{near[0]}'?" if near else ""
            raise click.UsageError(f"No command '{args[0]}'.{question} There are: {', '.join(names)}.", ctx)
        return super().resolve_command(ctx, args)


class Verbs(Group):
    """The verbs of the table, each imported on use."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Names in the order of the table."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - likewise
        """The verb's command, imported now."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(VERBS[cmd_name][0]).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002 - likewise
        """The table, without importing anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, summary) for name, (_, summary) in VERBS.items()])


@click.group(
    cls=Verbs,
    context_settings=CONTEXT,
    epilog="Start with 'genaudit run --plugin vae --profile smoke'. Every command has --help.",
)
@click.version_option(VERSION, message="genaudit %(version)s")
def program() -> None:
    """Evaluate and audit generative models: every number with its interval, n, direction and protocol."""
