"""``--cache``: a run that was killed goes on, a reference is read once for all models, and no number changes."""

import json
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
            with Path(os.environ["CAREFUL_LOG"]).open("a") as log:
                log.write(f"{len(images)}\\n")
            time.sleep(float(os.environ.get("CAREFUL_SECONDS", "0")))
            return {"features": images.double().mean(dim=(2, 3))}

    def build(options, device):
        return Careful()
"""
EPOCH = {"SOURCE_DATE_EPOCH": "1700000000"}
FEW = ("--metrics", "fid,kid,precision", "--format", "json", "-q")


@pytest.fixture
def careful(site, tmp_path, monkeypatch):
    """An extractor that writes down how many images it is shown each time, and three sets of images."""
    for name in ("GENAUDIT_CACHE", "GENAUDIT_INCEPTION_WEIGHTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("CAREFUL_LOG", str(tmp_path / "seen.txt"))
    site.install("careful-net", {"careful": "careful_plugin"}, careful_plugin=PLUGIN, careful_net=NETWORK)
    for name in ("reference", "one", "other"):
        sizes = (300, 8, 8, 3)
        np.save(f"{name}.npy", generator(0, name).integers(0, 256, size=sizes, dtype=np.uint8))
    return site


def seen():
    import os

    log = Path(os.environ["CAREFUL_LOG"])
    found = log.read_text().split() if log.exists() else []
    log.unlink(missing_ok=True)
    return [int(count) for count in found]


def score(generated, out, *words):
    return ("score", f"{generated}.npy", "reference.npy", "--extractor", "careful", "-o", out, *FEW, *words)


def record(out):
    (folder,) = Path(out).iterdir()
    return (folder / "run.json").read_bytes()


def test_a_second_model_is_scored_against_a_reference_that_was_read_before(careful, monkeypatch):
    monkeypatch.setenv(*next(iter(EPOCH.items())))
    assert main([*score("one", "plain")]) == 0
    assert seen() == [128, 128, 44] * 2
    assert main([*score("one", "a", "--cache", "kept")]) == 0
    assert seen() == [128, 128, 44] * 2
    assert main([*score("other", "b", "--cache", "kept")]) == 0
    assert seen() == [128, 128, 44]
    assert main([*score("one", "c", "--cache", "kept", "--batch-size", "50")]) == 0
    assert seen() == []
    assert json.loads(record("plain"))["results"] == json.loads(record("c"))["results"]
    assert record("plain") == record("a")


def test_without_the_flag_nothing_is_kept_and_the_environment_and_the_file_name_a_place_too(careful, monkeypatch):
    assert main([*score("one", "a")]) == 0
    assert sorted(path.name for path in Path.cwd().iterdir()) == ["a", "one.npy", "other.npy", "reference.npy"]
    monkeypatch.setenv("GENAUDIT_CACHE", "from-environment")
    assert main([*score("one", "b", "--no-cache")]) == 0
    assert not Path("from-environment").exists()
    assert main([*score("one", "c")]) == 0
    assert len(list(Path("from-environment").rglob("*.safetensors"))) == 6
    monkeypatch.delenv("GENAUDIT_CACHE")
    Path("genaudit.toml").write_text('[run]\ncache = "from-file"\n')
    assert main([*score("one", "d")]) == 0
    assert len(list(Path("from-file").rglob("*.safetensors"))) == 6


def test_a_dry_run_says_where_features_would_be_kept(careful, capsys):
    assert main([*score("one", "a", "--cache", "kept", "--dry-run")]) == 0
    assert ["cache", "kept", "flag"] in [line.split() for line in capsys.readouterr().out.splitlines()]
    assert main(["run", "-p", "tiny", "-n", "20", "--cache", "kept", "--dry-run"]) == 0
    assert ["cache", "kept", "flag"] in [line.split() for line in capsys.readouterr().out.splitlines()]
    assert not Path("kept").exists()


def test_a_file_in_its_place_and_two_flags_that_exclude_each_other_are_refused(careful, capsys):
    assert main([*score("one", "a", "--cache", "one.npy")]) == 2
    assert "it is not a folder" in capsys.readouterr().err
    assert main([*score("one", "a", "--cache", "kept", "--no-cache")]) == 2
    assert "--cache and --no-cache exclude each other" in capsys.readouterr().err


def test_the_command_that_repeats_the_run_does_not_name_the_cache(careful):
    words = ["run", "-p", "tiny", "-n", "20", "-d", "colored-digits", "--extractor", "careful", *FEW, "-o", "runs"]
    assert main([*words, "--cache", "kept"]) == 0
    assert "kept" not in json.loads(record("runs"))["request"]["command"]
    assert seen()
    assert main([*words, "--cache", "kept", "-o", "again"]) == 0
    assert seen() == []


def kill_when(blocks, words, site, **environment):
    """Start a run and kill it, so that it cannot say goodbye, when that many blocks are kept."""
    with subprocess.Popen(
        [sys.executable, "-m", "genaudit", *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env=variables(site, **environment),
    ) as process:  # fmt: skip
        for _ in range(2_400):
            if len(list(Path("kept").rglob("*.safetensors"))) >= blocks:
                break
            assert process.poll() is None, process.stderr.read().decode()
            time.sleep(0.05)
        process.send_signal(signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL


def test_a_run_that_was_killed_goes_on_where_it_was(careful, monkeypatch):
    kill_when(2, score("one", "killed", "--cache", "kept"), careful, CAREFUL_SECONDS="1")
    shown = seen()
    assert shown[:2] == [128, 128]
    assert len(shown) < 6
    kept = len(list(Path("kept").rglob("*.safetensors")))
    monkeypatch.setenv(*next(iter(EPOCH.items())))
    assert main([*score("one", "resumed", "--cache", "kept")]) == 0
    assert seen() == ([128, 128, 44] * 2)[kept:]
    assert main([*score("one", "plain")]) == 0
    assert record("resumed") == record("plain")


@pytest.mark.slow
def test_inception_goes_on_in_the_middle_of_a_set(site, tmp_path):
    import torch
    from random_inception import random_weights

    torch.save(random_weights(), "random.pth")
    for name in ("one", "reference"):
        np.save(f"{name}.npy", generator(0, name).integers(0, 256, size=(136, 16, 16, 3), dtype=np.uint8))
    words = ("score", "one.npy", "reference.npy", "--extractor", "inception", "--weights", "inception=random.pth", *FEW)
    kill_when(1, (*words, "--cache", "kept", "-o", "killed"), site)
    kept = len(list(Path("kept").rglob("*.safetensors")))
    assert kept in {1, 2}  # the second block has eight images
    for out, more in (("resumed", ("--cache", "kept")), ("plain", ())):
        assert command(*words, *more, "-o", out, site=site, cwd=Path.cwd(), **EPOCH).returncode == 0
    (folder,) = Path("resumed").iterdir()
    assert f"features: {kept} of 4 blocks were in " in (folder / "log.txt").read_text()
    assert record("resumed") == record("plain")


def test_whoever_asks_for_a_cache_that_stays_empty_is_told(careful, capsys):
    quick = ["run", "-p", "tiny", "-n", "20", "--metrics", "kid", "--dry-run"]
    assert main([*quick, "--cache", "kept"]) == 0
    assert (
        "--cache keeps nothing in this run: what extractor 'digits' says is computed quickly" in capsys.readouterr().err
    )
    assert main(quick) == 0
    assert main([*score("one", "a")[:-1], "--cache", "kept", "--dry-run"]) == 0
    assert capsys.readouterr().err == ""
