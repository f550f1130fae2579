"""Specs of fidelity and diversity: inception score and nearest-neighbour balls."""

from __future__ import annotations

from dataclasses import replace

from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

INCEPTION_SCORE = MetricSpec(
    name="inception_score",
    title="Inception score",
    summary="How confident and how varied the classes are that a classifier reads from generated items.",
    target="genaudit.metrics.inception:inception_score",
    options="genaudit.metrics.options:InceptionScoreOptions",
    source="Salimans et al. 2016, Improved Techniques for Training GANs, section 4",
    needs=("classes",),
    unit="effective classes",
    direction=Direction.HIGHER,
    bounds=(1.0, None),
    min_samples=2,
    formula="exp(mean KL(p(y|x) ‖ p(y))), mean over the splits",
    meaning="From 1 (every item reads the same) to the number of classes (sure and evenly mixed).",
    caveat=(
        "Knows no reference: one perfect image a class has the best score. Means something only if the classifier's "
        "classes fit the data, and is too low for small splits."
    ),
)

PRECISION = MetricSpec(
    name="precision",
    title="Precision",
    summary="Share of generated items that lie among real ones.",
    target="genaudit.metrics.neighbourhoods:precision",
    options="genaudit.metrics.options:PrecisionRecallOptions",
    source="Kynkäänniemi et al. 2019, Improved Precision and Recall Metric, eq. 1 and 2",
    needs=("neighbours",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    min_samples=4,
    formula=(
        "mean over generated items of 1[inside some real item's ball]; balls reach to the k-th nearest other real item"
    ),
    meaning="Fidelity: how many generated items are plausible. A holdout of real items shows what is reachable.",
    caveat=(
        "One outlier among the real items has a huge ball, so that even uniform noise may score high: read density "
        "beside it. Depends on k and on the number of items."
    ),
)
RECALL = replace(
    PRECISION,
    name="recall",
    title="Recall",
    summary="Share of real items that lie among generated ones.",
    target="genaudit.metrics.neighbourhoods:recall",
    formula=(
        "mean over real items of 1[inside some generated item's ball]; balls reach to the k-th nearest "
        "other generated item"
    ),
    meaning=(
        "Diversity: how much of the real variety the generator reaches. Near 0 for collapse and for few "
        "images repeated."
    ),
    caveat=(
        "Widely scattered generated items have huge balls and score well: read coverage beside it. "
        "Depends on k and on the "
        "number of items."
    ),
)
DENSITY = MetricSpec(
    name="density",
    title="Density",
    summary="How many real balls hold a generated item, over k.",
    target="genaudit.metrics.neighbourhoods:density",
    options="genaudit.metrics.options:DensityCoverageOptions",
    source="Naeem et al. 2020, Reliable Fidelity and Diversity Metrics, section 3",
    needs=("neighbours",),
    unit="balls over k",
    direction=Direction.HIGHER,
    bounds=(0.0, None),
    min_samples=6,
    formula="1 / (k m) Σ over generated items of the number of real balls that hold it strictly",
    meaning="Fidelity that one outlier cannot lift: a perfect generator has 1 on average.",
    caveat="Not bounded by 1: items crowded at the centre of the data score above it, so higher is not always better.",
)
COVERAGE = replace(
    DENSITY,
    name="coverage",
    title="Coverage",
    summary="Share of real items with a generated item in their ball.",
    target="genaudit.metrics.neighbourhoods:coverage",
    source="Naeem et al. 2020, Reliable Fidelity and Diversity Metrics, section 3",
    unit="share",
    bounds=(0.0, 1.0),
    formula="mean over real items of 1[their ball holds a generated item strictly]",
    meaning="Diversity in balls of real items. The details hold what a perfect generator would have at these sizes.",
    caveat=(
        "A perfect generator does not reach 1: about 1 - 2^-k with equally many items. Depends on k and "
        "on both numbers."
    ),
)

VENDI = MetricSpec(
    name="vendi",
    title="Vendi score",
    summary="Effective number of different items among the generated ones.",
    target="genaudit.metrics.vendi:vendi",
    options="genaudit.metrics.options:VendiOptions",
    source="Friedman and Dieng 2023, The Vendi Score, definition 3.1; order q as Pasarkar and Dieng 2024, eq. 4",
    needs=("features",),
    unit="effective items",
    direction=Direction.HIGHER,
    bounds=(1.0, None),
    min_samples=2,
    formula="exp of the entropy of the eigenvalues of K / n, K the cosines between features",
    meaning="1 if all items are alike, at most the dimension of the features. The reference's own score stands beside.",
    caveat=(
        "Knows no reference: noise is diverse too, so that a score above the reference's is no merit. Depends on the "
        "extractor; features that are all positive look alike and score low."
    ),
)

DIVERSITY = (INCEPTION_SCORE, PRECISION, RECALL, DENSITY, COVERAGE, VENDI)
