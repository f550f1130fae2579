"""What stdout says of a record."""

from dataclasses import replace
from pathlib import Path

import gate_records
import records

from genaudit.cli.gate_rows import gate_sheet
from genaudit.cli.result_rows import closing_lines, missing_lines, sheets_of
from genaudit.cli.terminal import print_sheets
from genaudit.gate.baseline import updated
from genaudit.gate.settings import gate_settings
from genaudit.gate.verdicts import gate
from genaudit.values.findings import Finding, Verdict
from genaudit.values.results import Interval, Unavailable


def test_each_number_has_its_direction_interval_and_n():
    (sheet,) = sheets_of(records.record())
    assert sheet.header == ("metric", "", "value", "95 % interval", "n", "note")
    assert sheet.rows == (
        ("fid", "↓", "4.11", "3.94 to 4.28", "10,000", ""),
        ("mode_count", "↑", "10", "-", "10,000", "[1]"),
    )


def test_a_note_stands_once_below_the_table_however_many_numbers_it_is_about():
    results = tuple(records.result(name, note="Read with care.") for name in ("fid", "kid"))
    record = records.record(results=(*results, records.result("mode_count", 10.0, interval=None)))
    assert [row[-1] for row in sheets_of(record)[0].rows] == ["[1]", "[1]", "[2]"]
    assert closing_lines(record, {}, Path("r"))[:3] == ["[1] Read with care.", "[2] a count of what was seen", ""]


def test_a_debiased_value_stands_beside_the_plug_in_value():
    changed = records.result(details={"debiased": 4.0612}, note="Read with care.")
    assert sheets_of(records.record(results=(changed,)))[0].rows[0][-1] == "debiased 4.06 [1]"


def test_what_a_perfect_model_would_have_stands_beside_the_value():
    changed = records.result("coverage", 0.15, interval=(0.13, 0.18), details={"expected_of_a_perfect_model": 0.96877})
    assert sheets_of(records.record(results=(changed,)))[0].rows[0][-1] == "perfect model 0.969"


def test_what_is_reached_without_skill_stands_beside_the_value():
    cells = [
        sheets_of(records.record(results=(records.result(details={name: 0.1014}),)))[0].rows[0][-1]
        for name in ("most_common_level", "reached_at_random", "ends")
    ]
    assert cells == ["most common level 0.10", "at random 0.10", "ends of paths 0.10"]


def test_huge_numbers_have_as_many_digits_as_others():
    wide = records.result("kid", 0.0, interval=(-1.51914e38, 1.51914e38))
    uneven = records.result("kid", -0.4734, interval=(-1.3, 1.547e13))
    cells = [row[2:4] for row in sheets_of(records.record(results=(wide, uneven)))[0].rows]
    assert cells == [("0", "-1.5e+38 to 1.5e+38"), ("-4.7e-01", "-1.3e+00 to 1.5e+13")]


def test_a_small_negative_number_is_not_minus_nothing():
    changed = records.result("kid", -0.3, interval=(-7.0, 7.0))
    assert sheets_of(records.record(results=(changed,)))[0].rows[0][2] == "0"


def test_an_interval_of_another_level_says_so():
    changed = replace(records.result(), interval=Interval(low=3.94, high=4.28, level=0.9, method="x"))
    assert sheets_of(records.record(results=(changed,)))[0].rows[0][3] == "3.94 to 4.28 (90 %)"


def test_groups_come_first_with_metrics_across():
    results = (
        records.result("share", 0.5, "digit=1, colour=blue", (0.44, 0.56)),
        records.result("prior", 0.25, "digit=1, colour=blue", None),
        records.result("share", 0.75, "digit=2, colour=blue", (0.69, 0.81)),
        records.result(),
        records.result("fid", 3.0, "low-level", None),
    )
    groups, whole = sheets_of(records.record(results=results))
    assert groups.header == ("digit, colour", "share, n 10,000", "prior, n 10,000")
    assert groups.rows == (("1, blue", "0.50 (0.44 to 0.56)", "0.2500"), ("2, blue", "0.75 (0.69 to 0.81)", "-"))
    assert [row[0] for row in whole.rows] == ["fid", "fid [low-level]"]


def test_groups_of_different_sizes_show_their_n_beside_their_number():
    sizes = {"digit=1": (0.5, 612, (0.46, 0.54)), "digit=2": (0.25, 1_388, None)}
    results = tuple(
        replace(records.result("share", value, group, interval), n_generated=n)
        for group, (value, n, interval) in sizes.items()
    )
    (groups,) = sheets_of(records.record(results=results))
    assert groups.header == ("digit", "share")
    assert groups.rows == (("1", "0.500 (0.460 to 0.540; n 612)"), ("2", "0.2500 (n 1,388)"))


