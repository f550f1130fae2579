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

AT_EQUAL_SIZES = "Of the larger set as many items are drawn as the smaller one has."

HALVES = (
    "A perfect model does not reach 1: the details hold what one half of the real items scores against the other half, "
    "of other sources."
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
        "mean over generated items of 1[inside some real item's ball]; balls reach to the k-th nearest real item of "
        "another source"
    ),
    meaning=f"Fidelity: how many generated items are plausible. {HALVES}",
    caveat=(
        "One outlier among the real items has a huge ball, so that even uniform noise may score high: read density "
        f"beside it. Depends on k and on the number of items. {AT_EQUAL_SIZES}"
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
        "generated item of another source"
    ),
    meaning=(
        "Diversity: how much of the real variety the generator reaches. Near 0 for collapse and for few "
        f"images repeated. {HALVES}"
    ),
    caveat=(
        "Widely scattered generated items have huge balls and score well: read coverage beside it. "
        f"Depends on k and on the number of items. {AT_EQUAL_SIZES}"
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
    formula=(
        "1 / (k m) Σ over generated items of the number of real balls, which reach to the k-th nearest real item of "
        "another source, that hold it strictly"
    ),
    meaning="Fidelity that one outlier lifts by no more than 1/k: a perfect generator has 1 on average.",
    caveat=(
        "Not bounded by 1: items crowded at the centre of the data score above it, so higher is not always better. "
        f"{AT_EQUAL_SIZES}"
    ),
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
    formula=(
        "mean over real items of 1[their ball, which reaches to the k-th nearest real item of another source, holds a "
        "generated item strictly]"
    ),
    meaning="Diversity in balls of real items. The details hold what a perfect generator would have at these sizes.",
    caveat=(
        "A perfect generator does not reach 1: about 1 - 2^-k with equally many items. Depends on k and "
        f"on the number of items. {AT_EQUAL_SIZES}"
    ),
)

VENDI = MetricSpec(
    name="vendi",
    title="Vendi score",
    summary="Effective number of different items among the generated ones.",
    target="genaudit.metrics.vendi:vendi",
    options="genaudit.metrics.options:VendiOptions",
    source="Friedman and Dieng 2023, The Vendi Score, definition 3.1; order q as Pasarkar and Dieng 2024",
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

NDB = MetricSpec(
    name="ndb",
    title="Number of different bins",
    summary="Bins of the feature space that generated items fill more or less often than reference items do.",
    target="genaudit.metrics.bins:ndb",
    options="genaudit.metrics.options:BinOptions",
    source="Richardson and Weiss 2018, On GANs and GMMs",
    needs=("features",),
    unit="bins",
    direction=Direction.LOWER,
    bounds=(0.0, None),
    min_samples=2,
    formula="number of k-means bins of the reference with |p - q| / √(r (1 - r) (1/n + 1/m)) beyond the 5 % point",
    meaning="Modes with wrong shares. 5 % of the bins differ by chance between two samples of one distribution.",
    caveat=(
        "Finds ever more bins the more items are compared, so compare equal numbers. Renders of one source item fall "
        "into one bin together and raise it; the details hold the number of tests that know of them."
    ),
)
BIRTHDAY = MetricSpec(
    name="birthday_support",
    title="Support by the birthday paradox",
    summary="How many different items the generator seems to choose from, judged by near-duplicates.",
    target="genaudit.metrics.birthday:birthday_support",
    version="2",
    options="genaudit.metrics.options:BirthdayOptions",
    source="Arora and Zhang 2017, Do GANs Actually Learn the Distribution?; pairs as a U-statistic",
    needs=("features",),
    unit="items",
    direction=Direction.NONE,
    bounds=(1.0, None),
    min_samples=3,
    formula=(
        "pairs / pairs nearer than a threshold; the threshold is the median distance of reference items to the nearest "
        "of another source"
    ),
    meaning="Small beside the reference's own, by the same rule: the generator repeats itself.",
    caveat=(
        "Says nothing of quality: noise never repeats itself. Depends on the threshold, which people set by eye in the "
        "paper, and counts what comes often more than what comes seldom."
    ),
)
INTRA_CLASS = MetricSpec(
    name="intra_class_fid",
    title="Fréchet distance within classes",
    summary="The distance between generated and reference items of one class, and its mean over classes.",
    target="genaudit.metrics.intra_class:intra_class_fid",
    options="genaudit.metrics.options:IntraClassOptions",
    source="Miyato and Koyama 2018, cGANs with Projection Discriminator, section 5.1; classes as read here",
    needs=("features", "classes"),
    unit="squared feature distance",
    direction=Direction.LOWER,
    bounds=(0.0, None),
    min_samples=3,
    formula="mean over classes of the Fréchet distance between items that the extractor reads as that class",
    meaning="Variety and quality within a class: wrong shares of classes do not count here.",
    caveat=(
        "Much small-sample bias, because a class has few items: read the debiased values. Classes are readings of both "
        "sides, so an item that no class fits is compared with one all the same."
    ),
)
CLASSIFIER_SCORE = MetricSpec(
    name="classification_accuracy_score",
    title="Classification accuracy score",
    summary="Accuracy on real items of a classifier that was trained on generated ones.",
    target="genaudit.metrics.classification:classification_accuracy_score",
    version="2",
    options="genaudit.metrics.options:ClassifierOptions",
    source="Ravuri and Vinyals 2019, Classification Accuracy Score; a linear classifier of features here",
    needs=("features", "classes", "training_features"),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    min_samples=2,
    formula="share of reference items whose true class a softmax regression, trained on generated features, reads",
    meaning="Near the accuracy after as many real items, which stands beside: generated items teach as well.",
    caveat=(
        "An unconditional generator's items have no labels: they are read by the extractor's own classifier, so the "
        "score measures agreement with it and is too good. Features are the extractor's, not pixels."
    ),
)

DIVERSITY = (
    INCEPTION_SCORE,
    PRECISION,
    RECALL,
    DENSITY,
    COVERAGE,
    VENDI,
    NDB,
    BIRTHDAY,
    INTRA_CLASS,
    CLASSIFIER_SCORE,
)
