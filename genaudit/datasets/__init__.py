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
    attributes={"digit": tuple("0123456789"), "colour": ("orange", "blue"), "stroke": ("light", "heavy")},
    translations=(("orange", "blue"), ("thin", "thick")),
    extractor="digits",
    annotators={"digit": "digit-classifier", "colour": "colour-rule", "stroke": "stroke-rule"},
    pairs=(("digit", "colour"),),
    licence="CC BY 4.0",
)

RING = DatasetSpec(
    name="ring",
    summary="Points of the plane around eight places on a circle: which of the modes does a model reach?",
    target="genaudit.datasets.plane:build_ring",
    version="1",
    source="Metz et al. 2017, Unrolled Generative Adversarial Networks, arXiv:1611.02163, section 3.1",
    data_kind="vector",
    image_shape=(2,),
    splits={"train": 10_000, "evaluation": 2_000, "holdout": 2_000},
    attributes={"mode": tuple(str(45 * number) for number in range(8))},
    extractor="ring-modes",
    licence="Apache-2.0",
)
GRID = DatasetSpec(
    name="grid",
    summary="Points of the plane around the 25 places of a grid.",
    target="genaudit.datasets.plane:build_grid",
    version="1",
    source="Lin et al. 2018, PacGAN: The power of two samples in generative adversarial networks, arXiv:1712.04086",
    data_kind="vector",
    image_shape=(2,),
    splits={"train": 10_000, "evaluation": 2_000, "holdout": 2_000},
    attributes={"mode": tuple(f"{column}{row}" for row in range(1, 6) for column in "abcde")},
    extractor="grid-modes",
    licence="Apache-2.0",
)


@hookimpl
def genaudit_datasets() -> list[DatasetSpec]:
    """The data sets of the core."""
    return [COLORED_DIGITS, RING, GRID]
