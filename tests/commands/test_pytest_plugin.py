"""The gate in a project's own tests: found by pytest, light, and without warnings."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from commands import variables
from gate_records import number, run

import genaudit
from genaudit.cli import main
from genaudit.pytest_plugin import assert_no_regression

GOOD = run(number("fid", 5.0, 0.02), number("kid", 1.0, 0.2))
WORSE = run(number("fid", 7.0, 0.02), number("kid", 1.0, 0.2), weights="o" * 64)


@pytest.fixture
def baseline(tmp_path, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    GOOD.save(tmp_path / "run.json")
    place = str(tmp_path / "b.json")
    assert main(["check", str(tmp_path), "--baseline", place, "--update-baseline", "--reason", "first"]) == 0
    return place


def test_a_regression_is_an_assertion_that_names_metric_and_numbers(baseline):
    with pytest.raises(AssertionError, match=r"(?s)1 of 2 gated.*- fid is 40 % worse .*7 after 5") as caught:
        assert_no_regression(WORSE, baseline)
    assert "kid is" not in str(caught.value)


def test_no_regression_says_nothing(baseline):
    assert_no_regression(GOOD, baseline, strict=True)
    assert_no_regression(WORSE, baseline, {"default": {"rel": 0.9}})


def test_strict_wants_certainty_and_missing_numbers_are_wrong(baseline):
    other = replace(GOOD, generator=WORSE.generator)
    assert_no_regression(other, baseline)
    with pytest.raises(AssertionError, match="kid is unchanged"):
        assert_no_regression(other, baseline, strict=True)
    with pytest.raises(AssertionError, match="kid was not measured"):
        assert_no_regression(replace(GOOD, results=GOOD.results[:1]), baseline)


def test_a_run_that_was_judged_needs_no_baseline(baseline):
    judged = replace(WORSE, gate=genaudit.check(WORSE, baseline))
    with pytest.raises(AssertionError, match="fid is 40 % worse"):
        assert_no_regression(judged)
    with pytest.raises(AssertionError, match="the run was not judged"):
        assert_no_regression(WORSE)


USES = """
import warnings
from genaudit.pytest_plugin import assert_no_regression

def test_gate(genaudit_run):
    record = genaudit_run("tiny", samples=20, metrics=["mode_count"])
    assert record.request.samples == 20
"""
DOES_NOT = """
import sys

def test_light():
    assert not {"torch", "numpy", "pydantic", "pandas", "click"} & set(sys.modules)
"""


@pytest.mark.parametrize("source", [USES, DOES_NOT])
def test_pytest_finds_the_plugin_by_itself_and_it_is_light(site, source):
    site.install("genaudit-plugin-of-pytest", "[pytest11]\ngenaudit = genaudit.pytest_plugin\n")
    Path("test_own.py").write_text(source)
    alone = ["-p", "no:hypothesispytest", "-p", "no:playwright", "-p", "no:anyio"]  # they import numpy and more
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", *alone],
        capture_output=True, text=True, env=variables(site), check=False, timeout=240,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout
    assert "warning" not in done.stdout
