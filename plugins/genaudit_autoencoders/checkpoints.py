"""Which weights come with the plugin: those of every model's default options, whatever its codes are drawn from."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

from genaudit_autoencoders.options import (
    AutoencoderOptions,
    BetaVaeOptions,
    CvaeOptions,
    DenoisingOptions,
    LinearOptions,
    PcaOptions,
    SparseOptions,
    VqVaeOptions,
)

FILES = {
    AutoencoderOptions: "autoencoder.safetensors",
    PcaOptions: "pca.safetensors",
    LinearOptions: "linear-autoencoder.safetensors",
    DenoisingOptions: "denoising-autoencoder.safetensors",
    SparseOptions: "sparse-autoencoder.safetensors",
    BetaVaeOptions: "beta-vae.safetensors",
    CvaeOptions: "cvae.safetensors",
    VqVaeOptions: "vq-vae.safetensors",
}
"""Options of a model to the file beside this module."""


def shipped(options: object) -> Path | None:
    """The weights that were trained with these very options, or None; all distributions of codes are in one file.

    >>> shipped(AutoencoderOptions(prior="normal")).name
    'autoencoder.safetensors'
    >>> shipped(AutoencoderOptions(latent_dim=8))
    """
    usual = type(options)()
    trained = [field.name for field in fields(options) if field.name != "prior"]  # type: ignore[arg-type] # a dataclass
    if any(getattr(options, name) != getattr(usual, name) for name in trained):
        return None
    return Path(__file__).with_name(FILES[type(options)])
