"""Specs of what is asked of a translator between two domains."""

from __future__ import annotations

from dataclasses import replace

from genaudit.metrics.specs_distances import FID
from genaudit.plugin.specs import MetricSpec
from genaudit.values.results import Direction

CYCLE = MetricSpec(
    name="cycle_consistency",
    title="Cycle error",
    summary="Mean absolute difference between images and their translations translated back.",
    target="genaudit.metrics.translation:cycle_consistency",
    source="Zhu et al. 2017, Unpaired Image-to-Image Translation, eq. 2",
    needs=("translations",),
    unit="grey level, range 1",
    direction=Direction.LOWER,
    bounds=(0.0, 1.0),
    formula="mean over images of mean over entries of |F(G(x)) - x|",
    meaning="What is lost on the way there and back.",
    caveat=(
        "Cycle error alone is not faithfulness: a model that turns a 9 into an 8 and back has none, and one that does "
        "nothing has none either. Read it beside the translation error and the attribute flips."
    ),
)
IDENTITY = MetricSpec(
    name="identity_preservation",
    title="Identity error",
    summary="Mean absolute difference between images of the target domain and what their translation makes of them.",
    target="genaudit.metrics.translation:identity_preservation",
    source="Zhu et al. 2017, Unpaired Image-to-Image Translation, section 5.2",
    needs=("translations",),
    unit="grey level, range 1",
    direction=Direction.LOWER,
    bounds=(0.0, 1.0),
    formula="mean over images y of the target domain of mean over entries of |G(y) - y|",
    meaning="0 if the translator leaves alone what needs no translation.",
    caveat="A translator that does nothing at all has none; it says nothing of images of the source domain.",
)
ACCURACY = MetricSpec(
    name="translation_accuracy",
    title="Translation error",
    summary="Mean absolute difference between translations and what the images truly look like in the other domain.",
    target="genaudit.metrics.translation:translation_accuracy",
    source="mean absolute error to the data set's own rendering in the target domain",
    needs=("translations",),
    unit="grey level, range 1",
    direction=Direction.LOWER,
    bounds=(0.0, 1.0),
    formula="mean over images of mean over entries of |G(x) - y|, y the same image in the target domain",
    meaning="0 for the exact translation; compare it with the error of the untranslated images, in the details.",
    caveat=(
        "Needs a data set that knows the truth, which few do. Where several translations of an image are right, it "
        "counts those that the data set did not choose as errors."
    ),
)
FLIPS = MetricSpec(
    name="attribute_flip_rate",
    title="Attribute flips",
    summary="Share of translations of which an attribute that should stay is read otherwise than from the image.",
    target="genaudit.metrics.translation:attribute_flip_rate",
    source="confusion of readings before and after; Cohen et al. 2018, Distribution Matching Losses Can Hallucinate",
    needs=("attribute_flips",),
    unit="share",
    direction=Direction.LOWER,
    bounds=(0.0, 1.0),
    formula="mean over images of [some attribute read from G(x) differs from that read from x]",
    meaning=(
        "How often the translation changes what it should leave alone, such as the digit. True translations are read "
        "otherwise too, because the reader errs: what is beyond them is the model's."
    ),
    caveat=(
        "Counts changes that the reader sees. The attribute that the translation is meant to change is left out; how "
        "often the translation is read as its target stands in the details."
    ),
)
TRANSLATIONS = replace(
    FID,
    view="translations",
    needs=("translation_features",),
    target="genaudit.metrics.translation:translated_frechet_distance",
    title="Fréchet distance of translations",
    summary="The distance between translations and other images of the target domain.",
    meaning=(
        "How far translations are from the domain that they should be in. Compare it with the distance of the true "
        "translations, and with that of the untranslated images, in the details."
    ),
    caveat=(
        "Says nothing of a single image: translations that look right and show something else cost nothing. Too large "
        "for few items, and it changes with the extractor."
    ),
)

TRANSLATION = (CYCLE, IDENTITY, ACCURACY, FLIPS, TRANSLATIONS)
