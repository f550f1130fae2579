"""A foreign distribution, installed beside genaudit, works like a built-in one; what is broken in it harms only itself.

``tox -e third-party`` makes the fresh environment in which these run (fresh.py, in this folder).
"""

import json
import os
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import pytest


def _installed():
    try:
        return bool(version("genaudit-stranger"))
    except PackageNotFoundError:
        return False


pytestmark = [
    pytest.mark.third_party,
    pytest.mark.skipif(not _installed(), reason="genaudit-stranger is not installed; see this file's first lines"),
]

ORIGIN = "(genaudit-stranger 0.3.0)"
UNREQUESTED = ("stranger-hook-error", "stranger-import-error", "stranger-wrong-type", "stranger-clash")


@pytest.fixture(autouse=True)
def working_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def genaudit(*words):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GENAUDIT_")}
    return subprocess.run(
        [sys.executable, "-m", "genaudit", *words], capture_output=True, text=True, encoding="utf-8", timeout=240,
        env={**kept, "OMP_NUM_THREADS": "1"}, check=False,
    )  # fmt: skip


def run(plugin, *words, metrics="fid,mode_count"):
    return genaudit("run", "-p", plugin, "-n", "60", "--metrics", metrics, *words)


def record():
    (folder,) = Path("runs").iterdir()
    return json.loads((folder / "run.json").read_text(encoding="utf-8"))


def test_both_distributions_are_the_wheels_of_a_fresh_environment_without_the_extras():
    words = "import genaudit, strange_blobs; print(genaudit.__file__, strange_blobs.__file__)"
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True)
    assert all(Path(sys.prefix) in Path(file).parents for file in done.stdout.split())
    extras = ("diffusers", "duckdb", "mlflow", "pyarrow", "tensorboard", "wandb")
    assert [name for name in extras if find_spec(name)] == []


def test_a_strangers_generator_metric_and_reporter_work_like_built_in_ones():
    done = run("stranger-blobs", "--format", "html,stranger-text", metrics="fid,kid,stranger_mean_gap")
    assert done.returncode == 0
    found = record()
    assert found["generator"]["distribution"] == "genaudit-stranger 0.3.0"
    gap = next(result for result in found["results"] if result["metric"] == "stranger_mean_gap")
    # the distance of the means is one part of the Fréchet distance, and blobs are no digits
    fid = next(result for result in found["results"] if result["metric"] == "fid" and not result["group"])
    assert 0 < gap["value"] ** 2 < fid["value"]
    (folder,) = Path("runs").iterdir()
    assert (folder / "stranger.txt").read_text().startswith(found["run_id"])
    assert "stranger_mean_gap" in (folder / "report.html").read_text(encoding="utf-8")
    assert "stranger_mean_gap" in done.stdout


def test_a_strangers_options_are_checked_like_built_in_ones():
    done = run("stranger-blobs", "--set", "stranger-blobs.sharpnes=2")
    assert (done.returncode, "did you mean 'sharpness'?" in done.stderr) == (2, True)
    done = run("stranger-blobs", "--set", "stranger-blobs.sharpness=-1")
    assert (done.returncode, "sharpness is -1.0; allowed are numbers above 0" in done.stderr) == (2, True)


