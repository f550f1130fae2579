"""Inception with seeded random weights: read safely, recorded, and equal to torch-fidelity's own run of it."""

import io
import os

import numpy as np
import pytest
import torch
from random_inception import Images, crop_stacks, random_weights
from safetensors.torch import save as safetensors_save
from safetensors.torch import save_file
from torch_fidelity import calculate_metrics

import genaudit
from genaudit.errors import BadOption, GenauditError, WeightsError
from genaudit.extractors import INCEPTION
from genaudit.extractors.folding import arranged, folded
from genaudit.extractors.inception import build
from genaudit.extractors.options import PUBLISHED, PUBLISHED_NAME, InceptionOptions
from genaudit.extractors.weights_file import read_tensors
from genaudit.stats.frechet import frechet_distance
from genaudit.stats.moments import scatter
from genaudit.stats.resizing import Resizing

ITEMS = 12
CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    """A file of random weights in torch's own format."""
    path = tmp_path_factory.mktemp("weights") / "random.pth"
    torch.save(random_weights(), path)
    return path


@pytest.fixture(scope="module")
def inception(weights):
    return build(InceptionOptions(weights=str(weights)), CPU)


@pytest.fixture(scope="module")
def as_published(weights):
    """The network in its own order of operations."""
    return build(InceptionOptions(weights=str(weights), as_published=True), CPU)


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    """Crops of two photographs, as tensors."""
    return crop_stacks(tmp_path_factory.mktemp("crops"), count=ITEMS)


@pytest.fixture(scope="module")
def record(sets, weights):
    options = {"inception.weights": str(weights), "inception_score.splits": 1}
    metrics = ["fid", "kid", "inception_score", "mode_share", "mode_kl", "intra_class_fid"]
    return genaudit.score(*sets, options=options, metrics=metrics)


def test_one_forward_pass_gives_every_output_that_the_spec_names(inception, sets):
    outputs = inception.extract(sets[0][:2])
    assert {name: tensor.shape[1] for name, tensor in outputs.items()} == dict(INCEPTION.outputs)
    assert all(tensor.dtype == torch.float32 and bool(torch.isfinite(tensor).all()) for tensor in outputs.values())
    fully_connected = inception.network.fc.weight
    assert torch.allclose(outputs["logits"], outputs["features"] @ fully_connected.T, rtol=1e-4, atol=1e-5)  # float32


def test_every_output_is_torch_fidelitys_own_to_the_last_bit_where_that_is_asked_for(as_published, sets):
    names = {"features": "2048", "logits": "logits_unbiased", "low_level": "64", "features_192": "192"}
    names["features_768"] = "768"
    network = as_published.network
    network.features_list = list(names.values())
    with torch.no_grad():
        theirs = network(sets[0][:2])
    ours = as_published.extract(sets[0][:2])
    assert all(torch.equal(ours[name], their) for name, their in zip(names, theirs, strict=True))


def test_the_faster_order_of_operations_differs_by_rounding_alone(inception, as_published, sets):
    assert not any(isinstance(layer, torch.nn.BatchNorm2d) for layer in inception.network.modules())
    fast, own = inception.extract(sets[0][:2]), as_published.extract(sets[0][:2])
    for name, values in own.items():  # 94 layers in float32, whose precision is 6e-8
        assert float((fast[name] - values).norm() / values.norm()) < 5e-6, name


def test_what_is_said_of_an_image_does_not_depend_on_how_many_come_with_it(inception, sets):
    levels = sets[0][:5]
    full = torch.cat([levels, levels.flip(0), levels, levels[:1]])
    assert len(full) == inception.options.batch
    few, many = inception.extract(levels), inception.extract(full)
    for name, rows in few.items():
        assert torch.equal(rows, many[name][:5]), name


def test_a_normalisation_that_does_something_is_folded_too():
    block = torch.nn.Module()
    block.conv, block.bn = torch.nn.Conv2d(3, 4, 3, bias=False), torch.nn.BatchNorm2d(4, eps=1e-3)
    rng = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for tensor in (block.conv.weight, block.bn.weight, block.bn.bias, block.bn.running_mean, block.bn.running_var):
            tensor.copy_(torch.rand(tensor.shape, generator=rng) + 0.5)
        images = torch.rand(2, 3, 6, 6, generator=rng)
        expected = block.eval().bn(block.conv(images))
        found = folded(block).conv(arranged(images))
    assert torch.allclose(found, expected, rtol=1e-5, atol=1e-5)


