"""Pages of the documentation, typed in as they stand."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

DOCS = Path(__file__).parents[2] / "docs"


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def files_of(text):
    """Name to content of the files that a page says to write."""
    return dict(re.findall(r'```\w+ title="([\w.]+)"\n(.*?)```', text, flags=re.DOTALL))


def commands_of(text):
    """The lines that a page says to type."""
    return [line for block in re.findall(r"```sh\n(.*?)```", text, flags=re.DOTALL) for line in block.splitlines()]


def typed(line, folder):
    """What a line of a page prints, in the folder."""
    program, *words = shlex.split(line)
    assert program == "python"
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GENAUDIT_")}
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=280, check=False, cwd=folder,
        env={**kept, "OMP_NUM_THREADS": "1"},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
