"""Reference data that come with genaudit."""

from __future__ import annotations

from genaudit.plugin import DatasetSpec, hookimpl

COLORED_DIGITS = DatasetSpec(
    name="colored-digits",
    summary="Real handwritten digits, 16x16, in orange or blue with a known share of orange for every digit.",
    target="genaudit.datasets.colored_digits:build",
    version="1",
    source="Alpaydin & Kaynak 1998, UCI, https://doi.org/10.24432/C50P49; colours and rendering by genaudit",
    image_shape=(3, 16, 16),
    splits={"train": 6000, "evaluation": 2000, "holdout": 1985},
    attributes={"digit": tuple("0123456789"), "colour": ("orange", "blue")},
    translations=(("orange", "blue"), ("thin", "thick")),
    extractor="digits",
    annotators={"digit": "digit-classifier", "colour": "colour-rule"},
    pairs=(("digit", "colour"),),
    licence="CC BY 4.0",
)


@hookimpl
def genaudit_datasets() -> list[DatasetSpec]:
    """The data sets of the core."""
    return [COLORED_DIGITS]
