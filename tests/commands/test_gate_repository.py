"""A project with a gate, from its first baseline to an accepted change, as its pipeline would run it."""

import json
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import torch
from commands import genaudit, variables
from gate_project import CONFIGURATION, newest, weights
from junitparser import JUnitXml

from genaudit.cli import main
from genaudit.gate.baseline_file import read_baseline
from genaudit.values.findings import Verdict
from genaudit.values.serialisation import load_record


def run(name, *words):
    return main(["run", "--weights", name, "-q", "-o", "runs", *words])


def test_the_first_baseline_is_small_and_brings_its_features(project):
    baseline = read_baseline(Path("baselines/tiny.json"))
    views = {"fid", "fid [aggregate posterior]", "fid [low-level]", "fid [reconstructions]"}
    assert set(baseline.metrics) == {*views, "kid", "reconstruction_mse"}
    assert (Path("baselines") / baseline.features.path).stat().st_size == baseline.features.bytes
    assert baseline.history[0].reason == "first release"


def test_an_unchanged_model_passes(project, capsys):
    assert run("good.safetensors") == 0
    assert "PASS: All 6 gated metrics keep their tolerance." in capsys.readouterr().out
    assert load_record(newest()).gate.exit_code == 0


def test_a_nearly_equal_model_is_compared_item_by_item_and_passes(project):
    weights("near.safetensors", 0.001)
    assert run("near.safetensors") == 0
    gate = load_record(newest()).gate
    assert {(change.verdict.value, change.paired) for change in gate.changes} == {("PASS", True)}
    tell = "from genaudit.cli import main; code = main(sys.argv[1:]); print(code, *(name for name in "
    tell += "('torch', 'scipy', 'sklearn', 'pandas') if name in sys.modules), 'numpy' in sys.modules)"
    done = genaudit("check", str(newest()), "--baseline", "baselines/tiny.json", site=project,
                    cwd=Path.cwd(), code=tell)  # fmt: skip
    assert done.stdout.splitlines()[-1] == "0 True"  # items were compared, by small numbers that the run had kept


def test_a_worse_checkpoint_fails_with_1_and_every_output_names_metric_and_numbers(project, capsys, monkeypatch):
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", "page.md")
    capsys.readouterr()
    assert run("worse.safetensors") == 1
    captured = capsys.readouterr()
    record = load_record(newest())
    fid = record.gate.change("fid")
    numbers = f"{fid.value:.4g} after {fid.baseline:.4g}"
    assert numbers in captured.out
    assert "::error title=genaudit fid::fid is " in captured.err
    (case,) = [
        one
        for suite in JUnitXml.fromfile(str(newest() / "junit.xml"))
        for one in suite
        if one.name == "fid keeps its tolerance"
    ]
    assert numbers in case.result[0].message
    assert numbers in case.result[0].text
    ET.parse(newest() / "junit.xml")  # noqa: S314 - written a moment ago
    for text in (Path("page.md").read_text(), (newest() / "summary.md").read_text()):
        assert "**FAIL.**" in text
        assert numbers in text
    row = next(line for line in (newest() / "results.csv").read_text().splitlines() if ",fid,1,," in line).split(",")
    assert (float(row[16]), row[18]) == (pytest.approx(fid.baseline), "FAIL")
    assert float(row[17]) == pytest.approx(fid.value - fid.baseline)
    page = (newest() / "report.html").read_text()
    worst = record.gate.worst_first[0]  # the first screen has no room for the sentence of every failure
    assert f"{worst.value:.4g} after {worst.baseline:.4g}" in page
    assert all(f">{one.name}<" in page for one in record.gate.changes if one.verdict is Verdict.FAIL)


def test_an_accepted_change_passes_from_then_on(project):
    assert run("worse.safetensors") == 1
    assert main(["check", str(newest()), "--update-baseline", "--reason", "brighter on purpose"]) == 0
    assert run("worse.safetensors") == 0
    assert [entry.reason for entry in read_baseline(Path("baselines/tiny.json")).history] == [
        "first release",
        "brighter on purpose",
    ]


def test_what_cannot_be_compared_is_refused_before_any_work(project, capsys):
    capsys.readouterr()
    before = set(Path("runs").iterdir())
    assert run("good.safetensors", "--samples", "200") == 2
    assert "samples is 300 in the baseline and would be 200" in capsys.readouterr().err
    assert run("good.safetensors", "--baseline", "none.json") == 2
    Path("genaudit.toml").write_text(CONFIGURATION + "coverag = { rel = 0.1 }\n")
    assert run("good.safetensors") == 2
    assert "Did you mean 'coverage'" in capsys.readouterr().err
    assert set(Path("runs").iterdir()) == before


