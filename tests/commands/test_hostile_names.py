"""Names, options, errors and warnings of plugins and files are shown by every command, and steer no terminal."""

import json
import struct
import unicodedata
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from genaudit.cli import main

ATTACK = "\x1b[2J\x1b]0;owned\x07\x9b31mleft\u202eright\n\rgenaudit: all is well\u2028"
PLUGIN = f"""
    from dataclasses import dataclass

    from genaudit.plugin import AnnotatorSpec, DatasetSpec, ExtractorSpec, GeneratorSpec, MetricSpec, ReporterSpec
    from genaudit.plugin import TrackerSpec, hookimpl

    ATTACK = {ATTACK!a}

    @dataclass(frozen=True, kw_only=True)
    class Options:
        tone: str = ATTACK

    @hookimpl
    def genaudit_generators():
        for name in ("odd", "odd-build", "odd-decode", "odd-shape", "odd-settle"):
            yield GeneratorSpec(name=name, summary=ATTACK, capabilities=("Sampler",), image_shape=(3, 16, 16),
                                target=f"odd_model:{{name.replace('-', '_')}}", options="odd_plugin:Options",
                                settle="odd_model:settle" if name == "odd-settle" else "", licence=ATTACK,
                                source=ATTACK)

    @hookimpl
    def genaudit_reporters():
        yield ReporterSpec(name="odd-report", summary=ATTACK, target="odd_model:report", filename="odd.txt")
        yield ReporterSpec(name="odd" + ATTACK, summary=ATTACK, target="odd_model:report", filename="o" + ATTACK)

    @hookimpl
    def genaudit_trackers():
        yield TrackerSpec(name="odd-tracker", summary=ATTACK, target="odd_model:report")

    @hookimpl
    def genaudit_datasets():
        raise type("Bad" + ATTACK, (Exception,), {{}})(ATTACK)

    @hookimpl
    def genaudit_run_finished(record):
        raise ValueError(ATTACK)
"""
MODEL = """
    from odd_plugin import ATTACK

    class Odd:
        latent_shape = (3,)
        asked = 0

        def __init__(self, options, device, event=None):
            self.event = event

        def decode(self, z, labels=None):
            if self.event == "raise":
                raise ValueError(ATTACK)
            made = z.sigmoid()[:, :, None, None].expand(-1, 3, 16, 16)
            return made[:, :2] if self.event == "shape" else made

    odd = Odd

    def odd_build(options, device):
        raise RuntimeError(ATTACK)

    def odd_decode(options, device):
        return Odd(options, device, "raise")

    def odd_shape(options, device):
        return Odd(options, device, "shape")

    odd_settle = Odd

    def settle(spec, options):
        raise ValueError(ATTACK)

    def report(record, folder, options=None):
        raise ValueError(ATTACK)
"""
FEW = ("-n", "20", "--metrics", "mode_count")


@pytest.fixture
def world(site, monkeypatch):
    """Plugins, files and a finished run whose every name is an attack."""
    for name in ("CI", "GITHUB_ACTIONS", "GENAUDIT_CACHE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GENAUDIT_CACHE", f"kept {ATTACK}")
    site.install("odd-models", {"odd": "odd_plugin"}, odd_plugin=PLUGIN, odd_model=MODEL)
    (info,) = site.folder.glob("odd_models-*.dist-info")
    shown = ATTACK.replace("\n", "").replace("\r", "").replace("\u2028", "")
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: odd{shown}\nVersion: 1{shown}\nRequires-Dist: genaudit {shown}!!\n"
    )
    (info / "entry_points.txt").write_text(f"[genaudit]\nodd{shown} = odd_plugin\nlost{shown} = odd{shown}\n")
    folder = Path(f"set {ATTACK}")
    folder.mkdir()
    for number in range(3):
        Image.fromarray(np.full((4, 4, 3), number, np.uint8)).save(folder / f"{number}{ATTACK}.png")
    return folder


