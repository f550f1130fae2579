"""What the page on auditing shows is tried."""

import re
import shlex
from pathlib import Path

import pytest

from genaudit.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "auditing.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """The folder of a small run of each generator whose run the page audits."""
    out = tmp_path_factory.mktemp("runs")
    for name in ("vae", "cvae"):
        quick = ["--profile", "smoke", "--metrics", "amplification", "--format", "json", "-q", "-o", str(out)]
        assert main(["run", "--plugin", name, *quick]) == 0
    return out


@pytest.fixture
def people(tmp_path):
    """A small table with scores."""
    rows = [f"{'AB'[place % 2]},{place % 3 % 2},{place % 17 / 17}" for place in range(300)]
    path = tmp_path / "people.csv"
    path.write_text("\n".join(["race,reoffended,risk", *rows]), encoding="utf-8")
    return path


@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.replace("\\\n", " ").splitlines()])
def test_every_command_of_the_page_audits_its_table(line, tmp_path, capsys, request):
    words = [_folder(word, request) for word in shlex.split(line.removeprefix("genaudit "))]
    quick = ["--set", "disparities.permutations=99", "--format", "json", "-q", "-o", str(tmp_path)]
    assert main([*words, *quick]) == 0
    said = capsys.readouterr().out
    assert "What no number settles" in said
    assert "failed:" not in said


def _folder(word, request):
    """A run's folder in the place of what stands for it on the page, such as ``runs/vae-…``; a table with scores."""
    if word == "people.csv":
        return str(request.getfixturevalue("people"))
    if not word.startswith("runs/"):
        return word
    (found,) = request.getfixturevalue("runs").glob(word.removeprefix("runs/").replace("…", "*"))
    return str(found)


def test_the_python_of_the_page_runs():
    names: dict[str, object] = {}
    (program,) = blocks("python")
    exec(compile(program, "docs/auditing.md", "exec"), names)  # noqa: S102 - our own page
    record = names["record"]
    assert round(record.value("false_positive_rate", group="race=Black"), 4) == 0.4485
    interval = record.result("break_even_high", group="race=White").interval
    assert (round(interval.low, 1), round(interval.high, 1)) == (1.3, 1.7)


def test_every_flag_of_the_page_exists():
    from genaudit.cli.audit import command

    known = {flag for parameter in command.params for flag in parameter.opts}
    assert set(re.findall(r"(?<!-)--[a-z][a-z-]+", PAGE)) <= known
