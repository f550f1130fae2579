"""Translators of 16x16 colour images between two domains as a genaudit plugin."""

from __future__ import annotations

from genaudit.plugin import GeneratorSpec, hookimpl

CYCLEGAN = GeneratorSpec(
    name="cyclegan",
    title="CycleGAN",
    summary="Two generators that translate between two domains, learnt from images without pairs.",
    target="genaudit_cyclegan.model:build",
    options="genaudit_cyclegan.options:CycleGanOptions",
    checkpoint="genaudit_cyclegan.checkpoints:shipped",
    version="1",
    source="Zhu et al. 2017, Unpaired Image-to-Image Translation using Cycle-Consistent Adversarial Networks, "
    "arXiv:1703.10593",
    capabilities=("Translator", "Trainable"),
    image_shape=(3, 16, 16),
    loss_unit="weighted sum of the generators' losses",
    licence="Apache-2.0",
)
PIX2PIX = GeneratorSpec(
    name="pix2pix",
    title="pix2pix",
    summary="One generator that translates thin strokes to thick ones, learnt from pairs.",
    target="genaudit_cyclegan.paired:build",
    options="genaudit_cyclegan.options:Pix2PixOptions",
    checkpoint="genaudit_cyclegan.checkpoints:shipped_pairs",
    version="1",
    source="Isola et al. 2017, Image-to-Image Translation with Conditional Adversarial Networks, arXiv:1611.07004",
    capabilities=("Translator", "Trainable"),
    image_shape=(3, 16, 16),
    loss_unit="weighted sum of the generator's losses",
    licence="Apache-2.0",
)


@hookimpl
def genaudit_generators() -> list[GeneratorSpec]:
    """The generators of this plugin."""
    return [CYCLEGAN, PIX2PIX]
