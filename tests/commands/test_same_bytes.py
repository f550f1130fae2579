"""With a date that is given, one command writes the same bytes each time."""

import json

import pytest
from commands import genaudit

RUN = ("run", "-p", "tiny", "-n", "60", "--metrics", "fid,kid,mode_count", "-q")
MOMENT = "1700000000"
TIMED = {"log.txt", "metrics.jsonl"}
"""What a clock is read for: the log, and the answers in the order in which they came."""


def written(out):
    (folder,) = out.iterdir()
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_every_file_of_a_run_is_the_same_but_those_that_tell_the_time(site, tmp_path):
    runs = []
    for seed in ("0", "1"):  # of Python's hashes: no order may depend on them
        out = tmp_path / f"runs {seed}"
        done = genaudit(*RUN, "--out", out, site=site, SOURCE_DATE_EPOCH=MOMENT, PYTHONHASHSEED=seed)
        assert done.returncode == 0, done.stderr
        runs.append(written(out))
    first, second = runs
    assert set(first) == set(second) >= {"run.json", "results.csv", "report.html", "samples.npz", "samples/real.png"}
    assert {name for name in first if first[name] != second[name]} <= TIMED
    _says_what_was_given(json.loads(first["run.json"]), first["report.html"].decode())


def _says_what_was_given(record, page):
    assert record["created"] == "2023-11-14T22:13:20+00:00"
    assert record["run_id"] == "tiny-colored-digits-20231114-221320"
    assert (record["stages"], record["memory_peak_mib"]) == ([], 0.0)
    assert {result["seconds"] for result in record["results"]} == {0.0}
    assert "given as SOURCE_DATE_EPOCH=1700000000; neither time nor memory was kept" in page
    assert "Time and memory" not in page


def test_an_audit_of_a_table_writes_the_same_bytes_too(site, tmp_path):
    audit = ("audit", "--table", "kidney-stones", "--group", "treatment", "--decision", "success", "-q")
    runs = []
    for place in ("one", "two"):
        done = genaudit(*audit, "--out", tmp_path / place, site=site, SOURCE_DATE_EPOCH=MOMENT)
        assert done.returncode == 0, done.stderr
        runs.append(written(tmp_path / place))
    assert {name for name in runs[0] if runs[0][name] != runs[1][name]} <= TIMED
    assert "report.html" in runs[0]


@pytest.mark.parametrize("given", ["yesterday", "1.5", "9" * 30])
def test_a_date_that_is_none_is_refused_before_any_work(given, site, capsys, monkeypatch, tmp_path):
    from genaudit.cli import main

    monkeypatch.setenv("SOURCE_DATE_EPOCH", given)
    out = tmp_path / "runs"
    for command in (list(RUN), ["audit", "--table", "compas", "--group", "race", "--decision", "flagged"]):
        assert main([*command, "--out", str(out)]) == 2
        assert "The variable SOURCE_DATE_EPOCH is no number of seconds" in capsys.readouterr().err
    assert not out.exists()
