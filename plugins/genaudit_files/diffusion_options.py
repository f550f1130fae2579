"""Which pipeline folder, and what its configuration says before torch is loaded."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.errors import GenauditError, WeightsError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.plugin import GeneratorSpec

PARTS = {"unet", "scheduler"}
"""What a pipeline may be made of: noise becomes pixels without text, and without another network between."""
SAVED = "Give the folder that pipeline.save_pretrained(FOLDER) wrote, of an unconditional DDPM or DDIM pipeline."


@dataclass(frozen=True, kw_only=True)
class DiffusionOptions:
    """What may be set with ``--set diffusers.NAME=VALUE``."""

    folder: str
    """A folder that ``pipeline.save_pretrained`` wrote, on this machine."""
    steps: int = 50
    """Denoising steps of the deterministic DDIM sampler; more are slower and closer to the model's distribution."""
    classes: tuple[str, ...] = ()
    """Names of the classes of a class-conditional network, as many as it has; empty for any other."""
    batch: int = 16
    """Images denoised together; the last batch is filled up."""

    def __post_init__(self) -> None:
        if not 1 <= self.steps <= 1000:
            raise ValueError(f"steps is {self.steps}; allowed: 1 to 1000")
        if self.batch < 1:
            raise ValueError(f"batch is {self.batch}; allowed: from 1")

    @cached_property
    def network(self) -> Mapping[str, Any]:
        """The configuration of the denoising network.

        Raises:
            GenauditError: The folder holds no such pipeline, or a network that cannot be used here.
        """
        place = Path(self.folder)
        parts = {name for name, of in _read(place / "model_index.json").items() if isinstance(of, list) and any(of)}
        config = _read(place / "unet" / "config.json") if "unet" in parts else {}
        if parts != PARTS or config.get("_class_name") != "UNet2DModel":
            found = config.get("_class_name", "no network called unet")
            raise GenauditError(
                f"{place} holds a pipeline of {', '.join(sorted(parts)) or 'nothing'} with {found}; only a UNet2DModel "
                "with a scheduler can be run here.",
                "Let the pipeline draw its images, and evaluate them with --plugin samples.",
            )
        return config

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of an image."""
        size, channels = self.network.get("sample_size"), self.network.get("out_channels")
        height, width = size if isinstance(size, list) and len(size) == 2 else (size, size)
        if not all(isinstance(count, int) and count > 0 for count in (channels, height, width)):
            raise GenauditError(f"{self.folder} does not say how large its images are (sample_size).", SAVED)
        return int(str(channels)), int(str(height)), int(str(width))

    @property
    def files(self) -> tuple[Path, ...]:
        """All that the images depend on: configurations and weights.

        Raises:
            WeightsError: There are no weights in safetensors format.
        """
        place = Path(self.folder)
        weights = sorted((place / "unet").glob("diffusion_pytorch_model*.safetensors"))
        if not weights:
            raise WeightsError(
                f"{place / 'unet'} holds no weights in safetensors format; other formats are pickles, and reading them "
                "could run any code.",
                "Save the pipeline again: pipeline.save_pretrained(FOLDER, safe_serialization=True).",
            )
        return (place / "unet" / "config.json", place / "scheduler" / "scheduler_config.json", *weights)


def settle(spec: GeneratorSpec, options: DiffusionOptions) -> GeneratorSpec:
    """The spec with the shape of the network's images, conditional if the network is.

    Raises:
        GenauditError: The folder holds nothing that can be used, or classes lack.
    """
    shape, kinds = options.image_shape, options.network.get("num_class_embeds") or 0
    _read(options.files[1])
    if kinds != len(options.classes):
        has = f"is conditional on {kinds} classes" if kinds else "has no classes"
        raise GenauditError(
            f"The network in {options.folder} {has}, and diffusers.classes names {len(options.classes)}.",
            "Name as many classes as the network has, in its order: --set diffusers.classes=NAME,NAME,…",
        )
    return replace(spec, image_shape=shape, capabilities=("Sampler", "ClassConditional") if kinds else ("Sampler",))


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = dict(json.loads(path.read_text(encoding="utf-8")))
    except OSError as error:
        raise GenauditError(f"Cannot read {path}: {error.strerror}.", SAVED) from error
    except (ValueError, TypeError) as error:
        raise GenauditError(f"{path} is damaged: {error}.", SAVED) from error
    return found
