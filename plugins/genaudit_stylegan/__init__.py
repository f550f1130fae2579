"""A small style-based generator for 16x16 colour images as a genaudit plugin."""

from __future__ import annotations

from genaudit.plugin import GeneratorSpec, hookimpl
from genaudit_adversarial import DISCRIMINATOR_LOSS

STYLEGAN = GeneratorSpec(
    name="stylegan",
    title="StyleGAN",
    summary="A generative adversarial network with a mapping network and one style a layer.",
    target="genaudit_stylegan.model:build",
    options="genaudit_stylegan.options:StyleganOptions",
    checkpoint="genaudit_stylegan.checkpoints:shipped",
    version="1",
    source=(
        "Karras, Laine & Aila 2019, A Style-Based Generator Architecture for Generative Adversarial Networks, "
        "arXiv:1812.04948, figure 1 and equation 1; penalty: Mescheder et al. 2018, arXiv:1801.04406"
    ),
    capabilities=("Sampler", "StyleMapper", "Trainable"),
    image_shape=(3, 16, 16),
    loss_unit=DISCRIMINATOR_LOSS,
    licence="Apache-2.0",
)


@hookimpl
def genaudit_generators() -> list[GeneratorSpec]:
    """The generator of this plugin."""
    return [STYLEGAN]
