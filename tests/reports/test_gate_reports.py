"""JUnit XML and Markdown of the gate, read back by parsers of others."""

import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest
from gate_records import number, run
from junitparser import JUnitXml

from genaudit.gate.baseline import updated
from genaudit.gate.settings import gate_settings
from genaudit.gate.verdicts import gate
from genaudit.values.findings import Finding, Verdict
from genaudit.values.results import Failure, Interval, Unavailable
from genaudit.values.run import AuditDescription
from genaudit.values.unfinished import not_reached
from genaudit_reports.junit_report import junit_report
from genaudit_reports.markdown_report import LARGEST, markdown_report

BEFORE = run(number("fid", 12.1, 0.05), number("kid", 1.0, 0.2), number("recall", 0.6), number("ndb", 3.0, None))
AFTER = run(
    number("fid", 12.84, 0.05), number("kid", 1.0, 0.2), number("recall", 0.7), number("ndb", 4.0, None),
    weights="o" * 64,
    failures=(Failure(component="mind", stage="metric", error="ValueError: broken"),),
    not_available=(Unavailable(component="ppl", reason_code="needs", reason="It needs a path.", hint="Add one."),),
)  # fmt: skip


TIGHT = {"default": {"rel": 0.03}}


def gated(after=AFTER, settings=None):
    return replace(after, gate=gate(updated(None, [BEFORE], "first")[0], [after], gate_settings(settings or TIGHT)))


def cases(record):
    xml = JUnitXml.fromstring(junit_report(record, None))
    return {case.name.partition(" keeps")[0]: case for suite in xml for case in suite}


def test_a_failed_metric_is_a_failure_with_the_numbers_in_message_and_body():
    case = cases(gated())["fid"]
    (failure,) = case.result
    said = "fid is 6.1 % worse (95 % interval 5 % to 7.3 % worse), 12.84 after 12.1; the whole interval lies beyond"
    assert type(failure).__name__ == "Failure"
    assert failure.message.startswith(said)
    assert failure.text.startswith(said)


def test_every_other_way_to_end_has_its_own_element():
    found = cases(gated())
    kinds = {name: [type(one).__name__ for one in case.result] for name, case in found.items()}
    assert kinds == {
        "fid": ["Failure"], "kid": [], "recall": [], "ndb": ["Skipped"], "mind": ["Error"], "ppl": ["Skipped"],
    }  # fmt: skip
    assert found["kid"].system_out.startswith("INCONCLUSIVE: kid is unchanged")
    assert "consider updating" in found["recall"].system_out
    assert found["ppl"].result[0].message == "It needs a path. Add one."


def test_a_warning_fails_no_case():
    found = cases(gated(settings={"default": {"level": "warn", "rel": 0.03}}))
    assert found["fid"].result == []
    assert found["fid"].system_out.startswith("FAIL: fid is 6.1 % worse")


def test_the_counts_are_those_of_the_cases():
    xml = ET.fromstring(junit_report(gated(), None))  # noqa: S314 - our own text, and it has no doctype
    counts = {name: xml.get(name) for name in ("tests", "failures", "errors", "skipped")}
    assert counts == {"tests": "6", "failures": "1", "errors": "1", "skipped": "2"}


def test_a_missing_metric_is_an_error_once():
    vanished = replace(
        AFTER, results=AFTER.results[1:], failures=(Failure(component="fid", stage="metric", error="x"),)
    )
    found = cases(gated(vanished))
    assert [type(one).__name__ for one in found["fid"].result] == ["Error"]
    assert "fid was not measured: it failed: x" in found["fid"].result[0].message


def test_without_a_gate_the_file_says_so():
    assert cases(run(number("fid", 1.0)))["gate"].result[0].message == "No baseline was compared. Give --baseline FILE."


HOSTILE = "a\0b\x1b[2J]]>\u202e<script>&\ud800\ufffe\r\n::error::x" + "y" * 10_000


@pytest.mark.parametrize("place", ["failure", "plugin", "reason"])
def test_hostile_texts_give_xml_that_parses_and_markdown_without_control_characters(place):
    record = gated()
    if place == "failure":
        record = replace(record, failures=(Failure(component=HOSTILE, stage=HOSTILE, error=HOSTILE),))
    elif place == "plugin":
        record = replace(record, request=replace(record.request, plugin=HOSTILE), created=HOSTILE)
    else:
        record = replace(
            record, gate=replace(record.gate, baseline_reason=HOSTILE, sentence=HOSTILE, warnings=(HOSTILE,))
        )
    content = junit_report(record, None)
    ET.fromstring(content)  # noqa: S314 - our own text, and it has no doctype
    assert b"\0" not in content
    text = markdown_report(record, None).decode()
    assert not set(text) & set("\0\x1b\u202e\r")
    assert "<script>" not in text
    assert "\n::error" not in text


