"""The tutorial for authors of plugins, typed in as it stands."""

import json

import pytest
from typed_pages import commands_of, files_of, page, typed

PAGE = page("plugin-tutorial.md")
FILES, COMMANDS = files_of(PAGE), commands_of(PAGE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The empty folder that the page begins with, with the files that it says to write."""
    place = tmp_path_factory.mktemp("tutorial")
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def test_the_page_is_short_and_says_how_short():
    code = [line for text in FILES.values() for line in text.splitlines() if line.strip()]
    assert len(code) < 40
    assert f"All that you write here is {len(code)} lines" in PAGE


@pytest.mark.parametrize("line", COMMANDS)
def test_every_command_of_the_page_works_where_the_page_is_followed(line, folder):
    assert typed(line, folder)


def test_the_report_shows_what_the_page_says(folder):
    (run,) = (folder / "runs").iterdir()
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    values = {(one["metric"], one["group"]): one for one in record["results"]}
    assert values["density", ""]["value"] == pytest.approx(0.6, abs=0.1)
    assert values["share_reference", "digit=6, colour=orange"]["value"] == pytest.approx(0.9, abs=0.01)
    sixes = values["share_generated", "digit=6, colour=orange"]["interval"]
    assert sixes["low"] < 0.5 < sixes["high"]
    assert (run / "report.html").exists()
