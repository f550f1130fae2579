"""Errors of differences on shared items, against the spread of many repetitions."""

import hashlib
from dataclasses import replace

import numpy as np
import pytest
from gate_records import PROTOCOL, number
from safetensors.numpy import save

from genaudit.gate.baseline import Accepted, BaselineError
from genaudit.gate.feature_file import KeptItems, read_features, write_for_baseline
from genaudit.gate.keeping import kept_of_distance, kept_of_estimate
from genaudit.gate.measured import Measured
from genaudit.gate.pairing import paired_errors
from genaudit.metrics import discrepancy, distances, extrapolation, inception, modes, sliced, vendi
from genaudit.metrics.interpolation import interpolation_realism
from genaudit.metrics.latent_options import MidpointOptions
from genaudit.metrics.options import (
    ExtrapolationOptions,
    GaussianDiscrepancyOptions,
    InceptionScoreOptions,
    KernelOptions,
    SlicedOptions,
    VendiOptions,
)  # fmt: skip
from genaudit.plugin.options import NoOptions
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit.stats.seeds import generator
from genaudit.stats.units import blocks_of_units, jackknife_error
from genaudit.values.observations import ClassPair, FeaturePair, PathMidpoints
from genaudit.values.results import Estimate, Influences

ITEMS = "seed 0, 300 latents of shape 6"
N, D = 300, 6


def pair_of(generated, reference):
    return FeaturePair(generated=generated, reference=reference)


def classes_of(generated, reference):
    return ClassPair(generated=softmax(generated), reference=softmax(reference), classes=tuple("abcdef"))


def middles_of(generated, reference):
    return PathMidpoints(midpoints={"slerp": generated}, ends=generated, reference=reference)


def softmax(rows):
    shares = np.exp(2 * rows)
    return shares / shares.sum(axis=1, keepdims=True)


METRICS = {
    "kid": lambda x, y: distances.kernel_distance(pair_of(x, y), options=KernelOptions(), rng=blocks()),
    "cmmd": lambda x, y: discrepancy.cmmd(
        pair_of(x, y), options=GaussianDiscrepancyOptions(sigma=1.0, normalise=False), rng=blocks()
    ),
    "vendi": lambda x, y: vendi.vendi(pair_of(x, y), options=VendiOptions(), rng=blocks()),
    "mind": lambda x, y: sliced.mind(pair_of(x, y), options=SlicedOptions(projections=50), rng=blocks()),
    "fid_infinity": lambda x, y: extrapolation.fid_infinity(
        pair_of(x, y), options=ExtrapolationOptions(start=150, points=3), rng=blocks()
    ),
    "interpolation_realism": lambda x, y: next(
        iter(interpolation_realism(middles_of(x, y), options=MidpointOptions(), rng=blocks()))
    ),
    "inception_score": lambda x, y: inception.inception_score(
        classes_of(x, y), options=InceptionScoreOptions(splits=3, shuffle=True), rng=blocks()
    ),
    "mode_kl": lambda x, y: modes.mode_kl(classes_of(x, y), options=NoOptions(), rng=blocks()),
}
"""Metrics whose estimates know what each item adds, or what is left without a block."""


def blocks():
    return generator(0, "the run's own seed")


def asked(metric, x, y):
    """The value, and what a run keeps of it."""
    if metric == "fid":
        return frechet_distance_of_rows(x, y), kept_of_distance("fid", pair_of(x, y), ddof=1)
    estimate = METRICS[metric](x, y)
    return estimate.value, kept_of_estimate(metric, estimate)


def kept(arrays=None, items=ITEMS, **terms):
    of_means = {f"terms/{name}": np.asarray(values, dtype=np.float32) for name, values in terms.items()}
    return KeptItems(items=items, arrays={**(arrays or {}), **of_means})


def measured(metric, value=1.0, samples=1_000):
    protocol = replace(PROTOCOL, samples=samples)
    result = number(metric, value, protocol=protocol)
    return Measured(
        metric=metric, group="", value=value, standard_error=0.1, degrees_of_freedom=None, method="", n=N,
        direction=result.direction, unit="", version="1", definition="d", samples=samples, reference="",
        reference_digest="", extractor="", extractor_digest="", parameters={},
    )  # fmt: skip


