"""A variational autoencoder for 16x16 colour images as a genaudit plugin."""

from __future__ import annotations

from genaudit.plugin import GeneratorSpec, hookimpl

VAE = GeneratorSpec(
    name="vae",
    title="VAE",
    summary="A convolutional variational autoencoder with a choice of four likelihoods.",
    target="genaudit_vae.model:build",
    options="genaudit_vae.options:VaeOptions",
    checkpoint="genaudit_vae.checkpoints:shipped",
    version="1",
    source="Kingma & Welling 2014, Auto-Encoding Variational Bayes, arXiv:1312.6114",
    capabilities=("Sampler", "Reconstructor", "Posterior", "Likelihood", "Trainable"),
    image_shape=(3, 16, 16),
    licence="Apache-2.0",
)


@hookimpl
def genaudit_generators() -> list[GeneratorSpec]:
    """The generator of this plugin."""
    return [VAE]
