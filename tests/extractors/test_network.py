"""A user's network from a file: its numbers, the contract of its input, and what is refused."""

import numpy as np
import pytest
import torch
from networks import Edges, Named, exported_file, torchscript_file
from PIL import Image

import genaudit
from genaudit.errors import BadOption, GenauditError, WeightsError
from genaudit.extractors.network import build_exported, build_torchscript
from genaudit.extractors.network_options import NetworkOptions
from genaudit.plugin.network_file import load_network
from genaudit.stats.seeds import generator

CPU = torch.device("cpu")
BUILDS = {"torchscript": (torchscript_file, build_torchscript), "exported": (exported_file, build_exported)}


def images(n, size=16, name="images"):
    return generator(0, "network", name).integers(0, 256, size=(n, 3, size, size), dtype=np.uint8)


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    place = tmp_path_factory.mktemp("networks")
    return {kind: write(place / kind) for kind, (write, _) in BUILDS.items()}


def built(files, kind, **options):
    return BUILDS[kind][1](NetworkOptions(file=str(files[kind]), **{"size": 16, **options}), CPU)


@pytest.mark.parametrize("kind", BUILDS)
def test_features_are_those_of_the_network_on_levels_between_0_and_1(files, kind):
    levels = torch.from_numpy(images(37))
    features = built(files, kind).extract(levels)["features"]
    expected = Edges()(levels / 255)
    assert features.shape == (37, 6)
    assert torch.allclose(features, expected, rtol=1e-5, atol=1e-7)  # float32 sums in another order


@pytest.mark.parametrize("kind", BUILDS)
def test_how_many_images_come_at_a_time_changes_nothing(files, kind):
    levels = torch.from_numpy(images(37))
    extractor = built(files, kind)
    apart = [extractor.extract(part)["features"] for part in torch.split(levels, 5)]
    assert torch.equal(torch.cat(apart), extractor.extract(levels)["features"])


def test_range_mean_and_deviation_are_applied_in_this_order(files):
    levels = torch.from_numpy(images(4))
    options = {"range": (-1.0, 1.0), "mean": (0.1, 0.2, 0.3), "std": 0.5}
    found = built(files, "torchscript", **options).extract(levels)["features"]
    by_hand = (levels / 255 * 2 - 1 - torch.tensor([0.1, 0.2, 0.3])[:, None, None]) / 0.5
    assert torch.allclose(found, Edges()(by_hand), rtol=1e-4, atol=1e-6)  # float32 products in another order


def test_images_are_stretched_by_the_named_policy(files):
    levels = images(3, size=40)
    found = built(files, "torchscript", resize="pil-bicubic").extract(torch.from_numpy(levels))["features"]
    stretched = [
        [np.asarray(Image.fromarray(channel.astype(np.float32)).resize((16, 16), Image.Resampling.BICUBIC))
         for channel in image]
        for image in levels
    ]  # fmt: skip
    expected = Edges()(torch.tensor(np.array(stretched).clip(0, 255)) / 255)
    assert torch.allclose(found, expected, rtol=1e-4, atol=1e-6)


def test_one_of_several_outputs_is_chosen_by_its_name_and_another_gives_classes(tmp_path):
    path = exported_file(tmp_path / "named.pt2", Named().eval())
    options = NetworkOptions(file=str(path), size=16, output="features", logits="logits")
    extractor = build_exported(options, CPU)
    assert extractor.dimensions == {"features": 6, "logits": 4}
    record = genaudit.score(
        images(30),
        images(30, name="others"),
        extractor="exported",
        options={
            "exported.file": str(path),
            "exported.size": 16,
            "exported.output": "features",
            "exported.logits": "logits",
            "inception_score.splits": 1,
        },
        metrics=["inception_score"],
    )
    assert record.value("inception_score") >= 1


@pytest.mark.parametrize(("classes", "names"), [("4", ("0", "1", "2", "3")), ("a,b,c,d", ("a", "b", "c", "d"))])
def test_a_classifier_of_ones_own_counts_its_named_classes_as_the_modes(tmp_path, classes, names):
    path = exported_file(tmp_path / "named.pt2", Named().eval())
    options = {"file": str(path), "size": 16, "output": "features", "logits": "logits", "classes": classes}
    sets = images(30), images(30, name="others")
    record = genaudit.score(
        *sets,
        extractor="exported",
        options={f"exported.{name}": value for name, value in options.items()},
        metrics=["mode_count", "mode_kl", "missing_modes"],
    )
    read = [Named()(torch.from_numpy(levels) / 255)["logits"].argmax(1).bincount(minlength=4) for levels in sets]
    assert record.value("mode_count") == int((read[0] > 0).sum())
    absent = [name for name, count in zip(names, read[0].tolist(), strict=True) if not count]
    assert record.value("missing_modes") == len(absent)
    assert all(name in record.result("missing_modes").note for name in absent)


@pytest.mark.parametrize("classes", ["a,b,c", "9"])
def test_names_that_are_not_as_many_as_the_logits_are_refused(tmp_path, classes):
    path = exported_file(tmp_path / "named.pt2", Named().eval())
    names = tuple(classes.split(","))
    options = NetworkOptions(file=str(path), size=16, output="features", logits="logits", classes=names)
    with pytest.raises(BadOption, match="The network gives 4 logits, and classes names"):
        build_exported(options, CPU)


@pytest.mark.parametrize(("classes", "logits"), [(("a",), "logits"), (("a", "a"), "logits"), (("a", "b"), "")])
def test_classes_that_cannot_be_are_refused_before_the_network_is_read(files, classes, logits):
    with pytest.raises(ValueError, match="classes are"):
        NetworkOptions(file=str(files["torchscript"]), size=16, logits=logits, classes=classes)


