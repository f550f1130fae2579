"""The baseline file: small, sorted, reviewed, never half written, never lost."""

import json
import os
import subprocess
import sys
from dataclasses import replace

import pytest
from gate_records import number, run

from genaudit.errors import UnknownName
from genaudit.gate.baseline import BaselineError, updated
from genaudit.gate.baseline_file import LARGEST, baseline_from_json, baseline_to_json, read_baseline, replace_baseline
from genaudit.gate.verdicts import gate
from genaudit.values.results import Direction, Failure

FIRST = [run(number("fid", 5.0), number("recall", 0.8))]


OTHER = "o" * 64
"""The digest of other weights."""


@pytest.fixture
def path(tmp_path):
    place = tmp_path / "baselines" / "vae.json"
    replace_baseline(place, lambda old: updated(old, FIRST, "first")[0])
    return place


def test_it_reads_back_and_its_keys_are_sorted(path):
    made = read_baseline(path)
    assert made.metrics["fid"].value == 5.0
    text = path.read_text()
    assert list(json.loads(text)) == sorted(json.loads(text))
    assert [line.split('"')[1] for line in text.splitlines() if line.startswith('  "') and "value" in line] == [
        "fid",
        "recall",
    ]
    assert baseline_from_json(baseline_to_json(made)) == made


def test_a_baseline_of_a_run_that_generated_nothing_reads_back():
    """An audit of a table has no generator, and so no number of samples."""
    audit = run(number("false_positive_rate_difference", 0.2))
    audit = replace(audit, request=replace(audit.request, samples=0, plugin=""))
    made = updated(None, [audit], "first")[0]
    assert baseline_from_json(baseline_to_json(made)) == made


def test_an_update_keeps_history_and_the_first_value(path):
    again = [run(number("fid", 5.2), number("recall", 0.8))]
    made = replace_baseline(path, lambda old: updated(old, again, "new sampler")[0])
    assert [entry.reason for entry in made.history] == ["first", "new sampler"]
    assert made.history[-1].changed == ("fid",)
    assert (made.metrics["fid"].value, made.metrics["fid"].first.value) == (5.2, 5.0)
    third = replace_baseline(path, lambda old: updated(old, FIRST, "back")[0])
    assert third.metrics["fid"].first.value == 5.0


def test_the_same_run_accepted_again_changes_nothing(path):
    thirds = [run(number("fid", 5 / 3, 1 / 3), number("recall", 2 / 3, 0.1 / 3))]
    replace_baseline(path, lambda old: updated(old, thirds, "thirds")[0])
    assert updated(read_baseline(path), thirds, "again")[1] == ()


def test_a_new_definition_starts_a_new_slide(path):
    made = replace_baseline(path, lambda old: updated(old, [run(number("fid", 5.2, version="2"))], "mended")[0])
    assert made.metrics["fid"].first is None


def test_what_is_accepted_openly_starts_a_new_slide(path):
    made = replace_baseline(path, lambda old: updated(old, [run(number("fid", 9.0))], "another architecture")[0])
    assert made.metrics["fid"].first is None


def test_only_some_metrics_can_be_accepted(path):
    again = [run(number("fid", 9.0), number("recall", 0.9), weights=OTHER)]
    made = replace_baseline(path, lambda old: updated(old, again, "recall alone", only=["recall"])[0])
    assert (made.metrics["fid"].value, made.metrics["recall"].value) == (5.0, 0.9)
    report = gate(made, again)  # no run is the same as a baseline of two runs, so no library is blamed for fid
    assert not any("have changed" in text or "has changed" in text for text in report.warnings)
    assert made.fingerprint.weights == ("w" * 64, OTHER)
    with pytest.raises(UnknownName, match=r"'recal'. Did you mean 'recall'"):
        updated(made, again, "typo", only=["recal"])


@pytest.mark.parametrize(
    "changes", [{"complete": False}, {"failures": (Failure(component="kid", stage="metric", error="x"),)}]
)
def test_an_incomplete_run_is_never_accepted(changes):
    with pytest.raises(BaselineError, match="is not complete"):
        updated(None, [run(number("fid", 5.0), **changes)], "why")


def test_a_reason_is_needed():
    with pytest.raises(BaselineError, match="only with a reason"):
        updated(None, FIRST, "  ")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"value": 5.0', '"value": NaN', "NaN is no number of JSON"),
        ('"value": 5.0', '"value": 1e999', "beyond every number"),
        ('"value": 5.0', '"value": "five"', "metrics.fid.value"),
        ('"standard_error": 0.01', '"standard_error": -1', "error is below 0"),
        ('"standard_error": 0.01', '"standard_error": 1e308', "beyond 1e\\+100"),
        ('"value": 5.0', '"value": -1e308', "beyond 1e\\+100"),
        ('"schema_version": 1', '"schema_version": 7', "baseline of schema 7, and genaudit .* reads schema 1"),
        ("{", "", "is not a baseline"),
        ('"value": 5.0', '"value": "5.0"', "metrics.fid.value"),
        ('"value": 5.0', '"value": true', "metrics.fid.value"),
        ('"value": 5.0', f'"value": 1{"0" * 400}', "beyond 1e\\+100"),
        ('"value": 5.0', '"value": 5.0, "degrees_of_freedom": 0', "freedom of fid are not between 1 and"),
        ('"value": 5.0', '"value": 5.0, "trainings": 0', "a count of fid is below 0, or it has no training"),
        ('"value": 5.0', '"value": 5.0, "value": 4.0', "the key .*value.* stands twice"),
        ('"reason": "', f'"reason": "{"x" * 1_000_000}', "no baseline has more than 1,000,000"),
    ],
)
def test_a_damaged_file_is_refused_with_the_reason(path, old, new, said):
    path.write_text(path.read_text().replace(old, new, 1))
    with pytest.raises(BaselineError, match=said):
        read_baseline(path)