def test_another_resize_policy_is_the_network_on_images_that_were_resized_so(inception, weights, sets):
    clean = build(InceptionOptions(weights=str(weights), resize="pil-bicubic"), CPU)
    stretched = np.stack([Resizing(size=(299, 299), policy="pil-bicubic")(image) for image in sets[0][:1].numpy()])
    found = clean.extract(sets[0][:1])["features"]
    assert torch.equal(found, inception.extract(torch.from_numpy(stretched))["features"])
    assert not torch.allclose(found, inception.extract(sets[0][:1])["features"], rtol=1e-3)


def test_the_policy_stands_in_the_protocol_and_none_wants_images_of_the_networks_size(sets, weights, record):
    assert record.result("fid").protocol.preprocessing == (
        "8-bit levels, stretched to 299×299 by tf1-bilinear (bilinear as TensorFlow 1 does it, no antialiasing, "
        "not rounded), (v - 128) / 128, float32"
    )
    options = {"inception.weights": str(weights), "inception.resize": "none"}
    with pytest.raises(GenauditError, match=r"reads images of shape \(3, 299, 299\)"):
        genaudit.score(*sets, options=options, metrics=["fid"])


def test_scores_agree_with_torch_fidelity_on_the_same_images_and_weights(record, inception, sets, weights):
    theirs = calculate_metrics(
        input1=Images(sets[0]), input2=Images(sets[1]), cuda=False, fid=True, kid=True, isc=True, batch_size=16,
        kid_subsets=2, kid_subset_size=ITEMS, isc_splits=1, cache=False, verbose=False,
        save_cpu_ram=True,
        feature_extractor_weights_path=str(weights),
    )  # fmt: skip
    assert record.value("inception_score") == pytest.approx(theirs["inception_score_mean"], rel=1e-9)
    # their polynomial is in float32 around 1: each kernel value holds an error of 1e-7
    assert record.value("kid") == pytest.approx(theirs["kernel_inception_distance_mean"], abs=1e-6)
    # eigenvalues of a product of singular covariances (12 items, 2048 dimensions) are good to five digits
    assert record.value("fid") == pytest.approx(theirs["frechet_inception_distance"], rel=1e-4)
    features = [inception.extract(images)["features"].double().numpy() for images in sets]
    centred = [rows - rows.mean(axis=0) for rows in features]
    trace = sum(float((rows**2).sum()) for rows in centred) - 2 * np.linalg.norm(centred[0] @ centred[1].T, "nuc")
    exact = float(((features[0].mean(axis=0) - features[1].mean(axis=0)) ** 2).sum()) + trace / (ITEMS - 1)
    assert record.value("fid") == pytest.approx(exact, rel=1e-9)
    assert frechet_distance(*(scatter(rows).moments(1) for rows in features)) == pytest.approx(exact, rel=1e-9)


def test_the_record_names_the_weights_and_warns_that_they_are_not_the_published_ones(record, weights):
    digest = read_tensors(weights)[1]
    protocol = record.result("fid").protocol
    assert (protocol.extractor, protocol.extractor_digest) == ("inception", digest)
    assert protocol.preprocessing.endswith("float32")
    (warning,) = [text for text in record.warnings if "Inception" in text]
    assert warning.startswith(f"The Inception weights random.pth (sha256 {digest[:8]}…) are not the published file")


def test_building_the_network_moves_no_random_numbers_that_others_draw_from(record, weights):
    before = torch.random.get_rng_state()
    build(InceptionOptions(weights=str(weights)), CPU)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert not any("random numbers" in text for text in record.warnings)


def test_classes_of_imagenet_are_no_modes_of_the_data(record):
    assert record.unavailable["mode_share"].reason_code == "classes-without-names"
    assert record.unavailable["mode_kl"].reason_code == "classes-without-names"
    assert record.unavailable["intra_class_fid"].reason_code == "classes-without-names"