def test_the_protocol_holds_the_digest_and_the_contract_of_the_input(files):
    record = genaudit.score(
        images(30, size=24),
        images(30, size=24, name="others"),
        extractor="torchscript",
        options={
            "torchscript.file": str(files["torchscript"]),
            "torchscript.size": 16,
            "torchscript.resize": "pil-bicubic",
            "torchscript.mean": 0.5,
        },
        metrics=["fid"],
    )
    protocol = record.result("fid").protocol
    assert (protocol.extractor, protocol.extractor_digest) == (
        "torchscript",
        load_network(files["torchscript"], CPU).digest,
    )
    assert protocol.preprocessing == (
        "stretched to 16×16 by pil-bicubic (antialiased bicubic on float32, clipped, not rounded), levels to [0, 1], "
        "minus 0.5, float32; a program's output on 16 images at a time"
    )
    assert record.extractor.facts == {"features dimensions": 6}
    assert record.request.options["torchscript.resize"] == "pil-bicubic"


def test_a_run_reads_its_images_with_it_too(files, tmp_path):
    finished = genaudit.run(
        plugin="vae",
        samples=40,
        extractor="exported",
        options={"exported.file": str(files["exported"]), "exported.size": 16},
        metrics=["fid"],
        out=tmp_path,
    )
    assert finished.result("fid").protocol.extractor == "exported"


def test_the_classes_of_another_network_are_not_read_as_the_data_sets_labels(files, tmp_path):
    finished = genaudit.run(
        plugin="vae",
        samples=40,
        extractor="exported",
        options={"exported.file": str(files["exported"]), "exported.size": 16},
        out=tmp_path,
        formats=["json"],
    )
    assert finished.unavailable["inception_score"].reason_code == "needs-extractor-output"
    assert finished.unavailable["representation"].reason_code == "needs-annotator"
    assert not finished.failures


def test_a_program_for_a_fixed_number_of_images_works_when_that_is_said(tmp_path):
    path = str(exported_file(tmp_path / "three.pt2", batch=3))
    levels = torch.from_numpy(images(8))
    found = build_exported(NetworkOptions(file=path, size=16, batch=3), CPU).extract(levels)["features"]
    assert torch.allclose(found, Edges()(levels / 255), rtol=1e-5, atol=1e-7)
    with pytest.raises(WeightsError, match=r"cannot read images \(16, 3, 16, 16\).*batch"):
        build_exported(NetworkOptions(file=path, size=16), CPU)


class AcrossTheBatch(Edges):
    """What batch normalisation does when it learns."""

    def forward(self, images):
        return super().forward(images - images.mean(0, keepdim=True))


class Chance(Edges):
    """What dropout does when it is on."""

    def forward(self, images):
        return torch.nn.functional.dropout(super().forward(images), 0.5, training=True)


@pytest.mark.parametrize("network", [AcrossTheBatch(), Chance()])
def test_a_network_that_is_still_learning_is_refused(tmp_path, network):
    path = exported_file(tmp_path / "learning.pt2", network.eval())
    with pytest.raises(WeightsError, match=r"changes with the others beside it.*network\.eval\(\)"):
        build_exported(NetworkOptions(file=str(path), size=16), CPU)


def test_a_network_whose_output_is_a_map_is_refused_with_what_to_do(tmp_path):
    path = torchscript_file(tmp_path / "map.pt", torch.nn.Conv2d(3, 2, 3))
    with pytest.raises(BadOption, match=r"is \(16, 2, 14, 14\) for 16 images, not \(n, d\)\..*Average over space"):
        build_torchscript(NetworkOptions(file=str(path), size=16), CPU)


def test_several_outputs_need_a_choice_and_a_wrong_one_is_told(tmp_path):
    path = str(exported_file(tmp_path / "named.pt2", Named().eval()))
    with pytest.raises(BadOption, match=r"several outputs\. .*option output: features, logits"):
        build_exported(NetworkOptions(file=path, size=16), CPU)
    with pytest.raises(BadOption, match="no output 'pool'"):
        build_exported(NetworkOptions(file=path, size=16, output="pool"), CPU)


def test_the_other_kind_of_file_and_another_dimension_are_refused(files):
    with pytest.raises(WeightsError, match=r"is not exported but torchscript.*--extractor torchscript"):
        build_exported(NetworkOptions(file=str(files["torchscript"]), size=16), CPU)
    with pytest.raises(BadOption, match="gives 6 features, and dim is 7"):
        built(files, "torchscript", dim=7)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({}, "option 'file' must be given; option 'size' must be given"),
        ({"file": "gone.pt", "size": 16}, "there is no file gone.pt"),
        ({"size": 0}, "size is one or two numbers of pixels from 1 to 4096"),
        ({"size": 16, "range": "1,1"}, "range is two different numbers"),
        ({"size": 16, "mean": "1,2"}, "mean = '1,2'"),
        ({"size": 16, "std": "0"}, "std is positive"),
        ({"size": 16, "batch": 0}, "batch is at least 1"),
        ({"size": 16, "resize": "nearest"}, "resize = 'nearest'"),
        ({"size": 20}, r"reads images of shape \(3, 20, 20\), and these have \(3, 16, 16\)"),
    ],
)
def test_options_that_cannot_be_are_refused_before_the_network_is_read(files, options, said):
    given = {"file": str(files["torchscript"]), **options} if options else {}
    with pytest.raises(GenauditError, match=said):
        genaudit.score(
            images(3), images(3), extractor="torchscript", options={f"torchscript.{k}": v for k, v in given.items()}
        )