def error_of(old, new, metric, value=1.0, before=1.0, samples=1_000, definition="d"):
    """The paired error of one metric, or None."""
    now = measured(metric, value, samples)
    accepted = Accepted(value=before, standard_error=0.1, n=N, direction=now.direction, definition=definition)
    return paired_errors(old, new, {metric: now}, {metric: accepted}).get(metric)


def world(seed):
    """A reference, a model, and a wider and slightly mixed one from the same latents."""
    rng = generator(seed, "pairing")
    z = rng.standard_normal((N, D))
    scale = np.array([1.5, 1.2, 1.0, 1.0, 0.9, 0.8])
    return rng.standard_normal((N, D)), 1.2 * z * scale + 0.1, 1.32 * z * scale + 0.3 * np.roll(z, 1, axis=1) + 0.1


@pytest.mark.parametrize("metric", ["fid", *METRICS])
def test_the_error_of_a_difference_is_its_spread_over_repetitions(metric):
    differences, errors = [], []
    for seed in range(40):
        reference, before, after = world(seed)
        (old_value, old), (new_value, new) = asked(metric, before, reference), asked(metric, after, reference)
        differences.append(new_value - old_value)
        errors.append(error_of(kept(old), kept(new), metric, new_value, old_value).standard_error)
    # the spread of 40 differences is known to 11 %, a jackknife is conservative, and so is a kernel near 0
    assert 0.75 < np.mean(errors) / np.std(differences, ddof=1) < 2.0


@pytest.mark.parametrize("metric", ["fid", *METRICS])
def test_equal_runs_have_no_error_and_paired_ones_less_than_independent_ones(metric):
    reference, before, after = world(1)
    (old_value, old), (new_value, new) = asked(metric, before, reference), asked(metric, after, reference)
    same = error_of(kept(old), kept(old), metric).standard_error
    paired = error_of(kept(old), kept(new), metric, new_value, old_value).standard_error
    remainder = 2**0.5 * old[f"remainder/{metric}"][0] if f"remainder/{metric}" in old else 0.0
    assert same == pytest.approx(remainder, abs=1e-12)
    alone = METRICS[metric](after, reference).interval.standard_error if metric != "fid" else None
    elsewhere = asked(metric, world(9)[1], reference)[1]
    other = error_of(kept(elsewhere, items="seed 9"), kept(new), metric, new_value, old_value)
    if alone:
        assert paired < 0.75 * 2**0.5 * alone
    if f"reference/{metric}" in new or metric == "fid":  # the reference is shared whatever the latents are
        assert paired < 0.75 * other.standard_error
    else:
        assert other is None


@pytest.mark.parametrize(
    "metric", [name for name in METRICS if name not in {"mind", "fid_infinity", "interpolation_realism"}]
)
def test_influences_sum_to_nothing_and_give_the_published_error(metric):
    reference, before, _ = world(2)
    estimate = METRICS[metric](before, reference)
    influences = estimate.influences
    assert sum(influences.generated) == pytest.approx(0.0, abs=1e-12)
    assert sum(influences.reference) == pytest.approx(0.0, abs=1e-12)
    squares = [sum(one**2 for one in side) for side in (influences.generated, influences.reference)]
    # the inception score counts the degree of freedom of each split
    assert (sum(squares) + influences.remainder**2) ** 0.5 == pytest.approx(estimate.interval.standard_error, rel=0.02)


