"""The sample report is what today's code makes of its record, and small."""

import importlib
import json
import re
import shutil
from pathlib import Path

import pytest

from genaudit.cli import main

EXAMPLE = Path(__file__).parents[2] / "reports" / "example"
AGAIN = "make it again with: genaudit report reports/example (after a change of numbers: tox -e example)"
LARGEST = 1_000_000


@pytest.fixture(scope="module")
def rendered(tmp_path_factory):
    """The example's folder, with page and table made again from its record."""
    folder = tmp_path_factory.mktemp("example") / "example"
    shutil.copytree(EXAMPLE, folder)
    for name in ("report.html", "results.csv"):
        (folder / name).unlink()
    assert main(["report", str(folder)]) == 0
    return folder


def told(page):
    """The page without the curves of its charts and the bytes of its pictures: other versions draw others."""
    text = page.read_text(encoding="utf-8")
    return re.sub(
        r"base64,[A-Za-z0-9+/=]+", "base64,", re.sub(r"(<svg[^>]*>).*?</svg>", "<svg/>", text, flags=re.DOTALL)
    )


def test_the_sample_page_is_what_the_record_gives(rendered):
    assert told(rendered / "report.html") == told(EXAMPLE / "report.html"), AGAIN


def test_the_sample_table_is_what_the_record_gives(rendered):
    assert (rendered / "results.csv").read_bytes() == (EXAMPLE / "results.csv").read_bytes(), AGAIN


def test_the_record_is_kept_with_a_line_for_each_entry(monkeypatch):
    monkeypatch.syspath_prepend(EXAMPLE.parents[1] / "docs" / "making")
    example = importlib.import_module("example")
    text = example.one_line_an_entry({"run_id": "ä", "results": [{"a": 1.5}, {"a": None}], "warnings": []})
    assert text.splitlines()[1:5] == ['"run_id": "ä",', '"results": [', '{"a":1.5},', '{"a":null}']
    assert json.loads(text) == {"run_id": "ä", "results": [{"a": 1.5}, {"a": None}], "warnings": []}


def test_the_sample_shows_its_charts_and_pictures():
    text = (EXAMPLE / "report.html").read_text(encoding="utf-8")
    assert text.count("<svg") >= 8
    assert text.count("data:image/") >= 4


def test_the_sample_is_small_and_complete():
    files = [path for path in EXAMPLE.rglob("*") if path.is_file() and path.parent.name != "charts"]
    assert sum(path.stat().st_size for path in files) < LARGEST
    assert {path.relative_to(EXAMPLE).as_posix() for path in files} >= {"run.json", "results.csv", "report.html"}
