"""Specs of metrics of latent units and directions beside known attributes."""

from __future__ import annotations

from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

EASTWOOD = "Eastwood and Williams 2018, A Framework for the Quantitative Evaluation of Disentangled Representations"
OPTIONS = "genaudit.metrics.latent_options:FactorOptions"
EXCHANGED = "for black boxes, Eastwood et al. 2023, DCI-ES, by exchanges, Breiman 2001, Random Forests, section 10"
COARSE = (
    "Of known factors alone, which the labels of the data set are: a code that separates what nobody labelled gains "
    "nothing. Factors that go together in the data cannot be kept apart."
)

LINEAR_PROBE = MetricSpec(
    name="linear_probe_accuracy",
    title="Read from codes by a line",
    summary="Held-out images whose known attribute a linear classifier reads from their codes.",
    target="genaudit.metrics.factors:linear_probe_accuracy",
    source="Alain and Bengio 2016, Understanding intermediate layers using linear classifier probes",
    options=OPTIONS,
    needs=("factor_classifiers",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    formula="share of images read rightly, each by logistic regression on the posterior means of other sources",
    meaning="1: the attribute stands in the code along a line. As the most common level: a line finds nothing.",
    caveat=(
        "What a line cannot read may still be there. Compare with the most common level beside it, at the same data. "
        "An attribute that the model is told need not stand in the code."
    ),
)

MIG = MetricSpec(
    name="mig",
    title="Mutual information gap",
    summary="How much more of a known factor one latent unit tells than any other.",
    target="genaudit.metrics.factors:mig",
    source="Chen et al. 2018, Isolating Sources of Disentanglement in Variational Autoencoders, section 4",
    needs=("labelled_codes",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    formula="mean over factors v of (I(z_best; v) - I(z_second; v)) / H(v), I of mixtures of the posteriors of a level",
    meaning="1: each factor stands in one unit and in no other. 0: two units tell as much of it.",
    caveat=(
        f"{COARSE} A factor of ten levels in one unit has no gap if two units share it, however neatly. Turning the "
        "latent space changes it. Few images let every unit seem to tell a little."
    ),
)

DISENTANGLEMENT = MetricSpec(
    name="dci_disentanglement",
    title="Disentanglement of units",
    summary="Whether each latent unit serves one known factor.",
    target="genaudit.metrics.factors:dci_disentanglement",
    source=f"{EASTWOOD}; importance as {EXCHANGED}",
    options=OPTIONS,
    needs=("factor_classifiers",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    formula="Σ_u ρ_u (1 - H_K(P_u)), P_u the shares of K factors in the importance of unit u, ρ_u its share of all",
    meaning="1: no unit serves two factors. 0: every unit serves all alike.",
    caveat=(
        f"{COARSE} Importance is how much less probable a linear classifier holds the true level of other sources "
        "if the unit is taken from another image, each factor counting alike: what only a curve would read counts "
        "nothing. Read it beside dci_informativeness."
    ),
)

COMPLETENESS = MetricSpec(
    name="dci_completeness",
    title="Completeness of factors",
    summary="Whether each known factor is served by one latent unit.",
    target="genaudit.metrics.factors:dci_completeness",
    source=f"{EASTWOOD}; importance as {EXCHANGED}",
    options=OPTIONS,
    needs=("factor_classifiers",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    formula="mean over factors k of 1 - H_D(P̃_k), P̃_k the shares of D units in the importance for factor k",
    meaning="1: one unit serves a factor. 0: all units serve it alike.",
    caveat=(
        f"{COARSE} A factor of ten levels that no line puts in order needs several units, and can hardly be complete."
    ),
)

INFORMATIVENESS = MetricSpec(
    name="dci_informativeness",
    title="Informativeness of codes",
    summary="Held-out images whose known factors the classifiers behind disentanglement read rightly.",
    target="genaudit.metrics.factors:dci_informativeness",
    source=f"{EASTWOOD}: 1 less the prediction error",
    options=OPTIONS,
    needs=("factor_classifiers",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    formula="mean over factors of the share of images read rightly, by logistic regression on other sources",
    meaning="1: codes tell all factors along lines. Low: how importance is spread says little.",
    caveat=f"{COARSE} Beside it stands how often the most common levels are right, and each factor's own share.",
)

DIRECTION = MetricSpec(
    name="attribute_direction_accuracy",
    title="Attribute changed by a step",
    summary="Generated images that are read as the level towards which their latent was moved.",
    target="genaudit.metrics.directions:attribute_direction_accuracy",
    source="Shen et al. 2020, Interpreting the Latent Space of GANs for Semantic Face Editing, section 2.2",
    options="genaudit.metrics.latent_options:DirectionOptions",
    needs=("attribute_moves",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    formula="share of images of z + step · n read as the target, n the unit normal from its level to the target",
    meaning="1: a straight direction changes the attribute wherever it starts. As at random: there is none.",
    caveat=(
        "At one length of step, and as an annotator reads images that may look like no data once they moved. Beside it "
        "stand the same share for random directions and how often other attributes stay: a step that changes all "
        "changes nothing in particular. In the latents that are drawn, not in the styles of a model that has them. "
        "The interval is about other latents along the directions that were found, not about directions found anew."
    ),
)

FACTORS = (MIG, DISENTANGLEMENT, COMPLETENESS, INFORMATIVENESS, LINEAR_PROBE, DIRECTION)
"""What codes tell of attributes that are known, and what moving latents does to them."""
