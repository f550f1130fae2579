"""Records that cannot be read, given to each command that reads one."""

import json
from pathlib import Path

import pytest
from records import record, result

from genaudit.cli import main
from genaudit.values.record import SCHEMA_VERSION

FIRST = Path(__file__).parents[1] / "values" / "first_record.json"


@pytest.fixture
def run(tmp_path, monkeypatch):
    """The folder of a run; the working directory is beside it."""
    monkeypatch.chdir(tmp_path)
    for name in ("CI", "GENAUDIT_CONFIG", "GENAUDIT_BLOCK", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "run"
    folder.mkdir()
    record().save(folder / "run.json")
    return folder


def cut(folder):
    text = (folder / "run.json").read_text(encoding="utf-8")
    (folder / "run.json").write_text(text[: len(text) // 2], encoding="utf-8")


def empty(folder):
    (folder / "run.json").write_text("")


def binary(folder):
    (folder / "run.json").write_bytes(b"\x89PNG\r\n\x1a\n\xff")


def missing(folder):
    (folder / "run.json").unlink()


def a_folder(folder):
    (folder / "run.json").unlink()
    (folder / "run.json").mkdir()


def changed(**fields):
    def change(folder):
        plain = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        (folder / "run.json").write_text(json.dumps({**plain, **fields}), encoding="utf-8")

    return change


DAMAGES = {
    "cut off": (cut, "is not a run record: it is not JSON"),
    "empty": (empty, "is not a run record: it is not JSON"),
    "binary": (binary, "Cannot read"),
    "missing": (missing, "There is no run.json in"),
    "a folder": (a_folder, "Cannot read"),
    "a list for an object": (changed(request=[]), "is not a run record: request"),
    "a text for a number": (changed(memory_peak_mib="4"), "is not a run record: memory_peak_mib"),
    "a newer schema": (changed(schema_version=SCHEMA_VERSION + 1), "A newer genaudit wrote it"),
    "an older schema": (changed(schema_version=SCHEMA_VERSION - 1), "Read it with genaudit 0.1.0 that wrote it"),
    "an escape sequence": (changed(schema_version="\x1b[2J"), 'schema_version is "\\u001b[2J"'),
}
COMMANDS = {
    "report": ("report", "run"),
    "compare": ("compare", "run", str(FIRST)),
    "check": ("check", "run", "--baseline", "baseline.json"),
    "check --update-baseline": ("check", "run", "--baseline", "new.json", "--update-baseline", "--reason", "first"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("damage", DAMAGES)
def test_every_command_says_what_is_wrong_and_what_to_do_and_leaves_with_2(damage, command, run, capsys):
    damaged, said = DAMAGES[damage]
    damaged(run)
    before = set(run.rglob("*"))
    assert main(list(COMMANDS[command])) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""
    assert len(captured.err.rstrip().splitlines()) >= 1
    assert "Traceback" not in captured.err
    assert "\x1b" not in captured.err
    assert set(run.rglob("*")) == before
    assert not Path("new.json").exists()


def test_what_a_run_appended_is_named_where_its_record_is_damaged(run, capsys):
    cut(run)
    (run / "metrics.jsonl").write_text("{}\n")
    assert main(["report", "run"]) == 2
    assert "metrics.jsonl beside it holds every number of the run" in capsys.readouterr().err


def test_a_run_that_was_ended_before_it_had_begun_is_told_from_a_folder_that_never_was_one(run, capsys):
    missing(run)
    (run / "log.txt").write_text("")
    assert main(["report", "run"]) == 2
    assert "the run was ended before it asked anything, or is being prepared" in capsys.readouterr().err


def test_answers_without_what_they_answer_are_named(run, capsys):
    missing(run)
    (run / "metrics.jsonl").write_text("{}\n")
    assert main(["report", "run"]) == 2
    said = capsys.readouterr().err
    assert "There is neither run.json nor begun.json in run" in said
    assert "run/metrics.jsonl" in said


@pytest.mark.parametrize(("content", "said"), [("", "not JSON"), ("[]", "no JSON object"), ("{}", "schema_version")])
def test_a_damaged_beginning_is_named_itself(run, capsys, content, said):
    missing(run)
    (run / "begun.json").write_text(content)
    assert main(["report", "run"]) == 2
    err = capsys.readouterr().err
    assert "run/begun.json is not a run record" in err
    assert said in err


def test_the_first_record_ever_written_is_reported_compared_and_checked(run, capsys):
    (run / "run.json").write_bytes(FIRST.read_bytes())
    assert main(["report", "run", "--format", "html,csv,md,junit"]) == 0
    assert "Fréchet distance" in (run / "report.html").read_text(encoding="utf-8")
    (run.parent / "today").mkdir()
    record(results=(result(value=3.0, interval=(2.9, 3.1)),)).save(run.parent / "today" / "run.json")
    capsys.readouterr()
    assert main(["compare", "run", "today"]) == 0
    assert "-1.11" in capsys.readouterr().out
    complete = record(failures=())
    complete.save(run / "run.json")
    assert main(["check", "run", "--baseline", "new.json", "--update-baseline", "--reason", "first"]) == 0
    (run / "run.json").write_bytes(FIRST.read_bytes())
    capsys.readouterr()
    assert main(["check", "run", "--baseline", "new.json"]) == 3  # a metric of that run failed
    assert "fid" in capsys.readouterr().out


def test_a_report_is_written_as_a_folder_where_it_is_asked_for(run, capsys):
    assert main(["report", "run", "--layout", "dir"]) == 0
    assert sorted(path.name for path in (run / "report").iterdir()) == ["index.html", "sort.js", "style.css"]
    assert "report/index.html" in capsys.readouterr().out
    assert not (run / "report.html").exists()
    assert (run / "results.csv").exists()
    assert main(["report", "run", "--layout", "dirs"]) == 2
    assert "No layout 'dirs'. Did you mean 'dir'?" in capsys.readouterr().err
