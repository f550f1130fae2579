import csv
import io

from records import record, result

from genaudit.values.results import Unavailable
from genaudit.values.table import COLUMNS
from genaudit_reports.csv_report import csv_report


def rows_of(one_record, folder):
    return list(csv.DictReader(io.StringIO(csv_report(one_record, folder).decode())))


def test_columns_are_the_fixed_ones(tmp_path):
    assert tuple(rows_of(record(), tmp_path)[0]) == COLUMNS


def test_a_negative_number_stays_a_number(tmp_path):
    rows = rows_of(record(results=(result("elbo", -186.4, interval=(-187.1, -185.7)),)), tmp_path)
    assert (rows[0]["value"], rows[0]["ci_low"]) == ("-186.4", "-187.1")


def test_text_that_a_spreadsheet_would_run_is_guarded(tmp_path):
    reasons = ("=HYPERLINK(1)", "+1", "-1", "@x", "\t=1", "\r=1")
    absent = tuple(Unavailable(component=text, reason_code="x", reason=text) for text in reasons)
    rows = [row for row in rows_of(record(not_available=absent), tmp_path) if row["status"] == "unavailable"]
    assert [row["reason"][0] for row in rows] == ["'"] * len(reasons)
    assert [row["metric"][0] for row in rows] == ["'"] * len(reasons)


def test_text_cannot_steer_a_terminal_or_turn_the_line_around(tmp_path):
    absent = (Unavailable(component="a\x1b[2Jb", reason_code="x", reason="c\u202ed\u2066\x07 e", hint="f\ng"),)
    text = csv_report(record(not_available=absent), tmp_path).decode()
    assert not set("\x1b\u202e\u2066\x07") & set(text)
    (row,) = [row for row in rows_of(record(not_available=absent), tmp_path) if row["status"] == "unavailable"]
    assert (row["metric"], row["reason"]) == ("a[2Jb", "cd e")


def test_a_missing_number_is_an_empty_cell(tmp_path):
    rows = rows_of(record(), tmp_path)
    count = next(row for row in rows if row["metric"] == "mode_count")
    assert (count["value"], count["ci_low"], count["ci_high"], count["baseline"]) == ("10.0", "", "", "")
    failed = next(row for row in rows if row["status"] == "failed")
    assert (failed["value"], failed["n"]) == ("", "")


def test_the_hostile_record_leaves_no_formula_and_no_nul(tmp_path):
    from hostile_records import hostile_record

    text = csv_report(hostile_record(), tmp_path).decode()
    assert "\0" not in text
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell[:1] in "=+@\t\r" and cell]
