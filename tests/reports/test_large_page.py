"""500 metrics and 1,000 groups: the page stays small and says what it has no room for."""

import re

import pytest
from large_records import GROUPS, METRICS, NAMES, large_record

from genaudit_reports import svg
from genaudit_reports.html_report import html_report


@pytest.fixture(scope="module")
def large(tmp_path_factory):
    """The page, with its charts as tables: drawing them is the renderer's time."""
    folder = tmp_path_factory.mktemp("large")
    worker = folder / "no_worker.py"
    worker.write_text("raise ModuleNotFoundError(\"No module named 'vl_convert'\")\n")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(svg, "WORKER", worker)
        return html_report(large_record(folder), folder).decode()


def test_the_largest_page_stays_below_three_megabytes(large):
    assert len(large.encode()) + 250_000 < 3_000_000  # and the drawings, which take less than that


def test_every_metric_is_there(large):
    assert {int(number) for number in re.findall(r">Metric (\d+) of ", large)} == set(range(METRICS))
    assert all(name in large for name in NAMES)


def test_groups_that_have_no_room_are_counted(large):
    (left,) = re.findall(r"([\d\u202f]+) more are in <code>results.csv</code>", large)
    assert int(left.replace("\u202f", "")) == GROUPS - 300
    assert re.search(r"[\d\u202f]+ more statements and numbers about groups are in", large)


def test_one_text_about_many_groups_is_said_once(large):
    further = large[large.index('<h2 id="further">') :]
    assert further.count("Says nothing about what the extractor does not see.") == 1


def test_what_follows_from_an_extractor_is_said_once(large):
    assert "its weights" not in large
    assert "<dt>weights of digits</dt>" in large
