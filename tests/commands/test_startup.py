"""Asking for help costs nothing: no plugin and no heavy module is imported."""

import os
import subprocess
import sys

import pytest
from commands import genaudit, variables

HEAVY = (
    "torch",
    "numpy",
    "pandas",
    "scipy",
    "pydantic",
    "rich",
    "jinja2",
    "PIL",
    "torchmetrics",
    "fairlearn",
    "sklearn",
)
PLUGINS = ("tiny_plugin", "genaudit.metrics", "genaudit_vae", "genaudit_reports", "pluggy")
TELL = """
from genaudit.cli import main
code = main(sys.argv[1:])
print(code, *(name for name in {names!r} if name in sys.modules), file=sys.stderr)
"""


def imported(*words, site, names):
    return genaudit(*words, site=site, code=TELL.format(names=names)).stderr.splitlines()[-1]


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["plugins", "--help"]])
def test_help_imports_no_plugin_and_nothing_heavy(site, words):
    assert imported(*words, site=site, names=HEAVY + PLUGINS) == "0"


@pytest.mark.parametrize("words", [["plugins", "list"], ["plugins", "list", "--json"], ["metrics", "list"]])
def test_lists_import_nothing_heavy(site, words):
    assert imported(*words, site=site, names=HEAVY) == "0"


def test_a_dry_run_does_not_import_torch(site):
    assert imported("run", "-p", "tiny", "--dry-run", site=site, names=("torch", "pandas", "tiny_model")) == "0"


def test_a_refusal_does_not_import_torch(site):
    assert imported("run", "-p", "tinny", site=site, names=("torch", "pandas")) == "2"


def test_the_module_is_the_same_program_as_the_script(site):
    done = subprocess.run(
        [sys.executable, "-m", "genaudit", "--version"], capture_output=True, text=True, env=variables(site), check=True
    )
    from genaudit.version import VERSION

    assert done.stdout == f"genaudit {VERSION}\n"


def test_a_reader_that_goes_away_is_no_error(site):
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as pipe:
        done = subprocess.run(
            [sys.executable, "-m", "genaudit", "metrics", "list"],
            stdout=pipe, stderr=subprocess.PIPE, text=True, env=variables(site), check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (141, "")


def test_a_terminal_that_knows_only_ascii_gets_a_question_mark_and_no_crash(site):
    done = genaudit("metrics", "list", site=site, PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, "")
    assert "fid " in done.stdout
