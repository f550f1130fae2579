"""A generator and an extractor from files in one run: both are called ``torchscript``, each has its own options."""

import warnings

import pytest
import torch
from networks import Edges, torchscript_file

import genaudit
from genaudit.cli import main
from genaudit.engine.plan import make_plan
from genaudit.engine.request import RunInputs
from genaudit.errors import BadOption

NET = {"latent_shape": "4", "image_shape": "3,16,16"}


class Net(torch.nn.Module):
    def forward(self, z):
        return torch.sigmoid(z.sum(1))[:, None, None, None].expand(-1, 3, 16, 16)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("two")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # torch would rather have another format
        torch.jit.trace(Net(), torch.zeros(2, 4)).save(folder / "net.pt")
    torchscript_file(folder / "edges.pt", Edges())
    return folder


def settings(files, extractor="extractor.torchscript"):
    own = {f"torchscript.{name}": value for name, value in {**NET, "file": str(files / "net.pt")}.items()}
    return {**own, f"{extractor}.file": str(files / "edges.pt"), f"{extractor}.size": "16"}


def test_both_networks_take_part_and_the_record_tells_them_apart(files, tmp_path):
    record = genaudit.run(
        plugin="torchscript", extractor="torchscript", samples=40, metrics=["fid"], formats=("json",), out=tmp_path,
        options=settings(files),
    )  # fmt: skip
    assert record.value("fid") > 0
    assert record.generator.digest != record.extractor.digest
    assert record.extractor.facts["features dimensions"] == 6
    options = record.request.options
    assert options["torchscript.file"].endswith("net.pt")
    assert options["extractor.torchscript.file"].endswith("edges.pt")


def test_what_the_extractor_lacks_is_said_with_the_name_that_sets_it(files, installed, tmp_path):
    own = {key: value for key, value in settings(files).items() if not key.startswith("extractor.")}
    inputs = RunInputs(plugin="torchscript", extractor="torchscript", options=own, out=tmp_path)
    with pytest.raises(BadOption, match=r"^extractor\.torchscript: option 'file' must be given"):
        make_plan(inputs, installed)


@pytest.mark.parametrize("name", ["torchscript", "extractor.torchscript"])
def test_where_the_extractor_alone_has_the_name_both_ways_of_writing_it_hold(files, installed, tmp_path, name):
    own = {f"{name}.file": str(files / "edges.pt"), f"{name}.size": "16"}
    made = make_plan(RunInputs(plugin="vae", extractor="torchscript", options=own, out=tmp_path), installed)
    assert made.request.options["torchscript.size"] == 16


def test_a_kind_in_front_of_anything_else_takes_no_part(installed, tmp_path):
    inputs = RunInputs(plugin="vae", options={"extractor.vae.steps": "3"}, out=tmp_path)
    with pytest.raises(BadOption, match=r"extractor\.vae\.steps is for 'extractor\.vae', which takes no part"):
        make_plan(inputs, installed)


def test_a_configuration_file_has_a_section_for_each(files, tmp_path, monkeypatch):
    sections = {
        "torchscript": {**NET, "file": files / "net.pt"},
        '"extractor.torchscript"': {"file": files / "edges.pt", "size": 16},
    }
    text = "".join(
        f"[plugin.{name}]\n" + "".join(f"{option} = '{value}'\n" for option, value in options.items())
        for name, options in sections.items()
    )
    (tmp_path / "genaudit.toml").write_text(text)
    monkeypatch.chdir(tmp_path)
    assert main(["run", "-p", "torchscript", "--extractor", "torchscript", "--dry-run"]) == 0
