"""Specs of the distances between sets of features."""

from __future__ import annotations

from dataclasses import replace

from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

FID = MetricSpec(
    name="fid",
    title="Fréchet distance",
    summary="Distance between the Gaussians that fit generated and reference features.",
    target="genaudit.metrics.distances:frechet_distance",
    options="genaudit.metrics.options:FrechetOptions",
    source="Heusel et al. 2017, GANs Trained by a Two Time-Scale Update Rule, eq. 6; Dowson and Landau 1982",
    needs=("features",),
    unit="squared feature distance",
    direction=Direction.LOWER,
    bounds=(0.0, None),
    min_samples=2,
    formula="|m1 - m2|² + tr S1 + tr S2 - 2 tr (S1 S2)^½; covariances with divisor n - 1",
    meaning=(
        "0 if both sets have the same mean and covariance of features. Holds fidelity and diversity in one number: "
        "blur, noise, missing classes and wrong proportions all raise it."
    ),
    caveat=(
        "Too large for few items, so compare only equal sizes or read the debiased value. Prefers copies of the "
        "training set to new images, sees only mean and covariance, and changes with the extractor."
    ),
)

LOW_LEVEL = replace(
    FID,
    view="low-level",
    needs=("low_level_features",),
    title="Fréchet distance, low-level features",
    summary="The distance in the extractor's early layers: blur, pixel noise and colour.",
    meaning="Large where semantic features forgive: blurred or noisy images that are still recognised.",
)
RECONSTRUCTIONS = replace(
    FID,
    view="reconstructions",
    needs=("reconstruction_features",),
    title="Fréchet distance of reconstructions",
    summary="The distance between reconstructions of held-out images and the reference.",
    meaning=(
        "What encoding and decoding alone cost. If it is far below the distance of samples, the decoder is good and "
        "the prior does not match the codes."
    ),
)
AGGREGATE_POSTERIOR = replace(
    FID,
    view="aggregate posterior",
    needs=("aggregate_posterior_features",),
    title="Fréchet distance of samples from the aggregate posterior",
    summary="The distance of images decoded from codes of real images instead of codes from the prior.",
    meaning=(
        "The distance of samples less this one is the cost of the prior: codes that the prior draws and that no real "
        "image has. It is most of an ordinary VAE's distance."
    ),
)

KID = MetricSpec(
    name="kid",
    title="Kernel distance",
    summary="Unbiased squared maximum mean discrepancy of features under a cubic kernel.",
    target="genaudit.metrics.distances:kernel_distance",
    options="genaudit.metrics.options:KernelOptions",
    source=(
        "Bińkowski et al. 2018, Demystifying MMD GANs, section 4; Gretton et al. 2012, A Kernel Two-Sample Test, eq. 3"
    ),
    needs=("features",),
    unit="squared discrepancy",
    direction=Direction.LOWER,
    min_samples=2,
    formula="mean k(x, x') + mean k(y, y') - 2 mean k(x, y) over pairs of different items; k(u, v) = (u·v / d + 1)³",
    meaning=(
        "0 on average if both sets have the same first three moments of features, at any number of items: the choice "
        "for few items. Values just below 0 are legal."
    ),
    caveat=(
        'The usual "±" of other tools is the spread between overlapping subsets and no standard error. '
        "Pairs of renders "
        "of one source item are left out; the value with them is in the details."
    ),
)

AT_INFINITY = MetricSpec(
    name="fid_infinity",
    title="Fréchet distance at infinitely many items",
    summary="Where the distance goes as the number of generated items grows.",
    target="genaudit.metrics.extrapolation:fid_infinity",
    options="genaudit.metrics.options:ExtrapolationOptions",
    source="Chong and Forsyth 2020, Effectively Unbiased FID and Inception Score",
    needs=("features",),
    unit="squared feature distance",
    direction=Direction.LOWER,
    min_samples=4,
    formula="intercept of the least-squares line of the distance over 1/n, at 15 n from a tenth to all generated items",
    meaning="The distance without the part that comes from generating few items: comparable between different n.",
    caveat=(
        "Takes away the bias of the generated number only; that of the reference stays, so compare with the same "
        "reference. A line fits only where n is well above the dimension. May be below 0 near 0."
    ),
)

CMMD = MetricSpec(
    name="cmmd",
    title="Gaussian-kernel discrepancy (CMMD only for CLIP features)",
    summary="A thousand times the squared maximum mean discrepancy of feature directions under a Gaussian kernel.",
    target="genaudit.metrics.discrepancy:cmmd",
    version="2",
    options="genaudit.metrics.options:GaussianDiscrepancyOptions",
    source="Jayasumana et al. 2024, Rethinking FID; Gretton et al. 2012, A Kernel Two-Sample Test, eq. 5",
    needs=("features",),
    unit="squared discrepancy × 1000",
    direction=Direction.LOWER,
    bounds=(0.0, None),
    min_samples=2,
    formula=(
        "1000 (mean k(x, x') + mean k(y, y') - 2 mean k(x, y)) over all pairs, an item with itself too; "
        "k(u, v) = exp(-|u - v|² / (2 · 10²)) of features of length 1"
    ),
    meaning="0 for equal sets. Needs no assumption on the shape of the distributions and few items.",
    caveat=(
        "Is what the paper calls CMMD only if the extractor is CLIP ViT-L/14@336. At length 1 a width of 10 sees "
        "hardly more than the means, and nothing of the length of features. The published statistic is too large for "
        "few items; the details hold the unbiased one."
    ),
)

MIND = MetricSpec(
    name="mind",
    title="Sliced Wasserstein distance (MIND)",
    summary="Transport distance between the sets of features, averaged over random directions.",
    target="genaudit.metrics.sliced:mind",
    options="genaudit.metrics.options:SlicedOptions",
    source="Bonneel et al. 2015, Sliced and Radon Wasserstein Barycenters; scale 3d as torch-fidelity's MIND",
    needs=("features",),
    unit="squared feature distance × 3d",
    direction=Direction.LOWER,
    bounds=(0.0, None),
    min_samples=2,
    formula="3 d mean over unit directions u of W2²(u·x, u·y); sorted projections of equally many items",
    meaning="0 only for equal distributions; unlike the Fréchet distance it sees more than mean and covariance.",
    caveat=(
        "Above 0 for finite sets of one distribution, the more so the fewer items; the larger set is thinned to the "
        "size of the smaller. The interval tells how another sample may differ, and holds that bias."
    ),
)

DISTANCES = (FID, LOW_LEVEL, RECONSTRUCTIONS, AGGREGATE_POSTERIOR, AT_INFINITY, KID, CMMD, MIND)
