"""What the page on auditing shows is tried."""

import re
import shlex
from pathlib import Path

import pytest

from genaudit.cli import main

PAGE = (Path(__file__).parents[2] / "docs" / "auditing.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.replace("\\\n", " ").splitlines()])
def test_every_command_of_the_page_audits_its_table(line, tmp_path, capsys):
    words = shlex.split(line.removeprefix("genaudit "))
    quick = ["--set", "disparities.permutations=99", "--format", "json", "-q", "-o", str(tmp_path)]
    assert main([*words, *quick]) == 0
    said = capsys.readouterr().out
    assert "What no number settles" in said
    assert "failed:" not in said


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
