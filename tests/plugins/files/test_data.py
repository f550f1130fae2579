"""Files of a user as reference data of a run: the same numbers as by other ways, labels with their images, refusals."""

import os
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import genaudit
from genaudit.datasets.colored_digits import ColoredDigits
from genaudit.engine.plan import make_plan
from genaudit.engine.request import RunInputs
from genaudit.errors import GenauditError
from genaudit.stats.seeds import generator
from genaudit_files import data
from genaudit_files.data import FilesData, build
from genaudit_files.data_options import FilesOptions

DARK, BRIGHT = 40, 200
"""Mean grey level of the two classes."""


def images(name, n, bright):
    """``n`` small images of which so many are bright, dark ones first."""
    level = np.repeat([DARK, BRIGHT], [n - bright, bright])[:, None, None, None]
    return (level + generator(0, "own data", name).integers(-30, 30, size=(n, 8, 8, 3))).astype(np.uint8)


def folder(path, arrays, labels=None):
    """A folder of PNG files; of classes if labels are given."""
    for number, image in enumerate(arrays):
        place = path / labels[number] if labels is not None else path
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image).save(place / f"{number:04}.png")
    return path


def by_class(path, name, n, bright):
    return folder(path, images(name, n, bright), ["dark"] * (n - bright) + ["bright"] * bright)


@pytest.fixture
def run(tmp_path):
    """A run of given samples against files."""

    def of(samples, *, extractor="pixels", metrics=("fid", "kid"), annotators=(), **options):
        np.save(tmp_path / "samples.npy", samples)
        given = {f"files.{name}": value if isinstance(value, bool) else str(value) for name, value in options.items()}
        return genaudit.run(
            plugin="samples", dataset="files", extractor=extractor, metrics=metrics, annotators=annotators,
            options={"samples.path": str(tmp_path / "samples.npy"), **given}, formats=("json",), out=tmp_path / "runs",
        )  # fmt: skip

    return of


@pytest.fixture
def plan(installed, tmp_path):
    np.save(tmp_path / "drawn.npy", images("drawn", 20, 10))

    def make(extractor="pixels", further=None, **options):
        given = {f"files.{name}": value if isinstance(value, bool) else str(value) for name, value in options.items()}
        inputs = RunInputs(
            plugin="samples", dataset="files", extractor=extractor, out=tmp_path / "runs",
            options={"samples.path": str(tmp_path / "drawn.npy"), **given, **(further or {})},
        )  # fmt: skip
        return make_plan(inputs, installed)

    return make


def test_a_run_against_files_gives_the_numbers_of_a_score_of_the_two_sets(run, tmp_path):
    drawn, real = images("drawn", 300, 150), images("real", 260, 130)
    np.save(tmp_path / "real.npy", real)
    found = run(drawn, evaluation=tmp_path / "real.npy", metrics=("fid", "precision"))
    scored = genaudit.score(drawn, real, ["fid", "precision"], extractor="pixels", out=tmp_path / "scores")
    assert found.value("fid") == pytest.approx(scored.value("fid"), rel=1e-9)
    assert found.result("precision").n_reference == 260


def test_a_folder_a_zip_file_and_an_array_are_one_reference(run, tmp_path):
    drawn, real = images("drawn", 40, 20), images("real", 30, 15)
    folder(tmp_path / "real", real)
    with zipfile.ZipFile(tmp_path / "real.zip", "w") as archive:
        for path in sorted((tmp_path / "real").iterdir()):
            archive.write(path, path.name)
    np.save(tmp_path / "real.npy", real)
    found = [run(drawn, evaluation=tmp_path / name) for name in ("real", "real.zip", "real.npy")]
    assert len({(record.value("fid"), record.value("kid"), record.dataset.digest) for record in found}) == 1
    assert found[0].dataset.summary == "Your files. held against: folder real."


def test_labels_go_with_their_items_into_an_order_that_is_no_files(tmp_path):
    options = FilesOptions(evaluation=str(by_class(tmp_path / "real", "real", 60, 20)), class_folders=True)
    assert options.labels.attributes == {"class": ("bright", "dark")}
    split = FilesData(options.sets, options.labels).split("evaluation")
    is_bright = split.images.mean(axis=(1, 2, 3)) > (DARK + BRIGHT) / 2
    assert np.array_equal(split.labels["class"] == 0, is_bright)
    assert 3 <= is_bright[:20].sum() <= 12  # sorted by path the first twenty would all be bright
    again = FilesData(options.sets).split("evaluation")
    assert np.array_equal(split.images, again.images)
    assert split.digest == again.digest


