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
        "arXiv:1812.04948, figure 1 and equation 1; losses: Huang et al. 2024, "
        "The GAN is dead; long live the GAN! A Modern GAN Baseline, arXiv:2501.05441, section 2"
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