def test_what_is_missing_is_said_once_a_reason():
    missing = tuple(
        Unavailable(component=name, reason_code="x", reason="It cannot encode.", hint="Take a VAE.") for name in "ab"
    )
    lines = closing_lines(records.record(not_available=missing), {"html": Path("r/report.html")}, Path("r"))
    assert lines == [
        "[1] a count of what was seen",
        "",
        "not available: a, b: It cannot encode. Take a VAE.",
        "failed: kid (metric): ValueError: broken",
        "",
        "report: r/report.html",
    ]


def test_a_run_that_was_interrupted_says_so():
    assert "The run is not complete." in closing_lines(records.record(complete=False), {}, Path("r"))


def finding(statement, verdict):
    return Finding(
        audit="representation", attribute="colour", group="", statement=statement, value=None, interval=None,
        verdict=verdict, rule="At most 0.02, set by the board.",
    )  # fmt: skip


def test_a_broken_tolerance_of_an_audit_is_said_before_the_report_is_named():
    """The exit code is 1: whoever reads a log must see why."""
    kept, open_, broken = (
        finding(verdict.value.lower(), verdict) for verdict in (Verdict.PASS, Verdict.INCONCLUSIVE, Verdict.FAIL)
    )
    described = finding("described", Verdict.DESCRIBED)
    lines = closing_lines(records.record(findings=(kept, described, open_, broken)), {}, Path("r"))
    assert lines[-5:] == [
        "FAIL: fail (At most 0.02, set by the board.)",
        "INCONCLUSIVE: inconclusive (At most 0.02, set by the board.)",
        "Tolerances: 1 FAIL, 1 INCONCLUSIVE, 1 PASS.",
        "",
        "report: r",
    ]


def test_a_record_without_tolerances_says_nothing_of_them():
    lines = closing_lines(records.record(findings=(finding("described", Verdict.DESCRIBED),)), {}, Path("r"))
    assert not any("Tolerances" in line for line in lines)


def test_few_groups_of_many_numbers_stand_side_by_side_with_n_beside_each():
    results = tuple(
        records.result(name, 0.5, group=f"colour={level}", interval=(0.4, 0.6), n_generated=n)
        for name in ("recall_by_group", "coverage_by_group", "share_generated")
        for level, n in (("orange", 40), ("blue", 60))
    )
    (sheet,) = sheets_of(records.record(results=results))
    assert sheet.header == ("colour", "orange", "blue")
    assert sheet.rows[0] == ("recall_by_group", "0.50 (0.40 to 0.60; n 40)", "0.50 (0.40 to 0.60; n 60)")


def test_of_many_names_that_lack_one_thing_the_first_are_named_and_the_rest_counted():
    absent = tuple(
        Unavailable(component=f"metric_{number}", reason_code="needs-labels", reason="No labels.", hint="Labels.")
        for number in range(9)
    )
    (line, *_) = missing_lines(absent)
    assert (
        line == f"not available: {', '.join(f'metric_{number}' for number in range(6))} and 3 more: No labels. Labels."
    )


def test_a_judged_run_has_a_table_of_verdicts_behind_that_of_numbers():
    before = gate_records.run(gate_records.number("fid", 5.0), gate_records.number("recall", 0.8))
    after = gate_records.run(gate_records.number("fid", 9.0), gate_records.number("recall", 0.8), weights="o" * 64)
    judged = replace(after, gate=gate(updated(None, [before], "first")[0], [after], gate_settings({})))
    numbers, verdicts = sheets_of(judged)
    assert numbers.header == ("metric", "", "value", "95 % interval", "n", "note")
    assert [(row[0], row[-1]) for row in verdicts.rows] == [("recall", "✓ PASS"), ("fid", "✗ FAIL")]


def test_no_name_is_broken_within_a_word_and_no_column_is_lost_at_80_columns(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    before = [gate_records.number(name, 5.0) for name in ("attribute_direction_accuracy", "reconstruction_mse")]
    after = [gate_records.number(one.metric, 9.0) for one in before]
    report = gate(
        updated(None, [gate_records.run(*before)], "first")[0],
        [gate_records.run(*after, weights="o" * 64)],
        gate_settings({}),
    )
    print_sheets([gate_sheet(report)], [])
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 80
    assert "FAIL" in "".join(lines)
    words = {line.split()[0] for line in lines if line.strip()}
    assert words <= {"metric", "reconstruction_", "mse", "reconstruction_mse", "attribute_", "direction_", "accuracy",
                     "attribute_direction_", "direction_accuracy", "attribute_direction_accuracy"}  # fmt: skip
