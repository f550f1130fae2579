"""Specs of metrics of the latent space."""

from __future__ import annotations

from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

INTERPOLATION_SMOOTHNESS = MetricSpec(
    name="interpolation_smoothness",
    title="Unevenness of interpolations",
    summary="Longest step over mean step along paths between latents.",
    target="genaudit.metrics.interpolation:interpolation_smoothness",
    source="ratio of step lengths in feature space, after Karras et al. 2019, A Style-Based Generator, section 4.1",
    options="genaudit.metrics.options:InterpolationOptions",
    needs=("latent_paths",),
    unit="ratio",
    direction=Direction.LOWER,
    bounds=(1.0, None),
    formula="mean over paths of max |f(j + 1) - f(j)| / mean |f(j + 1) - f(j)|",
    meaning="1: items change evenly along a path. The number of steps: all change in one jump.",
    caveat=(
        "Depends on the number of steps and on the extractor. Ranks no kinds of interpolation against one another, and "
        "a smooth path may still pass through poor images: for both see interpolation_realism."
    ),
)

ACTIVE_UNITS = MetricSpec(
    name="active_units",
    title="Active units",
    summary="Latent units whose posterior mean changes from image to image.",
    target="genaudit.metrics.codes:active_units",
    source="Burda et al. 2016, Importance Weighted Autoencoders, section 5.2",
    options="genaudit.metrics.options:ActiveUnitsOptions",
    needs=("posterior_means",),
    unit="units",
    direction=Direction.NONE,
    bounds=(0.0, None),
    formula="number of units u with Var_x E[z_u | x] > 0.01 over held-out images x",
    meaning="Units that the encoder uses. The others carry the prior whatever the image is (posterior collapse).",
    caveat=(
        "A unit that is used by few images may count as inactive. More is not better by itself: compare models with "
        "the same number of units, beside the bound."
    ),
)

LATENT_INFORMATION = MetricSpec(
    name="latent_mutual_information",
    title="Information in codes",
    summary="Nats by which a code tells its image from the other held-out ones.",
    target="genaudit.metrics.codes:latent_mutual_information",
    source="Hoffman and Johnson 2016, ELBO surgery",
    options="genaudit.metrics.latent_options:LatentInformationOptions",
    needs=("posteriors",),
    unit="nats",
    direction=Direction.NONE,
    formula="1/n Σ E ln (q(z | x) / q(z)), z of q(z | x), q(z) = 1/n Σ q(z | x) over the same n images",
    meaning="0: codes tell nothing of the image (posterior collapse). ln n: a code tells its image from all others.",
    caveat=(
        "Never above ln n and on average below the information in the population: near ln n only a lower bound, and "
        "compared at the same n alone. The interval is about this n, and there is none where it would reach ln n. "
        "Near 0 the draws may carry it a little below. Neither way is better."
    ),
)

AGGREGATE_GAP = MetricSpec(
    name="aggregate_posterior_gap",
    title="Codes beside the prior",
    summary="KL from the codes of all held-out images together to the prior.",
    target="genaudit.metrics.aggregate_posterior:aggregate_posterior_gap",
    source=(
        "marginal KL of Hoffman and Johnson 2016, ELBO surgery; by held-out cross entropy, McAllester and Stratos 2020"
    ),
    options="genaudit.metrics.latent_options:AggregateOptions",
    needs=("aggregate_posterior",),
    unit="nats",
    direction=Direction.LOWER,
    formula="1/n Σ ln (r(z) / p(z)), z of q(z | x), r fitted to the posteriors of images of other sources",
    meaning="0: a latent of the prior lies where codes lie. More: the prior reaches where no decoder was trained.",
    caveat=(
        "A lower bound: on average too small, by KL(q(z) ‖ r), and the interval is that of the bound. The details have "
        "the upper one, elbo_kl less latent_mutual_information, which says little once the information is near ln n. "
        "0 also where codes tell nothing: read it beside the information."
    ),
)

TOTAL_CORRELATION = MetricSpec(
    name="total_correlation",
    title="Total correlation of units",
    summary="KL from the codes of all held-out images together to the product of their units.",
    target="genaudit.metrics.aggregate_posterior:total_correlation",
    source=(
        "Chen et al. 2018, Isolating Sources of Disentanglement, eq. 2; by held-out cross entropy, McAllester and "
        "Stratos 2020"
    ),
    options="genaudit.metrics.latent_options:AggregateOptions",
    needs=("aggregate_posterior",),
    unit="nats",
    direction=Direction.NONE,
    formula="1/n Σ ln (r(z) / Π r_u(z_u)), z of q(z | x), r and r_u fitted to posteriors of images of other sources",
    meaning="0: latent units are independent over images. More: what one unit is says what others are.",
    caveat=(
        "A lower bound as aggregate_posterior_gap is, and the interval that of the bound; up to the small error of "
        "single units. Estimates from the mixture itself or from a minibatch are too large by nats once posteriors are "
        "narrow. Turning the latent space changes it. Independent units need not be factors that people name."
    ),
)

INTERPOLATION_REALISM = MetricSpec(
    name="interpolation_realism",
    title="Distance half-way between latents",
    summary="Fréchet distance to the data half-way between two latents: slerp on the arc, lerp on the line.",
    target="genaudit.metrics.interpolation:interpolation_realism",
    source=(
        "distance of Heusel et al. 2017, eq. 6, of midpoints of interpolations; great circles after White 2016, "
        "Sampling Generative Networks, section 2.1"
    ),
    options="genaudit.metrics.latent_options:MidpointOptions",
    needs=("path_midpoints",),
    unit="squared feature distance",
    direction=Direction.LOWER,
    bounds=(0.0, None),
    min_samples=4,
    formula="|μ - μ'|² + tr(Σ + Σ' - 2 (Σ Σ')^½) of items of (z + z') / 2, or of the middle of the arc, and of data",
    meaning=(
        "As far as the ends of the same paths: what lies between is as good as what is drawn. Farther along the line "
        "than along the arc: near the origin, where no latent of the prior lies, items are poorer."
    ),
    caveat=(
        "Biased upwards by the number of paths, as the ends of the same paths are, which stand beside it: compare with "
        "these, or at the same number of paths. About the middle of paths alone. A model that scales latents to one "
        "length has equal numbers for both kinds."
    ),
)

LATENT = (
    INTERPOLATION_SMOOTHNESS,
    ACTIVE_UNITS,
    LATENT_INFORMATION,
    TOTAL_CORRELATION,
    AGGREGATE_GAP,
    INTERPOLATION_REALISM,
)
