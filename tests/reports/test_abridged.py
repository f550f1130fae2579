"""Texts that others write: few may be long, many may not, and none makes a page that nobody can open."""

import re
from dataclasses import replace

import pytest
from hostile_records import poisoned
from large_records import METRICS, large_record
from records import record, result
from rich_records import rich_record

from genaudit.values.serialisation import record_to_json
from genaudit_reports import svg
from genaudit_reports.abridged import LENGTHS, abridged
from genaudit_reports.html_report import html_report


@pytest.fixture
def without_charts(tmp_path, monkeypatch):
    worker = tmp_path / "no_worker.py"
    worker.write_text("raise ModuleNotFoundError(\"No module named 'vl_convert'\")\n")
    monkeypatch.setattr(svg, "WORKER", worker)


def _noted(texts):
    noted = (replace(result(f"theirs_{number}"), note=text) for number, text in enumerate(texts))
    return record(results=tuple(noted))


def test_an_ordinary_record_is_left_as_it_is():
    rich = rich_record()
    assert abridged(rich) == (rich, 0)


def test_500_metrics_with_texts_of_usual_length_are_left_as_they_are():
    large = large_record()
    assert abridged(large) == (large, 0)


def test_one_text_of_10_kilobytes_is_cut_with_an_ellipsis_where_a_paragraph_ends():
    short, length = abridged(_noted(["x" * 10_000, "Whole."]))
    assert length == LENGTHS[0] == 2_000
    assert [one.note for one in short.results] == ["x" * 1_999 + "…", "Whole."]


def test_the_more_texts_are_long_the_shorter_each_becomes():
    lengths = [abridged(_noted(["x" * 10_000] * many))[1] for many in (100, 500, 1_000, 2_000)]
    assert lengths == [2_000, 1_000, 500, 250]


def test_what_grows_when_it_is_escaped_is_counted_as_what_it_becomes():
    assert abridged(_noted(["x" * 10_000] * 250))[1] == 2_000
    assert abridged(_noted(["&" * 10_000] * 250))[1] < 500


def test_a_page_of_500_metrics_and_1000_groups_with_10_kilobytes_in_every_text_stays_below_three_megabytes(
    tmp_path, without_charts
):
    hostile = poisoned(large_record(tmp_path))
    shown = html_report(hostile, tmp_path).decode()
    assert len(shown.encode()) + 250_000 < 3_000_000  # and the drawings, which take less than that
    assert "<script>document" not in shown
    numbers = shown[shown.index('id="numbers"') : shown.index('aria-labelledby="further"')]
    assert len(re.findall(r'<td role="cell" class="value"', numbers)) >= METRICS


def test_a_page_with_a_cut_text_says_where_it_stands_whole(tmp_path, without_charts):
    long = "A reason. " * 1_000
    held = _noted([long])
    shown = html_report(held, tmp_path).decode()
    reading = shown[shown.index('id="reading"') :]
    assert "was cut at 2\u202f000 characters" in reading
    assert "<code>run.json</code>" in reading
    assert long in record_to_json(held)
    assert "was cut at" not in html_report(_noted(["Whole."]), tmp_path).decode()
