"""Autoencoders of 16x16 colour images, from principal components to quantised codes, as a genaudit plugin."""

from __future__ import annotations

from dataclasses import replace

from genaudit.plugin import GeneratorSpec, hookimpl

AUTOENCODER = GeneratorSpec(
    name="autoencoder",
    title="Autoencoder",
    summary="A convolutional autoencoder whose codes are drawn from a distribution that was fitted to them.",
    target="genaudit_autoencoders.fitted:build_plain",
    options="genaudit_autoencoders.options:AutoencoderOptions",
    checkpoint="genaudit_autoencoders.checkpoints:shipped",
    version="1",
    source="Hinton & Salakhutdinov 2006, Reducing the Dimensionality of Data with Neural Networks; Ghosh et al. 2020, "
    "From Variational to Deterministic Autoencoders, arXiv:1903.12436 (the fitted distribution)",
    capabilities=("Sampler", "Reconstructor", "Trainable"),
    image_shape=(3, 16, 16),
    licence="Apache-2.0",
)
PCA = replace(
    AUTOENCODER,
    name="pca",
    title="Principal components",
    summary="Images as a mean and a few principal components, whose weights are drawn from a fitted distribution.",
    target="genaudit_autoencoders.linear:build_pca",
    options="genaudit_autoencoders.options:PcaOptions",
    loss_unit="squared error, summed over an image",
    source="Pearson 1901, On Lines and Planes of Closest Fit to Systems of Points in Space; Bishop 2006, section 12.1",
)
LINEAR = replace(
    AUTOENCODER,
    name="linear-autoencoder",
    title="Linear autoencoder",
    summary="An autoencoder of two linear maps, which learns the subspace of the principal components.",
    target="genaudit_autoencoders.linear:build_linear",
    options="genaudit_autoencoders.options:LinearOptions",
    loss_unit="squared error, summed over an image",
    source="Baldi & Hornik 1989, Neural Networks and Principal Component Analysis: Learning from Examples",
)
DENOISING = replace(
    AUTOENCODER,
    name="denoising-autoencoder",
    title="Denoising autoencoder",
    summary="An autoencoder that learns to take noise away.",
    target="genaudit_autoencoders.fitted:build_denoising",
    options="genaudit_autoencoders.options:DenoisingOptions",
    source="Vincent et al. 2008, Extracting and Composing Robust Features with Denoising Autoencoders",
)
SPARSE = replace(
    AUTOENCODER,
    name="sparse-autoencoder",
    title="Sparse autoencoder",
    summary="An autoencoder with many code units of which few are active for an image.",
    target="genaudit_autoencoders.fitted:build_sparse",
    options="genaudit_autoencoders.options:SparseOptions",
    loss_unit="nats per image, penalty included",
    source="Ng 2011, Sparse Autoencoder, CS294A Lecture Notes; here an L1 penalty on rectified codes",
)
BETA_VAE = replace(
    AUTOENCODER,
    name="beta-vae",
    title="Beta-VAE",
    summary="A variational autoencoder whose KL term weighs more than the evidence lower bound says.",
    target="genaudit_autoencoders.variational:build_beta",
    options="genaudit_autoencoders.options:BetaVaeOptions",
    loss_unit="nats per image, KL term weighted",
    source="Higgins et al. 2017, beta-VAE: Learning Basic Visual Concepts with a Constrained Variational Framework",
    capabilities=("Sampler", "Reconstructor", "Posterior", "Likelihood", "Trainable"),
)
CVAE = replace(
    AUTOENCODER,
    name="cvae",
    title="Conditional VAE",
    summary="A variational autoencoder that makes the digit that it is asked for.",
    target="genaudit_autoencoders.variational:build_conditional",
    options="genaudit_autoencoders.options:CvaeOptions",
    source="Sohn et al. 2015, Learning Structured Output Representation using Deep Conditional Generative Models",
    capabilities=("Sampler", "Reconstructor", "Posterior", "Likelihood", "ClassConditional", "Trainable"),
)
VQ_VAE = replace(
    AUTOENCODER,
    name="vq-vae",
    title="VQ-VAE",
    summary="An autoencoder of 4x4 codes from a codebook of 64, drawn one after the other by a recurrent network.",
    target="genaudit_autoencoders.quantised:build",
    options="genaudit_autoencoders.options:VqVaeOptions",
    loss_unit="nats per image, of pixels and then of codes",
    source="van den Oord et al. 2017, Neural Discrete Representation Learning, arXiv:1711.00937",
)
SPECS = (AUTOENCODER, PCA, LINEAR, DENOISING, SPARSE, BETA_VAE, CVAE, VQ_VAE)


@hookimpl
def genaudit_generators() -> list[GeneratorSpec]:
    """The generators of this plugin."""
    return list(SPECS)
