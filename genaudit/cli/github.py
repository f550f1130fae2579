"""What a hosted pipeline shows beside a change: workflow commands of GitHub Actions, within its limits."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from genaudit.cli.leaving import say
from genaudit.values.findings import Verdict
from genaudit.values.gate import GateLevel
from genaudit.values.printable import printable

if TYPE_CHECKING:
    from genaudit.values.gate import Change, GateReport

MOST = 8
"""Annotations of one kind that a step may make and be sure to see: GitHub shows ten."""
LONGEST = 2_000


def on_github() -> bool:
    """Whether this process is a step of GitHub Actions."""
    return os.environ.get("GITHUB_ACTIONS") == "true"


def workflow_commands(report: GateReport) -> list[str]:
    """Workflow commands for what failed, then for what is open; the last one says how many more there are."""
    wrong = [change for change in report.changes if _serious(change)]
    commands = [_command("error", f"genaudit {change.name}", change.sentence) for change in wrong]
    if len(commands) > MOST:
        further = len(commands) - MOST + 1
        commands = [
            *commands[: MOST - 1],
            _command("error", "genaudit", f"{further} more; they are in the summary and in the log."),
        ]
    if report.verdict is Verdict.INCONCLUSIVE:
        commands.append(_command("warning", "genaudit", report.sentence))
    return commands


def announce(report: GateReport, summary: str) -> None:
    """Write annotations to stderr, which the runner reads as well as stdout, and the summary to its page."""
    for command in workflow_commands(report):
        sys.stderr.write(f"{command}\n")
    page = os.environ.get("GITHUB_STEP_SUMMARY", "")
    if page:
        try:
            with Path(page).open("a", encoding="utf-8") as file:
                file.write(summary)
        except OSError as error:
            say(f"warning: cannot write the step summary {page}: {error.strerror}.")


def _serious(change: Change) -> bool:
    return change.level is GateLevel.ERROR and (change.missing or change.verdict is Verdict.FAIL)


def _command(kind: str, title: str, text: str) -> str:
    """One workflow command; what would end a property or the line is escaped, as the runner's toolkit does.

    >>> _command("error", "fid [a, b: c]", "100 % worse")
    '::error title=fid [a%2C b%3A c]::100 %25 worse'
    """
    return f"::{kind} title={_escaped(title).replace(':', '%3A').replace(',', '%2C')}::{_escaped(text)}"


def _escaped(text: str) -> str:
    return printable(text, LONGEST).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
