"""The rest of the adversarial family as genaudit plugins, and a trainer that collapses on purpose."""

from __future__ import annotations

from genaudit.plugin import GeneratorSpec, hookimpl
from genaudit_adversarial import DISCRIMINATOR_LOSS

GOODFELLOW = "Goodfellow et al. 2014, Generative Adversarial Nets, arXiv:1406.2661"
DIGITS = tuple("0123456789")

GAN = GeneratorSpec(
    name="gan",
    title="GAN",
    summary="A generative adversarial network of full layers, as in the first paper: coloured noise instead of digits.",
    target="genaudit_gans.full:build",
    options="genaudit_gans.options:GanOptions",
    checkpoint="genaudit_gans.checkpoints:shipped_gan",
    version="1",
    source=GOODFELLOW,
    capabilities=("Sampler", "Trainable"),
    image_shape=(3, 16, 16),
    loss_unit=DISCRIMINATOR_LOSS,
    licence="Apache-2.0",
)
CGAN = GeneratorSpec(
    name="cgan",
    title="Conditional GAN",
    summary="A convolutional generative adversarial network that is asked for a digit.",
    target="genaudit_gans.conditional:build",
    options="genaudit_gans.options:CganOptions",
    checkpoint="genaudit_gans.checkpoints:shipped_cgan",
    version="1",
    source="Mirza & Osindero 2014, Conditional Generative Adversarial Nets, arXiv:1411.1784",
    capabilities=("Sampler", "ClassConditional", "Trainable"),
    image_shape=(3, 16, 16),
    loss_unit=DISCRIMINATOR_LOSS,
    licence="Apache-2.0",
)
RING_GAN = GeneratorSpec(
    name="ring-gan",
    title="GAN of the ring",
    summary="A small generative adversarial network of points, for the data set ring: which of 8 modes does it reach?",
    target="genaudit_gans.plane:build_ring",
    options="genaudit_gans.options:RingGanOptions",
    checkpoint="genaudit_gans.checkpoints:shipped_ring",
    dataset="ring",
    version="1",
    source=f"{GOODFELLOW}; penalty: Mescheder et al. 2018, arXiv:1801.04406",
    capabilities=("Sampler", "Trainable"),
    data_kind="vector",
    image_shape=(2,),
    loss_unit=DISCRIMINATOR_LOSS,
    licence="Apache-2.0",
)
GRID_GAN = GeneratorSpec(
    name="grid-gan",
    title="GAN of the grid",
    summary="The generative adversarial network of ring-gan, for the data set grid: which of 25 modes does it reach?",
    target="genaudit_gans.plane:build_grid",
    options="genaudit_gans.options:GridGanOptions",
    checkpoint="genaudit_gans.checkpoints:shipped_grid",
    dataset="grid",
    version="1",
    source=f"{GOODFELLOW}; penalty: Mescheder et al. 2018, arXiv:1801.04406",
    capabilities=("Sampler", "Trainable"),
    data_kind="vector",
    image_shape=(2,),
    loss_unit=DISCRIMINATOR_LOSS,
    licence="Apache-2.0",
)
RANDOM_PAIRING = GeneratorSpec(
    name="random-pairing",
    title="Random pairing",
    summary="A generator trained with squared error against images drawn at random: it collapses to their mean.",
    target="genaudit_gans.pairing:build",
    options="genaudit_gans.options:RandomPairingOptions",
    checkpoint="genaudit_gans.checkpoints:shipped_random_pairing",
    version="1",
    source="squared error is least at the mean: Bishop 2006, Pattern Recognition and Machine Learning, eq. 1.89",
    capabilities=("Sampler", "Trainable"),
    image_shape=(3, 16, 16),
    loss_unit="squared error, mean over the values of an image",
    licence="Apache-2.0",
)


@hookimpl
def genaudit_generators() -> list[GeneratorSpec]:
    """The generators of this plugin."""
    return [GAN, CGAN, RING_GAN, GRID_GAN, RANDOM_PAIRING]
