"""What audits say of groups: who assigned the labels, then the statements, then the numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from genaudit_reports.content.amplification import amplification_tables
from genaudit_reports.content.flips import flip_tables
from genaudit_reports.content.grouping import is_audit_value
from genaudit_reports.content.metric_rows import MetricRow, briefly, metric_row
from genaudit_reports.content.shares import GENERATED, REFERENCE, ShareTable, share_tables
from genaudit_reports.content.truncation import truncated_tables
from genaudit_reports.content.wording import enumeration
from genaudit_reports.number_format import interval_range, level, restyled
from genaudit_reports.safe_text import LONGEST_NAME, capitalised, clean, sentence, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from genaudit.values.findings import Finding
    from genaudit.values.record import RunRecord

VERDICTS = {
    "PASS": ("within", "within the tolerance that was set"),
    "FAIL": ("outside", "outside the tolerance that was set"),
    "INCONCLUSIVE": ("undecided", "the interval reaches over the edge of the tolerance"),
    "DESCRIBED": ("described", "no tolerance was set"),
}
SIGNS = {"PASS": "⊂", "FAIL": "⊄", "INCONCLUSIVE": "?", "DESCRIBED": "·"}
LONGEST_LIST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One finding."""

    text: str
    group: str
    interval: str
    sign: str
    verdict: str
    kind: str
    rule: str
    caveats: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Audited:
    """The findings of one audit about one attribute."""

    title: str
    said: tuple[Said, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """All that the section shows."""

    labels: tuple[str, ...]
    """Who assigned the labels, and how often they err: what holds for every finding."""
    purpose: str
    all_described: bool
    """No tolerance was set for any finding."""
    audits: tuple[Audited, ...]
    numbers: tuple[MetricRow, ...]
    unlisted: int
    """Statements and numbers that the page has no room for."""
    not_estimable: tuple[tuple[str, str], ...]
    """Groups without a number, and why."""


def groups(record: RunRecord) -> Groups | None:
    """The section, if an audit found anything or a share was read."""
    numbers = [result for result in record.results if is_audit_value(record, result)]
    if not record.findings and not numbers:
        return None
    common = common_caveats(record.findings)
    drawn = share_tables(record)
    in_tables = {*GENERATED, REFERENCE} if drawn else set()
    in_charts = [table.results for table in amplification_tables(record)]
    in_charts += [table.results for table in flip_tables(record)]
    in_charts += [table.results for table in truncated_tables(record)]
    charted = {id(result) for results in in_charts for result in results}
    listed = [result for result in numbers if result.metric not in in_tables and id(result) not in charted]
    return Groups(
        labels=tuple(restyled(sentence(text)) for text in common),
        purpose=sentence(str(record.extra.get("purpose", ""))),
        all_described=all(finding.verdict.value == "DESCRIBED" for finding in record.findings),
        audits=tuple(_audits(record.findings, common)),
        numbers=tuple(briefly([metric_row(record, result) for result in listed[:LONGEST_LIST]])),
        unlisted=max(0, len(listed) - LONGEST_LIST) + max(0, len(record.findings) - LONGEST_LIST),
        not_estimable=_without_number(drawn),
    )


def _without_number(tables: Sequence[ShareTable]) -> tuple[tuple[str, str], ...]:
    """The rows without a number, those with one reason together."""
    found: dict[str, list[str]] = {}
    for row in (row for table in tables for row in table.rows if row.generated is None):
        found.setdefault(row.missing, []).append(row.label)
    return tuple((enumeration(labels), why) for why, labels in found.items())


def common_caveats(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """Caveats that more than one finding carries, or all of them if there is but one."""
    every = [caveat for finding in findings for caveat in finding.caveats]
    if len(findings) == 1:
        return tuple(dict.fromkeys(every))
    return tuple(caveat for caveat in dict.fromkeys(every) if every.count(caveat) > 1)


def _audits(findings: tuple[Finding, ...], common: tuple[str, ...]) -> list[Audited]:
    parts: dict[str, list[Said]] = {}
    for finding in findings[:LONGEST_LIST]:
        title = f"{words(finding.audit)}: {clean(finding.attribute, LONGEST_NAME)}"
        parts.setdefault(capitalised(title), []).append(said_of(finding, common))
    return [Audited(title=title, said=tuple(said)) for title, said in parts.items()]


def said_of(finding: Finding, common: tuple[str, ...]) -> Said:
    """A finding as the page shows it, without the caveats that are said once for all."""
    interval = finding.interval
    word, _ = VERDICTS[finding.verdict.value]
    return Said(
        text=restyled(sentence(finding.statement)),
        group=clean(finding.group, LONGEST_NAME),
        interval=f"{level(interval)} interval {interval_range(interval)}" if interval else "no interval",
        sign=SIGNS[finding.verdict.value],
        verdict=word,
        kind="plain" if finding.verdict.value in {"DESCRIBED", "PASS"} else "attention",
        rule=restyled(clean(finding.rule)),
        caveats=tuple(restyled(sentence(caveat)) for caveat in finding.caveats if caveat not in common),
    )
