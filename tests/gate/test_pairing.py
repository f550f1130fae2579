"""Errors of differences on shared items, against the spread of many repetitions."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from gate_records import PROTOCOL, number
from safetensors.numpy import save

from genaudit.gate.baseline import BaselineError
from genaudit.gate.feature_file import KeptFeatures, compact, read_features, write_for_baseline
from genaudit.gate.measured import Measured
from genaudit.gate.pairing import paired_errors
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit.stats.kernels import polynomial_mmd
from genaudit.stats.seeds import generator

ITEMS = "seed 0, 300 latents of shape 6"


def kept(generated, reference=None, items=ITEMS, **terms):
    arrays = {"features/generated": compact(generated)}
    if reference is not None:
        arrays["features/reference"] = compact(reference)
    arrays |= {f"terms/{name}": np.asarray(values, dtype=np.float32) for name, values in terms.items()}
    return KeptFeatures(items=items, compared={"fid": "features", "kid": "features"}, arrays=arrays)


def measured(metric, samples=1_000, **parameters):
    protocol = replace(PROTOCOL, samples=samples, parameters=parameters)
    result = number(metric, 1.0, protocol=protocol)
    return Measured(
        metric=metric, group="", value=1.0, standard_error=0.1, degrees_of_freedom=None, method="", n=300,
        direction=result.direction, unit="", version="1", definition="", samples=samples, reference="",
        reference_digest="", extractor="", extractor_digest="", parameters=parameters,
    )  # fmt: skip


def world(seed):
    """A reference, a model, and the same model 10 % wider, both from the same latents."""
    rng = generator(seed, "pairing")
    z = rng.standard_normal((300, 6))
    return rng.standard_normal((300, 6)), 1.2 * z + 0.1, 1.32 * z + 0.1


STATISTICS = {
    "fid": frechet_distance_of_rows,
    "kid": lambda rows, reference: polynomial_mmd(rows, reference).value,
}


@pytest.mark.parametrize("metric", ["fid", "kid"])
def test_the_error_of_a_difference_is_its_spread_over_repetitions(metric):
    differences, errors = [], []
    for seed in range(60):
        reference, before, after = world(seed)
        differences.append(STATISTICS[metric](after, reference) - STATISTICS[metric](before, reference))
        found = paired_errors(kept(before), kept(after, reference), {metric: measured(metric, ddof=1)})
        errors.append(found[metric].standard_error)
    # the spread of 60 differences is known to 9 %, and a jackknife is conservative
    assert 0.8 < np.mean(errors) / np.std(differences, ddof=1) < 1.4


@pytest.mark.parametrize("metric", ["fid", "kid"])
def test_equal_runs_have_no_error_and_other_latents_have_more(metric):
    reference, before, after = world(1)
    numbers = {metric: measured(metric, ddof=1)}
    same = paired_errors(kept(before), kept(before, reference), numbers)[metric]
    paired = paired_errors(kept(before), kept(after, reference), numbers)[metric]
    unpaired = paired_errors(kept(before, items="seed 1"), kept(after, reference), numbers)[metric]
    assert same.standard_error == pytest.approx(0.0, abs=1e-12)
    assert paired.standard_error < 0.7 * unpaired.standard_error


def test_means_are_compared_term_by_term():
    rng = generator(0, "terms")
    before = rng.standard_normal(300)
    after = before + 0.1 * rng.standard_normal(300)
    old, new = kept(np.eye(6), precision=before), kept(np.eye(6), precision=after)
    found = paired_errors(old, new, {"precision": measured("precision")})["precision"]
    assert found.standard_error == pytest.approx(np.std(after - before, ddof=1) / 300**0.5, rel=1e-5)
    assert found.degrees_of_freedom == 299
    other = replace(new, items="seed 7")
    assert paired_errors(old, other, {"precision": measured("precision")}) == {}
    held_out = measured("precision", samples=0)  # held-out images are the same whatever the seed
    assert "precision" in paired_errors(old, other, {"precision": held_out})


def test_terms_of_one_source_item_count_as_one():
    before, after = np.zeros(6), np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
    new = kept(np.eye(6), elbo=after)
    clustered = replace(new, arrays={**new.arrays, "clusters/elbo": np.array([0, 0, 0, 1, 1, 1])})
    found = paired_errors(kept(np.eye(6), elbo=before), clustered, {"elbo": measured("elbo")})["elbo"]
    assert (found.standard_error, found.degrees_of_freedom) == (pytest.approx(0.5), 1.0)


def test_what_cannot_be_paired_is_left_out():
    reference, before, after = world(2)
    fewer = kept(before[:200])
    assert paired_errors(fewer, kept(after, reference), {"fid": measured("fid")}) == {}
    assert paired_errors(kept(before), kept(after), {"fid": measured("fid")}) == {}
    assert paired_errors(kept(before), kept(after, reference), {"recall": measured("recall")}) == {}
    assert paired_errors(kept(before), kept(after, reference), {"kid": measured("kid", subsets=10)}) == {}


def written(path, **arrays):
    content = save(arrays, {"compared": "{}", "items": ITEMS})
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def test_a_file_is_read_only_if_its_digest_is_right(tmp_path):
    path = tmp_path / "features.safetensors"
    digest = written(path, a=np.ones(3, dtype=np.float16))
    assert read_features(path, digest).items == ITEMS
    with pytest.raises(BaselineError, match="are not those of the record"):
        read_features(path, "0" * 64)
    assert read_features(tmp_path / "none", digest) is None


@pytest.mark.parametrize("content", [b"\x80\x04pickle", b"", b"\xff" * 64])
def test_a_damaged_file_is_refused(tmp_path, content):
    path = tmp_path / "features.safetensors"
    path.write_bytes(content)
    with pytest.raises(BaselineError, match="are damaged"):
        read_features(path, hashlib.sha256(content).hexdigest())


def test_a_file_with_nan_is_refused(tmp_path):
    path = tmp_path / "features.safetensors"
    digest = written(path, a=np.array([np.nan], dtype=np.float16))
    with pytest.raises(BaselineError, match="NaN or infinity"):
        read_features(path, digest)


def test_a_baseline_keeps_no_reference(tmp_path):
    path = tmp_path / "features.safetensors"
    arrays = {"features/generated": np.ones((3, 2)), "features/reference": np.ones((3, 2))}
    digest = written(path, **arrays)
    found = write_for_baseline(path, digest, tmp_path / "b.safetensors")
    kept_arrays = read_features(tmp_path / "b.safetensors", found.sha256).arrays
    assert list(kept_arrays) == ["features/generated"]
    assert found.bytes == (tmp_path / "b.safetensors").stat().st_size


def test_features_that_half_precision_cannot_hold_stay_single():
    assert compact(np.array([1e5])).dtype == np.float32
    assert compact(np.array([1.0])).dtype == np.float16
