"""The same features and probabilities given to torch-fidelity: values agree to rounding."""

from __future__ import annotations

import warnings

import numpy as np
import pytest

from genaudit.stats.frechet import frechet_distance
from genaudit.stats.information import inception_score
from genaudit.stats.kernels import subset_mmd
from genaudit.stats.moments import moments
from genaudit.stats.neighbours import neighbours
from genaudit.stats.seeds import generator

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what its imports deprecate is not ours
    torch = pytest.importorskip("torch")
    fid = pytest.importorskip("torch_fidelity.metric_fid")
    isc = pytest.importorskip("torch_fidelity.metric_isc")
    kid = pytest.importorskip("torch_fidelity.metric_kid")
    prc = pytest.importorskip("torch_fidelity.metric_prc")


@pytest.fixture(scope="module")
def features():
    x = generator(0, "x").standard_normal((400, 32))
    y = generator(0, "y").standard_normal((400, 32)) * 1.1 + 0.1
    return x, y


def test_frechet_distance(features):
    statistics = [{"mu": each.mean(axis=0), "sigma": np.cov(each.T)} for each in features]
    theirs = fid.fid_statistics_to_metric(*statistics, verbose=False)[fid.KEY_METRIC_FID]
    ours = frechet_distance(*(moments(each) for each in features))
    assert ours == pytest.approx(theirs, rel=1e-9)  # theirs takes eigenvalues of a product, good to 1e-8 or so


def test_kernel_distance_over_the_same_subsets(features):
    x, y = (torch.from_numpy(each) for each in features)
    theirs = kid.kid_features_to_metric(x, y, kid_subsets=20, kid_subset_size=100, rng_seed=2020, verbose=False)

    # its stream in place of ours; the order of draws is the same
    ours = subset_mmd(*features, subsets=20, subset_size=100, rng=np.random.RandomState(2020))
    assert ours.value == pytest.approx(theirs[kid.KEY_METRIC_KID_MEAN], rel=1e-9)
    assert ours.standard_deviation == pytest.approx(theirs[kid.KEY_METRIC_KID_STD], rel=1e-9)


def test_precision_and_recall(features):
    x, y = features
    theirs = prc.prc_features_to_metric(torch.from_numpy(y), torch.from_numpy(x), prc_neighborhood=3, verbose=False)
    ours = neighbours(x, y, [3], rng=generator(0)).hits[3]
    found = sorted([ours.inside_real.mean(), ours.inside_generated.mean()])
    assert found == pytest.approx(sorted([theirs[prc.KEY_METRIC_PRECISION], theirs[prc.KEY_METRIC_RECALL]]), abs=1e-6)


def test_inception_score():
    logits = generator(0, "logits").standard_normal((500, 12)) * 2
    theirs = isc.isc_features_to_metric(torch.from_numpy(logits), splits=10, shuffle=False)
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    ours = inception_score(p, 10)
    assert ours.value == pytest.approx(theirs[isc.KEY_METRIC_ISC_MEAN], rel=1e-12)
    assert ours.split_deviation == pytest.approx(theirs[isc.KEY_METRIC_ISC_STD], rel=1e-9)