def test_what_turns_out_to_be_unlike_keeps_the_numbers_and_ends_with_2(project, capsys):
    capsys.readouterr()
    assert run("worse.safetensors", "--set", "kid.degree=2") == 2
    assert "kid.degree is 3 in the baseline and 2 in this run (kid)" in capsys.readouterr().err
    record = load_record(newest())
    assert record.gate is None
    assert record.value("fid") > 0


def test_without_the_gate_the_run_is_described(project):
    assert run("worse.safetensors", "--no-gate") == 0
    assert load_record(newest()).gate is None
    assert run("good.safetensors", "--no-gate", "--baseline", "baselines/tiny.json") == 2


def test_features_that_were_not_fetched_are_said(project, capsys):
    next(Path("baselines").glob("*.safetensors")).unlink()
    weights("near.safetensors", 0.001)
    run("near.safetensors")
    assert "are not there, so runs were compared as independent samples" in capsys.readouterr().out


def test_the_python_interface_gates_too(project):
    from genaudit import check
    from genaudit import run as run_in_python

    record = run_in_python(
        "tiny-vae", "tiny", samples=300, metrics=["fid"], weights="worse.safetensors", out="runs",
        baseline="baselines/tiny.json", gate={"default": {"level": "off"}, "metrics": {"fid": {"level": "error"}}},
    )  # fmt: skip
    assert record.gate.exit_code == 1
    again = check(newest(), "baselines/tiny.json", {"default": {"level": "off"}})
    assert again.exit_code == 0


def test_a_record_without_a_gate_of_an_older_version_still_reads(project):
    path = newest() / "run.json"
    plain = json.loads(path.read_text())
    del plain["gate"]
    for result in plain["results"]:
        if result["interval"]:
            result["interval"] = {name: result["interval"][name] for name in ("low", "high", "level", "method")}
    path.write_text(json.dumps(plain))
    assert load_record(path).gate is None
    done = subprocess.run(
        [sys.executable, "-m", "genaudit", "check", str(path)], capture_output=True, text=True, check=False,
        env=variables(project),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert torch.__version__


OPEN = (
    CONFIGURATION.replace('fid = { level = "error", rel = 0.1 }', "")
    .replace(
        "[gate.metrics]",
        'max_samples = 1300\ndefault = { level = "off" }\n[gate.metrics]\nkid = { level = "error", abs = 0.01 }',
    )
    .replace("keep_features = true\n", "")
)


def test_more_seeds_are_run_only_while_a_gated_metric_is_open_and_up_to_a_limit(project, capsys):
    Path("genaudit.toml").write_text(OPEN)
    assert run("good.safetensors", "--no-gate") == 0
    assert main(["check", str(newest()), "--update-baseline", "--reason", "without features"]) == 0
    weights("near.safetensors", 0.05)
    assert run("near.safetensors") == 0
    assert load_record(newest()).gate.change("kid").verdict.value == "INCONCLUSIVE"
    first, before = newest(), set(Path("runs").iterdir())
    capsys.readouterr()
    assert main(["check", str(first), "--resolve"]) == 0
    said = capsys.readouterr().out
    further = [load_record(path) for path in set(Path("runs").iterdir()) - before]
    assert sorted(record.request.seed for record in further) == [1, 2, 3]
    assert all(record.request.samples == 300 for record in further)  # the same n: the definition stays the same
    assert "1,200 images in 4 runs of other seeds were asked what was open at first" in said
    assert load_record(first).gate.change("kid").interval.standard_error > 0


def test_a_decided_gate_buys_nothing(project):
    before = len(list(Path("runs").iterdir()))
    assert run("good.safetensors", "--resolve") == 0
    assert len(list(Path("runs").iterdir())) == before + 1


def test_several_weights_are_one_candidate_and_every_run_has_the_verdict(project, capsys):
    for name, shift in (("a", 0.0), ("b", 0.02), ("c", -0.02)):
        weights(f"{name}.safetensors", shift)
    before = set(Path("runs").iterdir())
    code = main(["run", "-q", "-o", "runs", *(f"--weights={name}.safetensors" for name in "abc")])
    assert code == 0, capsys.readouterr()
    made = [load_record(path) for path in set(Path("runs").iterdir()) - before]
    assert len(made) == 3
    assert {record.gate.question.partition("; ")[0] for record in made} == {
        "Asked: would other trainings differ from the baseline? Intervals cover 3 trainings"
    }
    assert run("a.safetensors", "--weights", "good.safetensors") == 2
    assert "hold the same weights" in capsys.readouterr().err
