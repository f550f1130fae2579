"""A deep convolutional generative adversarial network for 16x16 colour images as a genaudit plugin."""

from __future__ import annotations

from genaudit.plugin import GeneratorSpec, hookimpl
from genaudit_adversarial import DISCRIMINATOR_LOSS

DCGAN = GeneratorSpec(
    name="dcgan",
    title="DCGAN",
    summary="A generative adversarial network of strided convolutions, with a gradient penalty.",
    target="genaudit_dcgan.model:build",
    options="genaudit_dcgan.options:DcganOptions",
    checkpoint="genaudit_dcgan.checkpoints:shipped",
    version="1",
    source=(
        "Radford, Metz & Chintala 2016, Unsupervised Representation Learning with Deep Convolutional Generative "
        "Adversarial Networks, arXiv:1511.06434, section 3; penalty: Mescheder et al. 2018, arXiv:1801.04406"
    ),
    capabilities=("Sampler", "Trainable"),
    image_shape=(3, 16, 16),
    loss_unit=DISCRIMINATOR_LOSS,
    licence="Apache-2.0",
)


@hookimpl
def genaudit_generators() -> list[GeneratorSpec]:
    """The generator of this plugin."""
    return [DCGAN]
