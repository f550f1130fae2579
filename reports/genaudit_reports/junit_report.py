"""Verdicts as JUnit XML: a suite for the run, a case for each number that was judged, missing or not applicable."""

from __future__ import annotations

from typing import TYPE_CHECKING

from genaudit.values.findings import Verdict
from genaudit.values.gate import GateLevel, name_of
from genaudit.values.printable import printable, printable_lines
from genaudit.values.results import NOT_REACHED
from genaudit_reports.gate_text import NO_BASELINE, finding_name, judged_findings, suite_name

if TYPE_CHECKING:
    from pathlib import Path

    from junitparser import TestCase

    from genaudit.values.findings import Finding
    from genaudit.values.gate import Change
    from genaudit.values.record import RunRecord

LONGEST_NAME = 200
LONGEST_TEXT = 4_000


def junit_report(record: RunRecord, folder: Path) -> bytes:  # noqa: ARG001 - every reporter is called with both
    """``junit.xml``. Every text is cleaned first: the writer passes control characters on, which no parser reads.

    The sentence with the numbers stands in the body of a failure too, and the metric in the name of its case: some
    readers show neither messages nor class names.
    """
    from junitparser import JUnitXml, TestSuite

    suite = TestSuite(_name(suite_name(record)))
    suite.timestamp = _name(record.created)
    for case in _cases(record):
        suite.add_testcase(case)
    xml = JUnitXml()
    xml.add_testsuite(suite)
    xml.update_statistics()  # type: ignore[no-untyped-call]
    text: bytes = xml.tostring()  # type: ignore[no-untyped-call]
    return text + b"\n"


def _cases(record: RunRecord) -> list[TestCase]:
    cases = [_case_of_finding(record, finding) for finding in judged_findings(record)]
    if record.gate:
        cases += [_case_of(record, change) for change in record.gate.changes]
    elif not cases:
        cases.append(_no_gate(record))
    done = {change.name for change in record.gate.changes if change.missing} if record.gate else set()
    for failure in record.failures:
        name = name_of(failure.component, failure.group)
        if name not in done:
            cases.append(_case(record, name, error=f"{name} failed in {failure.stage}: {failure.error}"))
    for missing in record.not_available:
        name = name_of(missing.component, missing.group)
        if name not in done:
            said = f"{missing.reason} {missing.hint}".strip()
            reached = missing.reason_code != NOT_REACHED
            cases.append(_case(record, name, skipped=said) if reached else _case(record, name, error=said))
    return cases


def _no_gate(record: RunRecord) -> TestCase:
    return _case(record, "gate", skipped=f"{NO_BASELINE} Give --baseline FILE.")


def _case_of(record: RunRecord, change: Change) -> TestCase:
    if change.level is GateLevel.OFF or (change.verdict is Verdict.DESCRIBED and not change.missing):
        return _case(record, change.name, skipped=change.sentence)
    gated = change.level is GateLevel.ERROR
    if change.missing and gated:
        return _case(record, change.name, error=change.sentence)
    if change.verdict is Verdict.FAIL and gated:
        return _case(record, change.name, failure=change.sentence)
    said = f"{change.verdict.value}: {change.sentence} {change.advice}".strip()
    return _case(record, change.name, out=said)


def _case_of_finding(record: RunRecord, finding: Finding) -> TestCase:
    """A difference that was judged by a tolerance which somebody declared."""
    name, said = finding_name(finding), f"{finding.statement} {finding.rule}".strip()
    if finding.verdict is Verdict.FAIL:
        return _case(record, name, failure=said)
    return _case(record, name, out=f"{finding.verdict.value}: {said}")


def _case(
    record: RunRecord, name: str, *, failure: str = "", error: str = "", skipped: str = "", out: str = ""
) -> TestCase:
    from junitparser import Error, Failure, Skipped, TestCase

    case = TestCase(_name(f"{name} keeps its tolerance" if not (error or skipped) else name))
    case.classname = _name(f"genaudit.{suite_name(record)}")
    case.time = next((one.seconds for one in record.results if name_of(one.metric, one.group) == name), 0.0)
    for kind, text in ((Failure, failure), (Error, error)):
        if text:
            result = kind(printable(text, LONGEST_TEXT), "genaudit")
            result.text = printable_lines(text)
            case.result = [result]
    if skipped:
        case.result = [Skipped(printable(skipped, LONGEST_TEXT))]
    if out:
        case.system_out = printable(out, LONGEST_TEXT)
    return case


def _name(text: str) -> str:
    return printable(text, LONGEST_NAME)
