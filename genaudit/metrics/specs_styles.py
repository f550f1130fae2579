"""Specs of the path length and of metrics of style-based generators."""

from __future__ import annotations

from dataclasses import replace

from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

PATH_LENGTH = MetricSpec(
    name="ppl",
    title="Perceptual path length",
    summary="Squared distance in feature space for a very small step between two latents, over the step squared.",
    target="genaudit.metrics.path_length:perceptual_path_length",
    source="Karras et al. 2019, A Style-Based Generator Architecture, section 4.1, equations 2 and 3",
    options="genaudit.metrics.style_options:PathLengthOptions",
    needs=("latent_steps",),
    unit="squared feature distance",
    direction=Direction.LOWER,
    bounds=(0.0, None),
    formula="E[|f(G(I(a, b; t))) - f(G(I(a, b; t + eps)))|²] / eps², without the outermost hundredths",
    meaning=(
        "How fast images change on the way between two latents, on great circles: at a random place, and beside it "
        "('end') at a drawn latent. Sudden changes on short stretches make it large."
    ),
    caveat=(
        "Measured in the extractor's features, not in LPIPS: comparable with no published number, and between models "
        "only with the same extractor. A generator that makes one image has 0, and one with less variety less. It must "
        "not rank kinds of interpolation: straight lines pass slowly near the origin."
    ),
)
STYLE_PATH_LENGTH = replace(
    PATH_LENGTH,
    needs=("style_steps",),
    view="w",
    summary="Squared distance in feature space for a very small step between two styles, over the step squared.",
    meaning=(
        "As between latents, on straight lines between styles. Below the value between latents, the mapping has "
        "straightened the space of images: equal steps change images more evenly."
    ),
)
STYLE_MIXING = MetricSpec(
    name="style_mixing_consistency",
    title="Consistency of style mixing",
    summary="How often an image with one layer's style of another is read as one of the two, for each attribute.",
    target="genaudit.metrics.styles:style_mixing_consistency",
    source="style mixing: Karras et al. 2019, section 3.1 and figure 3; the share is genaudit's",
    options="genaudit.metrics.style_options:StyleMixingOptions",
    needs=("style_mixing",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    formula="mean over pairs and layers of [read(mixed) in {read(own), read(other)}]",
    meaning=(
        "1: single layers keep an attribute or hand it over, and make nothing third. Beside it, for each layer, how "
        "often it changes the attribute (flip rate) and how often it hands the other's over where the two differ "
        "(adoption rate): that tells which layers decide what."
    ),
    caveat=(
        "What annotators misread counts as change. An attribute of two levels is seldom anything third, so its value "
        "is near 1 by construction: read its flip rates. A model that ignores its styles has 1."
    ),
)
NOISE_EFFECT = MetricSpec(
    name="noise_input_effect",
    title="Effect of noise inputs",
    summary="Mean absolute difference of pixels when the noise of every layer is drawn again.",
    target="genaudit.metrics.styles:noise_input_effect",
    source="Karras et al. 2019, section 3.2 and figure 4",
    options="genaudit.metrics.style_options:NoiseOptions",
    needs=("noise_effect",),
    unit="share of full scale",
    direction=Direction.NONE,
    bounds=(0.0, 1.0),
    formula="E |G(w, n1) - G(w, n2)|, mean over pixels; details: one layer's noise against none",
    meaning=(
        "How much of an image is left to chance by its style. Near 0 the noise inputs are unused, as is right for data "
        "without random texture."
    ),
    caveat="Says nothing of what the noise changes, or whether it looks like texture of the data.",
)
TRUNCATION = MetricSpec(
    name="truncation_tradeoff",
    title="Precision against recall under truncation",
    summary="Precision and recall of samples whose styles are moved towards their mean, at several strengths.",
    target="genaudit.metrics.styles:truncation_tradeoff",
    source="truncation: Karras et al. 2019, appendix B; precision and recall: Kynkäänniemi et al. 2019",
    options="genaudit.metrics.style_options:TruncationOptions",
    needs=("truncation_sweep",),
    unit="share",
    direction=Direction.HIGHER,
    bounds=(0.0, 1.0),
    min_samples=2,
    formula="w' = mean + psi (w - mean); precision and recall of as many samples at each psi",
    meaning="What is gained in precision by drawing nearer to the mean style, and what it costs in recall.",
    caveat=(
        "Samples at all truncations share their latents and the reference, so neighbouring values rise and fall "
        "together. The set is smaller than that of precision and recall, which lie a little elsewhere for that reason."
    ),
)
STYLES = (PATH_LENGTH, STYLE_PATH_LENGTH, STYLE_MIXING, NOISE_EFFECT, TRUNCATION)
