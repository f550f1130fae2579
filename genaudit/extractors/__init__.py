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
    reads=("uint8", "float32"),
    preprocessing="8-bit levels / 255, no resize, float64",
    costly=False,
)
IDENTITY = ExtractorSpec(
    name="identity",
    summary="The vectors themselves, for data that are features already.",
    target="genaudit.extractors.identity:build",
    version="1",
    data_kind="vector",
    outputs={"features": 0},  # as many as the data have
    preprocessing="none, float64",
    costly=False,
)
PIXELS = ExtractorSpec(
    name="pixels",
    summary="Flattened pixels of small images: what a network would see, without a network.",
    target="genaudit.extractors.pixels:build",
    version="1",
    outputs={"features": 0},  # as many as an image has levels
    reads=("uint8", "float32"),
    preprocessing="8-bit levels / 255, flattened, float64",
    costly=False,
)
INCEPTION = ExtractorSpec(
    name="inception",
    summary="Inception-v3 trained on ImageNet, as published FID values use it; its weights are given by the user.",
    target="genaudit.extractors.inception:build",
    options="genaudit.extractors.options:InceptionOptions",
    settle="genaudit.extractors.options:settle",
    version="1",
    source="Szegedy et al. 2016, Rethinking the Inception Architecture; model of 2015-12-05 in torch-fidelity",
    outputs={"features": 2048, "logits": 1008, "low_level": 64, "features_192": 192, "features_768": 768},
    reads=("uint8", "float32"),
    preprocessing="8-bit levels, stretched to 299×299 by the resize policy, (v - 128) / 128, float32",
)
TORCHSCRIPT = ExtractorSpec(
    name="torchscript",
    summary="A network of yours from a TorchScript file, with the contract of its input as options.",
    target="genaudit.extractors.network:build_torchscript",
    options="genaudit.extractors.network_options:NetworkOptions",
    settle="genaudit.extractors.network_options:settle",
    version="1",
    outputs={"features": 0},  # as many as the network gives
    reads=("uint8", "float32"),
    preprocessing="as its options say",
)
EXPORTED = ExtractorSpec(
    name="exported",
    summary="A network of yours from a .pt2 file of torch.export, with the contract of its input as options.",
    target="genaudit.extractors.network:build_exported",
    options="genaudit.extractors.network_options:NetworkOptions",
    settle="genaudit.extractors.network_options:settle",
    version="1",
    outputs={"features": 0},
    reads=("uint8", "float32"),
    preprocessing="as its options say",
)

RING_MODES = ExtractorSpec(
    name="ring-modes",
    summary="Points as they are, and how far each lies from the eight modes of the ring.",
    target="genaudit.extractors.plane:build_ring",
    version="1",
    data_kind="vector",
    outputs={"features": 2, "logits": 8, "mode_distances": 8},
    classes=tuple(str(45 * number) for number in range(8)),
    input_shape=(2,),
    preprocessing="none, float64",
    costly=False,
)
GRID_MODES = ExtractorSpec(
    name="grid-modes",
    summary="Points as they are, and how far each lies from the 25 modes of the grid.",
    target="genaudit.extractors.plane:build_grid",
    version="1",
    data_kind="vector",
    outputs={"features": 2, "logits": 25, "mode_distances": 25},
    classes=tuple(f"{column}{row}" for row in range(1, 6) for column in "abcde"),
    input_shape=(2,),
    preprocessing="none, float64",
    costly=False,
)


@hookimpl
def genaudit_extractors() -> list[ExtractorSpec]:
    """The extractors of the core."""
    return [DIGITS, IDENTITY, PIXELS, INCEPTION, TORCHSCRIPT, EXPORTED, RING_MODES, GRID_MODES]
