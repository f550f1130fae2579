"""Readers of attributes: what an audit of generated images, which have no true labels, counts."""

from __future__ import annotations

from genaudit.plugin import AnnotatorSpec, hookimpl

DIGIT_CLASSIFIER = AnnotatorSpec(
    name="digit-classifier",
    summary="The digit that the extractor's own classifier reads.",
    target="genaudit.annotators.digit_classifier:build",
    attribute="digit",
    levels=tuple("0123456789"),
    needs=("logits",),
    method="the extractor's classifier",
)
COLOUR_RULE = AnnotatorSpec(
    name="colour-rule",
    summary="Orange if an image has more red light than blue, else blue.",
    target="genaudit.annotators.colour_rule:build",
    attribute="colour",
    levels=("orange", "blue"),
    method="a rule on pixels",
)
STROKE_RULE = AnnotatorSpec(
    name="stroke-rule",
    summary="Heavy if an image's mean pixel has at least 0.295 of the light of its brightest one, else light.",
    target="genaudit.annotators.stroke_rule:build",
    attribute="stroke",
    levels=("light", "heavy"),
    method="a rule on pixels",
)

PROBE = AnnotatorSpec(
    name="probe",
    summary="Any labelled attribute, by a linear classifier of the extractor's features fitted to the training split.",
    target="genaudit.annotators.probe:build",
    options="genaudit.annotators.options:ProbeOptions",
    needs=("features",),
    method="a linear classifier of the extractor's features, fitted to the training images",
)

LABELS = AnnotatorSpec(
    name="labels",
    summary="Labels of the generated images that somebody assigned, from a file.",
    target="genaudit.annotators.label_options:LabelOptions",
    options="genaudit.annotators.label_options:LabelOptions",
    method="whoever labelled the images",
    given=True,
)


@hookimpl
def genaudit_annotators() -> list[AnnotatorSpec]:
    """The annotators of the core."""
    return [DIGIT_CLASSIFIER, COLOUR_RULE, STROKE_RULE, PROBE, LABELS]
