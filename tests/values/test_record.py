import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import records

from genaudit.errors import OutputError, RecordError
from genaudit.values.record import RunRecord
from genaudit.values.results import Estimate, EvaluationProtocol, Interval
from genaudit.values.serialisation import load_record, record_from_json, record_to_json
from genaudit.values.table import COLUMNS

FIRST = Path(__file__).parent / "first_record.json"


def test_a_record_reads_back_as_it_was_written(tmp_path):
    record = records.record()
    path = record.save(tmp_path / "run.json")
    assert load_record(path) == record
    assert load_record(tmp_path) == record
    assert not list(tmp_path.glob("*.part"))


def test_value_and_result_find_a_number_by_metric_and_group():
    record = records.record(
        results=(records.result(), records.result(value=0.5, group="low-level", interval=(0.4, 0.6)))
    )
    assert record.value("fid") == 4.11
    assert record.value("fid", group="low-level") == 0.5
    assert record.result("fid").interval.low == 3.94


@pytest.mark.parametrize(
    ("metric", "group", "said"),
    [
        ("fix", "", "Did you mean 'fid'"),
        ("bits_per_dim", "", "not available: Not a density. Use another likelihood."),
        ("kid", "", "failed in metric: ValueError: broken"),
        ("fid", "lower", "No group of fid 'lower'"),
    ],
)
def test_a_missing_number_says_why(metric, group, said):
    with pytest.raises(KeyError, match=said):
        records.record().value(metric, group)


def test_unavailable_is_found_by_component():
    assert records.record().unavailable["bits_per_dim"].reason == "Not a density."


def test_floats_are_written_with_twelve_digits_and_never_as_nan():
    text = record_to_json(records.record(results=(records.result(value=0.1 + 0.2, interval=(0.1, 0.4)),)))
    assert '"value": 0.3,' in text
    assert "NaN" not in text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "not JSON"),
        ("", "not JSON"),
        ("[]", "holds no JSON object"),
        ("{}", "has no schema_version"),
        ('{"schema_version": "1"}', 'schema_version is "1", which is no whole number'),
        ('{"schema_version": true}', "schema_version is true, which is no whole number"),
        ('{"schema_version": 1}', "run_id"),
    ],
)
def test_what_is_not_a_record_is_refused_with_the_reason(text, said):
    with pytest.raises(RecordError, match=said):
        record_from_json(text)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_json_does_not_have_is_refused(number):
    text = record_to_json(records.record()).replace("4.11", number)
    with pytest.raises(RecordError, match=f"it is not JSON \\({number} is no number of JSON\\)"):
        record_from_json(text)


def test_brackets_without_end_are_refused_and_not_a_defect():
    with pytest.raises(RecordError, match="nested"):
        record_from_json("[" * 200_000)


def test_a_number_that_is_not_there_is_answered_with_those_of_the_record():
    with pytest.raises(KeyError, match=r"No metric 'fdi'. Did you mean 'fid'\? In this record: fid, mode_count\."):
        records.record().value("fdi")
    with pytest.raises(KeyError, match=r"No group of fid 'x'. In this record: ''\."):
        records.record().value("fid", "x")


@pytest.mark.parametrize("value", ["four", "4.11", True, None, [4.11]])
def test_a_value_of_the_wrong_type_is_refused_by_its_place(value):
    plain = json.loads(record_to_json(records.record()))
    plain["results"][0]["value"] = value
    with pytest.raises(RecordError, match=r"results\.0\.value"):
        record_from_json(json.dumps(plain))


@pytest.mark.parametrize(
    ("field", "value"),
    [("value", 1e308), ("value", -1e308), ("seconds", 1e200), ("n_generated", -1), ("n_reference", 10**30)],
)
def test_a_number_that_no_metric_gives_is_refused_by_its_place(field, value):
    plain = json.loads(record_to_json(records.record()))
    plain["results"][0][field] = value
    with pytest.raises(RecordError, match=r"results\.0: Value error, .*(1e150|9,007,199,254,740,992)"):
        record_from_json(json.dumps(plain))


@pytest.mark.parametrize(("field", "value"), [("low", -1e308), ("high", 1e308), ("level", 5), ("standard_error", -1)])
def test_an_interval_that_no_metric_gives_is_refused_by_its_place(field, value):
    plain = json.loads(record_to_json(records.record()))
    plain["results"][0]["interval"][field] = float(value)
    with pytest.raises(RecordError, match=r"results\.0\.interval"):
        record_from_json(json.dumps(plain))


