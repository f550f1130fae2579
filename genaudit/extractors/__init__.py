"""Networks from images to features."""

from __future__ import annotations

from genaudit.plugin import ExtractorSpec, hookimpl

DIGITS = ExtractorSpec(
    name="digits",
    summary="A small network trained on colored-digits with both colours equally often in every class.",
    target="genaudit.extractors.digits:build",
    version="1",
    source="genaudit; recipe in genaudit.extractors.train_digits",
    outputs={"features": 64, "low_level": 96, "logits": 10, "colour_logits": 2},
    classes=tuple("0123456789"),
    input_shape=(3, 16, 16),
    preprocessing="8-bit levels / 255, no resize, float64",
)
IDENTITY = ExtractorSpec(
    name="identity",
    summary="The vectors themselves, for data that are features already.",
    target="genaudit.extractors.identity:build",
    version="1",
    data_kind="vector",
    outputs={"features": 0},  # as many as the data have
    preprocessing="none, float64",
)
PIXELS = ExtractorSpec(
    name="pixels",
    summary="Flattened pixels of small images: what a network would see, without a network.",
    target="genaudit.extractors.pixels:build",
    version="1",
    outputs={"features": 0},  # as many as an image has levels
    preprocessing="8-bit levels / 255, flattened, float64",
)
INCEPTION = ExtractorSpec(
    name="inception",
    summary="Inception-v3 trained on ImageNet, as published FID values use it; its weights are given by the user.",
    target="genaudit.extractors.inception:build",
    options="genaudit.extractors.options:InceptionOptions",
    version="1",
    source="Szegedy et al. 2016, Rethinking the Inception Architecture; model of 2015-12-05 in torch-fidelity",
    outputs={"features": 2048, "logits": 1008, "low_level": 64, "features_192": 192, "features_768": 768},
    preprocessing="8-bit levels, bilinear to 299×299 as TensorFlow 1 does (no antialiasing), (v - 128) / 128, float32",
)


@hookimpl
def genaudit_extractors() -> list[ExtractorSpec]:
    """The extractors of the core."""
    return [DIGITS, IDENTITY, PIXELS, INCEPTION]
