"""Specs of quality and memorisation within groups that annotators read."""

from __future__ import annotations

from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

OPTIONS = "genaudit.metrics.options:GroupOptions"
SAME_SIZE = (
    "All groups of an attribute are compared with equally many items, as many as the smallest has on either side, "
    "chosen at random: values of different n would differ even if the groups did not. Groups are read by an annotator "
    "on both sides."
)

KID = MetricSpec(
    name="kid_by_group",
    title="Kernel distance within groups",
    summary="The kernel distance of generated to reference items of one group, at one size for all groups.",
    target="genaudit.metrics.by_group:kid_by_group",
    options=OPTIONS,
    source="Bińkowski et al. 2018, Demystifying MMD GANs, section 4, within groups",
    needs=("features", "group_codes"),
    unit="squared discrepancy",
    direction=Direction.LOWER,
    min_samples=2,
    formula="kid of the items that are read as a level",
    meaning="Where it is larger, the model renders that group less well, if the intervals do not overlap.",
    caveat=f"{SAME_SIZE} A group that varies more in the data is harder to render.",
)
RECALL = MetricSpec(
    name="recall_by_group",
    title="Recall within groups",
    summary="Share of a group's real items that lie in the ball of a generated item of that group.",
    target="genaudit.metrics.by_group:recall_by_group",
    options=OPTIONS,
    source="Kynkäänniemi et al. 2019, Improved Precision and Recall Metric, eq. 2, within groups",
    needs=("features", "group_codes"),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    min_samples=2,
    formula="recall of the items that are read as a level, k = 3",
    meaning="Where it is lower, the model shows less of that group's variety.",
    caveat=f"{SAME_SIZE} Outliers among generated items have large balls and raise it.",
)
COVERAGE = MetricSpec(
    name="coverage_by_group",
    title="Coverage within groups",
    summary="Share of a group's real items with a generated item of that group in their ball.",
    target="genaudit.metrics.by_group:coverage_by_group",
    options=OPTIONS,
    source="Naeem et al. 2020, Reliable Fidelity and Diversity Metrics, section 3, within groups",
    needs=("features", "group_codes"),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    min_samples=2,
    formula="coverage of the items that are read as a level, k = 5",
    meaning="Where it is lower, fewer of that group's real items have anything generated near them.",
    caveat=f"{SAME_SIZE} A perfect generator does not reach 1; the details hold what it would have.",
)
AUTHENTICITY = MetricSpec(
    name="authenticity_by_group",
    title="Authenticity within groups",
    summary="Share of a group's generated items that lie no nearer to a training item than other training items do.",
    target="genaudit.metrics.by_group:authenticity_by_group",
    options=OPTIONS,
    source="Alaa et al. 2022, How Faithful is your Synthetic Data?, within groups",
    needs=("nearest_training", "group_codes"),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    min_samples=2,
    formula="authenticity of the items that are read as a level",
    meaning="Where it is lower, more of that group's images lie as near to a training item as copies do.",
    caveat="A group that is denser in the training data has nearer neighbours without being copied; groups are read by "
    "an annotator.",
)
MEMORISATION = MetricSpec(
    name="memorization_ratio_by_group",
    title="Memorisation within groups, against fresh data",
    summary="How many times as often as held-out items of a group its generated items lie too near to a training item.",
    target="genaudit.metrics.by_group:memorization_ratio_by_group",
    options=OPTIONS,
    source="Alaa et al. 2022, How Faithful is your Synthetic Data?, over held-out items of the group; "
    "interval: Donner and Zou 2012",
    needs=("nearest_training", "group_codes", "holdout_features"),
    unit="ratio",
    direction=Direction.NONE,
    bounds=(0.0, None),
    min_samples=2,
    formula="(1 - authenticity of generated items of a level) / (1 - authenticity of held-out items of that level)",
    meaning="1: as near to the training set as fresh data of that group. Above 1: nearer, the mark of copies of that "
    "group. Below 1: further away than fresh data are.",
    caveat="All groups of an attribute are compared with equally many items of either kind, chosen at random. Held-out "
    "items take out that a group lies denser in the training data, not that the model renders a group less well, which "
    "moves its images away from copies and from the data alike.",
)

GROUPS = (KID, RECALL, COVERAGE, AUTHENTICITY, MEMORISATION)