def test_markdown_says_the_verdict_first_and_every_number_of_the_gate():
    text = markdown_report(gated(), None).decode()
    assert text.splitlines()[2].startswith("**FAIL.** 1 of 3 gated metrics is worse than the baseline")
    row = next(line for line in text.splitlines() if line.startswith("| fid |"))
    assert row.startswith("| fid | ↓ | 12.84 | 12.74 to 12.94 | 1,000 | 12.10 | 0.74 | 0.60 to 0.88 |"), row
    assert "✗ FAIL" in text


def test_markdown_holds_no_spaces_and_signs_that_are_lost_or_seen_when_it_is_pasted():
    text = markdown_report(
        run(replace(number("ppl", 2775.0), interval=Interval(low=2152.0, high=3578.0, level=0.95, method=""))), None
    ).decode()
    assert "| ppl | ↓ | 2,775 | 2,152 to 3,578 | 1,000 |" in text
    assert not set(text) & set("\u00a0\u202f\u2060")


def test_markdown_shows_the_rounding_of_a_baseline_as_no_change():
    record = gated()
    same = replace(record.gate.changes[0], baseline=12.84, worsening=-1.1e-12, interval=None)
    text = markdown_report(replace(record, gate=replace(record.gate, changes=(same,))), None).decode()
    assert "| 12.84 | 0 | – |" in text


def test_markdown_without_a_gate_describes():
    text = markdown_report(run(number("fid", 1.0)), None).decode()
    assert "No baseline was compared. This describes and passes no verdict." in text
    assert "| fid | ↓ | 1.000 |" in text


def test_markdown_is_cut_at_a_line_before_a_page_would_be_dropped():
    many = run(*(number("fid", 1.0, group=f"view {index}") for index in range(9_000)))
    content = markdown_report(many, None)
    assert len(content) <= LARGEST
    assert content.endswith(b"The rest is left out; it is in run.json.\n")


def audited(*verdicts):
    """An audit of a table of which each difference was judged."""
    findings = tuple(
        Finding(
            audit="disparities", attribute="race", group=f"race={place}", statement=f"Rates differ by 0.{place}.",
            value=0.1, interval=None, verdict=verdict, rule="At most 0.05 is tolerated, set by the board.",
        )
        for place, verdict in enumerate(verdicts, start=1)
    )  # fmt: skip
    texts = dict.fromkeys(("title", "summary", "meaning", "caveat", "source", "version"), "")
    made = run(number("selection_rate", 0.5, group="race=1"), findings=findings)
    request = replace(made.request, plugin="", dataset="loans.csv", samples=0)
    return replace(made, request=request, audits=(AuditDescription(name="disparities", **texts),))


def test_an_audit_that_is_beyond_a_declared_tolerance_fails_its_case():
    suite = ET.fromstring(  # noqa: S314 - our own text, and it has no doctype
        junit_report(audited(Verdict.PASS, Verdict.FAIL, Verdict.INCONCLUSIVE, Verdict.DESCRIBED), None)
    )
    assert (suite.get("failures"), suite.get("errors")) == ("1", "0")
    assert suite[0].get("name") == "audit@loans.csv"
    cases = {case.get("name"): case for case in suite.iter("testcase")}
    failed = cases["disparities [race, race=2] keeps its tolerance"].find("failure")
    assert failed.text == "Rates differ by 0.2. At most 0.05 is tolerated, set by the board."
    open_yet = cases["disparities [race, race=3] keeps its tolerance"]
    assert open_yet.find("system-out").text.startswith("INCONCLUSIVE: Rates differ by 0.3.")
    assert not any("race=4" in name for name in cases)
    assert "gate" not in cases


def test_markdown_of_an_audit_says_what_was_judged_the_worst_first():
    lines = markdown_report(audited(Verdict.PASS, Verdict.FAIL), None).decode().splitlines()
    assert lines[0] == "## genaudit: audit of loans.csv"
    assert lines[2].startswith("- ✗ **FAIL** Rates differ by 0.2. At most 0.05 is tolerated")
    assert lines[3].startswith("- ✓ **PASS**")
    assert lines[5] == "No baseline was compared."
    described = markdown_report(audited(Verdict.DESCRIBED), None).decode()
    assert "This describes and passes no verdict." in described


def test_markdown_of_a_run_without_a_baseline_says_what_failed_and_what_was_not_reached():
    broken = Failure(component="mind", stage="metric", error="ValueError: broken")
    stopped = replace(run(number("fid", 1.0)), failures=(broken,), not_available=not_reached([("kid", "")]))
    text = markdown_report(replace(stopped, complete=False), None).decode()
    assert "**Incomplete.** The run stopped before it was done. Not reached: kid." in text
    assert "- **Failed** mind, in metric: ValueError: broken" in text
    assert "Incomplete" not in markdown_report(stopped, None).decode()