def test_the_share_of_a_class_is_read_by_a_probe_that_learned_from_the_training_folders(run, tmp_path):
    """Of 400 training images 200 are bright, of 300 generated ones 240."""
    record = run(
        images("drawn", 300, 240),
        evaluation=by_class(tmp_path / "real", "real", 200, 100),
        train=by_class(tmp_path / "train", "train", 400, 200),
        class_folders=True,
        metrics=("representation",),
    )
    assert record.value("share_generated", "class=bright") == pytest.approx(0.8)
    assert record.value("share_reference", "class=bright") == pytest.approx(0.5)
    corrected = record.result("share_corrected", "class=bright")
    assert 0.7 < corrected.interval.low < 0.8 < corrected.interval.high
    said = (
        "100% of the generated images have a reading of class with a probability above 0.9, and 100% of those whose "
        "truth is known; the others are ambiguous."
    )
    assert said in record.findings[0].caveats


def test_labels_of_two_attributes_come_from_files(run, plan, tmp_path):
    """Shape and tone go together in training, and the generated items break the link."""
    lines = [("round", "dark"), ("edgy", "bright")]
    for name, n in (("train", 80), ("real", 60)):
        np.save(tmp_path / f"{name}.npy", images(name, n, n // 2))
        rows = "".join(f"{number},{','.join(lines[number >= n // 2])}\n" for number in range(n))
        (tmp_path / f"{name}.csv").write_text(f"index,shape,tone\n{rows}")
    (tmp_path / "drawn.csv").write_text("shape\n" + "round\n" * 10 + "edgy\n" * 5 + "round\n" * 5)
    options = {
        "evaluation": tmp_path / "real.npy", "evaluation_labels": tmp_path / "real.csv",
        "train": tmp_path / "train.npy", "train_labels": tmp_path / "train.csv",
    }  # fmt: skip
    made = plan(**options)
    assert made.dataset.spec.attributes == {"shape": ("edgy", "round"), "tone": ("bright", "dark")}
    assert made.dataset.spec.pairs == (("shape", "tone"),)
    assert made.dataset.spec.splits == {"holdout": 60, "evaluation": 60, "train": 80}
    assert {name: found.spec.name for name, found in made.annotators.items()} == {"shape": "probe", "tone": "probe"}


def test_items_of_one_source_are_not_independent(plan, run, tmp_path):
    """Every image ten times: a distance to them is no better known for that."""
    some = images("real", 30, 15)
    for name, rows in (("once", some), ("often", np.repeat(some, 10, axis=0))):
        np.save(tmp_path / f"{name}.npy", rows)
    sources = tmp_path / "sources.csv"
    sources.write_text("source\n" + "".join(f"photo {number // 10}\n" for number in range(300)))
    options = {"evaluation": tmp_path / "often.npy", "evaluation_labels": sources}
    assert plan(**options).dataset.spec.attributes == {}
    split = build(plan(**options).options["files"]).split("evaluation")
    assert len(np.unique(split.clusters)) == 30
    for source in np.unique(split.clusters):
        assert len(np.unique(split.images[split.clusters == source], axis=0)) == 1
    drawn = images("drawn", 200, 100)
    told, untold = (
        run(drawn, metrics=("kid",), **given).result("kid").interval.standard_error
        for given in (options, {"evaluation": tmp_path / "often.npy"})
    )
    assert told > 3 * untold
    leaking = plan(**options, train=tmp_path / "once.npy", train_labels=_sources(tmp_path / "train.csv", 30))
    assert any("30 of 30 sources of the split 'evaluation' have items in the split 'train' too" in said
               for said in leaking.warnings)  # fmt: skip


def _sources(path, n):
    path.write_text("source\n" + "".join(f"photo {number}\n" for number in range(n)))
    return path


def test_a_network_of_any_kind_serves_the_probe(plan, tmp_path):
    real, train = by_class(tmp_path / "real", "real", 40, 20), by_class(tmp_path / "train", "train", 40, 20)
    made = plan(evaluation=real, train=train, class_folders=True)
    assert made.dataset.spec.extractor == "inception"  # and pixels were asked for
    assert made.annotators["class"].spec.levels == ("bright", "dark")
    assert plan(evaluation=real, class_folders=True).annotators == {}  # nothing to learn from


def test_without_a_held_out_set_the_reference_serves_but_not_as_its_own_reconstruction(tmp_path):
    """The embedded digits as files: what the VAE reconstructs is as with the embedded data set."""
    digits = {name: ColoredDigits().split(name).images.transpose(0, 2, 3, 1) for name in ("evaluation", "holdout")}
    for name, levels in digits.items():
        np.save(tmp_path / f"{name}.npy", np.ascontiguousarray(levels[:400]))

    def ran(*, own_holdout):
        held_out = {"files.holdout": str(tmp_path / "holdout.npy")} if own_holdout else {}
        return genaudit.run(
            plugin="vae", dataset="files", extractor="digits", samples=200, formats=("json",), out=tmp_path / "runs",
            metrics=["psnr", "fid [reconstructions]"],
            options={"files.evaluation": str(tmp_path / "evaluation.npy"), **held_out},
        )  # fmt: skip

    own = ran(own_holdout=True)
    assert own.result("psnr").n == 400
    assert own.result("fid", "reconstructions").n_reference == 400
    shared = ran(own_holdout=False)
    assert shared.result("psnr").n == 400
    (missing,) = [item for item in shared.not_available if item.component == "fid"]
    assert (missing.group, missing.reason_code) == ("reconstructions", "needs-other-images")
    with_embedded = genaudit.run(plugin="vae", samples=200, formats=("json",), out=tmp_path / "runs", metrics=["psnr"])
    assert own.value("psnr") == pytest.approx(with_embedded.value("psnr"), abs=0.5)


def test_a_generator_is_trained_on_files(tmp_path):
    for name in ("train", "evaluation"):
        np.save(tmp_path / f"{name}.npy", ColoredDigits().split(name).images[:64].transpose(0, 2, 3, 1))
    options = {f"files.{name}": str(tmp_path / f"{name}.npy") for name in ("train", "evaluation")}
    record = genaudit.run(
        plugin="vae", dataset="files", extractor="digits", samples=50, retrain=True, metrics=["kid"],
        options={"vae.steps": 3, **options}, formats=("json",), out=tmp_path / "runs",
    )  # fmt: skip
    assert len(record.training.steps) >= 1
    assert record.result("kid").n_reference == 64


def test_training_without_a_training_set_is_refused_before_any_work(tmp_path):
    np.save(tmp_path / "real.npy", images("real", 20, 10))
    with pytest.raises(
        GenauditError, match="--retrain needs the split 'train', and data set 'files' has none"
    ) as raised:
        genaudit.run(plugin="dcgan", dataset="files", retrain=True, extractor="pixels", out=tmp_path / "runs",
                     options={"files.evaluation": str(tmp_path / "real.npy"), "files.resize": 16})  # fmt: skip
    assert raised.value.hint == "Give it with --set files.train=SET."


def test_what_the_user_did_not_give_is_asked_for_by_its_option(run, tmp_path):
    np.save(tmp_path / "real.npy", images("real", 20, 10))
    record = run(images("drawn", 20, 10), evaluation=tmp_path / "real.npy", metrics=None)
    hints = {item.component: item.hint for item in record.not_available}
    assert hints["authenticity"] == "Give it with --set files.train=SET."
    assert "files.class_folders=true" in hints["representation"]


def test_vectors_are_compared_as_they_are(run, tmp_path):
    rows = generator(0, "rows").normal(size=(50, 3))
    np.save(tmp_path / "rows.npy", rows)
    record = run(rows, extractor="", evaluation=tmp_path / "rows.npy")
    assert record.value("fid") == pytest.approx(0, abs=1e-9)
    assert record.request.extractor == "identity"


def test_a_large_set_lies_in_a_file_without_a_name(tmp_path, monkeypatch):
    options = FilesOptions(evaluation=str(folder(tmp_path / "real", images("real", 300, 100))))
    in_memory = FilesData(options.sets).split("evaluation").images
    monkeypatch.setattr(data, "IN_MEMORY", 0)
    in_file = FilesData(options.sets).split("evaluation").images
    assert isinstance(in_file, np.memmap)
    assert np.array_equal(in_memory, in_file)


@pytest.mark.skipif(not hasattr(os, "posix_fallocate"), reason="there is no such call on this system")
def test_a_disk_without_room_is_said_before_it_is_full(tmp_path, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(data, "IN_MEMORY", 0)
    monkeypatch.setattr(os, "posix_fallocate", full)
    options = FilesOptions(evaluation=str(folder(tmp_path / "real", images("real", 30, 10))))
    with pytest.raises(GenauditError, match=r"30 items need 0\.0 GiB in .*: No space left on device") as raised:
        FilesData(options.sets).split("evaluation")
    assert "TMPDIR" in raised.value.hint


def test_compressed_images_and_sets_that_are_the_same_are_told_of(plan, tmp_path):
    real = images("real", 20, 10)
    (tmp_path / "jpeg").mkdir()
    for number, image in enumerate(real):
        Image.fromarray(image).save(tmp_path / "jpeg" / f"{number}.jpg")
    said = " ".join(plan(evaluation=tmp_path / "jpeg", train=tmp_path / "jpeg").warnings)
    assert "20 of 20 images of the split 'evaluation' were stored with loss" in said
    assert "The splits 'train' and 'evaluation' hold the same items" in said


def test_files_of_another_size_are_brought_to_the_generators(plan, tmp_path):
    large = folder(tmp_path / "large", np.kron(images("real", 10, 5), np.ones((1, 2, 2, 1), np.uint8)))
    with pytest.raises(GenauditError, match=r"'files' has \(3, 16, 16\)") as raised:
        plan(evaluation=large)
    assert "The files can be brought to its size: --set files.resize=8." in raised.value.hint
    assert plan(evaluation=large, resize=8).dataset.spec.image_shape == (3, 8, 8)


def test_a_network_of_another_size_is_told_to_resize(plan, tmp_path):
    (tmp_path / "net.pt").touch()
    network = {"torchscript.file": str(tmp_path / "net.pt"), "torchscript.size": 16}
    with pytest.raises(GenauditError, match=r"reads images of shape \(3, 16, 16\)") as raised:
        plan("torchscript", network, evaluation=folder(tmp_path / "real", images("real", 10, 5)))
    assert "--set extractor.torchscript.resize=pil-bicubic" in raised.value.hint


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "option 'evaluation' must be given"),
        ({"evaluation": "no-such"}, r"files\.evaluation: There is no no-such"),
        ({"evaluation": ""}, "evaluation is empty"),
        ({"evaluation": "REAL", "train": "no-such"}, r"files\.train: There is no no-such"),
        (
            {"evaluation": "REAL", "train": "LARGE"},
            r"files\.train \(folder large\) holds images of shape \(3, 16, 16\)",
        ),
        ({"evaluation": "MIXED"}, r"files\.evaluation: The folder mixed holds images of several sizes"),
        ({"evaluation": "REAL", "class_folders": True}, "'0000.png' lies in no class folder; 10 of 10 images do not"),
        ({"evaluation": "ONE", "class_folders": True}, "lie in one class folder, 'dark'"),
        ({"evaluation": "ARRAY", "class_folders": True}, "file drawn.npy holds no folders"),
        ({"evaluation": "REAL", "train_labels": "x.csv"}, "train_labels is given, and train is not"),
        ({"evaluation": "REAL", "train": "REAL", "train_labels": "x.csv"}, "evaluation_labels is not"),
        ({"evaluation": "REAL", "evaluation_labels": "x.csv", "class_folders": True}, "leave one away"),
        ({"evaluation": "REAL", "evaluation_labels": "no.csv"}, "Cannot read the labels no.csv"),
        ({"evaluation": "REAL", "evaluation_labels": "SHORT"}, "holds 1 labels for 10 evaluation images"),
        ({"evaluation": "REAL", "evaluation_labels": "NONE"}, "share 0 columns of labels"),
    ],
)
def test_what_does_not_fit_is_refused_before_any_work(plan, tmp_path, options, said):
    real = images("real", 10, 5)
    short, none = tmp_path / "short.csv", tmp_path / "none.csv"
    short.write_text("tone\ndark\n")
    none.write_text("file\n0000.png\n")
    mixed = folder(tmp_path / "mixed", real)
    Image.fromarray(real[0][:4]).save(mixed / "z.png")
    places = {
        "REAL": folder(tmp_path / "real", real), "ONE": by_class(tmp_path / "one", "one", 10, 0), "MIXED": mixed,
        "LARGE": folder(tmp_path / "large", np.kron(real, np.ones((1, 2, 2, 1), np.uint8))),
        "ARRAY": tmp_path / "drawn.npy", "SHORT": short, "NONE": none,
    }  # fmt: skip
    given = {name: places.get(value, value) if isinstance(value, str) else value for name, value in options.items()}
    with pytest.raises(GenauditError, match=said):
        plan(**given)
    assert not list(Path(tmp_path).glob("runs/*"))
