"""Two sets that are there already go through the same probes and metrics as a run, without a generator."""

import io
from dataclasses import replace

import numpy as np
import pytest
import torch
from crops import crop_folders
from PIL import Image
from torch.utils.data import TensorDataset

import genaudit
from genaudit.engine.request import RunInputs
from genaudit.engine.scoring import ScoredSets, make_score_plan
from genaudit.errors import BadOption, GenauditError
from genaudit.plugin.catalog import Registered
from genaudit.plugin.manager import load_plugins
from genaudit.plugin.specs import ExtractorSpec
from genaudit.stats.seeds import generator


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return crop_folders(tmp_path_factory.mktemp("crops"))


def gaussian(name, n, shift=0.0, d=3):
    return generator(0, "scoring", name).normal(size=(n, d)) + shift


def test_features_are_compared_as_they_are():
    record = genaudit.score(gaussian("a", 2000, shift=1.0), gaussian("b", 2000), metrics=["fid", "kid"])
    assert record.value("fid") == pytest.approx(3.0, abs=0.35)  # 3 dimensions shifted by 1; four standard errors
    assert record.result("fid").protocol.extractor == "identity"
    assert (record.result("kid").n_generated, record.result("kid").n_reference) == (2000, 2000)
    assert (record.generator.facts["items"], record.generator.facts["dimensions"]) == (2000, "3")
    assert record.images == ()


@pytest.mark.parametrize("d", [1, 2, 4])
def test_features_of_every_dimension_are_scored_and_points_of_the_plane_are_drawn(d, tmp_path):
    record = genaudit.score(gaussian("a", 60, d=d), gaussian("b", 50, d=d), out=tmp_path)
    assert not record.failures
    assert {"fid", "kid", "mind", "precision", "coverage"} <= {result.metric for result in record.results}
    assert len(record.images) == (2 if d == 2 else 0)


def test_a_set_against_itself_is_at_distance_0_and_says_so():
    rows = gaussian("a", 50)
    record = genaudit.score(rows, rows.copy(), metrics=["fid", "precision", "recall"])
    assert record.value("fid") == pytest.approx(0, abs=1e-12)
    assert (record.value("precision"), record.value("recall")) == (1, 1)
    assert any("same items in the same order" in text for text in record.warnings)


def test_what_needs_a_generator_is_unavailable_with_the_reason():
    record = genaudit.score(gaussian("a", 50), gaussian("b", 50))
    assert record.unavailable["elbo"].reason_code == "needs-generator"
    assert record.unavailable["elbo"].reason == "It asks the generator itself, and only what it made was given."
    assert record.unavailable["elbo"].hint == (
        "The generator itself: genaudit run --plugin NAME (genaudit plugins list), or a plugin for it."
    )
    assert record.unavailable["interpolation_smoothness"].reason_code == "needs-generator"
    assert record.unavailable["inception_score"].reason_code == "needs-extractor-output"
    assert not record.failures


def test_too_few_items_make_a_metric_unavailable_with_the_number_needed():
    record = genaudit.score(gaussian("a", 4), gaussian("b", 30), metrics=["density", "fid"])
    assert record.unavailable["density"].reason == "It needs at least 6 items on either side; there are 4."
    assert record.unavailable["density"].hint == "Sets of 6 or more."
    assert record.value("fid") > 0


def test_a_bad_array_is_told_of_by_the_side_that_it_is_on():
    broken = gaussian("a", 9)
    broken[3, 1] = np.nan
    with pytest.raises(GenauditError, match=r"The generated array holds NaN or infinity at index \(3, 1\)"):
        genaudit.score(broken, gaussian("b", 9))
    with pytest.raises(GenauditError, match="The reference array in memory holds only one item"):
        genaudit.score(gaussian("a", 9), gaussian("b", 1))
    with pytest.raises(GenauditError, match="Cannot read a reference set from a value of type list"):
        genaudit.score(gaussian("a", 9), [[1.0]])


def test_a_masked_array_is_not_read_with_what_lies_under_its_mask():
    masked = np.ma.masked_array(gaussian("a", 9), mask=False)
    with pytest.raises(GenauditError, match="Cannot read a generated set from a masked array"):
        genaudit.score(masked, gaussian("b", 9))


def test_what_needs_a_training_set_says_that_two_sets_hold_none():
    record = genaudit.score(gaussian("a", 9), gaussian("b", 9), metrics=["authenticity", "fid"])
    said = record.unavailable["authenticity"]
    assert said.reason == "It looks at the training set as well, and only two sets were given."
    assert "--training SET" in said.hint


