"""``genaudit check``: exit codes, files, refusals; no torch."""

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest
from commands import genaudit
from gate_records import number, run
from junitparser import JUnitXml

from genaudit.cli import main
from genaudit.gate.baseline_file import read_baseline
from genaudit.values.results import Failure

GOOD = run(number("fid", 5.0, 0.02), number("recall", 0.8))
WORSE = run(number("fid", 7.0, 0.02), number("recall", 0.8), weights="o" * 64)
SAME = run(number("fid", 5.01, 0.02), number("recall", 0.8), weights="p" * 64)


@pytest.fixture
def work(site):
    """Three runs lie in the working directory, and a baseline made from the first."""
    for name, record in {"good": GOOD, "worse": WORSE, "same": SAME}.items():
        Path(name).mkdir()
        record.save(Path(name) / "run.json")
    assert main(["check", "good", "--baseline", "b.json", "--update-baseline", "--reason", "first release"]) == 0
    return site


@pytest.fixture(autouse=True)
def outside_of_pipelines(monkeypatch):
    for name in ("CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"):
        monkeypatch.delenv(name, raising=False)


def test_a_run_that_keeps_its_tolerance_ends_with_0_and_says_so_last(work, capsys):
    capsys.readouterr()
    assert main(["check", "same", "--baseline", "b.json"]) == 0
    captured = capsys.readouterr()
    assert captured.out.splitlines()[-1] == "PASS: All 2 gated metrics keep their tolerance."
    assert captured.err == ""


def test_a_worse_run_ends_with_1_and_names_metric_and_numbers(work, capsys):
    assert main(["check", "worse", "--baseline", "b.json", "--junit", "out/junit.xml", "--summary", "out/s.md"]) == 1
    out = capsys.readouterr().out
    assert "fid is 40 % worse (95 % interval 39 % to 41 % worse), 7 after 5" in out
    assert out.splitlines()[-1] == "FAIL: 1 of 2 gated metrics is worse than the baseline (fid)."
    failures = [case for suite in JUnitXml.fromfile("out/junit.xml") for case in suite if case.result]
    assert [case.name for case in failures] == ["fid keeps its tolerance"]
    assert "7 after 5" in failures[0].result[0].message
    assert Path("out/s.md").read_text().startswith("## genaudit: vae on colored")


def test_json_is_the_report_and_nothing_else(work, capsys):
    capsys.readouterr()
    assert main(["check", "worse", "--baseline", "b.json", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["changes"][0]["metric"]) == ("FAIL", "fid")


def test_the_baseline_is_named_by_its_place_in_the_project(work):
    Path("genaudit.toml").write_text(f'[gate]\nbaseline = "{(Path.cwd() / "b.json").as_posix()}"\n')
    assert main(["check", "same", "--summary", "s.md"]) == 0
    said = Path("s.md").read_text()
    assert "Baseline: b.json, " in said
    assert str(Path.cwd()) not in said


def test_it_needs_no_torch_no_numpy_and_no_scipy(work):
    heavy = ("torch", "numpy", "scipy", "pandas", "sklearn", "fairlearn")
    tell = f"""
from genaudit.cli import main
code = main(sys.argv[1:])
print(code, *(name for name in {heavy} if name in sys.modules), file=sys.stderr)
"""
    done = genaudit("check", "worse", "--baseline", "b.json", site=work, cwd=Path.cwd(), code=tell)
    assert done.stderr.splitlines()[-1] == "1"


def test_settings_come_from_the_configuration_file(work, capsys):
    Path("genaudit.toml").write_text(
        '[gate]\nbaseline = "b.json"\n[gate.metrics]\nfid = { level = "warn", rel = 0.1 }\n'
    )
    assert main(["check", "worse"]) == 0
    assert "✗ FAIL (warning only)" in capsys.readouterr().out
    Path("genaudit.toml").unlink()
    Path("pyproject.toml").write_text('[tool.genaudit.gate]\nbaseline = "b.json"\ndefault = { rel = 0.5 }\n')
    assert main(["check", "worse"]) == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["check", "good"], "No baseline was named"),
        (["check", "good", "--baseline", "none.json"], "There is no baseline none.json"),
        (["check", "nowhere", "--baseline", "b.json"], "Cannot read nowhere"),
        (["check", "good", "--baseline", "b.json", "--reason", "x"], "--reason belongs to --update-baseline"),
        (["check", "good", "--baseline", "b.json", "--update-baseline"], "only with a reason"),
        (["check", "good", "--baseline", "b.json", "--allow-mismatch", "seed"], "No field 'seed'"),
        (["check"], "Missing argument"),
    ],
)
def test_what_cannot_be_done_ends_with_2_and_one_message(work, capsys, words, said):
    assert main(words) == 2
    assert said in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[gate.metrics]\nfidd = { rel = 0.1 }\n", "Did you mean 'fid'"),
        ("[gate.metrics]\nfid = { rel = -0.1 }\n", "fid.rel = -0.1 is not a number of at least 0"),
        ("[gate]\ntolerance = 1\n", "no key 'tolerance'"),
        ("gate = 3\n", "[gate] is 3, not a table"),
    ],
)
def test_a_mistake_in_the_configuration_ends_with_2(work, capsys, text, said):
    Path("genaudit.toml").write_text(text)
    assert main(["check", "same", "--baseline", "b.json"]) == 2
    assert said in capsys.readouterr().err


