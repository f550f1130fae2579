"""What the README shows is tried."""

import re
import tomllib
from pathlib import Path

import pytest
from distributions import site
from PIL import Image

import genaudit
from genaudit.cli import main

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.MULTILINE | re.DOTALL)


def test_the_plugin_of_the_readme_runs(tmp_path, monkeypatch):
    entry, module, model = blocks("toml")[1], *blocks("python")[1:3]
    assert tomllib.loads(entry)["project"]["entry-points"]["genaudit"] == {"blobs": "my_blobs"}
    with site(tmp_path) as place:
        package = tmp_path / "my_blobs"
        package.mkdir()
        (package / "__init__.py").write_text(module)
        (package / "model.py").write_text(model)
        place.install("my-blobs", {"blobs": "my_blobs"})
        assert main(["plugins", "check", "blobs"]) == 0
        record = genaudit.run(plugin="blobs", samples=40, out=tmp_path / "runs", formats=("json",))
    assert record.value("fid") > 10
    assert record.unavailable["elbo"].reason == "Generator 'blobs' is no Posterior."
    assert record.generator.distribution == "my-blobs 1.0"


def test_the_configuration_of_the_readme_is_read(tmp_path, monkeypatch, capsys):
    (tmp_path / "genaudit.toml").write_text(blocks("toml")[0])
    monkeypatch.chdir(tmp_path)
    assert main(["run", "--dry-run", "--json"]) == 0
    shown = capsys.readouterr().out
    assert "continuous-bernoulli" in shown
    assert "genaudit.toml" in shown


@pytest.mark.parametrize("line", [line for block in blocks("sh") for line in block.splitlines() if "genaudit " in line])
def test_every_command_of_the_readme_is_understood(line, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    for number in range(2):
        (tmp_path / "photos").mkdir(exist_ok=True)
        Image.new("RGB", (20, 20), (number, 0, 0)).save(tmp_path / "photos" / f"{number}.png")
    words = line.partition("#")[0].rpartition("genaudit ")[2].split()
    if words[0] == "run":
        words += ["--dry-run", "--out", str(tmp_path)]
    if words[0] == "score":
        words = ["score", "--help"]
    if words[0] == "audit":
        words += ["--out", str(tmp_path), "--format", "json", "--set", "disparities.permutations=99"]
    if words[0] in {"check", "compare", "report"}:
        words = [words[0], "--help"]
    assert main(words) == 0
    assert capsys.readouterr().out