def test_the_same_images_give_the_same_numbers_from_every_container(folders, tmp_path):
    stacks = [np.stack([np.asarray(Image.open(path)) for path in sorted(folder.iterdir())]) for folder in folders]
    np.savez(tmp_path / "china.npz", stacks[0])
    np.save(tmp_path / "flower.npy", stacks[1].transpose(0, 3, 1, 2))
    asked = {"extractor": "pixels", "resize": 8, "metrics": ["fid", "kid", "coverage"]}
    values = [
        [result.value for result in genaudit.score(*pair, **asked).results]
        for pair in (
            folders,
            (tmp_path / "china.npz", tmp_path / "flower.npy"),
            stacks,
            [torch.from_numpy(stack) for stack in stacks],
        )
    ]
    assert len(values[0]) == 3
    assert values[1:] == values[:1] * 3


def test_the_batch_size_and_the_room_in_memory_change_no_number(folders, monkeypatch):
    asked = {"extractor": "pixels", "resize": 8, "metrics": ["fid", "recall"]}
    once = [result.value for result in genaudit.score(*folders, **asked).results]
    monkeypatch.setattr("genaudit.sets.stored_set.KEPT_BYTES", 0)
    assert [result.value for result in genaudit.score(*folders, batch_size=7, **asked).results] == once


def test_the_protocol_names_digest_resize_and_reference(folders):
    record = genaudit.score(*folders, extractor="pixels", resize=8, metrics=["fid"])
    protocol = record.result("fid").protocol
    assert protocol.reference == "flower/evaluation"
    assert protocol.reference_digest == record.dataset.digest != record.generator.digest
    assert protocol.preprocessing == (
        "stretched to 8×8 by pil-bicubic (antialiased bicubic on float32, clipped, not rounded); "
        "levels / 255, flattened, float64"
    )
    assert record.extractor.facts["features dimensions"] == 192


def test_levels_are_rounded_only_where_the_policy_says_so(folders):
    asked = {"extractor": "pixels", "resize": 8, "metrics": ["fid"]}
    records = {
        policy: genaudit.score(*folders, **asked, resize_policy=policy)
        for policy in ("pil-bicubic", "pil-bicubic-8bit", "tf1-bilinear")
    }
    assert len({record.result("fid").protocol.preprocessing for record in records.values()}) == 3
    said = records["pil-bicubic-8bit"].result("fid").protocol.preprocessing
    assert said.endswith("8-bit levels / 255, flattened, float64")
    whole, clean = (records[policy].value("fid") for policy in ("pil-bicubic-8bit", "pil-bicubic"))
    assert clean != whole
    assert clean == pytest.approx(whole, rel=1e-3)  # rounding is a third of a level: 0.1 % of a contrast of 60 levels
    assert records["tf1-bilinear"].value("fid") > 1.1 * clean  # without antialiasing small crops keep more contrast


def test_an_extractor_of_8_bit_levels_refuses_levels_between_them(folders):
    whole = ExtractorSpec(name="whole", summary="Reads whole levels.", target="x:y", outputs={"features": 4})
    catalog = load_plugins()
    added = Registered(spec=whole, plugin="whole", distribution="whole", version="1")
    catalog = replace(catalog, registered=(*catalog.registered, added))
    sets = ScoredSets(generated=folders[0], reference=folders[1], resize=8)
    inputs = RunInputs(plugin="", extractor="whole", metrics=("fid",))
    with pytest.raises(GenauditError, match=r"reads 8-bit levels.*--resize-policy pil-bicubic-8bit"):
        make_score_plan(sets, inputs, catalog)
    rounded = replace(sets, resize_policy="pil-bicubic-8bit")
    assert make_score_plan(rounded, inputs, catalog).extractor.spec.name == "whole"


def test_sixteen_pixels_are_read_by_the_digits_network_with_a_warning(folders):
    record = genaudit.score(*folders, resize=16, metrics=["mode_count"])
    assert record.extractor.name == "digits"
    assert any("trained on coloured digits" in text for text in record.warnings)
    named = genaudit.score(*folders, resize=16, metrics=["mode_count"], extractor="digits")
    assert not any("trained on" in text for text in named.warnings)


def test_lossy_against_lossless_is_a_warning(folders, tmp_path):
    lossy, _ = crop_folders(tmp_path, suffix=".jpg")
    record = genaudit.score(lossy, folders[1], extractor="pixels", resize=8, metrics=["fid"])
    assert any(text.startswith("40 of 40 generated images were stored with loss") for text in record.warnings)


def test_skipped_files_are_a_warning_in_the_record(folders, tmp_path):
    china, _ = crop_folders(tmp_path)
    (china / "000.png").write_bytes(b"broken")
    with pytest.raises(GenauditError, match=r"000\.png"):
        genaudit.score(china, folders[1], extractor="pixels", resize=8)
    record = genaudit.score(china, folders[1], extractor="pixels", resize=8, skip_corrupt=True, metrics=["fid"])
    assert record.result("fid").n_generated == 39
    assert any("1 file in the folder china could not be read" in text for text in record.warnings)


