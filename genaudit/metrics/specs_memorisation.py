"""Specs of the comparison with the training set."""

from __future__ import annotations

from dataclasses import replace

from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

AUTHENTICITY = MetricSpec(
    name="authenticity",
    title="Authenticity",
    summary="Share of generated items that lie no nearer to a training item than other training items do.",
    target="genaudit.metrics.memorisation:authenticity",
    source="Alaa et al. 2022, How Faithful is your Synthetic Data?; AuthPct / 100 of Stein et al. 2023",
    needs=("nearest_training",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    min_samples=2,
    formula=(
        "mean over generated items of 1[d(x, t) > d(t, t')]; t the training item nearest to x, t' the one nearest to t "
        "of another source item"
    ),
    meaning=(
        "Compare with the share among held-out items, which stands beside: fresh data do not reach 1 either. Well "
        "below it, the generator copies."
    ),
    caveat=(
        "Faithful items in dense regions count as copies as well, and far-off noise is authentic. Renders of one "
        "source item are no t' of each other; the details hold the share with them, as published."
    ),
)
DATA_COPYING = MetricSpec(
    name="memorization_ct",
    title="Data-copying statistic",
    summary="Whether generated items are nearer to the training set than held-out items are, in standard deviations.",
    target="genaudit.metrics.memorisation:memorization_ct",
    options="genaudit.metrics.options:DataCopyingOptions",
    source="Meehan et al. 2020, A Three Sample Hypothesis Test for Evaluating Generative Models",
    needs=("nearest_training", "training_features", "holdout_features", "features"),
    unit="standard deviations",
    direction=Direction.NONE,
    min_samples=20,
    formula=(
        "mean over cells, weighted by held-out items, of (U - (nm - 1) / 2) / √(nm (n + m + 1) / 12); U counts pairs "
        "in which the generated item is the further one from the training set"
    ),
    meaning=(
        "Far below 0: copies. Around 0: as a fresh sample. Far above 0: further from the training set than real data "
        "are, the mark of a model that does not fit."
    ),
    caveat=(
        "Grows with the number of items, so compare equal numbers; the details hold the probability behind it. A model "
        "that copies some items and misses others may come out near 0."
    ),
)
MIFID = MetricSpec(
    name="mifid",
    title="Memorisation-informed Fréchet distance",
    summary="The Fréchet distance, made larger where generated items lie in the direction of training items.",
    target="genaudit.metrics.memorisation:mifid",
    version="2",
    options="genaudit.metrics.options:MemorisationDistanceOptions",
    source="Bai et al. 2021, On Training Sample Memorization (mean over generated items)",
    needs=("features", "training_features", "holdout_features"),
    unit="squared feature distance",
    direction=Direction.LOWER,
    bounds=(0.0, None),
    min_samples=3,
    formula="FID / (m + 1e-14), m = mean over generated x of min over training t of 1 - |cos(x, t)|; FID if m ≥ 0.1",
    meaning="Equal to the distance for new images; many times it for copies.",
    caveat=(
        "The threshold of 0.1 is for Inception features. Where features all point one way, fresh data fall below it as "
        "well: see the held-out memorisation distance in the details. Some tools average over the wrong set."
    ),
)
NEAREST = replace(
    AUTHENTICITY,
    name="nearest_neighbour_distance",
    title="Distance to the training set",
    summary="Median distance of generated items to the nearest training item, over that of held-out items.",
    target="genaudit.metrics.memorisation:nearest_neighbour_distance",
    source="ratio of medians of nearest-neighbour distances, after Meehan et al. 2020",
    unit="ratio",
    direction=Direction.NONE,
    bounds=(0.0, None),
    formula="median over generated x of min d(x, t) / median over held-out h of min d(h, t); t in the training set",
    meaning="1: as a fresh sample. 0: copies. Above 1: further from the training set than real data are.",
    caveat="A median does not see a few copies: the share of exact ones is in the details. Depends on the extractor.",
)

MEMORISATION = (AUTHENTICITY, DATA_COPYING, MIFID, NEAREST)
