"""``--processes``: several processes read for one run; its record is that of one."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from commands import genaudit as command
from commands import variables

from genaudit.cli import main
from genaudit.stats.seeds import generator

PLUGIN = """
    from genaudit.plugin import ExtractorSpec, hookimpl

    @hookimpl
    def genaudit_extractors():
        yield ExtractorSpec(name="careful", summary="Takes its time.", target="careful_net:build",
                            outputs={"features": 3}, preprocessing="none")
"""
NETWORK = """
    import os
    import time
    from pathlib import Path

    class Careful:
        weights_digest = "0" * 64

        def extract(self, images):
            share = os.environ.get("GENAUDIT_SHARE", "0")
            with Path(os.environ["CAREFUL_LOG"]).open("a") as log:
                log.write(f"{share}:{len(images)}\\n")
            if share == os.environ.get("CAREFUL_FAILS"):
                os.kill(os.getpid(), 9)
            time.sleep(float(os.environ.get("CAREFUL_SECONDS", "0")))
            return {"features": images.double().mean(dim=(2, 3))}

    def build(options, device):
        return Careful()
"""
FEW = ("--extractor", "careful", "--metrics", "fid,kid", "--format", "json")
SCORE = ("score", "one.npy", "reference.npy", *FEW)
RUN = ("run", "-p", "tiny", "-d", "colored-digits", "-n", "600", *FEW)
SEVERAL = ("--processes", "3", "--cache", "kept")


@pytest.fixture
def careful(site, tmp_path):
    """An extractor that writes down which process shows it how many images, and two sets of 600 and 300."""
    site.install("careful-net", {"careful": "careful_plugin"}, careful_plugin=PLUGIN, careful_net=NETWORK)
    for name, count in (("one", 600), ("reference", 300)):
        np.save(f"{name}.npy", generator(0, name).integers(0, 256, size=(count, 8, 8, 3), dtype=np.uint8))

    def go(*words, **environment):
        log = tmp_path / "seen.txt"
        log.unlink(missing_ok=True)
        given = {"CAREFUL_LOG": str(log), "SOURCE_DATE_EPOCH": "1700000000", **environment}
        done = command(*words, site=site, cwd=Path.cwd(), **given)
        return done, log.read_text().split() if log.exists() else []

    return go


def record(out):
    (folder,) = Path(out).iterdir()
    return (folder / "run.json").read_bytes()


def sizes(seen):
    return sorted(int(entry.partition(":")[2]) for entry in seen)


@pytest.mark.parametrize("words", [SCORE, RUN])
def test_three_processes_make_the_record_of_one_and_read_no_block_twice(careful, words):
    done, alone = careful(*words, "-o", "alone")
    assert done.returncode == 0, done.stderr
    done, shared = careful(*words, *SEVERAL, "-o", "shared")
    assert done.returncode == 0, done.stderr
    assert record("alone") == record("shared")
    assert sizes(alone) == sizes(shared)
    assert {entry.partition(":")[0] for entry in shared} == {"0", "1", "2"}
    assert len(list(Path("shared").iterdir())) == 1  # helpers make no folder of their own


def test_a_process_that_dies_costs_no_number_and_is_told_of(careful):
    careful(*SCORE, "-o", "alone")
    done, seen = careful(*SCORE, *SEVERAL, "-o", "shared", CAREFUL_FAILS="2")
    assert done.returncode == 0, done.stderr
    assert "A process that shared the work ended with exit code -9: its share is read here." in done.stderr
    assert record("alone") == record("shared")
    assert sum(entry.startswith("2:") for entry in seen) == 1


def test_interrupting_the_run_ends_every_process_of_it(careful, site, tmp_path):
    log = tmp_path / "seen.txt"
    given = variables(site, CAREFUL_LOG=str(log), CAREFUL_SECONDS="30")
    with subprocess.Popen(
        [sys.executable, "-m", "genaudit", *SCORE, *SEVERAL, "-o", "runs"], env=given, start_new_session=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        for _ in range(1_200):
            if log.exists() and len(log.read_text().split()) == 3:
                break
            assert process.poll() is None, process.stderr.read()
            time.sleep(0.05)
        process.send_signal(signal.SIGINT)  # to the first alone
        assert process.wait(60) == 130
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)


def test_what_several_processes_cannot_do_is_refused_before_any_work(careful, capsys, monkeypatch):
    monkeypatch.delenv("GENAUDIT_CACHE", raising=False)
    refusals = {
        ("run", "-p", "tiny", "--processes", "2"): "through a cache, and none is named",
        ("run", "-p", "tiny", *SEVERAL): "Extractor 'digits' is quick",
        ("run", "-p", "vae", "--retrain", "--extractor", "careful", *SEVERAL): "each train the generator",
        (*RUN, "--resolve", *SEVERAL): "Several processes work for one run",
        (*SCORE, "--processes", "0"): "0 is not in the range",
    }
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    for words, reason in refusals.items():
        assert main(list(words)) == 2
        assert reason in capsys.readouterr().err
    assert not Path("runs").exists()


def test_a_dry_run_starts_nothing(careful, capsys):
    done, seen = careful(*SCORE, *SEVERAL, "--dry-run", "--json")
    assert done.returncode == 0
    assert json.loads(done.stdout)["values"]["cache"]["value"] == "kept"
    assert seen == []
