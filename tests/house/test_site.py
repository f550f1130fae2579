"""The documentation builds without a warning, and its examples run."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from genaudit.cli import main

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "getting-started.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, flags=re.DOTALL)


def test_the_site_builds_and_every_link_leads_somewhere(tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "", "NO_MKDOCS_2_WARNING": "1"},
    )
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "changelog.html" in page
    assert not re.findall(r'(?:src|href)="(https?://[^"]*\.(?:js|css|woff2?))"', page)


@pytest.mark.parametrize("code", blocks("python"))
def test_the_guides_examples_run(code, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(code, "getting-started.md", "exec"), {})  # noqa: S102 - our own page


@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.splitlines()])
def test_the_guides_commands_are_understood(line, tmp_path, capsys):
    words = line.partition("#")[0].removeprefix("genaudit ").split()
    if words[0] == "run":
        words += ["--dry-run", "--out", str(tmp_path)]
    if words[0] == "compare":
        words = ["compare", "--help"]
    assert main(words) == 0
    assert capsys.readouterr().out