def test_distances_without_blocks_are_those_of_the_rows_that_stay():
    reference, before, after = world(3)
    found = {}
    for name, rows in (("before", before), ("after", after)):
        found[name] = kept_of_distance("fid", pair_of(rows, reference), ddof=1)["distances/fid"]
        rng = generator(0, "gate", "fid")
        block, other = blocks_of_units(N, None, 20, rng), blocks_of_units(N, None, 20, rng)
        expected = [frechet_distance_of_rows(rows[block != b], reference[other != b]) for b in range(20)]
        assert found[name] == pytest.approx(expected, rel=1e-9)
    error = error_of(kept({"distances/fid": found["before"]}), kept({"distances/fid": found["after"]}), "fid", 2.0)
    assert error.standard_error == pytest.approx(jackknife_error(found["after"] - found["before"]))
    assert error.degrees_of_freedom == 19


def test_units_and_their_strata_are_kept_instead_of_items():
    influences = Influences(
        generated=(1.0, 2.0, -3.0), generated_clusters=(4, 9, 4), generated_strata=(1, 5, 2),
        reference=(0.5, -0.5), remainder=0.25,
    )  # fmt: skip
    found = kept_of_estimate("kid", Estimate(value=1.0, reason_without="None.", influences=influences))
    assert found["generated/kid"].tolist() == [-2.0, 2.0]
    assert found["generated_strata/kid"].tolist() == [1.5, 5.0]
    assert found["reference/kid"].tolist() == [0.5, -0.5]
    assert "reference_strata/kid" not in found
    assert found["remainder/kid"].tolist() == [0.25]


def test_too_few_items_keep_no_distances():
    assert kept_of_distance("fid", pair_of(np.eye(2), np.eye(2)), ddof=1) == {}


def test_means_are_compared_term_by_term():
    rng = generator(0, "terms")
    before = rng.standard_normal(N)
    after = before + 0.1 * rng.standard_normal(N)
    old, new = kept(precision=before), kept(precision=after)
    found = error_of(old, new, "precision", 1.1)
    assert found.standard_error == pytest.approx(np.std(after - before, ddof=1) / N**0.5, rel=1e-5)
    assert found.degrees_of_freedom == N - 1
    other = replace(new, items="seed 7")
    assert error_of(old, other, "precision", 1.1) is None
    assert error_of(old, other, "precision", 1.1, samples=0)  # held-out images are the same whatever the seed


def test_terms_of_one_source_item_count_as_one():
    before, after = np.zeros(6), np.array([1.0, 1.0, 1.0, 0.0, 0.0, 0.0])
    clusters = {"clusters/elbo": np.array([0, 0, 0, 2, 2, 2], dtype=np.int32)}
    found = error_of(kept(elbo=before), kept(clusters, elbo=after), "elbo", 1.5)
    assert (found.standard_error, found.degrees_of_freedom) == (pytest.approx(0.5), 1.0)


def test_what_cannot_be_paired_is_left_out():
    reference, before, after = world(2)
    old, new = (kept(asked("kid", rows, reference)[1]) for rows in (before, after))
    fewer = kept(asked("kid", before[:200], reference)[1])
    assert error_of(old, new, "kid", 2.0)
    assert error_of(fewer, new, "kid", 2.0) is None
    assert error_of(old, new, "kid", 2.0, definition="another") is None
    assert error_of(old, new, "recall", 2.0) is None
    assert error_of(kept(), new, "kid", 2.0) is None


def test_a_number_that_moved_is_never_certain():
    """A jackknife may not move although the number did; what moved is then compared as independent."""
    still = kept({"left_out/mind": np.full(10, 0.5)})
    assert error_of(still, still, "mind", 0.5, before=0.5).standard_error == 0.0
    assert error_of(still, still, "mind", 0.6, before=0.5) is None


def written(path, **arrays):
    content = save(arrays, {"items": ITEMS})
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


def test_a_baseline_has_the_same_bytes_beside_it(tmp_path):
    path, target = tmp_path / "features.safetensors", tmp_path / "b.safetensors"
    digest = written(path, **{"terms/precision": np.ones(3, dtype=np.float32)})
    found = write_for_baseline(path, digest, target)
    assert (found.sha256, found.bytes) == (digest, path.stat().st_size)
    assert target.read_bytes() == path.read_bytes()
    with pytest.raises(BaselineError, match="There are no features"):
        write_for_baseline(tmp_path / "none", digest, target)