def harmless(capfd, *words, codes=(0, 1, 2, 3), told=1):
    """What a command says: nothing that a terminal obeys, and no line that poses as genaudit's own."""
    code = main([*map(str, words)])
    said = "".join(capfd.readouterr())
    assert code in codes, said
    assert said.count("owned") >= told, said
    bad = {unicodedata.name(c, hex(ord(c))) for c in said if c not in "\n\u2060" and unicodedata.category(c)[0] == "C"}
    assert bad == set(), said
    assert "\ngenaudit: all is well" not in f"\n{said}"
    return said


def test_lists_and_checks(world, capfd):
    for words in (
        ("plugins", "list"), ("plugins", "list", "--json"), ("doctor",), ("doctor", "--json"), ("metrics", "list"),
        ("plugins", "check", "odd"), ("plugins", "check", "odd-decode"), ("plugins", "check", "odd-build", "--json"),
        ("plugins", "check", "odd-shape"), ("plugins", "check", "odd-settle"),
        ("plugins", "check", "odd", "--set", f"odd.{ATTACK}=1"), ("plugins", "check", ATTACK),
        ("plugins", "new", ATTACK), ("metrics", "explain", ATTACK), ("datasets", "list", "--block", ATTACK),
    ):  # fmt: skip
        told = 0 if words[:2] in {("metrics", "list"), ("datasets", "list")} else 1
        harmless(capfd, *words, told=told)


@pytest.mark.parametrize("name", ["odd", "odd-build", "odd-decode", "odd-shape", "odd-settle"])
def test_runs(world, capfd, name):
    harmless(
        capfd, "run", "-p", name, *FEW, "--format", "html,odd-report", "--track", "odd-tracker", "--purpose", ATTACK
    )
    harmless(capfd, "run", "-p", name, *FEW, "--dry-run")
    harmless(capfd, "run", "-p", name, *FEW, "--json", "-q")
    for path in Path("runs").glob("*/log.txt"):
        log = path.read_text()
        assert [c for c in log if c != "\n" and unicodedata.category(c)[0] == "C"] == []


def test_mistakes_of_the_command_line(world, capfd):
    tiny = ("run", "-p", "tiny")
    for words in (
        (ATTACK,), ("run", f"--{ATTACK}"), ("run", "-p", ATTACK), ("run", "--load", f"owned{ATTACK}"),
        ("run", "-p", "vae", "--weights", f"{ATTACK}.safetensors"), ("cache", "clear", "--older-than", ATTACK),
        *((*tiny, flag, ATTACK) for flag in ("--metrics", "-n", "--device", "--profile", "--format", "--baseline")),
        (*tiny, "--set", f"tiny.contrast={ATTACK}"), (*tiny, "--annotators", "digit=owned\x1b[2J"),
    ):  # fmt: skip
        harmless(capfd, *words, codes=(2,))


def test_sets(world, capfd):
    pixels = ("--extractor", "pixels")
    harmless(capfd, "score", world, world, *pixels, "--format", "html,json,md,junit", codes=(0,))
    harmless(capfd, "score", world, world, *pixels, "--dry-run", "--resize", "4", codes=(0,))
    Image.fromarray(np.zeros((5, 5, 3), np.uint8)).save(world / f"z{ATTACK}.png")
    assert "several sizes" in harmless(capfd, "score", world, world, codes=(2,))
    (world / f"z{ATTACK}.png").write_bytes(b"no image")
    harmless(capfd, "score", world, world, codes=(2,))
    harmless(capfd, "score", world, world, *pixels, "--skip-corrupt", codes=(0,))
    with zipfile.ZipFile("set.zip", "w") as archive:
        archive.writestr(f"a{ATTACK}.png", b"no image")
    harmless(capfd, "score", "set.zip", world, codes=(2,))
    np.savez(f"two{ATTACK}.npz", **{ATTACK: np.eye(3), "b": np.eye(3)})
    harmless(capfd, "score", f"two{ATTACK}.npz", world, codes=(2,))


