"""Which pipeline folder, and what its configuration says before torch is loaded."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from genaudit.errors import GenauditError, WeightsError
from genaudit.values.regular_file import read_regular

if TYPE_CHECKING:
    from collections.abc import Mapping

    from genaudit.plugin import GeneratorSpec

KINDS = {
    "UNet2DModel": ("unet", frozenset({"unet", "scheduler"})),
    "DiTTransformer2DModel": ("transformer", frozenset({"transformer", "vae", "scheduler"})),
}
"""Class of a denoising network to its part, and to all parts of its pipeline: noise becomes an image without a text."""
ALLOWED = (
    "a UNet2DModel with a scheduler (DDPM, DDIM), or a DiTTransformer2DModel with an AutoencoderKL and a scheduler "
    "(DiT)"
)
SAVED = "Give the folder that pipeline.save_pretrained(FOLDER) wrote, of a DDPM, DDIM or DiT pipeline."
TEXT = frozenset({"text_encoder", "tokenizer"})
"""Parts of a pipeline that is asked in words."""


@dataclass(frozen=True, kw_only=True)
class DiffusionOptions:
    """What may be set with ``--set diffusers.NAME=VALUE``."""

    folder: str
    """A folder that ``pipeline.save_pretrained`` wrote, on this machine."""
    steps: int = 50
    """Denoising steps of the deterministic DDIM sampler; more are slower and closer to the model's distribution."""
    classes: tuple[str, ...] = ()
    """Names of the classes of a class-conditional network, as many as it has; empty for any other."""
    guidance: float = 1.0
    """How far a DiT is pushed towards its class (classifier-free guidance); 1 for the network as it was trained."""
    batch: int = 16
    """Images denoised together; the last batch is filled up."""

    def __post_init__(self) -> None:
        if not 1 <= self.steps <= 1000:
            raise ValueError(f"steps is {self.steps}; allowed: 1 to 1000")
        if not (math.isfinite(self.guidance) and self.guidance >= 1):
            raise ValueError(f"guidance is {self.guidance}; allowed: a finite number from 1")
        if self.batch < 1:
            raise ValueError(f"batch is {self.batch}; allowed: from 1")

    @cached_property
    def network(self) -> Mapping[str, Any]:
        """The configuration of the denoising network.

        Raises:
            GenauditError: The folder holds no such pipeline, or a network that cannot be used here.
        """
        place = Path(self.folder)
        index = _read(place / "model_index.json")
        parts = {name for name, of in index.items() if isinstance(of, list) and any(of)}
        for kind, (part, whole) in KINDS.items():
            if parts == whole and part in parts:
                config = _read(place / part / "config.json")
                if config.get("_class_name") == kind:
                    self._check_guidance(kind)
                    return config
        asked = " It is asked in words, and genaudit asks for classes alone." if parts & TEXT else ""
        raise GenauditError(
            f"{place} holds a {index.get('_class_name', 'pipeline')} of {', '.join(sorted(parts)) or 'nothing'}.{asked}"
            f" Allowed: {ALLOWED}.",
            "Let the pipeline draw its images, and evaluate them with --plugin samples.",
        )

    @property
    def part(self) -> str:
        """Folder of the denoising network."""
        return KINDS[self.network["_class_name"]][0]

    @property
    def kinds(self) -> int:
        """Number of classes that the network is conditional on; 0 for none."""
        name = "num_embeds_ada_norm" if self.part == "transformer" else "num_class_embeds"
        return int(self.network.get(name) or 0)

    @property
    def latent_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of the noise that denoising begins with."""
        size, channels = self.network.get("sample_size"), self.network.get("in_channels")
        height, width = size if isinstance(size, list) and len(size) == 2 else (size, size)
        if not all(isinstance(count, int) and count > 0 for count in (channels, height, width)):
            raise GenauditError(f"{self.folder} does not say how large its images are (sample_size).", SAVED)
        return int(str(channels)), int(str(height)), int(str(width))

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Channels, height and width of an image: of the noise, or what the decoder makes of it."""
        channels, height, width = self.latent_shape
        if self.part == "unet":
            return int(self.network.get("out_channels") or channels), height, width
        decoder = _read(Path(self.folder) / "vae" / "config.json")
        enlarged = 2 ** (len(decoder.get("block_out_channels") or [0]) - 1)
        return int(decoder.get("out_channels") or 3), height * enlarged, width * enlarged

    @property
    def files(self) -> tuple[Path, ...]:
        """All that the images depend on: configurations and weights.

        Raises:
            WeightsError: There are no weights in safetensors format.
        """
        place = Path(self.folder)
        networks = [place / part for part in (self.part, "vae") if part in KINDS[self.network["_class_name"]][1]]
        found = [place / "scheduler" / "scheduler_config.json"]
        for network in networks:
            weights = sorted(network.glob("diffusion_pytorch_model*.safetensors"))
            if not weights:
                raise WeightsError(
                    f"{network} holds no weights in safetensors format; other formats are pickles, and reading them "
                    "could run any code.",
                    "Save the pipeline again: pipeline.save_pretrained(FOLDER, safe_serialization=True).",
                )
            found += [network / "config.json", *weights]
        return tuple(found)

    def _check_guidance(self, kind: str) -> None:
        if self.guidance > 1 and kind == "UNet2DModel":
            raise GenauditError(
                f"diffusers.guidance is {self.guidance}, and a UNet2DModel has no answer without a class to be pushed "
                "away from.",
                "Leave diffusers.guidance away.",
            )


def settle(spec: GeneratorSpec, options: DiffusionOptions) -> GeneratorSpec:
    """The spec with the shape of the network's images, conditional if the network is.

    Raises:
        GenauditError: The folder holds nothing that can be used, or classes lack.
    """
    shape, kinds = options.image_shape, options.kinds
    _read(options.files[0])
    if kinds != len(options.classes):
        has = f"is conditional on {kinds} classes" if kinds else "has no classes"
        raise GenauditError(
            f"The network in {options.folder} {has}, and diffusers.classes names {len(options.classes)}.",
            "Name as many classes as the network has, in its order: --set diffusers.classes=NAME,NAME,…",
        )
    network = options.network["_class_name"]
    steps = "1 deterministic DDIM step" if options.steps == 1 else f"{options.steps} deterministic DDIM steps"
    return replace(
        spec,
        summary=f"Diffusion pipeline in the folder {Path(options.folder).name}: {network}, {steps}.",
        image_shape=shape,
        capabilities=("Sampler", "ClassConditional") if kinds else ("Sampler",),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = dict(json.loads(read_regular(path).decode()))
    except OSError as error:
        raise GenauditError(f"Cannot read {path}: {error.strerror}.", SAVED) from error
    except (ValueError, TypeError) as error:
        raise GenauditError(f"{path} is damaged: {error}.", SAVED) from error
    return found
