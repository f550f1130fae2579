"""Specs of the reading of classes from generated items."""

from __future__ import annotations

from dataclasses import replace

from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

MODE_COUNT = MetricSpec(
    name="mode_count",
    title="Modes found",
    summary="Classes that are read from at least one generated item.",
    target="genaudit.metrics.modes:mode_count",
    options="genaudit.metrics.options:ModeCountOptions",
    source="Srivastava et al. 2017, VEEGAN (the stacked-MNIST count)",
    needs=("classes",),
    unit="classes",
    direction=Direction.HIGHER,
    bounds=(0.0, None),
    formula="number of classes with at least `minimum` items whose most probable class it is",
    meaning="Fewer than all classes: the generator dropped some.",
    caveat=(
        "Most generators find every class of a small data set: shares and their divergence say more. "
        "Misread items count."
    ),
)
MISSING_MODES = replace(
    MODE_COUNT,
    name="missing_modes",
    title="Modes missing",
    summary="Classes that are read from no generated item; the note names them.",
    target="genaudit.metrics.modes:missing_modes",
    direction=Direction.LOWER,
    formula="number of classes with fewer than `minimum` items whose most probable class it is",
)
MODE_SHARE = MetricSpec(
    name="mode_share",
    title="Share of a class",
    summary="How much of the generated items each class has, beside its share in the reference.",
    target="genaudit.metrics.modes:mode_share",
    source="Wilson 1927, Probable Inference, for the interval",
    needs=("classes",),
    unit="share",
    direction=Direction.NONE,
    bounds=(0.0, 1.0),
    formula="items whose most probable class it is, over all items",
    meaning="Compare with the reference share, which the same classifier read.",
    caveat="Uncorrected for the classifier's errors; intervals hold for one class at a time.",
)
MODE_KL = MetricSpec(
    name="mode_kl",
    title="Divergence of the mix of classes",
    summary="How far the generated proportions of classes are from those of the reference.",
    target="genaudit.metrics.modes:mode_kl",
    source="Metz et al. 2017, Unrolled Generative Adversarial Networks; delta method",
    needs=("classes",),
    unit="nats",
    direction=Direction.LOWER,
    bounds=(0.0, None),
    formula="Σ p ln(p / q); p generated and q reference shares of the most probable class",
    meaning=(
        "0 for equal proportions. Equal ones show expected_under_equality, in the details, by chance, the more of it "
        "the more classes there are: the debiased value is about the populations."
    ),
    caveat="Blind to variety within a class and to the quality of items.",
)
CONDITIONAL_ACCURACY = MetricSpec(
    name="conditional_accuracy",
    title="Items of the class that was asked for",
    summary="Share of generated items that are read as the class they were asked for, in all and by class.",
    target="genaudit.metrics.conditional:conditional_accuracy",
    source="Odena et al. 2017, Conditional Image Synthesis with Auxiliary Classifier GANs, section 4; Wilson 1927",
    needs=("asked_classes",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    formula="items whose most probable class is the one that was asked for, over all items",
    meaning="Low: labels are ignored or mixed up. The note names the commonest mistake.",
    caveat="The classifier errs too, and items that deceive it count as right; says nothing of variety in a class.",
)
HIGH_QUALITY_RATE = MetricSpec(
    name="high_quality_rate",
    title="Points near a mode",
    summary="Share of generated points within three standard deviations of a mode of a mixture that is known.",
    target="genaudit.metrics.high_quality:high_quality_rate",
    options="genaudit.metrics.options:HighQualityOptions",
    source="Srivastava et al. 2017, VEEGAN, section 5.1; Lin et al. 2018, PacGAN",
    needs=("mode_distances",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    formula="mean of [min over modes of |x - centre| <= 3 sd]; a perfect model has 1 - exp(-9/2) = 0.9889 in the plane",
    meaning="Low: points lie between the modes, or modes are too wide. The note names the modes without such a point.",
    caveat="Rewards modes that are too narrow, and says nothing of how evenly they are reached.",
)

MODES = (MODE_COUNT, MISSING_MODES, MODE_SHARE, MODE_KL, CONDITIONAL_ACCURACY, HIGH_QUALITY_RATE)
