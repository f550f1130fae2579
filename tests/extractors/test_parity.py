"""The same images, weights and seeds given to torch-fidelity, the same features to torchmetrics: what agrees, how far.

docs/parity.md says the same in a table. Inception carries seeded random weights; its first pooling, 64 features, is
compared where more images than dimensions are wanted, so that covariances have full rank.
"""

import warnings

import numpy as np
import pytest
import torch
from random_inception import Images, crop_stacks, random_weights

from genaudit.extractors.inception import STAGES, build
from genaudit.extractors.options import InceptionOptions
from genaudit.stats.frechet import frechet_distance_of_rows
from genaudit.stats.information import inception_score
from genaudit.stats.kernels import polynomial_mmd, subset_mmd
from genaudit.stats.neighbours import neighbours
from genaudit.stats.seeds import generator

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # what their imports deprecate is not ours
    from torch_fidelity import calculate_metrics
    from torchmetrics.image.fid import FrechetInceptionDistance
    from torchmetrics.image.inception import InceptionScore
    from torchmetrics.image.kid import KernelInceptionDistance

ITEMS = 90


@pytest.fixture(scope="module")
def sets(tmp_path_factory):
    return crop_stacks(tmp_path_factory.mktemp("crops"), count=ITEMS)


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    path = tmp_path_factory.mktemp("weights") / "random.pth"
    torch.save(random_weights(), path)
    return path


@pytest.fixture(scope="module")
def features(sets, weights):
    """``low_level`` of both sets; the layers behind it are not run, which is most of the time."""
    inception = build(InceptionOptions(weights=str(weights)), torch.device("cpu"))
    found = []
    for images in sets:
        with torch.no_grad():
            values = torch.cat([_low_level(inception, part) for part in torch.split(images, 16)])
        found.append(values.double().numpy())
    return found


def _low_level(inception, images):
    values = (inception._stretched(images) - 128) / 128
    for layer in STAGES["low_level"]:
        values = getattr(inception.network, layer)(values)
    return values.mean((2, 3))


@pytest.fixture(scope="module")
def theirs(sets, weights):
    """Everything that torch-fidelity says of the same images in its 64 features."""
    layers = {f"feature_layer_{metric}": "64" for metric in ("fid", "kid", "prc")}
    return calculate_metrics(
        input1=Images(sets[0]), input2=Images(sets[1]), cuda=False, fid=True, kid=True, prc=True, batch_size=16,
        feature_extractor="inception-v3-compat", **layers, kid_subsets=5, kid_subset_size=60, prc_neighborhood=3,
        cache=False, verbose=False, save_cpu_ram=True, rng_seed=2020, feature_extractor_weights_path=str(weights),
    )  # fmt: skip


def test_the_frechet_distance_agrees_with_torch_fidelity_where_both_are_well_conditioned(features, theirs):
    ours = frechet_distance_of_rows(*features)
    assert ours == pytest.approx(theirs["frechet_inception_distance"], rel=1e-6)


def test_the_kernel_distance_agrees_with_torch_fidelity_over_the_same_subsets(features, theirs):
    # its stream in place of ours: the order of draws is the same
    ours = subset_mmd(*features, subsets=5, subset_size=60, rng=np.random.RandomState(2020))
    known = theirs["kernel_inception_distance_mean"]
    assert ours.value == pytest.approx(known, rel=1e-5, abs=1e-7)  # their kernel is in float32


def test_precision_and_recall_agree_with_torch_fidelity(features, theirs):
    found = neighbours(features[1], features[0], [3], rng=generator(0)).hits[3]
    ours = sorted([found.inside_real.mean(), found.inside_generated.mean()])
    known = sorted([theirs["precision"], theirs["recall"]])
    assert ours == pytest.approx(known, abs=1e-6)  # theirs are means of 90 items in float32


class AsTheyAre(torch.nn.Module):
    """Features in the place of a network that makes them."""

    num_features = 64

    def forward(self, rows):
        return rows


def test_the_frechet_distance_agrees_with_torchmetrics_on_the_same_features(features):
    metric = FrechetInceptionDistance(feature=AsTheyAre()).set_dtype(torch.float64)
    for rows, real in zip(features, (False, True), strict=True):
        metric.update(torch.from_numpy(rows), real=real)
    assert frechet_distance_of_rows(*features) == pytest.approx(float(metric.compute()), rel=1e-6)


@pytest.mark.filterwarnings("ignore:Metric .* will save all extracted features:UserWarning")
def test_the_kernel_distance_agrees_with_torchmetrics_on_the_same_features(features):
    # with subsets of all items every subset is the whole set, whatever its random numbers
    metric = KernelInceptionDistance(feature=AsTheyAre(), subsets=2, subset_size=ITEMS).set_dtype(torch.float64)
    for rows, real in zip(features, (False, True), strict=True):
        metric.update(torch.from_numpy(rows), real=real)
    assert polynomial_mmd(*features).value == pytest.approx(float(metric.compute()[0]), rel=1e-6)


@pytest.mark.filterwarnings("ignore::UserWarning")  # of memory, and of a spread over one split
def test_the_inception_score_agrees_with_torchmetrics_on_the_same_logits():
    logits = generator(0, "parity-logits").standard_normal((300, 12)) * 2
    metric = InceptionScore(feature=AsTheyAre(), splits=1).set_dtype(torch.float64)
    metric.update(torch.from_numpy(logits))
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    assert inception_score(p, 1).value == pytest.approx(float(metric.compute()[0]), rel=1e-9)


def test_where_ranks_are_low_ours_is_the_exact_one():
    rng = generator(0, "parity-ranks")
    x, y = rng.standard_normal((24, 512)), rng.standard_normal((24, 512)) * 1.1
    u, v = x - x.mean(axis=0), y - y.mean(axis=0)
    cross = np.linalg.norm(u @ v.T, "nuc") / 23  # the trace as a nuclear norm, without a square root of a matrix
    exact = ((x.mean(axis=0) - y.mean(axis=0)) ** 2).sum() + ((u**2).sum() + (v**2).sum()) / 23 - 2 * cross
    assert frechet_distance_of_rows(x, y) == pytest.approx(exact, rel=1e-9)
    product = np.cov(x.T) @ np.cov(y.T)  # torch-fidelity's and torchmetrics' form
    with_eigenvalues = (
        ((x.mean(axis=0) - y.mean(axis=0)) ** 2).sum()
        + ((u**2).sum() + (v**2).sum()) / 23
        - 2 * np.sqrt(np.linalg.eigvals(product).astype(complex)).real.sum()
    )
    off = abs(with_eigenvalues - exact) / exact
    assert 1e-8 < off < 1e-4  # 488 eigenvalues that should be 0 come out as 1e-15, and their roots do not
