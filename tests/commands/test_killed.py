"""A run that is killed while it computes: nothing of it can say goodbye, and what it had found is reported."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from commands import variables

import genaudit
from genaudit.cli import main

PLUGIN = """
    from genaudit.plugin import MetricSpec, hookimpl
    from genaudit.values.results import Direction

    @hookimpl
    def genaudit_metrics():
        for name in ("a_first", "b_endless", "c_last"):
            yield MetricSpec(name=name, title=name.title(), summary=name, needs=("features",), unit="images",
                             target=f"slow_model:{name}", direction=Direction.NONE)
"""
METRICS = """
    import time

    from genaudit.values.results import Estimate

    def a_first(features, *, options, rng):
        return Estimate(value=features.generated.shape[0], interval=None, reason_without="It is a count.",
                        n_generated=features.generated.shape[0], n_reference=0)

    def b_endless(features, *, options, rng):
        time.sleep(600)

    c_last = a_first
"""
RUN = ("run", "-p", "tiny", "-n", "20", "--metrics", "a_first,b_endless,c_last")


@pytest.fixture
def killed(site, monkeypatch):
    """The folder of a run that was killed when one of its three metrics had answered."""
    for name in ("CI", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    site.install("slow-metrics", {"slow": "slow_plugin"}, slow_plugin=PLUGIN, slow_model=METRICS)
    with subprocess.Popen(
        [sys.executable, "-m", "genaudit", *RUN], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=variables(site)
    ) as process:
        folder = _when_one_has_answered(process)
        process.send_signal(signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
    return folder


def _when_one_has_answered(process):
    for _ in range(1_200):
        for log in Path("runs").glob("*/metrics.jsonl"):
            if '"a_first"' in log.read_text():
                return log.parent
        assert process.poll() is None, process.stderr.read().decode()
        time.sleep(0.1)
    raise AssertionError("no metric answered within two minutes")


def test_its_report_holds_what_it_had_found_and_names_what_it_did_not_come_to(killed, capsys):
    assert sorted(path.name for path in killed.iterdir()) == ["begun.json", "log.txt", "metrics.jsonl", "samples"]
    assert main(["report", str(killed), "--format", "html,csv,md,junit"]) == 3
    captured = capsys.readouterr()
    assert len(captured.out.splitlines()) == 4
    assert "the run is not complete: it ended before 2 of its metrics and audits" in captured.err
    html = (killed / "report.html").read_text(encoding="utf-8")
    assert "Incomplete" in html
    assert "Not reached" in html
    assert all(title in html for title in ("A_First", "B_Endless", "C_Last"))
    summary = (killed / "summary.md").read_text(encoding="utf-8")
    assert "**Incomplete.** The run stopped before it was done. Not reached: b\\_endless, c\\_last." in summary
    assert (killed / "junit.xml").read_text(encoding="utf-8").count("<error") == 2
    rows = (killed / "results.csv").read_text(encoding="utf-8").splitlines()
    assert {"a_first", "b_endless", "c_last"} <= set(",".join(rows).split(","))

    record = genaudit.load(killed)
    assert not record.complete
    assert record.value("a_first") == 20
    assert set(record.unavailable) == {"b_endless", "c_last"}

    lines = (killed / "metrics.jsonl").read_bytes()
    torn = json.dumps({"part": "MetricResult", "metric": "b_endless"})[:-9].encode()
    (killed / "metrics.jsonl").write_bytes(lines + torn)
    assert main(["report", str(killed), "--format", "md"]) == 3
    torn_line = lines.count(b"\n") + 1
    assert genaudit.load(killed).warnings[-1].startswith(f"Line {torn_line} of metrics.jsonl is cut off or damaged")

    assert main(["compare", str(killed), str(killed), "--json"]) == 0
    assert "is not complete" in capsys.readouterr().out
    update = ("--update-baseline", "--reason", "first")
    assert main(["check", str(killed), "--baseline", "new.json", *update]) == 2
    assert "is not complete: a baseline is not made from it" in capsys.readouterr().err
    assert not Path("new.json").exists()