def test_tables(world, capfd):
    rows = "".join(f'"{ATTACK}{g}",{t},{d}\n' for g in "ab" for t in (0, 1) for d in (0, 1) for _ in range(20))
    table = Path(f"table{ATTACK}.csv")
    column = f"group{ATTACK}s"
    table.write_text(f'"{column}",truth,"decision"\n{rows}', encoding="utf-8", newline="")
    words = ("audit", "--table", table, "--group", column, "--truth", "truth", "--decision", "decision")
    harmless(capfd, *words, codes=(0,))
    harmless(capfd, *words, "--json", "-q", codes=(0,))
    harmless(capfd, *words, "--tolerance", "0.1", "--primary", ATTACK, codes=(2,))
    harmless(capfd, "audit", "--table", table, "--group", f"no{ATTACK}", "--decision", "decision", codes=(2,))


def test_records_and_baselines(world, capfd):
    harmless(capfd, "run", "-p", "odd-decode", *FEW, "-o", f"out {ATTACK}", "--purpose", ATTACK)
    harmless(capfd, "run", "-p", "odd", *FEW, "-o", f"out {ATTACK}", "--purpose", ATTACK)
    runs = sorted(Path(f"out {ATTACK}").iterdir(), key=lambda path: path.stat().st_mtime)
    harmless(capfd, "compare", *runs, codes=(2,), told=0)
    harmless(capfd, "compare", runs[1], runs[1], "--format", "html", "-o", f"both {ATTACK}", codes=(0,))
    harmless(capfd, "compare", runs[1], runs[1], "--label", ATTACK, "--label", "b", "--json", codes=(0,))
    for run in runs:
        harmless(capfd, "report", run, "--format", "html,md")
        harmless(capfd, "report", run, "--json")
        harmless(capfd, "report", run, "--format", "odd-report")
    baseline = f"base {ATTACK}.json"
    harmless(capfd, "check", runs[1], "--baseline", baseline, "--update-baseline", "--reason", ATTACK)
    for run in runs:
        harmless(capfd, "check", run, "--baseline", baseline)
        harmless(capfd, "check", run, "--baseline", baseline, "--json")
        harmless(capfd, "check", run, "--baseline", baseline, "--github", "on")
    record = json.loads((runs[1] / "run.json").read_text())
    record["generator"]["name"] = record["request"]["plugin"] = record["run_id"] = ATTACK
    record["results"][0]["unit"] = record["results"][0]["note"] = ATTACK
    (runs[1] / "run.json").write_text(json.dumps(record))
    for words in (("report", runs[1]), ("compare", *runs), ("check", runs[1], "--baseline", baseline)):
        harmless(capfd, *words)
    record[ATTACK] = record.pop("results")
    (runs[1] / "run.json").write_text(json.dumps(record))
    for words in (("report", runs[1]), ("compare", *runs), ("check", runs[1], "--baseline", baseline)):
        harmless(capfd, *words, codes=(2,))
    Path(baseline).write_text(json.dumps({ATTACK: 1}))
    harmless(capfd, "check", runs[0], "--baseline", baseline, codes=(2,))
    harmless(capfd, "report", ATTACK, codes=(2,))


def test_a_cache(world, capfd):
    kept = Path(f"kept {ATTACK}") / "features" / f"made{ATTACK}"
    kept.mkdir(parents=True)
    (kept / "made.json").write_text(json.dumps({"origin": ATTACK, "device": ATTACK}))
    (kept / f"{'0' * 64}.safetensors").write_bytes(struct.pack("<Q", 2) + b"{}")
    for verb in ("list", "verify", "clear"):
        harmless(capfd, "cache", verb)
        harmless(capfd, "cache", verb, "--json")


def test_a_configuration_file(world, capfd):
    for text in ('[run]\n"{}" = 1\n', '[run]\nplugin = "{}"\n', '[gate]\nbaseline = "{}"\n[run]\nplugin = "tiny"\n'):
        Path("genaudit.toml").write_text(text.replace("{}", json.dumps(ATTACK)[1:-1]))
        harmless(capfd, "run", codes=(2,))
    Path("genaudit.toml").write_text(f"[run]\n{ATTACK} = [\n", newline="")
    harmless(capfd, "run", codes=(2,), told=0)
    harmless(capfd, "doctor", told=0)