def test_the_published_digest_begins_with_the_eight_digits_of_the_files_name():
    assert f"pt_inception-2015-12-05-{PUBLISHED[:8]}.pth" == PUBLISHED_NAME


def test_the_published_file_is_told_by_its_digest(tmp_path, monkeypatch):
    path = tmp_path / "w.pth"
    path.write_bytes(b"abc")
    digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"  # of "abc", FIPS 180-2 appendix B.1
    assert "ba7816bf…" in InceptionOptions(weights=str(path)).remarks[0]
    monkeypatch.setattr("genaudit.extractors.options.PUBLISHED", digest)
    assert InceptionOptions(weights=str(path)).remarks == ()


def test_safetensors_give_the_same_network(inception, sets, weights, tmp_path):
    save_file(random_weights(), tmp_path / "w.safetensors")
    other = build(InceptionOptions(weights=str(tmp_path / "w.safetensors")), CPU)
    assert other.weights_digest != inception.weights_digest
    assert torch.equal(other.extract(sets[0][:1])["features"], inception.extract(sets[0][:1])["features"])


def test_without_weights_the_plan_refuses_and_says_what_to_do():
    images = np.zeros((3, 20, 20, 3), dtype=np.uint8)
    with pytest.raises(BadOption, match=r"--weights inception=FILE") as caught:
        genaudit.score(images, images, extractor="inception")
    assert PUBLISHED_NAME in str(caught.value)
    with pytest.raises(BadOption, match="there is no weights file gone"):
        genaudit.score(images, images, extractor="inception", options={"inception.weights": "gone.pth"})


class Hostile:
    """Runs a command when it is unpickled."""

    def __reduce__(self):
        return os.system, ("touch hacked",)


def test_a_hostile_or_damaged_file_is_refused_and_runs_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    zipped = io.BytesIO()
    torch.save({"a": torch.zeros(2), "list": [1]}, zipped)
    hostile, nan, old = io.BytesIO(), io.BytesIO(), io.BytesIO()
    torch.save({"a": 1}, old, _use_new_zipfile_serialization=False)
    torch.save({"a": Hostile()}, hostile)
    torch.save({"a": torch.tensor([float("nan")])}, nan)
    eight = safetensors_save({"a": torch.ones(2).to(torch.float8_e5m2)})
    for content, said in (
        (hostile.getvalue(), "Refused"),
        (b"", "Refused"),
        (b"\x89PNG no weights", "it is no file that torch or safetensors wrote"),
        (old.getvalue(), "'a' is no tensor"),
        (b"\x80\x02 no pickle", "Refused"),
        (b"\0" * 8 + b"{", "Refused"),
        (zipped.getvalue(), "'list' is no tensor"),
        (zipped.getvalue()[:200], "Refused"),
        (nan.getvalue(), "'a' holds NaN"),
        (eight, "'a' is of type torch.float8_e5m2, not float16"),
    ):
        (tmp_path / "w.pth").write_bytes(content)
        with pytest.raises(WeightsError, match=said):
            read_tensors(tmp_path / "w.pth")
    assert not (tmp_path / "hacked").exists()


def test_weights_of_another_network_are_refused(tmp_path):
    save_file({"conv.weight": torch.zeros(2, 2)}, tmp_path / "w.safetensors")
    with pytest.raises(WeightsError, match="do not fit Inception"):
        build(InceptionOptions(weights=str(tmp_path / "w.safetensors")), CPU)


def test_truth_values_in_place_of_weights_are_refused(tmp_path):
    state = {name: value.contiguous() for name, value in random_weights().items()}
    save_file({**state, "fc.bias": state["fc.bias"] > 0}, tmp_path / "w.safetensors")
    with pytest.raises(WeightsError, match=r"'fc\.bias' holds bool; the model takes float16"):
        build(InceptionOptions(weights=str(tmp_path / "w.safetensors")), CPU)


def test_other_images_are_refused(inception):
    with pytest.raises(ValueError, match=r"not torch.float64 \(1, 3, 8, 8\)"):
        inception.extract(torch.zeros(1, 3, 8, 8).double())
