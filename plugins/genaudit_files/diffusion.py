"""A diffusion model of a local folder as a function of noise: deterministic DDIM steps, and nothing fetched.

The core draws the noise that the steps begin with; with η = 0 no other is added (Song et al. 2021, equation 12).
Network and scheduler are built from their own classes: no code of the folder runs, and no pickle is read.
"""

from __future__ import annotations

import hashlib
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.errors import WeightsError
from genaudit.plugin.loading import one_line
from genaudit.values.regular_file import read_regular
from genaudit_files.diffusion_options import SAVED
from genaudit_files.program import Program
from genaudit_files.program_options import ProgramOptions

if TYPE_CHECKING:
    import torch
    from torch import Tensor

    from genaudit_files.diffusion_options import DiffusionOptions


def build(options: DiffusionOptions, device: torch.device) -> Program:
    """The pipeline of a folder.

    Raises:
        WeightsError: Its network or scheduler cannot be read.
        BadOption: It does not give images.
    """
    digest = hashlib.sha256()
    for file in options.files:
        digest.update(read_regular(file))
    program = ProgramOptions(
        latent_shape=options.latent_shape,
        image_shape=options.image_shape,
        range=(-1.0, 1.0),
        classes=options.classes,
        batch=options.batch,
    )
    return Program("diffusers", _denoiser(options, device), program, device, digest.hexdigest()).tried()


class _Denoiser:
    """Noise to images in [-1, 1]: the denoising network alone."""

    def __init__(self, network: Any, scheduler: Any, steps: int) -> None:  # noqa: ANN401 - diffusers' own
        self._network, self._scheduler, self._steps = network, scheduler, steps

    def __call__(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        clipped: Tensor = self._denoised(noise, labels).clamp(-1, 1)
        return clipped

    def _denoised(self, noise: Tensor, labels: Tensor | None) -> Tensor:
        self._scheduler.set_timesteps(self._steps, device=noise.device)
        items: Tensor = noise * self._scheduler.init_noise_sigma
        for step in self._scheduler.timesteps:
            predicted = self._predicted(self._scheduler.scale_model_input(items, step), step, labels)
            items = self._scheduler.step(predicted, step, items, eta=0.0).prev_sample
        return items

    def _predicted(self, items: Tensor, step: Tensor, labels: Tensor | None) -> Tensor:
        predicted: Tensor = self._network(items, step, class_labels=labels).sample
        return predicted


class _Transformer(_Denoiser):
    """A diffusion transformer on the codes of an autoencoder (Peebles and Xie 2023), and that autoencoder's decoder.

    Args:
        network: The transformer; its class after the last stands for none.
        decoder: The autoencoder.
        scheduler: Of the pipeline.
        options: Steps and guidance.
    """

    def __init__(self, network: Any, decoder: Any, scheduler: Any, options: DiffusionOptions) -> None:  # noqa: ANN401
        super().__init__(network, scheduler, options.steps)
        self._decoder, self._guidance, self._none = decoder, options.guidance, options.kinds

    def __call__(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        codes = self._denoised(noise, labels) / self._decoder.config.scaling_factor
        clipped: Tensor = self._decoder.decode(codes).sample.clamp(-1, 1)
        return clipped

    def _predicted(self, items: Tensor, step: Tensor, labels: Tensor | None) -> Tensor:
        given = self._noise(items, step, labels)
        if self._guidance == 1 or labels is None:
            return given
        without = self._noise(items, step, labels.new_full(labels.shape, self._none))
        return without + self._guidance * (given - without)  # Ho and Salimans 2022, equation 6 with w = guidance - 1

    def _noise(self, items: Tensor, step: Tensor, labels: Tensor | None) -> Tensor:
        """The predicted noise; a learnt variance, which deterministic steps do not use, is left out."""
        predicted: Tensor = self._network(items, timestep=step.expand(len(items)), class_labels=labels).sample
        return predicted[:, : items.shape[1]]


def _denoiser(options: DiffusionOptions, device: torch.device) -> _Denoiser:
    folder = Path(options.folder)
    # before the library is imported: with this it asks no server, whatever it is given
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        with warnings.catch_warnings():  # of its own dependencies, about each other
            warnings.simplefilter("ignore")
            import diffusers

            found, _ = diffusers.DDIMScheduler.load_config(str(folder / "scheduler"), return_unused_kwargs=True)
            scheduler = diffusers.DDIMScheduler.from_config(found)
            if options.part == "unet":
                network = _network(diffusers.UNet2DModel, folder / "unet", device)
                return _Denoiser(network, scheduler, options.steps)
            network = _network(diffusers.DiTTransformer2DModel, folder / "transformer", device)
            return _Transformer(network, _network(diffusers.AutoencoderKL, folder / "vae", device), scheduler, options)
    except Exception as error:  # a damaged file makes the library raise anything
        raise WeightsError(f"Cannot read the pipeline in {folder}: {one_line(error)}.", SAVED) from error


def _network(kind: Any, folder: Path, device: torch.device) -> Any:  # noqa: ANN401 - diffusers' own
    network = kind.from_pretrained(str(folder), local_files_only=True, use_safetensors=True, low_cpu_mem_usage=False)
    return network.to(device).eval().requires_grad_(requires_grad=False)