def test_a_negative_zero_is_a_number_like_any_other():
    plain = json.loads(record_to_json(records.record()))
    plain["results"][0]["interval"]["low"] = -0.0
    assert record_from_json(json.dumps(plain)).results[0].interval.low == 0


def test_a_number_beyond_every_double_is_refused_and_not_read_as_infinite():
    text = record_to_json(records.record()).replace("4.11", "1e999")
    with pytest.raises(RecordError, match="1e999 is beyond every number"):
        record_from_json(text)


@pytest.mark.parametrize(
    ("schema", "said"),
    [
        (
            2,
            "schema 2, and genaudit .* reads schema 1.  A newer genaudit wrote it: read it with genaudit 3.1.0",
        ),
        (0, "schema 0, and genaudit .* reads schema 1.  Read it with genaudit 3.1.0 that wrote it, or make it anew"),
    ],
)
def test_a_record_of_another_schema_is_refused_with_both_and_what_to_do(schema, said):
    with pytest.raises(RecordError, match=said):
        record_from_json(json.dumps({"schema_version": schema, "genaudit_version": "3.1.0"}))


def test_the_first_record_that_was_ever_written_reads_as_if_it_were_written_today():
    # of the commit "A run record reads back as it was written", before audits, gate, views and standard errors
    old = load_record(FIRST)
    assert old == records.record()
    assert set(json.loads(record_to_json(old))) > set(json.loads(FIRST.read_text(encoding="utf-8")))


def test_a_record_with_two_numbers_of_one_name_is_refused_because_one_would_not_be_seen():
    record = records.record()
    twice = replace(record, results=(*record.results, replace(record.results[0], value=0.5)))
    with pytest.raises(RecordError, match=f"has more than one number of {record.results[0].metric}"):
        record_from_json(record_to_json(twice))
    doubled = record_to_json(record).replace('"run_id":', '"run_id": "other", "run_id":', 1)
    with pytest.raises(RecordError, match='the key "run_id" stands twice'):
        record_from_json(doubled)


def test_a_missing_record_names_the_path(tmp_path):
    with pytest.raises(RecordError, match=r"run\.json"):
        load_record(tmp_path)


def test_a_place_that_cannot_be_written_is_an_error_not_a_traceback(tmp_path):
    with pytest.raises(OutputError, match="Cannot write"):
        records.record().save(tmp_path / "missing" / "run.json")


def test_the_table_has_the_fixed_columns_and_a_row_for_everything():
    frame = records.record().to_frame()
    assert tuple(frame.columns) == COLUMNS
    assert list(frame["status"]) == ["ok", "ok", "unavailable", "failed"]
    assert frame.loc[0, "value"] == 4.11
    assert math.isnan(frame.loc[1, "ci_low"])
    assert frame.loc[1, "reason"] == "a count of what was seen"


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_an_estimate_must_be_finite(value):
    with pytest.raises(ValueError, match="finite"):
        Estimate(value=value, reason_without="none")


def test_an_estimate_carries_an_interval_or_a_reason():
    interval = Interval(low=0, high=1, level=0.95, method="normal")
    with pytest.raises(ValueError, match="interval or the reason"):
        Estimate(value=0.5)
    with pytest.raises(ValueError, match="interval or the reason"):
        Estimate(value=0.5, interval=interval, reason_without="none")


@pytest.mark.parametrize(("low", "high", "level"), [(1, 0, 0.95), (math.nan, 1, 0.95), (0, 1, 95)])
def test_an_interval_needs_bounds_in_order_and_a_level(low, high, level):
    with pytest.raises(ValueError, match=r"interval needs|level lies"):
        Interval(low=low, high=high, level=level, method="normal")


def test_results_with_another_protocol_have_another_definition():
    one = records.result()
    for changed in ({"view": "low-level"}, {"samples": 200}, {"parameters": {"k": 3}}, {"reference": "x/train"}):
        other = records.result(protocol=EvaluationProtocol(extractor="digits", **changed))
        assert one.definition != other.definition


def test_another_seed_or_library_is_another_draw_of_the_same_definition():
    one = records.result()
    other = records.result(protocol=EvaluationProtocol(extractor="digits", seed=1, versions={"torch": "9"}))
    assert one.definition == other.definition
    assert one.definition == records.result(value=9.0, interval=(8.0, 10.0)).definition


def test_a_record_has_an_entry_for_every_field_in_its_json():
    plain = json.loads(record_to_json(records.record()))
    assert set(plain) == set(RunRecord.__dataclass_fields__)
