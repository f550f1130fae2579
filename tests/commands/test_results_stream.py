"""Stdout belongs to the results, and the run folder stays where it was meant, whatever a plugin does."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from commands import variables

from genaudit.cli import main
from genaudit.values.serialisation import load_record

QUICK = ["-n", "20", "--metrics", "mode_count"]
PLUGIN = """
    from genaudit.plugin import GeneratorSpec, hookimpl
    import os
    os.write(1, b"below Python, at import\\n")

    @hookimpl
    def genaudit_generators():
        for name in ("writes", "prints", "closes", "moves"):
            yield GeneratorSpec(name=name, summary="Rude.", capabilities=("Sampler",), image_shape=(3, 16, 16),
                                target=f"rude_model:{name}")
"""
MODEL = """
    import ctypes, os, sys

    class Rude:
        latent_shape = (3,)

        def __init__(self, act):
            self.act = act

        def decode(self, z, labels=None):
            self.act()
            return z.sigmoid()[:, :, None, None].expand(-1, 3, 16, 16)

    def writes(options, device):
        return Rude(lambda: os.write(1, b"below Python\\n"))

    def prints(options, device):
        return Rude(lambda: ctypes.CDLL(None).puts(b"from C, kept back until the end"))

    def closes(options, device):
        return Rude(lambda: sys.stdout.close())

    def moves(options, device):
        os.chdir("/")
        return Rude(lambda: None)
"""


@pytest.fixture
def rude(site):
    site.install("rude-models", {"rude": "rude_plugin"}, rude_plugin=PLUGIN, rude_model=MODEL)
    return site


def genaudit(*words, site):
    """The program as its users start it."""
    command = [sys.executable, "-m", "genaudit", *words]
    return subprocess.run(command, capture_output=True, text=True, env=variables(site), timeout=120, check=False)


@pytest.mark.parametrize(
    ("plugin", "said"),
    [("writes", "below Python\n"), ("prints", "from C, kept back until the end\n"), ("closes", "")],
)
def test_json_is_all_that_is_on_stdout_even_if_a_plugin_writes_below_python(rude, plugin, said):
    done = genaudit("run", "-p", plugin, *QUICK, "--json", site=rude)
    assert (done.returncode, json.loads(done.stdout)["request"]["plugin"]) == (0, plugin)
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_lists_are_all_that_is_on_stdout_even_if_a_plugin_writes_at_import(rude):
    done = genaudit("plugins", "list", "--json", site=rude)
    assert json.loads(done.stdout)["clashes"] == []
    assert done.stderr == "below Python, at import\n"


def test_a_plugin_that_closes_stdout_closes_nothing_in_this_process_either(rude, capsys):
    assert main(["run", "-p", "closes", *QUICK, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["request"]["plugin"] == "closes"


def test_a_plugin_that_changes_the_folder_does_not_move_the_run(rude, monkeypatch, capsys):
    here = Path.cwd()
    assert main(["run", "-p", "moves", *QUICK, "--out", "results"]) == 0
    monkeypatch.chdir(here)
    (folder,) = Path("results").iterdir()
    assert load_record(folder).complete
    assert (folder / "report.html").is_file()
    assert str(here) not in (folder / "run.json").read_text()


def test_the_python_interface_stays_in_its_folder_too(rude, monkeypatch):
    import genaudit

    here = Path.cwd()
    genaudit.run("moves", samples=20, metrics=["mode_count"], out="results")
    monkeypatch.chdir(here)
    (folder,) = Path("results").iterdir()
    assert load_record(folder).complete