def test_the_strangers_own_test_file_holds_it_to_the_contract():
    tests = str(Path(__file__).parent / "genaudit_stranger" / "tests")
    words = ["-m", "pytest", "-q", "-c", os.devnull, "--rootdir", tests, "-p", "no:cacheprovider", tests]
    done = subprocess.run(
        [sys.executable, *words], capture_output=True, text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout
    # sixteen promises of two generators, of which neither has weights or a likelihood
    assert "25 passed, 4 skipped, 3 xfailed" in done.stdout


def test_the_kit_says_of_each_broken_one_what_to_mend():
    done = genaudit("plugins", "check", "stranger-in-use", "--json")
    assert done.returncode == 1
    found = {one["generator"]: one["checks"] for one in json.loads(done.stdout)["generators"]}
    broken = {
        name: {one["check"]: one["said"] for one in checks if one["verdict"] == "broken"}
        for name, checks in found.items()
    }
    assert "blobs.safetensors is not in the wheel" in broken["stranger-build-raises"]["build"]
    assert "the stranger divides by zero" in broken["stranger-decode-raises"]["shapes"]
    assert "NaN or infinity" in broken["stranger-decode-nan"]["ranges"]
    assert "(6, 1, 16, 16) for 6 items; allowed: (6, 3, 16, 16)" in broken["stranger-wrong-shape"]["shapes"]
    assert "values from 255 to 255" in broken["stranger-out-of-range"]["ranges"]


def test_one_seed_gives_the_same_numbers_at_any_batch_size():
    values = []
    for batch in ("7", "60"):
        done = run("stranger-blobs", "--batch-size", batch, "--json", metrics="fid,recall")
        assert done.returncode == 0
        values.append([result["value"] for result in json.loads(done.stdout)["results"]])
    assert values[0] == values[1]


def test_unrequested_broken_plugins_cost_one_line_each_and_nothing_else():
    done = run("stranger-blobs")
    assert done.returncode == 0
    for name in UNREQUESTED:
        (line,) = [line for line in done.stderr.splitlines() if f"'{name}'" in line]
        assert line.startswith("genaudit: warning: ")
        assert "genaudit-stranger 0.3.0" in line
        assert name not in done.stdout


def test_every_plugin_has_a_row_with_its_state():
    done = genaudit("plugins", "list", "--json")
    assert done.returncode == 0
    states = {found["name"]: found["state"] for found in json.loads(done.stdout)["plugins"]}
    assert {name: state for name, state in states.items() if name.startswith("stranger")} == {
        "stranger-blobs": "loaded",
        "stranger-clash-one": "loaded",
        "stranger-clash-two": "loaded",
        "stranger-hook-error": "failed",
        "stranger-import-error": "failed",
        "stranger-in-use": "loaded",
        "stranger-wrong-type": "failed",
    }
    assert states["vae"] == "loaded"


@pytest.mark.parametrize(
    ("generator", "plugin", "stage", "cause"),
    [
        ("stranger-import-error", "stranger-import-error", "import", "RuntimeError: this stranger has no licence file"),
        (
            "stranger-hook-error",
            "stranger-hook-error",
            "hook genaudit_generators",
            "OSError: this stranger lost its list",
        ),
        (
            "stranger-wrong-type",
            "stranger-wrong-type",
            "hook genaudit_generators",
            "TypeError: returned an object of type",
        ),
        (
            "stranger-build-raises",
            "stranger-in-use",
            "build",
            "FileNotFoundError: blobs.safetensors is not in the wheel",
        ),
    ],
)
def test_a_requested_plugin_that_cannot_be_had_is_refused_with_its_cause(generator, plugin, stage, cause):
    done = run(generator)
    assert done.returncode == 2
    assert f"Plugin '{plugin}' {ORIGIN} failed at stage {stage}" in done.stderr
    assert cause in done.stderr
    assert "Traceback" not in done.stderr
    files = [path.name for path in Path().glob("runs/*/*") if path.is_file()]
    assert files == (["log.txt"] if stage == "build" else [])  # where the plugin's own code failed, for its author
    assert all("blobs.safetensors is not in the wheel" in path.read_text() for path in Path().glob("runs/*/log.txt"))


def test_a_requested_name_that_two_plugins_bring_is_refused_with_both():
    done = run("stranger-clash")
    assert done.returncode == 2
    assert "genaudit-stranger 0.3.0 (plugin 'stranger-clash-one')" in done.stderr
    assert "genaudit-stranger 0.3.0 (plugin 'stranger-clash-two')" in done.stderr
    assert "--block stranger-clash-one or --block stranger-clash-two" in done.stderr


@pytest.mark.parametrize(
    ("plugin", "stage", "cause"),
    [
        ("stranger-decode-raises", "generated", "ZeroDivisionError: the stranger divides by zero"),
        ("stranger-decode-nan", "decode", "NaN or infinity in"),
        ("stranger-wrong-shape", "decode", "returned shape (60, 1, 16, 16); allowed: (60, 3, 16, 16)"),
        ("stranger-out-of-range", "decode", "returned values in [255, 255]; allowed: values in [0, 1]"),
    ],
)
def test_a_generator_that_breaks_its_contract_costs_its_numbers_and_keeps_the_rest(plugin, stage, cause):
    done = run(plugin, metrics="fid,mode_count,psnr")
    assert done.returncode == 3
    found = record()
    for failure in found["failures"]:
        assert f"Plugin 'stranger-in-use' {ORIGIN}" in failure["error"]
        assert stage in failure["error"]
        assert cause in failure["error"]
    assert {failure["component"] for failure in found["failures"]} == {"fid", "mode_count"}
    assert "psnr" in {missing["component"] for missing in found["not_available"]}
    assert f"Plugin 'stranger-in-use' {ORIGIN}" in done.stdout


def test_a_plugin_that_ends_the_program_does_not_make_the_run_a_success():
    done = run("stranger-exits")
    assert done.returncode in {2, 3}
    assert "SystemExit" in done.stderr + done.stdout
    assert "the stranger leaves" not in done.stdout


def test_a_clash_is_resolved_by_blocking_one_side():
    done = run("stranger-clash", "--block", "stranger-clash-two", metrics="mode_count")
    assert done.returncode == 0
    assert record()["generator"]["name"] == "stranger-clash"


def test_blocking_the_distribution_silences_it():
    done = genaudit("run", "-p", "vae", "--dry-run", "--block", "genaudit_stranger")
    assert done.returncode == 0
    assert "stranger" not in done.stderr + done.stdout
