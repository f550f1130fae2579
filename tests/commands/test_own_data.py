"""The page about a user's own model and images, typed in as it stands."""

import json

import pytest
from typed_pages import commands_of, files_of, page, typed

PAGE = page("own-data.md")
FILES = files_of(PAGE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Where the page was followed: the files written, then every command in its turn."""
    place = tmp_path_factory.mktemp("own-data")
    for name, text in FILES.items():
        if name != "genaudit.toml":
            (place / name).write_text(text, encoding="utf-8")
    *commands, last = commands_of(PAGE)
    for line in commands:
        typed(line, place)
    (place / "genaudit.toml").write_text(FILES["genaudit.toml"], encoding="utf-8")
    assert "evaluation" in typed(last, place)
    return place


def caveats(record):
    return [text for finding in record["findings"] for text in finding["caveats"]]


def test_the_report_shows_what_the_page_says(folder):
    (run,) = (folder / "runs").iterdir()
    record = json.loads((run / "run.json").read_text(encoding="utf-8"))
    found = {(one["metric"], one["group"]): one for one in record["results"]}
    assert {"fid", "precision", "recall", "authenticity", "ppl"} <= {metric for metric, _ in found}
    for digit, drawn in ((2, 0.14), (1, 0.07)):
        interval = found["share_corrected", f"class={digit}"]["interval"]
        assert found["share_reference", f"class={digit}"]["value"] == pytest.approx(0.105, abs=0.005)
        assert found["share_corrected", f"class={digit}"]["value"] == pytest.approx(drawn, abs=0.01)
        assert not interval["low"] < 0.105 < interval["high"]
    assert any("38% of the generated images" in said and "90% of those" in said for said in caveats(record))
    assert (run / "report.html").exists()


def test_the_file_of_the_page_gives_the_same_run(folder):
    lines = (commands_of(PAGE)[1], "python -m genaudit run")
    long, short = (json.loads(typed(f"{line} --dry-run --json", folder))["values"] for line in lines)
    assert {key: one["value"] for key, one in long.items()} == {key: one["value"] for key, one in short.items()}
