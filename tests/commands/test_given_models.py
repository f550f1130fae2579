"""What a user may give in place of a plugin, and what is wrong with it, as the command line says it."""

import json
import zipfile

import numpy as np
import pytest
from PIL import Image

from genaudit.cli import main

SHAPES = ("latent_shape=4", "image_shape=3,16,16")


@pytest.fixture
def drawn(site, tmp_path):
    """A folder of ten images and their labels."""
    folder = tmp_path / "drawn"
    folder.mkdir()
    for number in range(10):
        Image.fromarray(np.full((16, 16, 3), 20 * number, dtype=np.uint8)).save(folder / f"{number}.png")
    (tmp_path / "labels.csv").write_text("".join(f"{number}.png,{number}\n" for number in range(10)))
    return folder


def said(capsys, *words):
    """Exit code and what stderr holds."""
    code = main(["run", *words])
    return code, capsys.readouterr().err


def settings(name, *given):
    return [word for one in given for word in ("--set", f"{name}.{one}")]


def test_a_folder_that_a_model_drew_is_evaluated_and_reported(drawn, capsys, tmp_path):
    words = ["-p", "samples", *settings("samples", f"path={drawn}", f"labels={tmp_path / 'labels.csv'}"), "--json"]
    assert main(["run", *words, "--metrics", "fid,conditional_accuracy"]) == 0
    captured = capsys.readouterr()
    record = json.loads(captured.out)
    assert {one["metric"] for one in record["results"]} == {"fid", "conditional_accuracy"}
    assert "'samples' holds 10 items, fewer than profile standard asks for." in captured.err
    (folder,) = (tmp_path / "work" / "runs").iterdir()
    assert "a given set" in (folder / "report.html").read_text(encoding="utf-8")


def test_images_of_several_sizes(drawn, capsys):
    Image.new("RGB", (9, 9)).save(drawn / "odd.png")
    code, error = said(capsys, "-p", "samples", *settings("samples", f"path={drawn}"))
    assert (code, "holds images of several sizes" in error, "--set samples.resize=N" in error) == (2, True, True)


def test_too_few_images(drawn, capsys):
    for path in sorted(drawn.iterdir())[1:]:
        path.unlink()
    code, error = said(capsys, "-p", "samples", *settings("samples", f"path={drawn}"))
    assert (code, "holds only one item" in error) == (2, True)


def test_labels_that_do_not_match(drawn, capsys, tmp_path):
    (tmp_path / "labels.csv").write_text("0\n1\n2\n")
    words = settings("samples", f"path={drawn}", f"labels={tmp_path / 'labels.csv'}")
    code, error = said(capsys, "-p", "samples", *words)
    assert (code, "holds 3 labels, and the folder drawn 10 items" in error) == (2, True)


def test_samples_are_not_asked_what_only_a_generator_can_answer(drawn, capsys):
    words = [*settings("samples", f"path={drawn}"), "--metrics", "interpolation_smoothness"]
    code, error = said(capsys, "-p", "samples", *words)
    assert (code, "It asks the generator itself, and only what it made was given" in error) == (2, True)


@pytest.mark.parametrize("content", [b"no network", b""])
def test_a_torchscript_file_that_is_not_one(site, capsys, tmp_path, content):
    (tmp_path / "net.pt").write_bytes(content)
    code, error = said(capsys, "-p", "torchscript", *settings("torchscript", f"file={tmp_path / 'net.pt'}", *SHAPES))
    assert (code, "it is neither TorchScript nor a .pt2 file" in error) == (2, True)
    assert "Traceback" not in error


def test_a_zip_file_that_calls_itself_torchscript(site, capsys, tmp_path):
    with zipfile.ZipFile(tmp_path / "net.pt", "w") as archive:
        archive.writestr("net/constants.pkl", b"\x80\x02")
        archive.writestr("net/code/model.py", "import os")
    code, error = said(capsys, "-p", "torchscript", *settings("torchscript", f"file={tmp_path / 'net.pt'}", *SHAPES))
    assert (code, "Refused the network" in error, "Traceback" in error) == (2, True, False)


def test_a_conditional_model_without_labels(site, capsys, tmp_path):
    (tmp_path / "given.py").write_text("def draw(z, labels):\n    return labels\n")
    words = settings("callable", "target=given:draw", f"path={tmp_path}", *SHAPES)
    code, error = said(capsys, "-p", "callable", *words)
    assert code == 2
    assert "missing 1 required positional argument: 'labels'" in error
    assert "callable.classes" in error


def test_a_function_that_is_not_there(site, capsys):
    code, error = said(capsys, "-p", "callable", *settings("callable", "target=nowhere.at_all:draw", *SHAPES))
    assert (code, "cannot import nowhere.at_all:draw: ModuleNotFoundError" in error) == (2, True)


def test_a_translator_is_not_asked_for_samples(site, capsys):
    code, error = said(capsys, "-p", "cyclegan", "--metrics", "recall,mode_count")
    assert code == 2
    assert "None of the metrics that were asked for applies" in error
    assert "Generator 'cyclegan' is no Sampler" in error
