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
        digest.update(file.read_bytes())
    shape = options.image_shape
    program = ProgramOptions(
        latent_shape=shape, image_shape=shape, range=(-1.0, 1.0), classes=options.classes, batch=options.batch
    )
    return Program("diffusers", _Denoiser(options, device), program, device, digest.hexdigest()).tried()


class _Denoiser:
    """Noise to images in [-1, 1]."""

    def __init__(self, options: DiffusionOptions, device: torch.device) -> None:
        self._steps = options.steps
        self._network, self._scheduler = _read(Path(options.folder))
        self._network.to(device).eval().requires_grad_(requires_grad=False)

    def __call__(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        self._scheduler.set_timesteps(self._steps, device=noise.device)
        images = noise * self._scheduler.init_noise_sigma
        for step in self._scheduler.timesteps:
            predicted = self._network(self._scheduler.scale_model_input(images, step), step, class_labels=labels)
            images = self._scheduler.step(predicted.sample, step, images, eta=0.0).prev_sample
        clipped: Tensor = images.clamp(-1, 1)
        return clipped


def _read(folder: Path) -> tuple[Any, Any]:
    # before the library is imported: with this it asks no server, whatever it is given
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    try:
        with warnings.catch_warnings():  # of its own dependencies, about each other
            warnings.simplefilter("ignore")
            from diffusers import DDIMScheduler, UNet2DModel

            network = UNet2DModel.from_pretrained(
                str(folder / "unet"), local_files_only=True, use_safetensors=True, low_cpu_mem_usage=False
            )
            found, _ = DDIMScheduler.load_config(str(folder / "scheduler"), return_unused_kwargs=True)
            return network, DDIMScheduler.from_config(found)
    except Exception as error:  # a damaged file makes the library raise anything
        raise WeightsError(f"Cannot read the pipeline in {folder}: {one_line(error)}.", SAVED) from error
