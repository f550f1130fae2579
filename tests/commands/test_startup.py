"""Asking for help costs nothing: no plugin and no heavy module is imported."""

import os
import resource
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


def cpu_milliseconds(arguments, site):
    """The least CPU time of five processes: other work on the machine only adds."""
    spent = []
    for _ in range(5):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, env=variables(site), check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return 1000 * min(spent)


@pytest.mark.parametrize(("words", "budget"), [(["--help"], 150), (["--version"], 150), (["plugins", "list"], 300)])
def test_start_up_keeps_its_budget(site, words, budget):
    # the budgets are twice to four times what a current machine needs, and a tenth of one import of torch
    bare = cpu_milliseconds(["-c", "pass"], site)
    assert cpu_milliseconds(["-m", "genaudit", *words], site) - bare < budget


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