def test_a_byte_order_mark_of_an_editor_is_no_damage(path):
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert read_baseline(path).metrics["fid"].value == 5.0


def test_a_baseline_of_nothing_is_refused_and_never_made(path):
    plain = json.loads(path.read_text())
    path.write_text(json.dumps({**plain, "metrics": {}}))
    with pytest.raises(BaselineError, match="holds no number, so that nothing would be gated") as refused:
        read_baseline(path)
    assert "--update-baseline" in refused.value.hint
    path.unlink()
    with pytest.raises(BaselineError, match="no number that a baseline keeps"):
        replace_baseline(
            path, lambda old: updated(old, [run(number("count", 1.0, direction=Direction.NONE))], "first")[0]
        )
    assert not path.exists()


def test_a_missing_file_is_answered_with_how_to_make_one(tmp_path):
    with pytest.raises(BaselineError, match=r"There is no baseline .*--update-baseline"):
        read_baseline(tmp_path / "none.json")


def test_a_read_only_file_is_said_and_left_as_it_is(path, monkeypatch):
    before = path.read_bytes()
    monkeypatch.setattr("os.access", lambda place, mode: place != path)  # as root, no file is read-only
    with pytest.raises(BaselineError, match="is read-only"):
        replace_baseline(path, lambda old: updated(old, FIRST, "again")[0])
    assert path.read_bytes() == before


def test_a_change_that_fails_leaves_the_file_and_no_lock(path):
    before = path.read_bytes()
    with pytest.raises(ZeroDivisionError):
        replace_baseline(path, lambda old: 1 / 0)
    assert path.read_bytes() == before
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def test_a_lock_that_stays_is_waited_for_and_then_named(path, monkeypatch):
    monkeypatch.setattr("genaudit.gate.baseline_file.PATIENCE", 0.05)
    lock = path.with_name(f".{path.name}.lock")
    lock.touch()
    with pytest.raises(BaselineError, match="Another process has been updating") as refused:
        replace_baseline(path, lambda old: old)
    assert str(lock) in refused.value.hint


UPDATE = """
import sys
from pathlib import Path
from gate_records import number, run
from genaudit.gate.baseline import updated
from genaudit.gate.baseline_file import replace_baseline
for step in range(10):
    record = [run(number("fid", 5.0 + step))]
    replace_baseline(Path(sys.argv[1]), lambda old: updated(old, record, f"{sys.argv[2]} {step}")[0])
"""


def test_two_processes_that_update_at_once_lose_no_update(path):
    processes = [
        subprocess.Popen([sys.executable, "-c", UPDATE, str(path), name], env=with_import_path()) for name in "ab"
    ]
    assert [process.wait(timeout=60) for process in processes] == [0, 0]
    reasons = [entry.reason for entry in read_baseline(path).history]
    assert len(reasons) == 21
    assert {f"{name} {step}" for name in "ab" for step in range(10)} <= set(reasons)


def with_import_path():

    return {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def test_a_long_history_is_thinned_in_the_middle_and_a_file_that_nobody_reviews_is_refused(path):
    for step in range(30):
        record = [run(number("fid", 5.0 + step))]
        made = replace_baseline(
            path, lambda old, record=record, step=step: updated(old, record, f"{step} " + "x" * 800)[0]
        )
    assert len(path.read_bytes()) <= LARGEST
    assert made.history[0].reason == "first"
    assert made.history[-1].reason.startswith("29 ")
    many = [run(*(number(f"metric_{index}", 1.0) for index in range(200)))]
    with pytest.raises(BaselineError, match="which nobody reviews"):
        replace_baseline(path, lambda old: updated(None, many, "all")[0])


def test_several_trainings_are_accepted_as_one():
    runs = [replace(FIRST[0], generator=replace(FIRST[0].generator, digest=letter * 64)) for letter in "ab"]
    made, _ = updated(None, runs, "two trainings")
    assert made.metrics["fid"].trainings == 2
    assert len(made.fingerprint.weights) == 2


def test_seeds_of_the_same_weights_are_accepted_as_one_training():
    made, _ = updated(None, [run(number("fid", 5.0, 0.3), seed=0), run(number("fid", 6.0, 0.4), seed=1)], "two seeds")
    assert (made.metrics["fid"].value, made.metrics["fid"].trainings) == (5.5, 1)
    assert made.metrics["fid"].standard_error == pytest.approx(0.25)  # that of the mean of both


def test_a_baseline_behind_a_symbolic_link_is_replaced_there_and_the_link_stays(path, tmp_path):
    link = tmp_path / "current.json"
    link.symlink_to(path)
    replace_baseline(link, lambda old: updated(old, FIRST, "through the link")[0])
    assert link.is_symlink()
    assert read_baseline(path).reason == "through the link"
    assert sorted(one.name for one in path.parent.iterdir()) == [path.name]