def test_an_unlike_run_ends_with_2_and_can_be_compared_on_purpose(work, capsys):
    faces = replace(GOOD, dataset=replace(GOOD.dataset, name="faces"))
    Path("faces").mkdir()
    faces.save("faces/run.json")
    assert main(["check", "faces", "--baseline", "b.json"]) == 2
    assert "dataset is colored-digits in the baseline and faces in this run" in capsys.readouterr().err
    assert main(["check", "faces", "--baseline", "b.json", "--allow-mismatch", "dataset"]) == 0
    assert "note: Compared although dataset is colored-digits" in capsys.readouterr().out


@pytest.mark.parametrize(
    "changes", [{"complete": False}, {"failures": (Failure(component="kid", stage="metric", error="x"),)}]
)
def test_an_incomplete_run_ends_with_3_even_if_a_metric_failed(work, changes):
    replace(WORSE, **changes).save("worse/run.json")
    assert main(["check", "worse", "--baseline", "b.json"]) == 3


def test_a_missing_metric_ends_with_3(work):
    replace(WORSE, results=WORSE.results[1:]).save("worse/run.json")
    assert main(["check", "worse", "--baseline", "b.json"]) == 3


def test_strict_ends_with_3_while_a_metric_is_open(work):
    run(number("fid", 5.2, 0.1), number("recall", 0.8), weights="q" * 64).save("same/run.json")
    assert main(["check", "same", "--baseline", "b.json"]) == 0
    assert main(["check", "same", "--baseline", "b.json", "--strict"]) == 3


def test_an_update_prints_old_and_new_and_keeps_the_reason(work, capsys):
    capsys.readouterr()
    assert main(["check", "worse", "--baseline", "b.json", "--update-baseline", "--reason", "sharper decoder"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == ["fid", "5", "7"]
    assert lines[-1] == "1 of 2 metrics changed in b.json: sharper decoder"
    assert [entry.reason for entry in read_baseline(Path("b.json")).history] == ["first release", "sharper decoder"]
    assert main(["check", "worse", "--baseline", "b.json"]) == 0


def test_an_audit_of_a_table_is_kept_by_name_and_judged_again(site, capsys):
    words = ["audit", "--table", "compas", "--group", "race", "--truth", "reoffended", "--decision", "flagged", "-q"]
    assert main([*words, "--set", "disparities.permutations=99", "--format", "json"]) == 0
    (audited,) = map(str, Path("runs").iterdir())
    update = ["check", audited, "--baseline", "b.json", "--update-baseline", "--reason", "first"]
    assert main(update) == 2
    assert "no number that a baseline keeps" in capsys.readouterr().err
    assert not Path("b.json").exists()
    name = "false_positive_rate_difference"
    Path("genaudit.toml").write_text(f'[gate.metrics]\n{name} = {{ abs = 0.05, reason = "agreed" }}\n')
    assert main(update) == 0
    assert list(read_baseline(Path("b.json")).metrics) == [name]
    capsys.readouterr()
    assert main(["check", audited, "--baseline", "b.json"]) == 0
    said = capsys.readouterr().out
    assert said.splitlines()[-1] == "PASS: The 1 gated metric keeps its tolerance."
    assert "Asked: does this table differ from that of the baseline?" in said
    assert "--keep-features" not in said


def test_in_a_pipeline_an_update_is_refused_unless_it_is_allowed(work, capsys, monkeypatch):
    monkeypatch.setenv("CI", "true")
    words = ["check", "worse", "--baseline", "b.json", "--update-baseline", "--reason", "x"]
    before = Path("b.json").read_bytes()
    assert main(words) == 2
    assert "not updated in CI" in capsys.readouterr().err
    assert Path("b.json").read_bytes() == before
    assert main([*words, "--allow-in-ci"]) == 0


def test_on_github_the_summary_and_the_annotations_come_by_themselves(work, capsys, monkeypatch, tmp_path):
    capsys.readouterr()
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "page.md"))
    assert main(["check", "worse", "--baseline", "b.json", "--json"]) == 1
    captured = capsys.readouterr()
    json.loads(captured.out)
    assert captured.err.startswith("::error title=genaudit fid::fid is 40 %25 worse")
    assert "**FAIL.**" in (tmp_path / "page.md").read_text()
    assert main(["check", "worse", "--baseline", "b.json", "--github", "off"]) == 1
    assert "::error" not in capsys.readouterr().err


def test_two_trainings_are_one_candidate(work, capsys):
    assert main(["check", "same", "worse", "--baseline", "b.json"]) == 0
    assert "Intervals cover 2 trainings" in capsys.readouterr().out
    assert os.environ.get("CI") is None
