"""What plugins, files and errors say is shown on a terminal and never obeyed by it."""

import contextlib
import json
import struct
import sys
import unicodedata
from pathlib import Path

import pytest

from genaudit.cli import main
from genaudit.cli.leaving import say
from genaudit.cli.progress import LineProgress
from genaudit.cli.sheet import Sheet
from genaudit.cli.terminal import LiveProgress, print_sheets
from genaudit.values.results import Failure

ATTACK = "\x1b[2J\x1b]0;owned\x07\x9b31mleft\u202eright\u2066\r"
HARMLESS = "[2J]0;owned31mleftright"
PLUGIN = f"""
    from genaudit.plugin import MetricSpec, hookimpl
    from genaudit.values.results import Direction

    @hookimpl
    def genaudit_metrics():
        attack = {ATTACK!a}
        yield MetricSpec(name="odd-number", summary=attack, title=attack, unit=attack, meaning=attack, target="a:b",
                         needs=("generated",), direction=Direction.NONE, view=attack, source=attack)
        raise ValueError(attack)
"""


def assert_harmless(text, times=1):
    assert text.count(HARMLESS) >= times
    assert [c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf"}] == []


@pytest.fixture
def hostile(site):
    site.install("odd-models", {"odd": "odd_plugin"}, odd_plugin=PLUGIN)


@pytest.mark.parametrize(
    ("words", "times"),
    [
        (["plugins", "list"], 1),
        (["metrics", "list"], 2),
        (["metrics", "explain", "odd-number"], 5),
        (["run", "-p", "tiny", "-n", "20", "--metrics", "mode_count,odd-number", "--dry-run"], 1),
    ],
)
def test_a_plugin_cannot_steer_the_terminal_through_a_list(hostile, capsys, words, times):
    assert main(words) == 0
    captured = capsys.readouterr()
    assert_harmless(captured.out, times)
    assert_harmless(captured.err, 0)


def test_a_plugins_error_cannot_steer_the_terminal(hostile, capsys):
    assert main(["run", "-p", "tiny", "-n", "20", "--metrics", "mode_count"]) == 0
    assert_harmless(capsys.readouterr().err)


def test_json_keeps_a_text_as_it_is(hostile, capsys):
    assert main(["metrics", "list", "--json"]) == 0
    assert ATTACK in [metric["summary"] for metric in json.loads(capsys.readouterr().out)]


def test_the_metadata_of_weights_cannot_steer_the_terminal(site, capsys):
    header = json.dumps({"__metadata__": {"name": ATTACK}}).encode()
    Path("w.safetensors").write_bytes(struct.pack("<Q", len(header)) + header)
    assert main(["run", "-p", "vae", "--weights", "w.safetensors"]) == 2
    assert_harmless(capsys.readouterr().err)


def test_a_message_keeps_its_lines_and_begins_no_second_one(capsys):
    say(f"internal error: {ATTACK}\nsecond line")
    captured = capsys.readouterr().err
    assert_harmless(captured)
    assert captured.endswith("\n  second line\n")
    say("cannot read a\ngenaudit: all is well")
    assert capsys.readouterr().err.count("\ngenaudit:") == 0


def test_drawn_tables_and_lines_are_harmless(capsys):
    print_sheets([Sheet(header=(ATTACK,), rows=((ATTACK,),), numeric=())], [ATTACK])
    assert_harmless(capsys.readouterr().out, 3)


@pytest.mark.parametrize("kind", ["live", "lines"])
def test_progress_is_harmless(capsys, kind):
    failure = Failure(component="odd", stage="metric", error=ATTACK)
    with LiveProgress() if kind == "live" else contextlib.nullcontext(LineProgress(sys.stderr)) as observer:
        observer.planned(ATTACK)
        observer.stage_started(ATTACK, 1)
        observer.stage_advanced(ATTACK, 1, ATTACK)
        observer.stage_finished(ATTACK, 0.1)
        observer.result(failure)
        observer.warning(ATTACK)
    assert_harmless(capsys.readouterr().err, 4)
