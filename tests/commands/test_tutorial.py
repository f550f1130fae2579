"""The tutorial for authors of plugins, typed in as it stands."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = (Path(__file__).parents[2] / "docs" / "plugin-tutorial.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r'```python title="([\w.]+)"\n(.*?)```', PAGE, flags=re.DOTALL))
COMMANDS = [line for block in re.findall(r"```sh\n(.*?)```", PAGE, flags=re.DOTALL) for line in block.splitlines()]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The empty folder that the page begins with, with the files that it says to write."""
    place = tmp_path_factory.mktemp("tutorial")
    for name, text in FILES.items():
        (place / name).write_text(text, encoding="utf-8")
    return place


def typed(line, folder):
    """What a line of the page prints, in the folder."""
    program, *words = shlex.split(line)
    assert program == "python"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GENAUDIT_")}
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=280, check=False, cwd=folder,
        env={**kept, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


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
