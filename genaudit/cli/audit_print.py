"""An audit on a terminal: who was counted, then one section an audit, in sentences with their verdicts."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING

from genaudit.cli.numbers import shown, shown_range
from genaudit.cli.output import columns, print_lines
from genaudit.cli.places import near
from genaudit.cli.verdict_lines import said, tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from genaudit.engine.execution import FinishedRun
    from genaudit.values.record import RunRecord
    from genaudit.values.results import MetricResult, Unavailable
    from genaudit.values.run import AuditDescription

WIDEST, NARROWEST = 100, 50
MOST_FINDINGS = 40
GROUPS_ACROSS, MOST_GROUPS = 3, 6
SIZE = "group_count"
"""The number that every group of a table has, and nothing else."""
CLOSING = "limits"
"""The audit that says what no number settles."""
LIMITS = (
    "These are observations, not causes; a tolerance that is kept is no finding about law or about people, and "
    "accurate predictions do not make an action sound."
)


def print_audit(finished: FinishedRun) -> None:
    """Print a finished audit on stdout."""
    report = finished.reports.get("html")
    where = f"report: {near(report or finished.folder)}"
    print_lines([*_wrapped(finished.record), "", where])


def _wrapped(record: RunRecord) -> Iterator[str]:
    width = max(NARROWEST, min(WIDEST, shutil.get_terminal_size((WIDEST, 24)).columns))
    for line in audit_lines(record):
        if len(line) <= width or line.startswith("  "):
            yield line
        else:
            # indented, so that no text of a table begins a line as genaudit's own
            yield from textwrap.wrap(line, width, subsequent_indent="  ", break_on_hyphens=False)


def audit_lines(record: RunRecord) -> Iterator[str]:
    """Every line, unwrapped; those of tables begin with two spaces."""
    yield from _heading(record)
    for number, audit in enumerate(record.audits, start=1):
        yield from ["", f"{number}. {audit.title}"]
        yield from _section(record, audit)
    yield from _failures(record)
    yield from ["", tally(record.findings) or "No tolerance was declared: nothing was judged."]
    if all(audit.name != CLOSING for audit in record.audits):
        yield LIMITS


def _heading(record: RunRecord) -> Iterator[str]:
    options, facts = record.request.options, record.dataset.facts
    about = f"{options.get('table.decision', '')} by {options.get('table.group', '')}"
    truth = options.get("table.truth")
    yield f"{record.dataset.name}: {about}" + (f", truth {truth}" if truth else ", truth not known")
    size = f"{facts['people']:,} people" if "people" in facts else f"{facts.get('rows', 0):,} weighted rows"
    yield f"{size}; {record.dataset.distribution}; sha256 {record.dataset.digest[:12]}; seed {record.request.seed}"
    yield from _said_in_files(record)
    purpose = record.extra.get("purpose")
    yield f"Intended use: {purpose}" if purpose else "No intended use was given: read this as description only."
    yield from (f"Note: {text}" for text in record.warnings)


def _said_in_files(record: RunRecord) -> Iterator[str]:
    """What was not typed but stands in a configuration file."""
    by_file: dict[str, list[str]] = {}
    for name, origin in record.request.origins.items():
        if origin not in {"flag", "environment"}:
            by_file.setdefault(origin, []).append(name.removeprefix("table."))
    for origin, names in by_file.items():
        yield f"Said in {origin}: {', '.join(names)}."


def _section(record: RunRecord, audit: AuditDescription) -> Iterator[str]:
    found = [
        finding
        for finding in record.findings
        if finding.audit == audit.name and finding.statement not in record.warnings  # said at the top
    ]
    missing = [item for item in record.not_available if item.component in {audit.name, *audit.lacks}]
    yield from _table(record, audit)
    for finding in found[:MOST_FINDINGS]:
        yield f"- {said(finding)}"
    if len(found) > MOST_FINDINGS:
        yield f"- … {len(found) - MOST_FINDINGS} more in the report"
    yield from _missing(audit, missing)


def _missing(audit: AuditDescription, missing: list[Unavailable]) -> Iterator[str]:
    """What could not be said, equal reasons in one line."""
    by_reason: dict[str, list[str]] = {}
    for item in missing:
        reason = f"{item.reason} {item.hint}".strip()
        name = "" if item.component == audit.name else item.component
        by_reason.setdefault(reason, []).append(" ".join(filter(None, (name, f"[{item.group}]" if item.group else ""))))
    for reason, given in by_reason.items():
        named = list(dict.fromkeys(filter(None, given)))
        head = ", ".join(named[:8]) + (f" and {len(named) - 8} more" if len(named) > 8 else "")
        said = reason if reason.startswith("Not assessed") else f"Not assessed: {reason}"
        yield f"- Not assessed: {head}: {reason}" if head else f"- {said}"


def _table(record: RunRecord, audit: AuditDescription) -> Iterator[str]:
    """Numbers that each group has: numbers down, groups across, as far as a line holds them."""
    own, groups_of_table = set(audit.gave), {one.group for one in record.results if one.metric == SIZE}
    by_group: dict[str, dict[str, MetricResult]] = {}
    for result in record.results:
        if result.metric in own and result.group in groups_of_table:
            by_group.setdefault(result.group, {})[result.metric] = result
    attributes = dict.fromkeys(group.partition("=")[0] for group in by_group)
    for attribute in attributes:
        groups = [group for group in by_group if group.partition("=")[0] == attribute]
        if len(groups) > 1:
            yield from _groups_across(attribute, groups, by_group)


def _groups_across(attribute: str, groups: list[str], by_group: dict[str, dict[str, MetricResult]]) -> Iterator[str]:
    """The groups in tables that a line holds; what is not shown is counted."""
    metrics = dict.fromkeys(metric for group in groups for metric in by_group[group])
    for start in range(0, min(len(groups), MOST_GROUPS), GROUPS_ACROSS):
        part = groups[start : min(start + GROUPS_ACROSS, MOST_GROUPS)]
        header = (attribute, *(group.partition("=")[2] for group in part))
        rows = [(metric, *(_cell(by_group[group].get(metric)) for group in part)) for metric in metrics]
        for line in columns([header, *rows]):
            yield f"  {line}"
    if len(groups) > MOST_GROUPS:
        yield f"  … {len(groups) - MOST_GROUPS} more groups of {attribute} are in the report."


def _cell(result: MetricResult | None) -> str:
    if result is None:
        return "-"
    value = shown(result.value, result.interval)
    return f"{value} ({shown_range(result.interval)})" if result.interval else value


def _failures(record: RunRecord) -> Iterator[str]:
    for failure in record.failures:
        yield f"failed: {failure.component} ({failure.stage}): {failure.error} {failure.hint}".rstrip()
    if not record.complete:
        yield "The audit is not complete."
