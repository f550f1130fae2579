"""``genaudit score`` as a new user would try it."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from crops import crop_folders

from genaudit.cli import main
from genaudit.extractors.options import PUBLISHED, PUBLISHED_NAME
from genaudit.extractors.published_weights import URL
from genaudit.values.serialisation import load_record

PIXELS = ["--extractor", "pixels", "--resize", "8"]


@pytest.fixture
def sets(tmp_path, monkeypatch):
    """Two folders of crops lie in the working directory."""
    for name in ("GENAUDIT_CONFIG", "GENAUDIT_BLOCK", "GENAUDIT_INCEPTION_WEIGHTS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    crop_folders(tmp_path)
    return ["score", "china", "flower"]


def run_folder():
    (folder,) = Path("runs").iterdir()
    return folder


def test_two_folders_of_photographs_give_a_table_and_a_report(sets, capsys):
    assert main([*sets, *PIXELS]) == 0
    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert lines[0].split() == ["metric", "value", "95", "%", "interval", "n", "note"]
    assert {"fid", "kid", "precision", "recall", "density", "coverage"} <= {line.split(" ")[0] for line in lines}
    assert lines[-1] == f"report: {run_folder() / 'report.html'}"
    assert captured.err.startswith("china against flower: 40 images, ")


def test_without_an_extractor_the_refusal_says_what_to_do(sets, capsys):
    assert main(sets) == 2
    said = capsys.readouterr().err
    assert said.startswith("genaudit: No extractor for images of 32 × 32 was named.")
    for way in ("--weights inception=FILE", "--extractor pixels", "--extractor identity"):
        assert way in said
    assert not Path("runs").exists()


def test_json_is_the_record_and_nothing_else(sets, capsys):
    assert main([*sets, *PIXELS, "--metrics", "fid,kid", "--json", "--format", "json"]) == 0
    captured = capsys.readouterr()
    assert json.loads(captured.out) == json.loads((run_folder() / "run.json").read_text(encoding="utf-8"))
    assert not (run_folder() / "report.html").exists()


def test_the_command_in_the_record_repeats_the_run(sets, capsys):
    words = [*sets, *PIXELS, "--metrics", "kid", "--seed", "3", "--set", "kid.subsets=4", "--format", "json", "--quiet"]
    assert main(words) == 0
    assert capsys.readouterr().err == ""
    record = load_record(run_folder())
    assert record.request.command == (
        "genaudit score china flower --extractor pixels --metrics kid --resize 8 --seed 3 --format json "
        "--set kid.subsets=4"
    )
    again = record.request.command.split()[1:]
    assert main([*again, "--out", "again"]) == 0
    (folder,) = Path("again").iterdir()
    assert load_record(folder).value("kid") == record.value("kid")


def test_features_need_no_extractor(sets, capsys):
    np.save("a.npy", np.eye(30))
    np.save("b.npy", np.eye(30)[::-1] * 2)
    assert main(["score", "a.npy", "b.npy", "--metrics", "fid", "--quiet"]) == 0
    assert "fid" in capsys.readouterr().out


def test_the_file_gives_options_of_metrics_and_no_generator(sets, capsys):
    text = '[run]\nplugin = "vae"\nmetrics = ["elbo"]\nseed = 5\nextractor = "digits"\n[metric.kid]\nsubsets = 3\n'
    Path("genaudit.toml").write_text(text + "[metric.recall]\nk = 4\n", encoding="utf-8")
    assert main([*sets, *PIXELS, "--metrics", "kid", "--quiet"]) == 0
    request = load_record(run_folder()).request
    assert (request.seed, request.options["kid.subsets"], request.extractor) == (5, 3, "pixels")


def test_mistakes_are_one_message_and_exit_code_2(sets, capsys):
    (Path("china") / "007.png").write_bytes(b"not a picture")
    for words, said in (
        ([*sets, *PIXELS], "In the folder china: Cannot read the image 007.png: no image of a known format."),
        (["score", "flower", "nowhere"], "There is no nowhere."),
        (["score", "china"], "Missing argument 'REFERENCE'."),
        ([*sets, "--weights", "inception"], "Cannot read --weights 'inception'."),
        ([*sets, "--weights", "inceptoin=w.pth"], "No extractor 'inceptoin'. Did you mean 'inception'?"),
        ([*sets, *PIXELS, "--resize-policy", "none"], "--resize-policy none leaves them as they are."),
    ):
        assert main(words) == 2
        assert said in capsys.readouterr().err
    assert main([*sets, *PIXELS, "--skip-corrupt", "--metrics", "fid"]) == 0
    assert "genaudit: warning: 1 file in the folder china could not be read" in capsys.readouterr().err


def test_a_set_that_is_long_in_reading_says_how_far_it_is(sets, capsys, monkeypatch):
    monkeypatch.setattr("genaudit.cli.score.SECONDS", 0)
    assert main([*sets, *PIXELS, "--metrics", "fid"]) == 0
    assert "genaudit: reading the folder china: 0 of 40\n" in capsys.readouterr().err
    assert main([*sets, *PIXELS, "--metrics", "fid", "--quiet"]) == 0
    assert capsys.readouterr().err == ""


def test_help_and_refusals_import_no_torch(sets):
    program = (
        "import sys; from genaudit.cli import main; code = main(sys.argv[1:]);"
        "print(code, 'torch' in sys.modules, file=sys.stderr)"
    )
    for words, code in (([*sets, "--help"], 0), (sets, 2)):
        done = subprocess.run(
            [sys.executable, "-c", program, *words], capture_output=True, text=True, check=True, timeout=60
        )
        assert done.stderr.splitlines()[-1] == f"{code} False"


@pytest.mark.parametrize("further", [[], ["--extractor", "inception"]])
def test_the_environment_names_the_weights_of_inception(sets, capsys, monkeypatch, further):
    monkeypatch.setenv("GENAUDIT_INCEPTION_WEIGHTS", "elsewhere.pth")
    assert main([*sets, *further]) == 2
    assert "there is no weights file elsewhere.pth" in capsys.readouterr().err
    assert main(["run", "--plugin", "vae", "--extractor", "inception", "--dry-run"]) == 2
    assert "there is no weights file elsewhere.pth" in capsys.readouterr().err
    assert main([*sets, "--extractor", "inception", "--weights", "inception=here.pth"]) == 2
    assert "there is no weights file here.pth" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["score", "run"])
def test_a_dry_run_says_what_would_be_downloaded_and_downloads_nothing(sets, capsys, monkeypatch, command):
    asked = []
    monkeypatch.setenv("GENAUDIT_CACHE", "cache")
    monkeypatch.setattr("genaudit.extractors.published_weights._open_url", asked.append)
    words = sets if command == "score" else ["run", "--plugin", "vae", "--extractor", "inception"]
    assert main([*words, "--allow-download", "--dry-run"]) == 0
    said = capsys.readouterr().out
    assert f"would be downloaded: {URL} (95,628,359 bytes, SHA-256 {PUBLISHED}) to cache/{PUBLISHED_NAME}" in said
    assert main([*words, "--allow-download", "--dry-run", "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)
    assert len(planned["downloads"]) == 1
    assert planned["values"]["inception.download"] == {"value": True, "origin": "flag"}
    assert not asked
    assert not Path("runs").exists()
    assert not Path("cache").exists()


def test_a_dry_run_of_two_sets_shows_what_decides_each_value(sets, capsys):
    assert main([*sets, *PIXELS, "--metrics", "kid", "--set", "kid.subsets=3", "--dry-run", "--json"]) == 0
    planned = json.loads(capsys.readouterr().out)
    values = {name: (one["value"], one["origin"]) for name, one in planned["values"].items()}
    assert values["extractor"] == ("pixels", "flag")
    assert values["samples"] == (40, "generated set")
    assert (values["kid.subsets"], values["kid.degree"]) == ((3, "flag"), (3, "default"))
    assert [one["name"] for one in planned["metrics"]] == ["kid"]
    assert planned["downloads"] == []


def test_the_environments_weights_touch_no_other_extractor(sets, capsys, monkeypatch):
    monkeypatch.setenv("GENAUDIT_INCEPTION_WEIGHTS", "elsewhere.pth")
    assert main([*sets, *PIXELS, "--metrics", "fid", "--quiet", "--format", "json"]) == 0
    assert load_record(run_folder()).extractor.name == "pixels"
