"""Anyone's model and data without a plugin of their own: what it drew, its program or a function, images in files."""

from __future__ import annotations

from dataclasses import replace

from genaudit.plugin import DatasetSpec, GeneratorSpec, hookimpl

SAMPLES = GeneratorSpec(
    name="samples",
    title="Given samples",
    summary="What a model drew before: a folder or zip file of images, or an .npz or .npy file.",
    target="genaudit_files.samples:build",
    options="genaudit_files.samples_options:SamplesOptions",
    settle="genaudit_files.samples_options:settle",
    version="1",
    source="your files",
    licence="that of your files",
    capabilities=("DrawnSamples",),
)
TORCHSCRIPT = GeneratorSpec(
    name="torchscript",
    title="TorchScript program",
    summary="A generator network that torch.jit saved: latents in, images out.",
    target="genaudit_files.network:build_torchscript",
    options="genaudit_files.program_options:NetworkOptions",
    settle="genaudit_files.program_options:settle",
    version="1",
    source="your file",
    licence="that of your program",
    capabilities=("Sampler",),
)
EXPORTED = replace(
    TORCHSCRIPT,
    name="exported",
    title="Exported program",
    summary="A generator network that torch.export saved (.pt2): latents in, images out.",
    target="genaudit_files.network:build_exported",
)
CALLABLE = replace(
    TORCHSCRIPT,
    name="callable",
    title="Function",
    summary="A function of yours, named as package.module:function: latents in, images out.",
    target="genaudit_files.function:build",
    options="genaudit_files.program_options:CallableOptions",
    source="your function",
)
DIFFUSERS = GeneratorSpec(
    name="diffusers",
    title="Diffusion pipeline",
    summary="An unconditional or class-conditional diffusion model that diffusers saved to a folder.",
    target="genaudit_files.diffusion:build",
    options="genaudit_files.diffusion_options:DiffusionOptions",
    settle="genaudit_files.diffusion_options:settle",
    version="1",
    source="your folder; sampler: Song et al. 2021, Denoising Diffusion Implicit Models, equation 12",
    licence="that of your model",
    capabilities=("Sampler",),
    requires=("diffusers",),
    install="genaudit[diffusers]",
)
FILES = DatasetSpec(
    name="files",
    summary="Images or vectors of yours: folders, zip files or arrays for evaluation, training and holdout.",
    target="genaudit_files.data:build",
    options="genaudit_files.data_options:FilesOptions",
    settle="genaudit_files.data_options:settle",
    version="1",
    source="your files",
    licence="that of your files",
    extractor="inception",
)


@hookimpl
def genaudit_datasets() -> list[DatasetSpec]:
    """The data sets of this plugin."""
    return [FILES]


@hookimpl
def genaudit_generators() -> list[GeneratorSpec]:
    """The generators of this plugin."""
    return [SAMPLES, TORCHSCRIPT, EXPORTED, CALLABLE, DIFFUSERS]