def test_a_run_folder_is_written_only_where_one_is_asked_for(folders, tmp_path):
    genaudit.score(*folders, extractor="pixels", resize=8, metrics=["fid"], out=tmp_path)
    (folder,) = tmp_path.iterdir()
    assert folder.name.startswith("china-flower-")
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    assert {"run.json", "results.csv", "report.html", "samples/real.png", "samples/generated.png"} <= found
    assert "samples.npz" not in found
    assert genaudit.load(folder).value("fid") > 0


def test_the_report_of_two_sets_speaks_of_sets_and_of_no_model(folders, tmp_path):
    genaudit.score(*folders, extractor="pixels", resize=8, out=tmp_path)
    (folder,) = tmp_path.iterdir()
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "<h1>china against flower</h1>" in page
    assert "40 generated images lie at a" in page
    assert "from the reference set" in page
    assert "Generated set: china" in page
    for absent in ("Reconstruction and likelihood", "Latent space", "retraining", "Generator:", "profile"):
        assert absent not in page, absent


def test_the_report_of_features_speaks_of_items(tmp_path):
    genaudit.score(gaussian("a", 50), gaussian("b", 60), metrics=["fid"], out=tmp_path, formats=["html", "csv"])
    (folder,) = tmp_path.iterdir()
    assert "50 generated items lie at a" in (folder / "report.html").read_text(encoding="utf-8")
    assert "array-generated,array-reference,fid," in (folder / "results.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("pair", "further", "said"),
    [
        ((np.eye(3), np.zeros((3, 4, 4, 3), dtype=np.uint8)), {}, r"holds features, .* images"),
        ((np.eye(3), np.eye(4)), {}, "have 3 dimensions, the reference features 4"),
        ((np.zeros((3, 4, 4)), np.zeros((3, 4, 5))), {}, r"4 × 4, the reference images 4 × 5 .*--resize N"),
        ((np.zeros((3, 4, 4)),) * 2, {}, "No extractor for images of 4 × 4 was named"),
        ((np.zeros((3, 4, 4)),) * 2, {"extractor": "identity"}, "reads vectors, and these sets hold images"),
        ((np.zeros((3, 4, 4)),) * 2, {"extractor": "digits"}, r"reads images of shape \(3, 16, 16\)"),
        ((np.eye(3),) * 2, {"extractor": "pixels"}, "--extractor identity"),
        ((np.eye(3),) * 2, {"extractor": "identify"}, "Did you mean 'identity'"),
        ((np.eye(3),) * 2, {"metrics": ["fit"]}, "Did you mean 'fid'"),
        ((np.eye(3),) * 2, {"metrics": "fid"}, "not a list of names"),
        ((np.eye(3),) * 2, {"seed": -1}, "--seed -1"),
        ((np.eye(3),) * 2, {"options": {"kid.subset": 1}}, "did you mean 'subsets'"),
        ((np.eye(3),) * 2, {"samples": 3}, "No argument 'samples' of score"),
        (("nowhere", np.eye(3)), {}, "There is no nowhere"),
        ((TensorDataset(torch.eye(3)), np.eye(3)), {}, "type TensorDataset"),
    ],
)
def test_what_cannot_be_compared_is_refused_before_work_starts(pair, further, said):
    with pytest.raises(GenauditError, match=said):
        genaudit.score(*pair, **further)


def test_pixels_of_large_images_are_refused_with_the_way_out():
    images = np.zeros((3, 64, 64, 3), dtype=np.uint8)
    with pytest.raises(GenauditError, match=r"at most 4,096 levels, and these have 12,288.*--resize 32"):
        genaudit.score(images, images + 1, extractor="pixels", metrics=["fid"])


def test_an_unknown_argument_names_those_that_there_are():
    with pytest.raises(BadOption, match=r"Allowed: allow_download, batch_size, .*skip"):
        genaudit.score(np.eye(3), np.eye(3), plugin_name="x")


def test_sets_that_share_a_name_or_have_a_metrics_name_keep_apart(tmp_path):
    for name in ("a/fid", "b/fid"):
        buffer = io.BytesIO()
        np.save(buffer, gaussian(name, 20))
        path = tmp_path / name / "fid.npy"
        path.parent.mkdir(parents=True)
        path.write_bytes(buffer.getvalue())
    record = genaudit.score(tmp_path / "a/fid/fid.npy", tmp_path / "b/fid/fid.npy", metrics=["fid"])
    assert (record.request.plugin, record.request.dataset) == ("fid.npy-generated", "fid.npy-reference")
