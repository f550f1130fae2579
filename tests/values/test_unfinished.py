"""What a run appended before it was ended, read back as a record."""

import json
from dataclasses import asdict, replace

import pytest
from records import record, result

from genaudit.values.findings import Finding, Verdict
from genaudit.values.results import NOT_REACHED, Failure, Series, Unavailable
from genaudit.values.run import AuditDescription
from genaudit.values.serialisation import load_record, save_record
from genaudit.values.unfinished import Answered, assembled, not_reached

ASKED = (("fid", ""), ("kid", ""), ("fid", "low-level"))
SERIES = Series(name="fid_by_items", title="by items", x_label="n", y_label="", x=(1.0, 2.0), y=(4.0, 3.0))
FINDING = Finding(
    audit="representation", attribute="colour", group="blue", statement="Of 10, 4 are blue.", value=0.4, interval=None,
    verdict=Verdict.DESCRIBED, rule="no tolerance was set",
)  # fmt: skip
UNAVAILABLE = Unavailable(component="kid", reason_code="too-few-samples", reason="Too few.", hint="Give more.")


@pytest.fixture
def begun():
    return record(
        results=(), findings=(), series=(), failures=(), warnings=(), not_available=not_reached(ASKED), complete=False
    )


def line(part):
    return json.dumps({"part": type(part).__name__, **asdict(part)}) + "\n"


def test_each_part_that_was_appended_is_in_the_record(begun):
    failure = Failure(component="fid", group="low-level", stage="metric", error="ZeroDivisionError: 1 / 0")
    parts = (result(), SERIES, FINDING, Answered(component="fid"), UNAVAILABLE, failure)
    found = assembled(begun, "".join(map(line, parts)))
    assert found.results == (result(),)
    assert found.series == (SERIES,)
    assert found.findings == (FINDING,)
    assert found.failures == (failure,)
    assert UNAVAILABLE in found.not_available
    assert not found.complete


def test_what_had_not_answered_is_listed_as_not_reached_view_by_view(begun):
    found = assembled(begun, line(result()) + line(Answered(component="fid")))
    assert [(item.component, item.group) for item in found.not_available] == [("kid", ""), ("fid", "low-level")]
    assert {item.reason_code for item in found.not_available} == {NOT_REACHED}
    assert "1 of 3 metrics and audits had answered" in found.warnings[-1]
    with pytest.raises(KeyError, match="The run ended before it was computed"):
        found.value("kid")


def test_a_last_line_that_is_cut_off_is_left_out_and_named(begun):
    whole = line(result()) + line(Answered(component="fid"))
    torn = line(result("kid"))
    for length in range(1, len(torn) - 1):
        found = assembled(begun, whole + torn[:length])
        assert found.results == (result(),)
        assert found.warnings[-1] == "Line 3 of metrics.jsonl is cut off or damaged, and was left out"
        assert ("kid", "") in {(item.component, item.group) for item in found.not_available}


@pytest.mark.parametrize(
    "damage",
    [
        "[]",
        "null",
        "{}",
        '{"part": "Nothing"}',
        '{"part": "Answered"}',
        '{"part": ["Answered"]}',
        '{"part": "Answered", "component": 3}',
        "\x00" * 40,
        "[" * 100_000,
        json.dumps({"part": "MetricResult", **asdict(result()), "value": float("nan")}),
        json.dumps({"part": "MetricResult", **asdict(result()), "n_generated": -1}),
    ],
)
def test_a_damaged_line_costs_no_other(begun, damage):
    found = assembled(begun, f"{damage}\n{line(result())}")
    assert found.results == (result(),)
    assert found.warnings[-1].startswith("Line 1 of metrics.jsonl")


def test_many_damaged_lines_are_counted_and_the_first_named(begun):
    found = assembled(begun, "x\n" * 5)
    assert found.warnings[-1] == "5 lines of metrics.jsonl (1, 2, 3, …) are damaged, and were left out"


def test_the_audits_of_a_table_say_what_they_gave_and_that_others_were_not_reached(begun):
    texts = dict.fromkeys(("title", "summary", "meaning", "caveat", "source", "version"), "")
    audits = tuple(
        AuditDescription(name=name, values={value: ""}, lacks=(name,), **texts)
        for name, value in (("rates", "selection_rate"), ("costs", "expected_cost"))
    )
    begun = replace(begun, audits=audits, not_available=not_reached((("rates", ""), ("costs", ""))))
    found = assembled(begun, line(result("selection_rate", 0.4)) + line(Answered(component="rates")))
    assert [(audit.gave, audit.lacks) for audit in found.audits] == [(("selection_rate",), ()), ((), ("costs",))]


def test_a_folder_and_the_run_json_that_it_lacks_read_the_same(begun, tmp_path):
    save_record(begun, tmp_path / "begun.json")
    assert load_record(tmp_path).results == ()
    (tmp_path / "metrics.jsonl").write_bytes(line(result()).encode() + b'{"part": "Met\xc3')
    assert load_record(tmp_path).results == (result(),)
    assert load_record(tmp_path / "run.json") == load_record(tmp_path)
    save_record(record(), tmp_path / "run.json")
    assert load_record(tmp_path) == record()
